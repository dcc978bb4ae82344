import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { exportAll, importAll } from '../../../static/src/outbox/portable';
import { Store } from '../../../static/src/outbox/store';
import { endOf, isNews, type Point, pointOf, Way } from '../../../static/src/phone/way';
import { makePerson } from '../outbox/server';

const PLACE = { kind: 'walk' as const, id: 'walk', code: 'CODE', title: 'Walk', language: 'en' };
const PERSON = { ...makePerson(), id: 'anna' };
const PAGE = `<div data-part="recording" hidden><a><span data-part="walked"><span></span></span></a></div>
<section data-part="way" hidden><input type="checkbox" data-part="record"><p data-part="waysays" hidden></p>
<details data-part="unrecorded" hidden><button data-part="unrecord"></button></details></section>`;

let store: Store;
let count = 0;
let tell: ((lat: number, lon: number, accuracy?: number) => void) | undefined;
let here = 0; // degrees
let refuse: (code: number) => void = () => undefined;

const at = (lat: number, lon: number, accuracy: number, timestamp = Date.now()): GeolocationPosition =>
  ({ coords: { latitude: lat, longitude: lon, accuracy }, timestamp }) as GeolocationPosition;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-05-01T08:00:00Z') });
  document.body.innerHTML = PAGE;
  document.body.dataset.ends = '2026-05-01T10:00+00:00';
  Object.defineProperty(navigator, 'geolocation', {
    configurable: true,
    value: {
      watchPosition: (done: PositionCallback, failed: PositionErrorCallback) => {
        tell = (lat, lon, accuracy = 8) => done(at(lat, lon, accuracy));
        refuse = (code) => failed({ code, PERMISSION_DENIED: 1 } as GeolocationPositionError);
        return 1;
      },
      clearWatch: () => {
        tell = undefined;
      },
    },
  });
  count += 1;
  store = await Store.open(`way-${count}`);
  await store.savePerson(PERSON);
});

afterEach(() => {
  store.close();
  tell = undefined;
  vi.useRealTimers();
});

const part = <T extends HTMLElement>(name: string): T =>
  document.querySelector<T>(`[data-part="${name}"]`) as T;

async function open(): Promise<Way> {
  const way = new Way(document.body, store, PLACE);
  await way.use(PERSON);
  return way;
}

async function flip(on: boolean): Promise<void> {
  const box = part<HTMLInputElement>('record');
  box.checked = on;
  box.dispatchEvent(new Event('change'));
  await vi.waitFor(() => expect(part('recording').hidden).toBe(!on));
}

/** So many seconds later the phone is so many metres further north. */
async function walk(seconds: number, metres: number, known: number): Promise<void> {
  vi.setSystemTime(Date.now() + seconds * 1000);
  here += metres / 111_320;
  tell?.(50.1 + here, 14.4);
  await vi.waitFor(async () => expect(await points()).toHaveLength(known), { interval: 5 });
}

const drafts = async () => (await store.drafts('anna')).filter((draft) => draft.kind === 'track');
const points = async (): Promise<Point[]> =>
  (await drafts()).flatMap((draft) => (draft.body.points ?? []) as Point[]);
const pieces = async (): Promise<{ piece: number; points: Point[] }[]> =>
  (await store.items('anna'))
    .filter((item) => item.method === 'PUT')
    .map((item) => JSON.parse(item.body))
    .sort((a, b) => a.piece - b.piece);

test('a point is kept that tells something new', () => {
  const first: Point = [1000, 50, 14, 8];
  const north = (metres: number, seconds: number, error: number | null = 8): Point => [
    1000 + seconds,
    50 + metres / 111_320,
    14,
    error,
  ];
  expect(isNews(undefined, first)).toBe(true);
  expect(isNews(first, north(30, 4))).toBe(false); // too soon
  expect(isNews(first, north(9, 6))).toBe(false); // hardly moved
  expect(isNews(first, north(11, 6))).toBe(true);
  expect(isNews(first, north(0, 20))).toBe(true); // or nobody would know that somebody stood there
  expect(isNews(first, north(100, 60, 51))).toBe(false);
  expect(isNews(first, north(100, 60, null))).toBe(false);
  expect(isNews(undefined, [1000, 0, 0, 8])).toBe(false);
  expect(isNews(first, [900, 50, 14, 8])).toBe(true); // the clock was put back
});

