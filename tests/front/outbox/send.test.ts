import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Bytes, Item } from '../../../static/src/outbox/item';
import { type Options, Sender } from '../../../static/src/outbox/send';
import { Store } from '../../../static/src/outbox/store';
import { UploadFailed } from '../../../static/src/outbox/upload';
import { type Fault, hash, makeBytes, makeData, makeDraft, makePerson, Server, seeded } from './server';

let count = 0;
let store: Store;
let server: Server;
let now = 0;

beforeEach(async () => {
  count += 1;
  store = await Store.open(`send-${count}`);
  await store.savePerson(makePerson());
  server = new Server();
  now = Date.parse('2026-06-18T10:00:00Z');
});

afterEach(() => {
  store.close();
  vi.unstubAllGlobals();
});

const sender = (more: Options = {}): Sender =>
  new Sender(store, { fetch: server.fetch, upload: server.upload, now: () => now, random: () => 1, ...more });

async function answered(id = 'r', body = {}): Promise<Item> {
  await store.saveDraft(makeDraft(id, { body }));
  return (await store.seal(id)) as Item;
}

async function photographed(
  id = 'p',
  parts: ('preview' | 'original')[] = ['preview', 'original'],
): Promise<void> {
  await store.saveDraft(makeDraft(id, { kind: 'photo', key: '' }));
  await store.seal(id);
  for (const part of parts) {
    const data = makeData(id.charCodeAt(0) * 1000 + part.length, 900);
    await store.addBytes(makeBytes(id, part, data), data);
  }
}

const item = async (id = 'r:1'): Promise<Item | undefined> =>
  (await store.items('anna')).find((each) => each.id === id);
const bytes = async (id: string): Promise<Bytes> => (await store.bytes(id)) as Bytes;

test('consents go first, then records in their order, then previews; originals wait until they are wanted', async () => {
  await photographed('p');
  await photographed('heic', ['original']);
  await answered('r');
  await store.saveDraft(makeDraft('c', { kind: 'consent', key: '', body: { purpose: 'web' } }));
  await store.seal('c');
  expect(await sender().pass('anna')).toEqual({ received: 6, failed: 0 });
  const puts = server.log.filter((what) => !what.startsWith('GET'));
  const first = ['PUT /consents/c', 'PUT /photos/p', 'PUT /photos/heic', 'PUT /responses/r'];
  expect(puts).toEqual([...first, 'TUS p:preview', 'TUS heic:original']);
  await store.want('anna');
  await sender().pass('anna');
  expect(server.log.slice(-2)).toEqual(['TUS p:original', 'GET /photos/p']);
  expect(await store.counts('anna')).toEqual({
    here: 0,
    sending: 0,
    received: 4,
    refused: 0,
    photos: 0,
    originals: 0,
    originalBytes: 0,
    asked: 0,
    askedBytes: 0,
    versions: 0,
  });
});

test.each([
  ['always', undefined, true],
  ['wifi', true, true],
  ['wifi', undefined, false],
  ['wifi', false, false],
  ['tapped', true, false],
] as const)('an original where the choice is %s and Wi-Fi is %s', async (originals, wifi, goes) => {
  await store.savePerson(makePerson({ originals }));
  await photographed();
  await sender({ wifi: () => wifi }).pass('anna');
  expect(server.blobs.has('p:original')).toBe(goes);
});

test.each([
  ['always', undefined, ['q', 'p']],
  ['wifi', true, ['q', 'p']],
  ['wifi', undefined, []],
  ['wifi', false, []],
  ['tapped', true, []],
] as const)(
  'what the organisers ask for, where the choice is %s and Wi-Fi is %s',
  async (originals, wifi, goes) => {
    await store.savePerson(makePerson({ originals }));
    for (const id of ['p', 'q']) await photographed(id);
    server.asked = ['q', 'nothing of ours'];
    const sending = sender({ wifi: () => wifi });
    server.fault = (what) => (what.endsWith(':original') && server.asked ? 'down' : 'none');
    await sending.pass('anna');
    await vi.waitFor(async () => expect((await bytes('q:original')).asked).toBe(true));
    expect((await bytes('p:original')).asked).toBeUndefined();
    const before = server.log.length;
    server.fault = () => 'none';
    now += 3_600_000;
    await sending.pass('anna');
    const sent = server.log.slice(before).filter((what) => what.startsWith('TUS'));
    expect(sent).toEqual(goes.map((id) => `TUS ${id}:original`));
    expect((await store.counts('anna')).asked).toBe(goes.length ? 0 : 1);
    await store.want('anna', (row) => row.asked === true);
    await sending.pass('anna');
    expect([...server.blobs.keys()].filter((name) => name.endsWith('original'))).toEqual(
      goes.length ? ['q:original', 'p:original'] : ['q:original'],
    );
  },
);

