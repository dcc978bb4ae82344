import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { toSend } from '../../../static/src/outbox/item';
import { Damaged, Lost, NoRoom, Store } from '../../../static/src/outbox/store';
import { hash, makeBytes, makeData, makeDraft, makePerson } from './server';

let store: Store;
let count = 0;
let name = '';

beforeEach(async () => {
  count += 1;
  name = `store-${count}`;
  store = await Store.open(name);
  await store.savePerson(makePerson());
});

afterEach(() => store.close());

test('every write waits for the disk', async () => {
  const durable = vi.spyOn(IDBDatabase.prototype, 'transaction');
  await store.saveDraft(makeDraft('r'));
  await store.seal('r');
  await store.setSetting('scroll', 12);
  await store.addBytes(makeBytes('r', 'preview', makeData(1)), makeData(1));
  const writes = durable.mock.calls.filter(([, mode]) => mode === 'readwrite');
  expect(writes.length).toBeGreaterThan(3);
  for (const call of writes) expect(call[2]).toEqual({ durability: 'strict' });
});

test('a sealed revision is the body with device, sequence and revision, and its SHA-256', async () => {
  await store.saveDraft(makeDraft('r', { body: { walk: 'walk', answers: { a: { value: 'žluť' } } } }));
  const item = await store.seal('r');
  expect(JSON.parse(item?.body ?? '')).toEqual({
    walk: 'walk',
    answers: { a: { value: 'žluť' } },
    device: 'phone',
    sequence: 1,
    revision: 1,
  });
  expect(item).toMatchObject({ id: 'r:1', path: '/responses/r', method: 'PUT', state: 'saved', tries: 0 });
  expect(item?.sha256).toBe(hash(item?.body ?? ''));
  expect((await store.person('anna'))?.sequence).toBe(1);
  expect(await store.draft('r')).toMatchObject({ sealed: 1, dirty: false });
  expect(await store.seal('r')).toBeUndefined();
});

test('a consent goes exactly as it was said', async () => {
  await store.saveDraft(makeDraft('c', { kind: 'consent', key: '', body: { purpose: 'web', yes: true } }));
  expect((await store.seal('c'))?.body).toBe('{"purpose":"web","yes":true}');
});

test('what never left the phone is replaced, and is nobody’s base', async () => {
  await store.saveDraft(makeDraft('r'));
  await store.seal('r');
  await store.saveDraft(makeDraft('r', { body: { words: 'other' } }));
  const second = await store.seal('r');
  expect(JSON.parse(second?.body ?? '')).toEqual({
    words: 'other',
    device: 'phone',
    sequence: 2,
    revision: 2,
  });
  expect((await store.items('anna')).map((item) => item.id)).toEqual(['r:2']);
});

test('what may have left the phone stays, and is the base of the next', async () => {
  await store.saveDraft(makeDraft('r'));
  await store.seal('r');
  await store.change('items', 'r:1', (item) => {
    item.tries = 1;
    item.state = 'sending';
  });
  await store.saveDraft(makeDraft('r', { body: { words: 'other' } }));
  expect(JSON.parse((await store.seal('r'))?.body ?? '')).toMatchObject({ revision: 2, base: 1 });
  expect((await store.items('anna')).map((item) => item.id).sort()).toEqual(['r:1', 'r:2']);
});

test('a number is never given twice, whatever two tabs and stale pages do', async () => {
  const other = await Store.open(name);
  const stale = makePerson();
  for (let round = 0; round < 5; round += 1) {
    await Promise.all(['a', 'b', 'c'].map((id) => store.saveDraft(makeDraft(id, { body: { round } }))));
    await Promise.all([
      store.seal('a'),
      other.seal('b'),
      store.seal('c'),
      other.seal('a'),
      store.savePerson(stale),
    ]);
  }
  const sequences = (await store.items('anna')).map((item) => item.sequence);
  expect(new Set(sequences).size).toBe(sequences.length);
  expect((await store.person('anna'))?.sequence).toBe(15);
  other.close();
});

test('a page with an old copy of a draft does not turn its revision back', async () => {
  const old = makeDraft('r');
  await store.saveDraft(old);
  await store.seal('r');
  await store.saveDraft({ ...old, body: { later: true } });
  expect(await store.draft('r')).toMatchObject({ sealed: 1, dirty: true });
});

