import 'fake-indexeddb/auto';
import { unzipSync } from 'fflate';
import { beforeEach, expect, test } from 'vitest';
import { exportAll, importAll } from '../../../static/src/outbox/portable';
import { Sender } from '../../../static/src/outbox/send';
import { Store } from '../../../static/src/outbox/store';
import { hash, makeBytes, makeData, makeDraft, makePerson, Server } from './server';

let count = 0;
let here: Store;
let there: Store;
const preview = makeData(1, 700);
const original = makeData(2, 4000);

beforeEach(async () => {
  count += 1;
  here = await Store.open(`here-${count}`);
  there = await Store.open(`there-${count}`);
  await here.savePerson(makePerson());
  await here.savePerson(makePerson({ id: 'boris' }));
  await here.saveDraft(makeDraft('boris-r', { person: 'boris' }));
  await here.saveDraft(makeDraft('r', { body: { words: 'žluť' } }));
  await here.saveDraft(makeDraft('p', { kind: 'photo', thumb: makeData(3, 50) }));
  await here.seal('p');
  await here.addBytes(makeBytes('p', 'preview', preview), preview);
  await here.addBytes(makeBytes('p', 'original', original), original);
});

test('one ZIP holds everything of one person, the pictures under names that open', async () => {
  const zip = await exportAll(here, 'anna');
  expect(zip.type).toBe('application/zip');
  const files = unzipSync(new Uint8Array(await zip.arrayBuffer()));
  const names = ['people.json', 'drafts.json', 'items.json', 'bytes.json', 'thumbs/p.jpg'];
  const pictures = [`files/${hash(preview)}.jpg`, `files/${hash(original)}.jpg`];
  expect(Object.keys(files).sort()).toEqual([...names, ...pictures].sort());
  expect(hash(files[pictures[1] as string]?.slice().buffer as ArrayBuffer)).toBe(hash(original));
  expect(new TextDecoder().decode(files['drafts.json'])).not.toContain('boris');
});

test('it comes in on another phone, once, and is sent from there', async () => {
  const zip = await exportAll(here, 'anna');
  expect(await importAll(there, zip)).toBe(5);
  expect(await importAll(there, zip)).toBe(0);
  expect((await there.draft('p'))?.thumb?.byteLength).toBe(50);
  const device = (await there.person('anna'))?.device;
  expect(device).toMatch(/^phone-[0-9a-f]{4}$/);
  await there.want('anna');
  await there.seal('r');
  const server = new Server();
  const sender = new Sender(there, { fetch: server.fetch, upload: server.upload });
  expect(await sender.pass('anna')).toMatchObject({ received: 4, failed: 0 });
  expect([...server.blobs.keys()].sort()).toEqual(['p:original', 'p:preview']);
  expect(server.records.get('p')?.[0]?.device).toBe('phone');
  expect(server.records.get('r')?.[0]?.device).toBe(device);
});

test('what was spoken comes along, unless the answer no longer names it', async () => {
  const data = makeData(77);
  const meta = { ...makeBytes('s', 'sound', data), id: 's:sound:q', type: 'audio/webm' };
  const body = { answers: { q: { value: null, sound: meta.sha256 } } };
  await here.addBytes(meta, data, makeDraft('s', { body, key: 'stop|other' }));
  const zip = await exportAll(here, 'anna');
  await importAll(there, zip);
  expect(await there.bytes('s:sound:q')).toMatchObject({ here: true, state: 'saved' });
  expect(await there.whole(meta.sha256)).toBeDefined();
  await there.saveDraft(makeDraft('s', { key: 'stop|other', changed: '2026-06-19T10:00:00Z' }));
  expect(await importAll(there, zip)).toBe(0);
  expect(await there.bytes('s:sound:q')).toBeUndefined();
});

test('nothing newer is overwritten', async () => {
  const old = await exportAll(here, 'anna');
  await here.saveDraft(makeDraft('r', { body: { words: 'new' }, changed: '2026-06-19T10:00:00Z' }));
  await here.seal('r');
  await here.saveDraft(
    makeDraft('p', { kind: 'photo', body: { caption: 'new' }, changed: '2026-06-19T10:00:00Z' }),
  );
  await here.seal('p');
  await here.release('p:preview');
  expect(await importAll(here, old)).toBe(0);
  expect((await here.draft('r'))?.body).toEqual({ words: 'new' });
  expect(await here.draft('r')).toMatchObject({ sealed: 1, dirty: false });
  expect((await here.items('anna')).map((item) => item.id).sort()).toEqual(['p:2', 'r:1']);
  expect(await here.data(hash(preview))).toBeUndefined();
  await here.withdraw('p');
  expect(await importAll(here, old)).toBe(0);
  expect(await here.draft('p')).toMatchObject({ withdrawn: true, body: {} });
});

test('older words here give way, and no number is given twice', async () => {
  await importAll(there, await exportAll(here, 'anna'));
  await here.saveDraft(makeDraft('r', { body: { words: 'new' }, changed: '2026-06-19T10:00:00Z' }));
  await here.seal('r');
  expect(await importAll(there, await exportAll(here, 'anna'))).toBe(2);
  expect((await there.draft('r'))?.body).toEqual({ words: 'new' });
  expect((await there.person('anna'))?.sequence).toBe(2);
});

test('a picture that was damaged in the file is not taken for whole', async () => {
  const bytes = new Uint8Array(await (await exportAll(here, 'anna')).arrayBuffer());
  const at = bytes.findIndex((_, index) =>
    new Uint8Array(original).subarray(0, 8).every((each, k) => bytes[index + k] === each),
  );
  bytes[at + 100] = (bytes[at + 100] ?? 0) ^ 1;
  await importAll(there, new Blob([bytes]));
  expect(await there.bytes('p:original')).toMatchObject({ here: false, state: 'saved' });
  expect(await there.bytes('p:preview')).toMatchObject({ here: true });
  expect(await importAll(there, await exportAll(here, 'anna'))).toBe(1);
  expect(await there.bytes('p:original')).toMatchObject({ here: true });
});

test('what is no such file is an error', async () => {
  await expect(importAll(there, new Blob(['hello']))).rejects.toThrow();
});