test('that words wait for their author is kept, and that they wait no more', async () => {
  await answered();
  server.words = 2;
  await sender().pass('anna');
  await vi.waitFor(async () => expect(await store.setting('words:anna')).toBe(2));
  server.words = 0;
  await sender().pass('anna');
  await vi.waitFor(async () => expect(await store.setting('words:anna')).toBe(0));
});

test('an older server asks for nothing, and forgets nothing that was asked for', async () => {
  await photographed();
  await store.ask('anna', ['p']);
  const sending = sender();
  await sending.pass('anna');
  await vi.waitFor(() => expect(server.heard.length).toBeGreaterThan(0));
  await sending.pass('anna');
  expect((await bytes('p:original')).asked).toBe(true);
});

test('the project hears how much is held: when no record waits any more, and when that has changed', async () => {
  await photographed();
  await answered();
  await store.saveDraft(makeDraft('open'));
  const sending = sender();
  await sending.pass('anna');
  await vi.waitFor(() =>
    expect(server.heard).toEqual([
      [1, 1], // an answer that is being written, and a photo whose preview is on its way
      [1, 0], // an original that nobody wants yet is what the project knows by itself
    ]),
  );
  await sending.pass('anna');
  expect(server.heard).toHaveLength(2);
  await store.seal('open');
  await sending.pass('anna');
  await vi.waitFor(() => expect(server.heard.slice(2)).toEqual([[0, 0]]));
});

test.each([
  ['older', 1],
  ['no line', 2],
  ['portal', 2],
] as const)(
  'what a server that is %s does not hear is told %i times, and holds nothing up',
  async (deaf, times) => {
    server.deaf = deaf;
    await photographed();
    const sending = sender();
    expect(await sending.pass('anna')).toMatchObject({ received: 2 });
    await vi.waitFor(() => expect(server.heard).not.toHaveLength(0));
    await new Promise((done) => setTimeout(done));
    server.heard.length = 0;
    expect(await sending.pass('anna')).toEqual({ received: 0, failed: 0 });
    await vi.waitFor(() => expect(server.heard).toHaveLength(times - 1));
  },
);

test('sending waits for no telling, whatever becomes of it', async () => {
  let release = (): void => undefined;
  const dead: typeof fetch = (input, init) =>
    String(input).endsWith('/me/held')
      ? new Promise((_, fail) => {
          release = () => fail(new TypeError('Failed to fetch'));
        })
      : server.fetch(input, init);
  await photographed();
  const sending = sender({ fetch: dead });
  expect(await sending.pass('anna')).toMatchObject({ received: 2, failed: 0 });
  await answered();
  expect(await sending.pass('anna')).toEqual({ received: 1, failed: 0 });
  release();
});

test('whoever opens the phone lets it speak up, although nothing has changed', async () => {
  const stop = sender().start('anna');
  await vi.waitFor(() => expect(server.heard).toEqual([[0, 0]]));
  document.dispatchEvent(new Event('visibilitychange'));
  await vi.waitFor(() => expect(server.heard).toHaveLength(2));
  stop();
});

test('nothing of a photo leaves before its record was sent', async () => {
  const data = makeData(1);
  await store.saveDraft(makeDraft('p', { kind: 'photo' }));
  await store.addBytes(makeBytes('p', 'preview', data), data);
  await sender().pass('anna');
  expect(server.log).toEqual([]);
});