test('a point is sent to within a metre, and with the phone’s clock where the receiver counts from elsewhere', () => {
  const now = Date.parse('2026-05-01T08:00:00Z');
  expect(pointOf(at(50.123_456_789, 14.987_654_321, 7.2, now - 1234), now)).toEqual([
    now / 1000 - 1.2,
    50.123_457,
    14.987_654,
    8,
  ]);
  expect(pointOf(at(50, 14, Number.NaN, 12), now)).toEqual([now / 1000, 50, 14, null]);
});

test('it ends after 6 hours, and an hour after the walk’s planned end, but not for who begins later', () => {
  const end = (since: string, ends?: string) => new Date(endOf(since, ends)).toISOString();
  expect(end('2026-05-01T08:00:00Z', '2026-05-01T10:00Z')).toBe('2026-05-01T11:00:00.000Z');
  expect(end('2026-05-01T08:00:00Z', '2026-05-01T20:00Z')).toBe('2026-05-01T14:00:00.000Z');
  expect(end('2026-05-01T12:00:00Z', '2026-05-01T10:00Z')).toBe('2026-05-01T18:00:00.000Z');
  expect(end('2026-05-01T12:00:00Z')).toBe('2026-05-01T18:00:00.000Z');
});

test('nothing is recorded until it is switched on, nor after it is switched off', async () => {
  await open();
  expect(tell).toBeUndefined();
  expect(part('way').hidden).toBe(false);
  await flip(true);
  await walk(1, 0, 1);
  await walk(10, 20, 2);
  await vi.waitFor(() => expect(part('walked').textContent).toContain('2'));
  expect(await store.counts('anna')).toMatchObject({ here: 0 });
  await flip(false);
  expect(tell).toBeUndefined();
  expect(await pieces()).toMatchObject([
    { walk: 'walk', piece: 1, agreed: expect.stringMatching(/^2026-05-01T08:00:00/) },
  ]);
  expect((await pieces())[0]?.points).toHaveLength(2);
  expect(Object.keys((await pieces())[0] ?? {}).sort()).toEqual(['agreed', 'piece', 'points', 'walk']);
  expect(await store.counts('anna')).toMatchObject({ here: 1 });
});

test('five minutes make a piece, each piece stays until it has its receipt, and a kill loses no point', async () => {
  await open();
  await flip(true);
  for (let n = 1; n <= 3; n++) await walk(60, 50, n);
  // The page is killed: nothing is said to it. Another begins, and it goes on.
  const old = tell;
  await open();
  await vi.waitFor(() => expect(part('waysays').textContent).toContain('goes on'));
  expect(tell).not.toBe(old);
  expect((await pieces()).map((each) => each.points.length)).toEqual([3]);
  for (let n = 1; n <= 4; n++) await walk(60, 50, n);
  await walk(60, 50, 0);
  expect((await pieces()).map((each) => each.points.length)).toEqual([3, 5]);
  expect(part('walked').textContent).toContain('8');
  const [first, second] = await store.items('anna');
  await store.received(second?.id ?? '', { id: second?.record, revision: 2, sha256: second?.sha256 });
  expect(await store.counts('anna')).toMatchObject({ here: 1 });
  await store.received(first?.id ?? '', { id: first?.record, revision: 1, sha256: first?.sha256 });
  expect(await store.counts('anna')).toMatchObject({ here: 0, received: 1 });
});

