// From a picture that was taken or chosen to the store: its bytes as they are, a preview, and the draft of
// its record. What is told as kept has been read back from the disk.

import type { Draft, NewBytes, Person, Place, RecordBody } from '../outbox/item';
import { hex, NoRoom, type Store, sha256 as sum } from '../outbox/store';
import { _, formatBytes } from '../words';
import { type Drawable, makeSizes, type Sizes } from './shrink';

export const MAX_BYTES = 60_000_000;

const DRAWING = 20_000; // ms in which a worker has drawn the largest picture
const DRAWN = 10; // pictures after which a worker ends: else it keeps a megabyte of each
const HEAD_BYTES = 4096;

const FIX_PATIENCE = 8000;
const FIX_AGE = 15_000;
/** How long after the picture a fix may have been made and still be its place. */
const FIX_LATE = 10_000;

export type How = 'taken' | 'chosen';

export interface Fix {
  lat: number;
  lon: number;
  /** In metres. */
  accuracy?: number;
  /** ISO 8601, by the phone's clock. */
  at: string;
}

export interface More {
  stop?: string | undefined;
  fix?: Fix | undefined;
  /** Whoever runs the walk asks for no photos at this stop. */
  forbidden?: boolean | undefined;
}

/** The picture was not kept; the message says what happened, what is safe and what to do, for people. */
export class NotKept extends Error {}

/** Keeps a picture and resolves with the id of its record, once all of it is on this phone's disk. */
export async function addPhoto(
  store: Store,
  person: Person,
  place: Place,
  file: File,
  how: How,
  more: More = {},
): Promise<string> {
  if (more.forbidden) throw new NotKept(_('No photos at this stop: whoever runs the walk asks for none.'));
  const now = new Date();
  // Later a picked file may have become unreadable, so reading begins before anything is waited for.
  const data = await read(file);
  const type = sniff(new Uint8Array(data, 0, Math.min(HEAD_BYTES, data.byteLength)));
  if (!type)
    throw new NotKept(_('This is not a picture that we can read. Choose a JPEG, PNG, WebP, HEIC or AVIF.'));
  const id = newId(now.getTime());
  const [sha256, sizes] = await Promise.all([
    sum(data),
    inTurn(() => smallSizes(new Blob([data], { type }))),
  ]);
  const draft: Draft = {
    id,
    person: person.id,
    kind: 'photo',
    place: place.id,
    key: '',
    body: newBody(place, { sha256, bytes: data.byteLength, type }, how, now, more),
    changed: now.toISOString(),
    sealed: 0,
    dirty: true,
    ...(sizes && { thumb: sizes.thumb }),
  };
  await keep(store, person, draft, { data, sha256, type }, sizes?.preview);
  return id;
}

async function read(file: File): Promise<ArrayBuffer> {
  if (file.size > MAX_BYTES) {
    throw new NotKept(
      _('This picture has %(size)s; at most %(limit)s can be sent. Please choose a smaller one.', {
        size: formatBytes(file.size),
        limit: formatBytes(MAX_BYTES),
      }),
    );
  }
  let data: ArrayBuffer;
  try {
    data = await file.arrayBuffer();
  } catch {
    throw new NotKept(_('The phone did not hand this picture over. Choose it once more.'));
  }
  if (!data.byteLength) throw new NotKept(_('This file is empty. Choose the photo again.'));
  return data;
}

// Who is in the picture stays open: nothing is answered for anybody.
function newBody(
  place: Place,
  file: { sha256: string; bytes: number; type: string },
  how: How,
  now: Date,
  more: More,
): RecordBody {
  return {
    [place.kind]: place.id,
    ...(place.kind === 'walk' && more.stop && { stop: more.stop }),
    caption: {},
    light: [],
    themes: [],
    credit: 'anonymous',
    ...file,
    // When and where belong to a picture taken now; a chosen one carries its own, or none.
    ...(how === 'taken' && { taken: now.toISOString() }),
    ...(how === 'taken' && more.fix && { fix: more.fix }),
  };
}