test.each([
  'down',
  'lost',
  'portal',
  'truncated',
  'wrong hash',
  'wrong id',
  'redirect',
  'plain 410',
] as Fault[])('a record behind “%s” is not received, and is sent again later', async (fault) => {
  const sealed = await answered();
  server.fault = () => fault;
  const outcome = await sender().pass('anna');
  const code = ['portal', 'truncated', 'redirect', 'plain 410'].includes(String(fault)) && 'portal';
  expect(outcome).toMatchObject({ received: 0, failed: 1, next: now + 2000 });
  const wrong = String(fault).startsWith('wrong') ? 'wrong' : 'offline';
  expect(await item()).toMatchObject({
    state: 'saved',
    tries: 1,
    reason: { code: code || wrong },
    body: sealed.body,
  });
  server.fault = () => 'none';
  expect(await sender().pass('anna')).toMatchObject({ received: 0, failed: 0 });
  now += 2000;
  expect(await sender().pass('anna')).toEqual({ received: 1, failed: 0 });
  expect(await item()).toMatchObject({ state: 'received', receipt: { sha256: sealed.sha256 } });
  expect(server.records.get('r')).toHaveLength(1);
});

test.each([
  [429, 'busy'],
  [500, 'busy'],
  [503, 'busy'],
  [507, 'room'],
])('%i waits as long as Retry-After says', async (status, code) => {
  await answered();
  server.fault = () => ({ status, after: '120' });
  expect((await sender().pass('anna')).next).toBe(now + 120_000);
  expect(await item()).toMatchObject({ state: 'saved', reason: { code, status } });
});

test.each([
  [400, 'refused'],
  [403, 'refused'],
  [404, 'refused'],
  [413, 'large'],
  [415, 'refused'],
  [422, 'refused'],
])('%i is for a person to see: never again by itself, and the others go on', async (status, code) => {
  await answered('bad');
  await answered('good');
  server.fault = (what) => (what.endsWith('bad') ? { status } : 'none');
  expect(await sender().pass('anna')).toMatchObject({ received: 1, failed: 1 });
  expect(await item('bad:1')).toMatchObject({
    state: 'refused',
    reason: { code, status, detail: `It is ${status}.` },
  });
  server.fault = () => 'none';
  now += 9e9;
  expect(await sender().pass('anna')).toEqual({ received: 0, failed: 0 });
  await store.renew('anna', (row) => row.id === 'bad:1');
  expect(await sender().pass('anna')).toEqual({ received: 1, failed: 0 });
});

test('one record that always fails does not keep the others', async () => {
  for (const id of ['a', 'bad', 'c', 'd', 'e']) await answered(id);
  server.fault = (what) => (what.endsWith('bad') ? { status: 500 } : 'none');
  expect(await sender().pass('anna')).toMatchObject({ received: 4, failed: 1 });
});

test('where nothing gets through, a pass gives up, and the rest is untouched', async () => {
  for (let each = 0; each < 20; each += 1) await answered(`r${each}`);
  server.fault = () => 'down';
  expect(await sender().pass('anna')).toMatchObject({
    failed: 4,
    stopped: true,
    reason: { code: 'offline' },
  });
  expect((await store.items('anna')).filter((each) => each.tries === 0)).toHaveLength(16);
});

test('whoever reads the page in a language is answered in it, whatever the browser speaks', async () => {
  document.documentElement.lang = 'vi';
  const spoken = new Set<string | null>();
  const asked: typeof fetch = (input, init) => {
    spoken.add(new Headers(init?.headers).get('Accept-Language'));
    return server.fetch(input, init);
  };
  await answered();
  await sender({ fetch: asked }).pass('anna');
  expect([...spoken]).toEqual(['vi']);
});

test('401 lets everything of the person wait until there is another token', async () => {
  await answered('a');
  await answered('b');
  await photographed();
  server.token = 'new';
  expect(await sender().pass('anna')).toMatchObject({ failed: 1, stopped: true });
  expect(server.log).toHaveLength(1);
  for (const row of [...(await store.items('anna')), ...(await store.allBytes('anna'))]) {
    expect(row).toMatchObject({ state: 'saved', reason: { code: 'token' } });
  }
  await sender().pass('anna');
  expect(server.log).toHaveLength(1);
  await store.savePerson(makePerson({ token: 'new' }));
  expect(await sender().pass('anna')).toEqual({ received: 4, failed: 0 });
});