test('bytes are hashed before, and again when they were read back', async () => {
  const data = makeData(2);
  await expect(
    store.addBytes({ ...makeBytes('p', 'preview', data), sha256: hash('x') }, data),
  ).rejects.toThrow(Damaged);
  vi.spyOn(store, 'data').mockResolvedValueOnce(makeData(3));
  await expect(store.addBytes(makeBytes('p', 'preview', data), data)).rejects.toThrow(Damaged);
  expect(await store.allBytes('anna')).toEqual([]);
  await store.addBytes(makeBytes('p', 'preview', data), data);
  expect(new Uint8Array((await store.data(hash(data))) as ArrayBuffer)).toEqual(new Uint8Array(data));
});

const spoken = (seed: number): [ReturnType<typeof makeBytes>, ArrayBuffer] => [
  { ...makeBytes('r', 'sound', makeData(seed)), id: 'r:sound:q' },
  makeData(seed),
];
const naming = (sound: string, more = {}) =>
  makeDraft('r', { body: { answers: { q: { value: 4, sound } } }, ...more });

test('what is spoken with an answer is saved with it, and goes when the answer no longer names it', async () => {
  const [[first, one], [second, two]] = [spoken(1), spoken(2)];
  await store.addBytes(first, one, naming(first.sha256));
  expect((await store.draft('r'))?.body).toEqual({ answers: { q: { value: 4, sound: first.sha256 } } });
  await store.saveDraft(naming(first.sha256, { changed: '2026-06-18T11:00:00Z' }));
  expect(await store.data(first.sha256)).toBeDefined();
  await store.addBytes(second, two, naming(second.sha256));
  expect(await store.data(first.sha256)).toBeUndefined();
  expect(await store.bytes('r:sound:q')).toMatchObject({ sha256: second.sha256, state: 'saved', here: true });
  await store.saveDraft(makeDraft('r', { body: { answers: { q: { value: 4 } } } }));
  expect(await store.allBytes('anna')).toEqual([]);
  expect(await store.data(second.sha256)).toBeUndefined();
});

test('without room, neither what was spoken nor its answer changes', async () => {
  const [[first, one], [second, two]] = [spoken(1), spoken(2)];
  await store.addBytes(first, one, naming(first.sha256));
  const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore) {
    throw new DOMException('full', 'QuotaExceededError');
  });
  await expect(store.addBytes(second, two, naming(second.sha256))).rejects.toThrow(NoRoom);
  full.mockRestore();
  expect((await store.draft('r'))?.body).toEqual({ answers: { q: { value: 4, sound: first.sha256 } } });
  expect(await store.whole(first.sha256)).toBeDefined();
});

test('the same bytes twice stay until nobody needs them', async () => {
  const data = makeData(4);
  await store.addBytes(makeBytes('p', 'original', data), data);
  await store.addBytes(makeBytes('q', 'original', data), data);
  await store.release('p:original');
  expect(await store.data(hash(data))).toBeDefined();
  expect(await store.bytes('p:original')).toMatchObject({ state: 'received', here: false });
  await store.release('q:original');
  expect(await store.data(hash(data))).toBeUndefined();
});

test('taking back drops words, picture and bytes at once, and asks the server only if it may have some', async () => {
  const data = makeData(5);
  for (const id of ['mine', 'sent']) {
    await store.saveDraft(makeDraft(id, { kind: 'photo', thumb: makeData(6) }));
    await store.seal(id);
    await store.addBytes(makeBytes(id, 'preview', data), data);
  }
  await store.change('items', 'sent:1', (item) => {
    item.tries = 1;
  });
  await store.withdraw('mine');
  expect(await store.items('anna')).toHaveLength(1);
  expect(await store.data(hash(data))).toBeDefined();
  await store.withdraw('sent');
  expect(await store.data(hash(data))).toBeUndefined();
  expect(await store.items('anna')).toMatchObject([
    { method: 'DELETE', path: '/photos/sent', revision: 2, body: '' },
  ]);
  await store.withdraw('sent');
  await store.saveDraft(makeDraft('sent', { kind: 'photo', body: { caption: 'late' } }));
  const draft = await store.draft('sent');
  expect(draft).toMatchObject({ withdrawn: true, body: {} });
  expect(draft?.thumb).toBeUndefined();
  await store.addBytes(makeBytes('sent', 'original', data), data);
  expect(await store.allBytes('anna')).toEqual([]);
});

test('wiping takes one person away and leaves the others', async () => {
  const data = makeData(7);
  await store.savePerson(makePerson({ id: 'boris' }));
  await store.saveDraft(makeDraft('a'));
  await store.saveDraft(makeDraft('b', { person: 'boris' }));
  await store.addBytes(makeBytes('a', 'preview', data), data);
  await store.addBytes({ ...makeBytes('b', 'preview', data), person: 'boris' }, data);
  await store.setCurrent('anna');
  await store.setSetting('anna:scroll', 3);
  await store.setSetting('boris:scroll', 4);
  await store.wipe('anna');
  expect((await store.people()).map((person) => person.id)).toEqual(['boris']);
  expect([await store.current(), await store.setting('anna:scroll')]).toEqual([undefined, undefined]);
  expect(await store.setting('boris:scroll')).toBe(4);
  expect(await store.drafts('anna')).toEqual([]);
  expect(await store.data(hash(data))).toBeDefined();
});

