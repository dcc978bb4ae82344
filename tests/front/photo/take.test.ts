import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Bytes, Person, Place } from '../../../static/src/outbox/item';
import { Store, sha256 } from '../../../static/src/outbox/store';
import {
  addFix,
  addPhoto,
  change,
  fixNow,
  MAX_BYTES,
  NotKept,
  seal,
  sniff,
} from '../../../static/src/photo/take';
import { useWords } from '../../../static/src/words';

const place: Place = { kind: 'walk', id: 'walk-1', code: 'LETNA', title: 'Letná', language: 'en' };
const person: Person = {
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

let store: Store;
let count = 0;

beforeEach(async () => {
  useWords({ language: 'en', strings: {}, plural: {} });
  store = await Store.open(`take-${++count}`);
  await store.savePerson(person);
  await store.setCurrent(person.id);
});

const bytesOf = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));
const jpeg = (more = ''): File =>
  new File([new Uint8Array([0xff, 0xd8, 0xff, 0xe0, ...bytesOf(more)])], 'a.png');
const heic = (): File =>
  new File([new Uint8Array([0, 0, 0, 24, ...bytesOf('ftypheic\0\0\0\0mif1heic')])], 'b.jpg');

interface Drawn {
  width: number;
  height: number;
}

// The document here draws nothing, so the test plays the browser: a canvas "becomes" its own size in words.
function canDecode(width: number, height: number, read = asDrawn): Drawn[] {
  const drawn: Drawn[] = [];
  const close = vi.fn();
  vi.stubGlobal('createImageBitmap', () => Promise.resolve({ width, height, close }));
  const canvas = HTMLCanvasElement.prototype;
  const pen = {
    fillRect: vi.fn(),
    drawImage: vi.fn(),
    fillStyle: '',
    getImageData: () => ({ data: read(pen) }),
  };
  vi.spyOn(canvas, 'getContext').mockImplementation((() => pen) as never);
  vi.spyOn(canvas, 'toBlob').mockImplementation(function (this: HTMLCanvasElement, give: BlobCallback) {
    drawn.push({ width: this.width, height: this.height });
    give(new Blob([`${this.width}x${this.height}`], { type: 'image/jpeg' }));
  });
  return drawn;
}

const asDrawn = ({ fillStyle }: { fillStyle: string }): number[] => [
  ...(fillStyle.match(/\d+/g) ?? []).map((part) => Number(part)),
  255,
];

function cannotDecode(): void {
  vi.stubGlobal('createImageBitmap', () => Promise.reject(new DOMException('no', 'InvalidStateError')));
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:x');
  vi.spyOn(URL, 'revokeObjectURL').mockReturnValue();
  HTMLImageElement.prototype.decode = () => Promise.reject(new DOMException('no', 'EncodingError'));
}

const text = (data: ArrayBuffer | undefined): string => new TextDecoder().decode(data);