test('410 takes the record away from the phone', async () => {
  await photographed();
  await answered('r');
  server.withdrawn.add('p');
  await sender().pass('anna');
  expect(await store.draft('p')).toMatchObject({ withdrawn: true, body: {} });
  expect(await store.allBytes('anna')).toEqual([]);
  expect((await store.items('anna')).map((each) => each.record)).toEqual(['r']);
});

test('an older revision is done when the newer one of this phone is the one that the server has', async () => {
  await answered('r', { words: 1 });
  server.fault = () => 'lost';
  await sender().pass('anna');
  await answered('r', { words: 2 });
  await store.change('items', 'r:1', (row) => {
    row.after = now + 60_000;
  });
  await sender().pass('anna'); // Revision 2 arrives, its receipt does not.
  await store.change('items', 'r:1', (row) => {
    row.after = 0;
  });
  server.fault = () => 'none';
  expect(await sender().pass('anna')).toMatchObject({ received: 1, failed: 0 });
  expect(await store.items('anna')).toMatchObject([
    { id: 'r:2', state: 'received', receipt: { revision: 2 } },
  ]);
});

test('a newer receipt that is of no revision of this phone is for a person to see', async () => {
  await answered('r', { words: 1 });
  server.records.set('r', [{ device: 'phone', revision: 7, sha256: 'f'.repeat(64), body: '' }]);
  await sender().pass('anna');
  expect(await item()).toMatchObject({ state: 'refused', reason: { code: 'wrong' } });
});

test('a kill in the middle of sending is no harm', async () => {
  await answered();
  const killed = sender({ fetch: () => new Promise(() => undefined) });
  vi.stubGlobal('navigator', {
    locks: { request: (_: string, __: unknown, work: (lock: object) => unknown) => work({}) },
  });
  void killed.pass('anna');
  await vi.waitFor(async () => expect((await item())?.state).toBe('sending'));
  expect(await sender().pass('anna')).toEqual({ received: 1, failed: 0 });
});

test.each(['with', 'without'])('one pass at a time %s Web Locks', async (how) => {
  const held = new Set<string>();
  const request = async (name: string, _: unknown, work: (lock: unknown) => unknown) => {
    if (held.has(name)) return work(null);
    held.add(name);
    try {
      return await work({});
    } finally {
      held.delete(name);
    }
  };
  vi.stubGlobal('navigator', how === 'with' ? { locks: { request } } : {});
  await answered();
  const both = await Promise.all([sender().pass('anna'), sender().pass('anna')]);
  expect(both.filter((outcome) => outcome.skipped)).toHaveLength(1);
  expect(server.log).toEqual(['PUT /responses/r']);
  await answered('next');
  expect(await sender().pass('anna')).toEqual({ received: 1, failed: 0 });
});

test('what is written while a pass runs goes with it', async () => {
  await answered('a');
  server.fault = (what) => {
    if (what.endsWith('/a')) void answered('b');
    return 'none';
  };
  const slow: typeof fetch = async (input, init) => {
    const response = await server.fetch(input, init);
    await vi.waitFor(async () => expect(await store.draft('b')).toMatchObject({ dirty: false }));
    return response;
  };
  expect((await sender({ fetch: slow }).pass('anna')).received).toBe(2);
});

test.each(['wrong hash', 'portal', 'truncated', 'down', 'lost'] as Fault[])(
  'data stays until the photo names its part: “%s”',
  async (fault) => {
    await photographed('p', ['preview']);
    const { sha256 } = await bytes('p:preview');
    server.fault = (what) => (what.startsWith('PUT') ? 'none' : fault);
    await sender().pass('anna');
    expect(await bytes('p:preview')).toMatchObject({ state: 'saved', here: true });
    expect(await store.data(sha256)).toBeDefined();
    server.fault = () => 'none';
    now += 9e6;
    expect(await sender().pass('anna')).toEqual({ received: 1, failed: 0 });
    expect(await bytes('p:preview')).toMatchObject({ state: 'received', here: false, sent: 900 });
    expect(await store.data(sha256)).toBeUndefined();
  },
);

