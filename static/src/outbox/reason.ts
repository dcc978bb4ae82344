// Why something has not been received, and what to do, in plain words.

import { _ } from '../words';
import type { Reason } from './item';

/** The server's own sentence, where it gave one, is in the person's language already. */
export function reasonInWords({ code, detail }: Reason = { code: 'refused' }): string {
  if (detail && (code === 'refused' || code === 'large' || code === 'wrong')) return detail;
  switch (code) {
    case 'offline':
      return _('Waits for a signal. It tries again by itself.');
    case 'portal':
      return _(
        'This network shows a page of its own. Open any website to log in to the network, then come back.',
      );
    case 'busy':
      return _('The server is busy. It goes by itself later.');
    case 'room':
      return _('The server has no room. It goes by itself later.');
    case 'token':
      return _('This phone has been shut out. Go on with your recovery code; nothing here is lost.');
    case 'withdrawn':
      return _('It was taken back.');
    case 'large':
      return _('This is too large to be sent. It stays on this phone; save a copy of everything.');
    case 'wrong':
      return _('The server could not understand it.');
    case 'lost':
      return _(
        'The picture cannot be read from this phone any more. The words are safe. Choose the photo again.',
      );
    default:
      return _('The server did not take it.');
  }
}