describe('a picture that was taken', () => {
  it('is kept as it is, with a preview, a small picture and a draft that says nothing for anybody', async () => {
    const sizes = canDecode(4000, 3000);
    const file = jpeg('street');
    const fix = { lat: 50.1, lon: 14.4, accuracy: 8, at: new Date().toISOString() };
    const id = await addPhoto(store, person, place, file, 'taken', { stop: 'stop-3', fix });
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(sizes).toEqual([
      { width: 1600, height: 1200 },
      { width: 320, height: 240 },
    ]);
    const sum = await sha256(await file.arrayBuffer());
    const draft = await store.draft(id);
    expect(draft).toMatchObject({
      person: 'ana',
      kind: 'photo',
      place: 'walk-1',
      key: '',
      sealed: 0,
      dirty: true,
    });
    expect(draft?.body).toEqual({
      walk: 'walk-1',
      stop: 'stop-3',
      caption: {},
      light: [],
      themes: [],
      credit: 'anonymous',
      sha256: sum,
      bytes: file.size,
      type: 'image/jpeg',
      taken: expect.any(String),
      fix,
    });
    expect(text(draft?.thumb)).toBe('320x240');
    const original = await store.bytes(`${id}:original`);
    expect(original).toMatchObject({
      sha256: sum,
      type: 'image/jpeg',
      wanted: false,
      here: true,
      state: 'saved',
    });
    const preview = await store.bytes(`${id}:preview`);
    expect(preview).toMatchObject({ type: 'image/jpeg', wanted: true });
    expect(text(await store.data(preview?.sha256 ?? ''))).toBe('1600x1200');
  });

  it('is not made larger', async () => {
    const sizes = canDecode(200, 100);
    await addPhoto(store, person, place, jpeg(), 'taken');
    expect(sizes).toEqual([
      { width: 200, height: 100 },
      { width: 200, height: 100 },
    ]);
  });

  it('sends its original at once when the person wants that', async () => {
    canDecode(10, 10);
    const id = await addPhoto(store, { ...person, originals: 'always' }, place, jpeg(), 'taken');
    expect(await store.bytes(`${id}:original`)).toMatchObject({ wanted: true });
  });

  it('is read in the task in which it was handed over', async () => {
    canDecode(10, 10);
    const file = jpeg();
    const read = vi.spyOn(file, 'arrayBuffer');
    const adding = addPhoto(store, person, place, file, 'taken');
    expect(read).toHaveBeenCalledOnce();
    await adding;
  });

  it('is ordered by its id', async () => {
    canDecode(10, 10);
    vi.useFakeTimers({ now: 1_790_000_000_000, toFake: ['Date'] });
    const first = await addPhoto(store, person, place, jpeg('1'), 'taken');
    vi.setSystemTime(1_790_000_000_001);
    const second = await addPhoto(store, person, place, jpeg('2'), 'taken');
    vi.useRealTimers();
    expect(first < second).toBe(true);
  });
});

describe('a picture that was chosen', () => {
  it('is never taken for another of the same moment', async () => {
    canDecode(400, 300);
    vi.setSystemTime(1_500_000_000_000);
    const files = ['a', 'b', 'c'].map(jpeg);
    const ids = await Promise.all(files.map((file) => addPhoto(store, person, place, file, 'chosen')));
    vi.useRealTimers();
    expect(new Set(ids).size).toBe(3);
    const sums = await Promise.all(ids.map(async (id) => (await store.draft(id))?.body.sha256));
    expect(sums).toEqual(await Promise.all(files.map(async (file) => sha256(await file.arrayBuffer()))));
  });

  it('gets neither the time nor the place of the choosing', async () => {
    canDecode(10, 10);
    const fix = { lat: 50, lon: 14, at: new Date().toISOString() };
    const id = await addPhoto(store, person, { ...place, kind: 'call' }, jpeg(), 'chosen', {
      stop: 's',
      fix,
    });
    const body = (await store.draft(id))?.body;
    expect(body).toMatchObject({ call: 'walk-1' });
    for (const field of ['walk', 'stop', 'taken', 'fix']) expect(body).not.toHaveProperty(field);
    await addFix(store, id, fix);
    expect((await store.draft(id))?.body).not.toHaveProperty('fix');
  });
});

describe('a picture that this browser cannot decode', () => {
  it('is kept without a preview, and its original goes by itself', async () => {
    cannotDecode();
    const id = await addPhoto(store, person, place, heic(), 'taken');
    expect(await store.bytes(`${id}:preview`)).toBeUndefined();
    expect(await store.bytes(`${id}:original`)).toMatchObject({ type: 'image/heic', wanted: true });
    expect((await store.draft(id))?.thumb).toBeUndefined();
    expect((await store.draft(id))?.body).toMatchObject({ type: 'image/heic' });
  });

  it('and one that the browser gives back as noise, neither', async () => {
    const drawn = canDecode(4000, 3000, () => [120, 100, 160, 255]);
    const id = await addPhoto(store, person, place, jpeg(), 'taken');
    expect(drawn).toEqual([]);
    expect(await store.bytes(`${id}:preview`)).toBeUndefined();
    expect(await store.bytes(`${id}:original`)).toMatchObject({ type: 'image/jpeg', wanted: true });
  });

  it('but one that the browser changes in its last bits has both', async () => {
    const drawn = canDecode(4000, 3000, (pen) => asDrawn(pen).map((part, at) => part - (at % 2)));
    await addPhoto(store, person, place, jpeg(), 'taken');
    expect(drawn).toHaveLength(2);
  });
});