test('bytes are received only when their receipt names these very bytes', async () => {
  await photographed('p', ['preview']);
  const { sha256 } = await bytes('p:preview');
  server.fault = (what) => (what.startsWith('TUS') ? 'wrong hash' : 'none');
  server.blobs.set('p:preview', { sha256: 'f'.repeat(64), bytes: 900 });
  await sender().pass('anna');
  expect(await bytes('p:preview')).toMatchObject({ state: 'saved', here: true, reason: { code: 'wrong' } });
  expect(await store.data(sha256)).toBeDefined();
});

test('bytes whose answer was lost are not sent twice', async () => {
  await photographed('p', ['preview']);
  server.fault = (what) => (what.startsWith('TUS') ? 'lost' : 'none');
  await sender().pass('anna');
  now += 9e6;
  await sender().pass('anna');
  expect(server.log.filter((what) => what.startsWith('TUS'))).toHaveLength(1);
  expect((await bytes('p:preview')).state).toBe('received');
});

test('the second try of bytes says that it is one', async () => {
  await photographed('p', ['preview']);
  const tries: (boolean | undefined)[] = [];
  const upload: Options['upload'] = async (job) => {
    tries.push(job.again);
    if (tries.length < 3) throw new UploadFailed();
    return server.upload(job);
  };
  for (const _ of [1, 2, 3]) {
    await sender({ upload }).pass('anna');
    now += 9e6;
  }
  expect(tries).toEqual([undefined, true, true]);
  expect((await bytes('p:preview')).state).toBe('received');
});

test('the address of an upload is kept, and forgotten when the upload has expired', async () => {
  await photographed('p', ['preview']);
  server.fault = (what) => (what.startsWith('TUS') ? 'lost' : what.startsWith('GET') ? 'down' : 'none');
  await sender().pass('anna');
  expect(await bytes('p:preview')).toMatchObject({
    address: 'https://walk.example/api/v1/uploads/preview',
    sent: 450,
  });
  server.blobs.clear();
  server.fault = (what) => (what.startsWith('TUS') ? { status: 410 } : 'none');
  now += 9e6;
  await sender().pass('anna');
  expect(await bytes('p:preview')).toMatchObject({
    state: 'saved',
    sent: 0,
    reason: { code: 'wrong', status: 410 },
  });
  expect((await bytes('p:preview')).address).toBeUndefined();
});

test('bytes that went bad on the phone are said to be lost, unless the server has them', async () => {
  await photographed('p', ['preview']);
  vi.spyOn(store, 'whole').mockResolvedValue(undefined);
  await sender().pass('anna');
  expect(await bytes('p:preview')).toMatchObject({ state: 'refused', reason: { code: 'lost' } });
  const { sha256, bytes: length } = await bytes('p:preview');
  server.blobs.set('p:preview', { sha256, bytes: length });
  await store.renew('anna', (row) => row.id === 'p:preview');
  expect(await sender().pass('anna')).toEqual({ received: 1, failed: 0 });
});

test('a photo is taken back when the server’s own word says so', async () => {
  await photographed('p', ['preview']);
  await sender().pass('anna');
  await store.withdraw('p');
  server.fault = (what) => (what.startsWith('GET') ? 'portal' : 'none');
  await sender().pass('anna');
  expect(await item('p:2')).toMatchObject({ state: 'saved', method: 'DELETE' });
  server.fault = () => 'none';
  now += 9e6;
  expect(await sender().pass('anna')).toEqual({ received: 1, failed: 0 });
  expect(server.withdrawn.has('p')).toBe(true);
  expect((await store.counts('anna')).received).toBe(0);
});

test('what is taken back while it is sent does not come to life again', async () => {
  await photographed('p', ['preview']);
  const slow: typeof fetch = async (input, init) => {
    if (init?.method === 'PUT') await store.withdraw('p');
    return server.fetch(input, init);
  };
  await sender({ fetch: slow }).pass('anna');
  expect(await store.allBytes('anna')).toEqual([]);
  expect(await store.items('anna')).toMatchObject([{ method: 'DELETE', state: 'received' }]);
  expect(server.withdrawn.has('p')).toBe(true);
});

async function spoke(seed: number, id = 'r'): Promise<string> {
  const data = makeData(seed);
  const meta = { ...makeBytes(id, 'sound', data), id: `${id}:sound:q`, type: 'audio/webm' };
  const draft = makeDraft(id, { body: { answers: { q: { value: null, sound: meta.sha256 } } } });
  await store.addBytes(meta, data, draft);
  return meta.sha256;
}

