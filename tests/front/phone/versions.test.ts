import 'fake-indexeddb/auto';
import { expect, test, vi } from 'vitest';
import { Store } from '../../../static/src/outbox/store';
import { start } from '../../../static/src/phone/versions';
import { makeDraft, makePerson } from '../outbox/server';

test('what was taken back on the other phone is no choice any more, and asks for nobody', async () => {
  const store = await Store.open();
  await store.savePerson(makePerson());
  await store.setCurrent('anna');
  await store.saveDraft(makeDraft('photo', { kind: 'photo' }));
  const item = await store.seal('photo');
  await store.received(item?.id ?? '', { kept: 'beside' });
  expect((await store.counts('anna')).versions).toBe(1);
  const me = { responses: [], photos: [], withdrawn: [{ id: 'photo' }] };
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify(me)));
  document.body.innerHTML = '<p data-says="none" hidden></p><div data-part="pairs"></div>';
  start(document.body);
  await vi.waitFor(() => expect(document.querySelector<HTMLElement>('p')?.hidden).toBe(false));
  expect((await store.counts('anna')).versions).toBe(0);
});
