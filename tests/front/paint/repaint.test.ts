import 'fake-indexeddb/auto';
import { beforeEach, expect, it, vi } from 'vitest';
import type { Draft, Item, NewBytes, Person, Place } from '../../../static/src/outbox/item';
import { Store, sha256 } from '../../../static/src/outbox/store';
import type { Burnt } from '../../../static/src/paint/burn';
import { Repainter } from '../../../static/src/paint/repaint';

const place: Place = { kind: 'walk', id: 'walk-1', code: 'LETNA', title: 'Letná', language: 'en' };
const ana: Person = {
  id: 'ana',
  key: 'k',
  token: 't',
  recovery: 'r',
  device: 'd',
  sequence: 0,
  places: [place],
  originals: 'tapped',
  joined: '2026-05-16T10:00:00Z',
};
const SAID = { taken: '2026-05-16T08:00:00.000Z', fix: { lat: 50, lon: 14, at: '2026-05-16T08:00:00.000Z' } };

let name = '';
let count = 0;
let store: Store;
let painter: Repainter;
let was = '';

const bytes = (words: string): ArrayBuffer => new TextEncoder().encode(words).buffer as ArrayBuffer;
const words = async (sum: string): Promise<string | undefined> => {
  const data = await store.data(sum);
  return data && new TextDecoder().decode(data);
};
const made = (): Burnt => ({
  original: bytes('painted'),
  preview: bytes('painted, smaller'),
  thumb: bytes('painted, small'),
});

beforeEach(async () => {
  name = `repaint-${++count}`;
  store = await Store.open(name);
  painter = await Repainter.begin(name);
  await store.savePerson(ana);
  const [face, small] = [bytes('a face'), bytes('a face, smaller')];
  was = await sha256(face);
  const body = {
    walk: place.id,
    sha256: was,
    bytes: 6,
    type: 'image/heic',
    people: 'unreleased',
    caption: { en: 'us' },
  };
  const draft: Draft = {
    id: 'photo-1',
    person: 'ana',
    kind: 'photo',
    place: place.id,
    key: '',
    body,
    changed: '2026-05-16T10:00:00Z',
    sealed: 0,
    dirty: true,
    thumb: bytes('a face, small'),
  };
  const row = (part: 'preview' | 'original', sum: string, wanted: boolean): NewBytes => {
    const more = { type: 'image/jpeg', bytes: 6, sha256: sum, wanted, part };
    return { id: `photo-1:${part}`, record: 'photo-1', person: 'ana', ...more };
  };
  await store.addAll(
    [
      [row('preview', await sha256(small), true), small],
      [row('original', was, false), face],
    ],
    draft,
  );
});

async function everything(): Promise<string> {
  const [draft, items, rows] = await Promise.all([
    store.draft('photo-1'),
    store.items('ana'),
    store.allBytes('ana'),
  ]);
  const held = await Promise.all(rows.map((row) => words(row.sha256)));
  const thumb = new TextDecoder().decode(draft?.thumb);
  return JSON.stringify([draft?.body, items, rows.map(({ part, sha256: sum }) => [part, sum]), held, thumb]);
}

it('puts the painted picture in the place of the other, which is gone', async () => {
  expect(await painter.repaint('photo-1', was, made(), SAID)).toEqual([]);
  const draft = await store.draft('photo-1');
  const sum = await sha256(made().original);
  expect(draft?.body).toMatchObject({
    sha256: sum,
    bytes: 7,
    type: 'image/jpeg',
    painted: await sha256(made().preview),
    ...SAID,
  });
  expect(draft?.body).toMatchObject({ caption: { en: 'us' } });
  expect(new TextDecoder().decode(draft?.thumb)).toBe('painted, small');
  expect(draft).toMatchObject({ sealed: 0, dirty: true });
  const rows = await store.allBytes('ana');
  expect(await Promise.all(rows.map((row) => words(row.sha256)))).toEqual(['painted', 'painted, smaller']);
  expect(rows.map((row) => row.wanted)).toEqual([false, true]);
  expect(await words(was)).toBeUndefined();
  expect(await everything()).not.toContain('a face');
});

it('keeps what the phone knew at the shutter', async () => {
  const draft = (await store.draft('photo-1')) as Draft;
  const known = {
    taken: '2026-05-16T09:59:59.000Z',
    fix: { lat: 49, lon: 13, at: '2026-05-16T09:59:58.000Z' },
  };
  await store.saveDraft({ ...draft, body: { ...draft.body, ...known } });
  await painter.repaint('photo-1', was, made(), SAID);
  expect((await store.draft('photo-1'))?.body).toMatchObject(known);
});

it('seals a record again that was sealed, and says of which uploads something was begun', async () => {
  await store.seal('photo-1');
  await store.change('items', 'photo-1:1', (item) => {
    item.state = 'received';
    item.tries = 1;
  });
  await store.change('bytes', 'photo-1:preview', (row) => {
    Object.assign(row, { state: 'sending', tries: 1, address: 'https://here/uploads/1', sent: 3 });
  });
  expect(await painter.repaint('photo-1', was, made(), SAID)).toEqual(['https://here/uploads/1']);
  const newest = (await store.items('ana')).find((item) => item.revision === 2) as Item;
  expect(JSON.parse(newest.body)).toMatchObject({
    revision: 2,
    base: 1,
    painted: await sha256(made().preview),
  });
  expect(newest.sha256).toBe(await sha256(new TextEncoder().encode(newest.body)));
  expect(await store.draft('photo-1')).toMatchObject({ sealed: 2, dirty: false });
  const preview = await store.bytes('photo-1:preview');
  expect(preview).toMatchObject({ state: 'saved', tries: 0, sent: 0 });
  expect(preview?.address).toBeUndefined();
});

it('changes nothing once some of the picture was received, or it is another one', async () => {
  const before = await everything();
  expect(await painter.repaint('photo-1', 'another', made(), SAID)).toBeUndefined();
  expect(await everything()).toBe(before);
  await store.release('photo-1:preview');
  const sent = await everything();
  expect(await painter.repaint('photo-1', was, made(), SAID)).toBeUndefined();
  expect(await everything()).toBe(sent);
});

it('leaves all of the old or all of the new, wherever it breaks', async () => {
  await store.seal('photo-1');
  const before = await everything();
  const put = IDBObjectStore.prototype.put;
  for (let breaks = 1; ; breaks += 1) {
    let left = breaks;
    const broken = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
      this: IDBObjectStore,
      ...given: Parameters<typeof put>
    ) {
      left -= 1;
      if (left === 0) throw new DOMException('no more', 'AbortError');
      return put.apply(this, given);
    });
    const done = await painter.repaint('photo-1', was, made(), SAID).catch(() => undefined);
    broken.mockRestore();
    if (done) break;
    expect(await everything()).toBe(before);
    expect(breaks).toBeLessThan(40);
  }
  expect(await everything()).not.toContain('a face');
});

it('leaves alone the same picture of another photo', async () => {
  const draft = (await store.draft('photo-1')) as Draft;
  const face = bytes('a face');
  const meta = { part: 'original', type: 'image/heic', bytes: 6, sha256: was, wanted: false } as const;
  await store.addBytes({ id: 'photo-2:original', record: 'photo-2', person: 'ana', ...meta }, face, {
    ...draft,
    id: 'photo-2',
  });
  await painter.repaint('photo-1', was, made(), SAID);
  expect(await words(was)).toBe('a face');
});