test('half an hour is half a dozen requests', async () => {
  await open();
  await flip(true);
  for (let minute = 0; minute < 30; minute++) {
    vi.setSystemTime(Date.now() + 60_000);
    here += 0.0005;
    tell?.(50.1 + here, 14.4);
    await vi.waitFor(async () => expect((await drafts())[0]?.body.count).toBe(minute + 1), { interval: 5 });
  }
  expect((await pieces()).length).toBeLessThanOrEqual(6);
});

test('deleting deletes here, asks it back, and what is recorded next is another', async () => {
  await open();
  await flip(true);
  await walk(1, 0, 1);
  await flip(false);
  const [item] = await store.items('anna');
  await store.received(item?.id ?? '', { id: item?.record, revision: 1, sha256: item?.sha256 });
  part('unrecord').click();
  await vi.waitFor(() => expect(part('waysays').textContent).toContain('deleted'));
  expect(await points()).toEqual([]);
  expect(await store.items('anna')).toMatchObject([{ method: 'DELETE', path: `/tracks/${item?.record}` }]);
  expect(part('unrecorded').hidden).toBe(true);
  await flip(true);
  await walk(1, 0, 1);
  expect((await drafts()).map((draft) => draft.id).filter((id) => id !== item?.record)).toHaveLength(1);
});

test('what was deleted elsewhere is recorded no more', async () => {
  await open();
  await flip(true);
  await walk(1, 0, 1);
  await store.forget((await drafts())[0]?.id ?? '');
  vi.setSystemTime(Date.now() + 60_000);
  tell?.(50.2, 14.4);
  await vi.waitFor(() => expect(part('waysays').textContent).toContain('was deleted'));
  expect(tell).toBeUndefined();
  expect(await points()).toEqual([]);
});

test('who hands the phone over records no more, and each has their own', async () => {
  const way = await open();
  await flip(true);
  await walk(1, 0, 1);
  await store.savePerson({ ...PERSON, id: 'boris' });
  await way.use({ ...PERSON, id: 'boris' });
  expect(tell).toBeUndefined();
  expect(part('recording').hidden).toBe(true);
  expect(part('unrecorded').hidden).toBe(true);
  expect(await pieces()).toHaveLength(1);
  await flip(true);
  expect(await store.drafts('boris')).toEqual([]);
  await store.wipe('boris');
  tell?.(50.3, 14.4);
  await vi.waitFor(() => expect(tell).toBeUndefined());
  expect(await store.drafts('boris')).toEqual([]);
});

test('a browser that may not tell says so, and one that cannot at the moment goes on', async () => {
  await open();
  await flip(true);
  refuse(2);
  await vi.waitFor(() => expect(part('waysays').textContent).toContain('at the moment'));
  expect(part('recording').hidden).toBe(false);
  refuse(1);
  await vi.waitFor(() => expect(part('waysays').textContent).toContain('Allow it'));
  expect(part('recording').hidden).toBe(true);
  expect(part<HTMLInputElement>('record').checked).toBe(false);
});

test('it ends by itself when the walk has been over for an hour', async () => {
  await open();
  await flip(true);
  await walk(1, 0, 1);
  vi.setSystemTime(Date.parse('2026-05-01T11:00:00Z'));
  tell?.(50.2, 14.4);
  await vi.waitFor(() => expect(part('waysays').textContent).toContain('by itself'));
  expect(tell).toBeUndefined();
  expect((await pieces()).map((each) => each.points.length)).toEqual([1]);
});

test('a copy brings all pieces and what is in none yet to another phone', async () => {
  await open();
  await flip(true);
  await walk(1, 0, 1);
  await flip(false);
  await flip(true);
  await walk(60, 50, 1);
  await flip(false);
  const copy = await exportAll(store, 'anna');
  const other = await Store.open(`way-${count}-other`);
  await importAll(other, copy);
  expect((await other.items('anna')).map((item) => item.body)).toEqual(
    (await store.items('anna')).map((item) => item.body),
  );
  other.close();
});