describe('what cannot be kept', () => {
  const sorry = (file: File, more = {}) =>
    addPhoto(store, person, place, file, 'taken', more).then(
      () => 'kept',
      (error: unknown) => (error instanceof NotKept ? error.message : 'another error'),
    );

  it('is refused in plain words', async () => {
    canDecode(10, 10);
    const large = jpeg();
    Object.defineProperty(large, 'size', { value: MAX_BYTES + 1_000_000 });
    expect(await sorry(large)).toContain('61\u00a0MB; at most 60\u00a0MB');
    expect(await sorry(new File([], 'a.jpg'))).toContain('empty');
    expect(await sorry(new File(['GIF89a'], 'a.jpg', { type: 'image/jpeg' }))).toContain('not a picture');
    expect(await sorry(jpeg(), { forbidden: true })).toContain('No photos at this stop');
    const gone = jpeg();
    vi.spyOn(gone, 'arrayBuffer').mockRejectedValue(new DOMException('gone', 'NotReadableError'));
    expect(await sorry(gone)).toContain('Choose it once more');
    expect(await store.drafts('ana')).toEqual([]);
  });

  it('leaves nothing of itself behind when there is no room', async () => {
    canDecode(10, 10);
    const put = IDBObjectStore.prototype.put;
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
      if (this.name === 'bytes' && (value as Bytes).part === 'original')
        throw new DOMException('full', 'QuotaExceededError');
      return put.call(this, value, key);
    });
    expect(await sorry(jpeg())).toContain('no more room');
    expect(await store.allBytes('ana')).toEqual([]);
    expect(await store.drafts('ana')).toEqual([]);
  });

  it('is there whole or not at all, whenever the browser was killed', async () => {
    canDecode(10, 10);
    const found: number[] = [];
    for (let writes = 0; writes < 4; writes += 1) {
      const name = `killed-${count}-${writes}`;
      const doomed = await Store.open(name);
      const { write } = doomed as unknown as { write: (...asked: unknown[]) => Promise<unknown> };
      let left = writes;
      Object.assign(doomed, {
        write: (...asked: unknown[]) =>
          left-- > 0 ? write.apply(doomed, asked) : new Promise(() => undefined),
      });
      void addPhoto(doomed, person, place, jpeg(`${writes}`), 'chosen');
      await new Promise((done) => setTimeout(done, 50));
      const after = await Store.open(name);
      const [drafts, bytes] = [await after.drafts('ana'), await after.allBytes('ana')];
      expect(bytes.length).toBe(2 * drafts.length);
      found.push(drafts.length);
    }
    expect(found[0]).toBe(0);
    expect(found[3]).toBe(1);
  });
});

describe('a fix', () => {
  const at = (ms: number): string => new Date(Date.now() + ms).toISOString();

  const taken = (fix?: { lat: number; lon: number; accuracy?: number; at: string }): Promise<string> => {
    canDecode(10, 10);
    return addPhoto(store, person, place, jpeg(), 'taken', { fix });
  };

  const fixOf = async (id: string) => (await store.draft(id))?.body.fix;

  it('that comes late is added, also to what has been sealed', async () => {
    const id = await taken();
    await seal(store, id);
    const fix = { lat: 50, lon: 14, accuracy: 9, at: at(5000) };
    await addFix(store, id, fix);
    expect(await fixOf(id)).toEqual(fix);
    expect(await store.draft(id)).toMatchObject({ dirty: false, sealed: 2 });
  });

  it('that comes too late, or is worse, is left', async () => {
    const known = { lat: 50, lon: 14, accuracy: 9, at: at(0) };
    const id = await taken(known);
    await addFix(store, id, { lat: 51, lon: 15, accuracy: 2, at: at(11_000) });
    await addFix(store, id, { lat: 51, lon: 15, accuracy: 20, at: at(1000) });
    expect(await fixOf(id)).toEqual(known);
    await addFix(store, id, { lat: 51, lon: 15, accuracy: 3, at: at(1000) });
    expect(await fixOf(id)).toMatchObject({ accuracy: 3 });
  });

  it('and words that are written at the same time do not undo each other', async () => {
    const id = await taken();
    await Promise.all([
      change(store, id, (draft) => ({ ...draft.body, caption: { en: 'A gate' } })),
      addFix(store, id, { lat: 50, lon: 14, at: at(0) }),
      change(store, id, (draft) => ({ ...draft.body, light: ['up'] })),
    ]);
    expect((await store.draft(id))?.body).toMatchObject({ caption: { en: 'A gate' }, light: ['up'] });
    expect(await fixOf(id)).toMatchObject({ lat: 50 });
  });
});

