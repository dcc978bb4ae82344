import 'fake-indexeddb/auto';
import { expect, test, vi } from 'vitest';
import { Store } from '../../../static/src/outbox/store';
import { Chooser, start } from '../../../static/src/phone/versions';
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

test.each(['mine', 'theirs'])(
  'a picture that was painted over stays so, whichever words count (painted: %s)',
  async (whose) => {
    const name = `painted-${whose}`;
    const store = await Chooser.begin(name);
    await store.savePerson(makePerson());
    const [unpainted, painted] = [
      { sha256: 'a', bytes: 1, type: 'image/heic' },
      { sha256: 'b', bytes: 2, type: 'image/jpeg', painted: 'c', taken: '2026-05-16T08:00:00Z' },
    ];
    const [mine, theirs] = whose === 'mine' ? [painted, unpainted] : [unpainted, painted];
    const draft = makeDraft('photo', { kind: 'photo', body: { ...mine, caption: { en: 'mine' } } });
    await store.saveDraft(draft);
    const record = { ...theirs, caption: { en: 'theirs' }, revision: 2 };
    const { revision: _revision, ...chosen } = record;
    for (const body of [draft.body, chosen]) {
      await store.choose({ draft, theirs: { id: 'photo', record, receipt: {} } }, body);
      expect((await store.draft('photo'))?.body).toEqual({ ...painted, caption: body.caption });
    }
  },
);