test('counts are records by how far they are, and the originals that are owed', async () => {
  await store.saveDraft(makeDraft('draft'));
  await store.saveDraft(makeDraft('photo', { kind: 'photo' }));
  await store.seal('photo');
  await store.received('photo:1', {});
  await store.addBytes(makeBytes('photo', 'preview', makeData(8)), makeData(8));
  await store.addBytes(makeBytes('photo', 'original', makeData(9, 5000)), makeData(9, 5000));
  const none = {
    here: 0,
    sending: 0,
    received: 0,
    refused: 0,
    photos: 0,
    originals: 1,
    originalBytes: 5000,
    asked: 0,
    askedBytes: 0,
    versions: 0,
  };
  expect(await store.counts('anna')).toEqual({ ...none, here: 2, photos: 1 });
  await store.release('photo:preview');
  expect(await store.counts('anna')).toEqual({ ...none, here: 1, received: 1 });
  await store.release('photo:original');
  expect((await store.counts('anna')).originals).toBe(0);
});

test('originals are wanted all at once, or some', async () => {
  for (const id of ['p', 'q', 'r'])
    await store.addBytes(makeBytes(id, 'original', makeData(10)), makeData(10));
  await store.want('anna', ({ record }) => record !== 'r');
  const wanted = async () =>
    (await store.allBytes('anna')).filter((row) => row.wanted).map((row) => row.record);
  expect(await wanted()).toEqual(['p', 'q']);
  await store.want('anna');
  expect(await wanted()).toEqual(['p', 'q', 'r']);
});

test('what the organisers ask for is counted until its owner lets it go, and put off until they ask for more', async () => {
  for (const id of ['p', 'q', 'r']) {
    await store.addBytes(makeBytes(id, 'preview', makeData(1)), makeData(1));
    await store.addBytes(
      makeBytes(id, 'original', makeData(id.charCodeAt(0), 1000)),
      makeData(id.charCodeAt(0), 1000),
    );
  }
  const asked = async () => {
    const { asked, askedBytes, originals } = await store.counts('anna');
    return [asked, askedBytes, originals];
  };
  const heard = vi.fn();
  await store.ask('anna', ['p', 'q', 'elsewhere']);
  expect(await asked()).toEqual([2, 2000, 3]);
  await store.setSetting('later:anna', true);
  await store.release('q:original');
  expect(await asked()).toEqual([1, 1000, 2]);
  store.watch(heard);
  await store.ask('anna', ['p']);
  await new Promise((resolve) => setTimeout(resolve));
  expect(heard).not.toHaveBeenCalled();
  expect(await store.setting('later:anna')).toBe(true);
  await store.ask('anna', ['p', 'r']);
  expect(await store.setting('later:anna')).toBeUndefined();
  await store.want('anna', (row) => row.asked === true);
  expect(await asked()).toEqual([0, 0, 2]);
  await store.ask('anna', []);
  expect((await store.allBytes('anna')).filter((row) => row.asked && row.here)).toEqual([]);
});

test('a change is heard here and in another tab', async () => {
  const other = await Store.open(name);
  const heard = new Promise<void>((resolve) => other.watch(resolve));
  const own = vi.fn();
  const stop = store.watch(own);
  await store.saveDraft(makeDraft('r'));
  await vi.waitFor(() => expect(own).toHaveBeenCalledTimes(1));
  await heard;
  stop();
  await store.saveDraft(makeDraft('r'));
  await new Promise((done) => setTimeout(done, 20));
  expect(own).toHaveBeenCalledTimes(1);
  other.close();
});

test('a lost connection is opened once more, and then it says so', async () => {
  await store.saveDraft(makeDraft('r'));
  const lost = () => {
    throw new DOMException('Connection to Indexed Database server lost. Refresh the page', 'UnknownError');
  };
  const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(lost);
  await store.saveDraft(makeDraft('r', { body: { again: true } }));
  expect((await store.draft('r'))?.body).toEqual({ again: true });
  transaction.mockImplementation(lost);
  await expect(store.saveDraft(makeDraft('r'))).rejects.toThrow(Lost);
  await expect(store.draft('r')).rejects.toThrow(Lost);
  transaction.mockRestore();
  expect((await store.draft('r'))?.body).toEqual({ again: true });
});