test('the sound of an answer goes once its answer is there, and stays on the phone', async () => {
  await answered();
  await sender().pass('anna');
  const sum = await spoke(3);
  await sender().pass('anna');
  expect(server.log).toEqual(['PUT /responses/r']);
  await store.seal('r');
  expect(await sender().pass('anna')).toEqual({ received: 2, failed: 0 });
  expect(server.log.slice(1)).toEqual(['PUT /responses/r', 'TUS undefined:sound', 'GET /responses/r']);
  expect(await bytes('r:sound:q')).toMatchObject({ state: 'received', here: true, sha256: sum });
  expect(await store.counts('anna')).toMatchObject({ here: 0, received: 1 });
});

test('the sound of an answer is received only when its receipt names it', async () => {
  await spoke(3);
  await store.seal('r');
  server.fault = (what) => (what.startsWith('TUS') ? 'wrong hash' : 'none'); // all is well, and nothing came
  await sender().pass('anna');
  expect(await bytes('r:sound:q')).toMatchObject({ state: 'saved', reason: { code: 'wrong' } });
  expect(await store.counts('anna')).toMatchObject({ here: 1, received: 1 }); // the words are there
  server.fault = () => 'none';
  now += 9e6;
  await sender().pass('anna');
  expect((await bytes('r:sound:q')).state).toBe('received');
});

test('what is spoken anew while the old is on its way is sent, too', async () => {
  await spoke(3);
  await store.seal('r');
  let anew = '';
  const upload: Options['upload'] = async (job) => {
    anew ||= await spoke(4);
    return server.upload(job);
  };
  await sender({ upload }).pass('anna');
  expect(await bytes('r:sound:q')).toMatchObject({ state: 'saved', here: true, sha256: anew, sent: 0 });
  expect((await bytes('r:sound:q')).address).toBeUndefined();
  await store.seal('r');
  now += 9e6;
  await sender({ upload }).pass('anna');
  expect(await bytes('r:sound:q')).toMatchObject({ state: 'received', sha256: anew });
});

test('a clock that was years ahead keeps nothing back, and the order stays', async () => {
  await answered('a');
  now += 3e11;
  server.fault = () => 'down';
  await sender().pass('anna');
  now -= 3e11;
  server.fault = () => 'none';
  await answered('b');
  await sender().pass('anna');
  expect(server.log.slice(1)).toEqual(['PUT /responses/a', 'PUT /responses/b']);
});

test.each(['down', { status: 401 }, { status: 503, after: '3600' }] as Fault[])(
  'nor does a clock that goes back an hour after %j',
  async (fault) => {
    await answered('a');
    await answered('b');
    server.fault = () => fault;
    await sender().pass('anna');
    now -= 3_600_000;
    server.fault = () => 'none';
    expect(await sender().pass('anna')).toEqual({ received: 2, failed: 0 });
  },
);

test('it sends at the start, after a change and when the line is back, until it is stopped', async () => {
  await answered('a');
  const stop = sender({ now: Date.now }).start('anna');
  await vi.waitFor(() => expect(server.records.has('a')).toBe(true));
  await answered('b');
  await vi.waitFor(() => expect(server.records.has('b')).toBe(true));
  server.fault = () => 'down';
  await answered('c');
  await vi.waitFor(async () => expect((await item('c:1'))?.tries).toBe(1));
  await store.renew('anna', (row) => row.id === 'c:1');
  server.fault = () => 'none';
  window.dispatchEvent(new Event('online'));
  await vi.waitFor(() => expect(server.records.has('c')).toBe(true));
  await vi.waitFor(async () => expect((await item('c:1'))?.state).toBe('received'));
  stop();
  await answered('d');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(server.records.has('d')).toBe(false);
});

test('with nothing to do it is quiet', async () => {
  const pass = vi.spyOn(Sender.prototype, 'pass');
  await answered('a');
  const stop = sender({ now: Date.now }).start('anna');
  await vi.waitFor(async () => expect((await item('a:1'))?.state).toBe('received'));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const passes = pass.mock.calls.length;
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(pass.mock.calls.length).toBe(passes);
  expect(passes).toBeLessThan(6);
  stop();
});