describe('sealing', () => {
  it('takes a picture of which nobody said who is in it for one of somebody who was not asked', async () => {
    canDecode(10, 10);
    const id = await addPhoto(store, person, place, jpeg(), 'taken');
    await change(store, id, ({ body }) => ({ ...body, credit: 'name' }));
    await seal(store, id);
    await seal(store, id);
    const [item, ...others] = await store.items('ana');
    expect(others).toEqual([]);
    expect(item).toMatchObject({ kind: 'photo', method: 'PUT', revision: 1 });
    expect(JSON.parse(item?.body ?? '')).toMatchObject({ people: 'unreleased', credit: 'anonymous' });
  });

  it('leaves an answer as it is', async () => {
    canDecode(10, 10);
    const id = await addPhoto(store, person, place, jpeg(), 'taken');
    await change(store, id, ({ body }) => ({
      ...body,
      people: 'none',
      credit: 'pseudonym',
      credit_as: 'Swift',
    }));
    await seal(store, id);
    const [item] = await store.items('ana');
    expect(JSON.parse(item?.body ?? '')).toMatchObject({
      people: 'none',
      credit: 'pseudonym',
      credit_as: 'Swift',
    });
  });
});

describe('the place at the shutter', () => {
  const finder = (
    answer: (done: PositionCallback, failed: () => void, options: PositionOptions) => void,
  ): void =>
    void Object.defineProperty(navigator, 'geolocation', {
      configurable: true,
      value: { getCurrentPosition: answer },
    });

  const position = (lat: number, lon: number, age = 0, accuracy = 12): GeolocationPosition =>
    ({
      coords: { latitude: lat, longitude: lon, accuracy },
      timestamp: Date.now() - age,
    }) as GeolocationPosition;

  it('is exact, fresh and soon', async () => {
    let asked: PositionOptions = {};
    finder((done, _failed, options) => {
      asked = options;
      done(position(50.1, 14.4));
    });
    expect(await fixNow()).toMatchObject({ lat: 50.1, lon: 14.4, accuracy: 12 });
    expect(asked).toEqual({ enableHighAccuracy: true, timeout: 8000, maximumAge: 15_000 });
  });

  it('is none where the phone cannot say, or says nonsense', async () => {
    finder((_done, failed) => failed());
    expect(await fixNow()).toBeUndefined();
    for (const wrong of [
      position(0, 0),
      position(Number.NaN, 14),
      position(91, 0),
      position(50, 14, 16_000),
    ]) {
      finder((done) => done(wrong));
      expect(await fixNow()).toBeUndefined();
    }
    Object.defineProperty(navigator, 'geolocation', { configurable: true, value: undefined });
    expect(await fixNow()).toBeUndefined();
  });

  it('is given up after 8 seconds, also while the browser asks the person', async () => {
    vi.useFakeTimers();
    finder(() => {});
    const waiting = fixNow();
    await vi.advanceTimersByTimeAsync(8000);
    expect(await waiting).toBeUndefined();
    vi.useRealTimers();
  });
});

describe('the type', () => {
  const box = (brands: string): Uint8Array =>
    new Uint8Array([0, 0, 0, 8 + brands.length, ...bytesOf(`ftyp${brands}`)]);

  it.each([
    ['image/png', new Uint8Array(bytesOf('\x89PNG\r\n\x1a\n'))],
    ['image/webp', new Uint8Array(bytesOf('RIFF\0\0\0\0WEBP'))],
    ['image/heic', box('heic\0\0\0\0')],
    ['image/heic', box('mif1\0\0\0\0mif1heic')],
    ['image/avif', box('mif1\0\0\0\0avif')],
    ['image/avif', box('avif\0\0\0\0')],
    ['image/heif', box('mif1\0\0\0\0mif1')],
    [undefined, box('isom\0\0\0\0')],
    [undefined, new Uint8Array(bytesOf('<svg'))],
    [undefined, new Uint8Array()],
  ])('%s is told by the first bytes', (type, head) => {
    expect(sniff(head)).toBe(type);
  });
});