// All at once: an original that stands alone would be taken for one that can have no preview, and sent; a preview that
// stands alone would wait for ever.
async function keep(
  store: Store,
  person: Person,
  draft: Draft,
  original: { data: ArrayBuffer; sha256: string; type: string },
  preview: ArrayBuffer | undefined,
): Promise<void> {
  const row = (
    part: NewBytes['part'],
    type: string,
    sha256: string,
    bytes: number,
    wanted: boolean,
  ): NewBytes => ({
    id: `${draft.id}:${part}`,
    record: draft.id,
    person: person.id,
    part,
    sha256,
    bytes,
    type,
    wanted,
  });
  const { data, sha256, type } = original;
  const wanted = !preview || person.originals === 'always';
  const parts: [NewBytes, ArrayBuffer][] = [[row('original', type, sha256, data.byteLength, wanted), data]];
  try {
    if (preview)
      parts.unshift([row('preview', 'image/jpeg', await sum(preview), preview.byteLength, true), preview]);
    await store.addAll(parts, draft);
  } catch (error) {
    // Half a photo must not be sent.
    await store.forget(draft.id).catch(() => undefined);
    throw new NotKept(whyNotKept(error));
  }
}

function whyNotKept(error: unknown): string {
  if (error instanceof NoRoom) {
    return _(
      'There is no more room for pictures. What was saved is safe, and answers are still saved. Send the large pictures (the line above leads there), then add this one again.',
    );
  }
  return _(
    'The phone could not save this picture. What was saved before is safe. Reload this page and try again.',
  );
}

/** Adds a fix that came after the picture: not to a chosen picture, not too late, and not over a better one. */
export async function addFix(store: Store, id: string, fix: Fix): Promise<void> {
  let again = false;
  await change(store, id, (draft) => {
    if (!belongs(draft.body, fix)) return undefined;
    again = draft.sealed > 0 && !draft.dirty;
    return { ...draft.body, fix };
  });
  if (again) await seal(store, id);
}

function belongs(body: RecordBody, fix: Fix): boolean {
  const taken = typeof body.taken === 'string' ? Date.parse(body.taken) : Number.NaN;
  if (!(Date.parse(fix.at) - taken <= FIX_LATE)) return false;
  const known = body.fix as Fix | undefined;
  return !known || (fix.accuracy ?? Number.POSITIVE_INFINITY) < (known.accuracy ?? Number.POSITIVE_INFINITY);
}

/** Where the phone is now. It resolves within 8 s, with nothing where the phone cannot or may not say. */
export function fixNow(): Promise<Fix | undefined> {
  const finder = navigator.geolocation as Geolocation | undefined;
  if (!finder) return Promise.resolve(undefined);
  const asked = Date.now();
  return new Promise((resolve) => {
    const settle = (fix?: Fix): void => {
      clearTimeout(timer);
      resolve(fix);
    };
    // The browser's own limit does not count the time in which it asks the person.
    const timer = setTimeout(settle, FIX_PATIENCE);
    finder.getCurrentPosition(
      (position) => settle(asFix(position, asked)),
      () => settle(),
      { enableHighAccuracy: true, timeout: FIX_PATIENCE, maximumAge: FIX_AGE },
    );
  });
}

function asFix(position: GeolocationPosition, asked: number): Fix | undefined {
  const { latitude: lat, longitude: lon, accuracy } = position.coords;
  const sound = Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && (lat !== 0 || lon !== 0);
  if (!sound || position.timestamp < asked - FIX_AGE) return undefined;
  const at = new Date(position.timestamp).toISOString();
  return Number.isFinite(accuracy) && accuracy >= 0 ? { lat, lon, accuracy, at } : { lat, lon, at };
}

/** Changes a draft's body as it is on the disk now; `undefined` from `make` leaves it. One change at a time. */
export function change(
  store: Store,
  id: string,
  make: (draft: Draft) => RecordBody | undefined,
): Promise<Draft | undefined> {
  return alone(id, async () => {
    const draft = await store.draft(id);
    if (!draft || draft.withdrawn) return undefined;
    const body = make(draft);
    if (!body) return draft;
    const changed = { ...draft, body, dirty: true, changed: new Date().toISOString() };
    await store.saveDraft(changed);
    return changed;
  });
}

/**
 * Makes the next revision of a photo's record, if it has changed. Who is in the picture, if nobody has said,
 * becomes "unreleased": the form tells the person so. A name that was left empty is no name.
 */
export async function seal(store: Store, id: string): Promise<void> {
  await alone(id, async () => {
    const draft = await store.draft(id);
    if (!draft?.dirty || draft.withdrawn) return;
    const body = complete(draft.body);
    if (body !== draft.body) await store.saveDraft({ ...draft, body });
    await store.seal(id);
  });
}

function complete(body: RecordBody): RecordBody {
  const nameless = body.credit !== 'anonymous' && !body.credit_as;
  if (body.people && !nameless) return body;
  return { ...body, people: body.people ?? 'unreleased', ...(nameless && { credit: 'anonymous' }) };
}

// A fix that comes late and a word being typed may both want to write the same draft.
const turns = new Map<string, Promise<unknown>>();