// --- any order, any fault

const FAULTS: Fault[] = [
  'down',
  'lost',
  'portal',
  'truncated',
  'wrong hash',
  'wrong id',
  'redirect',
  'plain 410',
  { status: 429, after: '7' },
  { status: 500 },
  { status: 503, after: '3' },
  { status: 507 },
];

/** What must hold at every moment: received only with its receipt, data gone only when the server has it. */
async function promisesHold(): Promise<void> {
  for (const row of await store.items('anna')) {
    if (row.state !== 'received' || row.method === 'DELETE') continue;
    const told = server.told.some((each) => each.id === row.record && each.sha256 === row.sha256);
    expect(told, `${row.id} received without a receipt`).toBe(true);
  }
  for (const row of await store.allBytes('anna')) {
    const there = server.blobs.get(row.id);
    if (row.state === 'received' || !row.here)
      expect(there, `${row.id} gone`).toMatchObject({ sha256: row.sha256 });
    if (row.here) expect(hash((await store.data(row.sha256)) as ArrayBuffer)).toBe(row.sha256);
  }
}

test.each(Array.from({ length: 40 }, (_, seed) => seed + 1))(
  'whatever happens, what was saved arrives, and nothing twice (seed %i)',
  async (seed) => {
    const random = seeded(seed);
    const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
    const last = new Map<string, unknown>();
    const back = new Set<string>();
    const hashes = new Map<string, string>();
    server.fault = () => (random() < 0.45 ? pick(FAULTS) : 'none');
    for (let step = 0; step < 40; step += 1) {
      const id = `${pick(['p', 'r'])}${Math.floor(random() * 4)}`;
      const isPhoto = id.startsWith('p');
      const what = random();
      if (what < 0.4 && !back.has(id)) {
        const body = { step, words: 'é'.repeat(Math.floor(random() * 20)) };
        await store.saveDraft(makeDraft(id, { kind: isPhoto ? 'photo' : 'response', body }));
        last.set(id, body);
        if (isPhoto && !hashes.has(`${id}:preview`)) {
          for (const part of ['preview', 'original'] as const) {
            const data = makeData(seed * 1000 + step * 2 + part.length, 300);
            await store.addBytes(makeBytes(id, part, data), data);
            hashes.set(`${id}:${part}`, hash(data));
          }
        }
        if (random() < 0.8) await store.seal(id);
      } else if (what < 0.45) {
        await store.want('anna');
      } else if (what < 0.48 && isPhoto && last.has(id)) {
        await store.withdraw(id);
        back.add(id);
      } else if (what < 0.55) {
        // The page is killed and comes back.
        store.close();
        store = await Store.open(`send-${count}`);
        for (const row of await store.items('anna')) {
          if (row.state === 'saved' && row.tries > 0 && random() < 0.5) {
            await store.change('items', row.id, (each) => {
              each.state = 'sending';
            });
          }
        }
      } else {
        now += random() * 60_000;
        await sender({ random }).pass('anna');
      }
      await promisesHold();
    }
    server.fault = () => 'none';
    await store.want('anna');
    for (const id of last.keys()) await store.seal(id);
    for (let each = 0; each < 3; each += 1) {
      now += 4e6;
      await sender().pass('anna');
      await promisesHold();
    }
    for (const [id, body] of last) {
      if (back.has(id)) {
        expect(server.records.has(id), `${id} was taken back`).toBe(false);
        continue;
      }
      const kept = server.records.get(id) ?? [];
      expect(JSON.parse(kept[kept.length - 1]?.body ?? '{}'), `${id} is not whole`).toMatchObject(
        body as object,
      );
      expect(new Set(kept.map((each) => each.sha256)).size).toBe(kept.length);
    }
    for (const [id, sum] of hashes) {
      if (!back.has(id.split(':')[0] ?? '')) expect(server.blobs.get(id)?.sha256, id).toBe(sum);
    }
    const counts = await store.counts('anna');
    expect(counts).toMatchObject({ here: 0, sending: 0, refused: 0, originals: 0, originalBytes: 0 });
    expect(counts.received).toBe([...last.keys()].filter((id) => !back.has(id)).length);
  },
);