test('a full phone is said plainly, and nothing half is left', async () => {
  const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  const data = makeData(11);
  await expect(store.addBytes(makeBytes('p', 'preview', data), data)).rejects.toThrow(NoRoom);
  await expect(store.saveDraft(makeDraft('r'))).rejects.toThrow(NoRoom);
  put.mockRestore();
  expect([await store.allBytes('anna'), await store.drafts('anna')]).toEqual([[], []]);
  await store.addBytes(makeBytes('p', 'preview', data), data);
});

test('newer pages may bring the database up to date, twice; this one is told, keeps what it has, and goes on', async () => {
  await store.saveDraft(makeDraft('r'));
  let last = '';
  for (const version of [2, 3]) {
    last = `written as version ${version} came`;
    store.older = async () => void (await store.saveDraft(makeDraft('r', { body: { last } })));
    const newer = await openDB(name, version, {
      upgrade: (db) => void db.createObjectStore(`shelf-${version}` as never),
      blocking: () => newer.close(),
    });
    expect(await newer.get('drafts', 'r')).toMatchObject({ body: { last } });
    await store.saveDraft(makeDraft(`later-${version}`));
    newer.close();
  }
  expect((await store.drafts('anna')).map(({ id }) => id)).toEqual(['later-2', 'later-3', 'r']);
});

test('two tabs never hold the lease at once, and a clock put right frees it', async () => {
  const other = await Store.open(name);
  expect(await store.lease('pohled-send', 'one', 1000, 91_000)).toBe(true);
  expect(await other.lease('pohled-send', 'two', 2000, 92_000)).toBe(false);
  expect(await store.lease('pohled-send', 'one', 60_000, 150_000)).toBe(true);
  expect(await other.lease('pohled-send', 'two', 150_001, 240_000)).toBe(true);
  expect(await store.lease('pohled-send', 'one', -9_000_000, 0)).toBe(true);
  other.close();
});

const RELEASE = {
  photo: 'p',
  language: 'uk',
  name: 'Ja',
  method: 'signed',
  signature: 'M1 1L2 2',
  code: 'c',
  at: 'now',
};

test('a release goes exactly as it was said, after consents, and its signature leaves with the receipt', async () => {
  await store.saveDraft(makeDraft('p', { kind: 'photo', key: '' }));
  const release = makeDraft('l', { kind: 'release', key: 'p', body: RELEASE });
  await store.setSetting('release:anna:p', { name: 'Ja' });
  await store.saveTogether(
    [makeDraft('p', { kind: 'photo', key: '', body: { people: 'released' } }), release],
    'release:anna:p',
  );
  expect(await store.setting('release:anna:p')).toBeUndefined();
  const item = await store.seal('l');
  expect(item?.path).toBe('/releases/l');
  expect(JSON.parse(item?.body ?? '')).toEqual(RELEASE);
  await store.saveDraft(makeDraft('c', { kind: 'consent', key: '', body: { purpose: 'web', yes: true } }));
  await store.seal('c');
  expect(toSend(await store.items('anna'), 0).map((each) => each.record)).toEqual(['c', 'l']);
  expect((await store.counts('anna')).here).toBe(3);
  await store.received('l:1', { id: 'l', revision: 1, sha256: item?.sha256 });
  expect((await store.items('anna')).find((each) => each.record === 'l')).toMatchObject({
    state: 'received',
    body: '',
  });
  expect((await store.draft('l'))?.body).toEqual({ photo: 'p', language: 'uk', method: 'signed', at: 'now' });
  expect(await store.counts('anna')).toMatchObject({ here: 2, received: 1 });
});

test('a photo that is taken back takes its releases along, and what somebody had begun to say', async () => {
  await store.saveDraft(makeDraft('p', { kind: 'photo', key: '' }));
  await store.saveDraft(makeDraft('l', { kind: 'release', key: 'p', body: RELEASE }));
  await store.saveDraft(makeDraft('o', { kind: 'release', key: 'other', body: RELEASE }));
  for (const id of ['l', 'o']) await store.seal(id);
  await store.setSetting('release:anna:p', { name: 'Ja' });
  await store.withdraw('p');
  expect((await store.items('anna')).map((each) => each.record)).toEqual(['o']);
  expect(await store.draft('l')).toMatchObject({ body: {}, withdrawn: true });
  expect(await store.setting('release:anna:p')).toBeUndefined();
  await expect(
    store.saveTogether(
      [makeDraft('p', { kind: 'photo' }), makeDraft('x', { kind: 'release', key: 'p' })],
      's',
    ),
  ).rejects.toThrow();
  expect(await store.draft('x')).toBeUndefined();
});