function alone<Result>(id: string, work: () => Promise<Result>): Promise<Result> {
  const turn = (turns.get(id) ?? Promise.resolve()).then(work);
  const settled = turn.catch(() => undefined);
  turns.set(id, settled);
  void settled.then(() => {
    if (turns.get(id) === settled) turns.delete(id);
  });
  return turn;
}

// Ten pictures decoded at once would be too much for a phone's memory.
const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => alone('decoding', work);

/** Undefined where this browser cannot decode the picture. */
async function smallSizes(picture: Blob): Promise<Sizes | undefined> {
  const sizes = await inWorker(picture);
  if (sizes) return sizes;
  const decoded = await decode(picture);
  if (!decoded) return undefined;
  try {
    return await makeSizes(decoded, (width, height) =>
      Object.assign(document.createElement('canvas'), { width, height }),
    );
  } finally {
    decoded.release();
  }
}

let worker: Worker | undefined;
let drawn = 0;

// Nothing where there is no worker, where it cannot draw (Safari before 16.4), or where it has died of its memory.
function inWorker(picture: Blob): Promise<Sizes | undefined> {
  const address = document.body.dataset.shrinker;
  if (!address || typeof Worker === 'undefined' || typeof OffscreenCanvas === 'undefined')
    return Promise.resolve(undefined);
  return new Promise((resolve) => {
    worker ??= new Worker(address, { type: 'module' });
    const used = worker;
    const settle = (sizes: Sizes | undefined, isOver: boolean): void => {
      clearTimeout(timer);
      if (isOver) {
        used.terminate();
        worker = undefined;
      }
      resolve(sizes);
    };
    const timer = setTimeout(() => settle(undefined, true), DRAWING);
    drawn += 1;
    used.onmessage = ({ data }: MessageEvent<Sizes | undefined>) => settle(data, drawn % DRAWN === 0);
    used.onerror = () => settle(undefined, true);
    used.postMessage(picture);
  });
}

interface Decoded extends Drawable {
  release: () => void;
}

async function decode(picture: Blob): Promise<Decoded | undefined> {
  try {
    const bitmap = await createImageBitmap(picture, { imageOrientation: 'from-image' });
    return { source: bitmap, width: bitmap.width, height: bitmap.height, release: () => bitmap.close() };
  } catch {
    // Browsers of before 2022 lack it or refuse the option, but turn an <img> upright by themselves.
    return decodeAsImage(picture);
  }
}

async function decodeAsImage(picture: Blob): Promise<Decoded | undefined> {
  const address = URL.createObjectURL(picture);
  const release = (): void => URL.revokeObjectURL(address);
  const image = new Image();
  image.src = address;
  try {
    await image.decode();
    if (image.naturalWidth) {
      return { source: image, width: image.naturalWidth, height: image.naturalHeight, release };
    }
  } catch {
    // Said by the form, where the person looks for the picture.
  }
  release();
  return undefined;
}

const HEVC = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs'];
const AV1 = ['avif', 'avis'];
const ANY_CODEC = ['mif1', 'mif2', 'msf1', 'miaf'];

/** The type by the first bytes, as the server finds it, or undefined where it is no picture that is taken. */
export function sniff(head: Uint8Array): string | undefined {
  const text = (from: number, to: number): string => String.fromCharCode(...head.slice(from, to));
  if (text(0, 3) === '\xff\xd8\xff') return 'image/jpeg';
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'image/png';
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'image/webp';
  if (text(4, 8) !== 'ftyp') return undefined;
  const major = text(8, 12);
  if (HEVC.includes(major)) return 'image/heic';
  if (AV1.includes(major)) return 'image/avif';
  if (!ANY_CODEC.includes(major)) return undefined;
  const end = Math.min(new DataView(head.buffer, head.byteOffset).getUint32(0), head.length);
  const brands = new Set<string>();
  for (let at = 16; at + 4 <= end; at += 4) brands.add(text(at, at + 4));
  if (HEVC.some((brand) => brands.has(brand))) return 'image/heic';
  return AV1.some((brand) => brands.has(brand)) ? 'image/avif' : 'image/heif';
}

/** A UUID of version 7: it begins with the time, so photos are in the order of their making. */
function newId(now: number): string {
  const random = crypto.getRandomValues(new Uint8Array(10));
  random[0] = ((random[0] ?? 0) & 0x0f) | 0x70;
  random[2] = ((random[2] ?? 0) & 0x3f) | 0x80;
  const all = now.toString(16).padStart(12, '0') + hex(random);
  return all.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
