// When and where a JPEG says that it was taken: a picture that is painted over is written anew, and says neither. Read
// by the tables of Exif 2.32 (CIPA DC-008), and only what a photo's record can hold.

import type { Fix } from '../photo/take';

export interface Said {
  /** ISO 8601, in UTC. */
  readonly taken?: string;
  readonly fix?: Fix;
}

const [EXIF, GPS, TAKEN, OFFSET] = [0x8769, 0x8825, 0x9003, 0x9011];
const [LAT_REF, LAT, LON_REF, LON, ERROR] = [1, 2, 3, 4, 0x1f];
const SIZES = [0, 1, 1, 2, 4, 8];

/** Nothing where there is nothing, or nothing that can be read. Without an offset, the time is by this phone's zone. */
export function readExif(data: ArrayBuffer): Said {
  try {
    const tiff = tiffOf(new DataView(data));
    return tiff ? said(tiff) : {};
  } catch {
    return {}; // an offset that leads out of the file
  }
}

function tiffOf(file: DataView): DataView | undefined {
  if (file.getUint16(0) !== 0xffd8) return undefined;
  for (let at = 2; file.getUint8(at) === 0xff && file.getUint8(at + 1) !== 0xda; ) {
    const long = file.getUint16(at + 2);
    const isExif = file.getUint8(at + 1) === 0xe1 && file.getUint32(at + 4) === 0x45786966;
    if (isExif) return new DataView(file.buffer, at + 10, long - 8);
    at += 2 + long;
  }
  return undefined;
}

type Values = readonly (string | number)[];

function said(tiff: DataView): Said {
  const little = tiff.getUint16(0) === 0x4949;
  const read = (at: number): Map<number, Values> => new Map(entries(tiff, at, little));
  const main = read(tiff.getUint32(4, little));
  const below = (tag: number): Map<number, Values> => {
    const at = main.get(tag)?.[0];
    return typeof at === 'number' ? read(at) : new Map();
  };
  const [exif, gps] = [below(EXIF), below(GPS)];
  const taken = instant(exif.get(TAKEN)?.[0], exif.get(OFFSET)?.[0]);
  const [lat, lon] = [degrees(gps, LAT, LAT_REF, 'S'), degrees(gps, LON, LON_REF, 'W')];
  const sound = Math.abs(lat) <= 90 && Math.abs(lon) <= 180 && (lat !== 0 || lon !== 0);
  const accuracy = Number(gps.get(ERROR)?.[0] ?? Number.NaN);
  const at = taken && { at: taken };
  return {
    ...(taken && { taken }),
    ...(sound && {
      fix: { lat, lon, ...(accuracy > 0 && Number.isFinite(accuracy) && { accuracy }), ...at } as Fix,
    }),
  };
}

function* entries(tiff: DataView, at: number, little: boolean): Generator<[number, Values]> {
  for (let left = tiff.getUint16(at, little), row = at + 2; left > 0; left -= 1, row += 12) {
    const [tag, type] = [tiff.getUint16(row, little), tiff.getUint16(row + 2, little)];
    const count = tiff.getUint32(row + 4, little);
    const size = SIZES[type] ?? 0;
    if (!size || count > 64) continue;
    const from = size * count > 4 ? tiff.getUint32(row + 8, little) : row + 8;
    const values = Array.from({ length: count }, (_each, n) => number(tiff, type, from + n * size, little));
    yield [tag, type === 2 ? [String.fromCharCode(...values).replace(/\0.*/, '')] : values];
  }
}

function number(tiff: DataView, type: number, at: number, little: boolean): number {
  if (type === 5) return tiff.getUint32(at, little) / tiff.getUint32(at + 4, little);
  if (type === 4) return tiff.getUint32(at, little);
  return type === 3 ? tiff.getUint16(at, little) : tiff.getUint8(at);
}

/** NaN where there is none: 0/0 is what phones write that will not say. */
function degrees(gps: Map<number, Values>, tag: number, ref: number, negative: string): number {
  const [whole, minutes = 0, seconds = 0] = (gps.get(tag) ?? [Number.NaN]).map(Number);
  const sum = (whole ?? Number.NaN) + minutes / 60 + seconds / 3600;
  return gps.get(ref)?.[0] === negative ? -sum : sum;
}

function instant(local: unknown, offset: unknown): string | undefined {
  const found = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(String(local ?? ''));
  if (!found) return undefined;
  const [, year, month, day, time] = found;
  const zone = /^[+-]\d\d:\d\d$/.test(String(offset)) ? offset : '';
  const moment = new Date(`${year}-${month}-${day}T${time}${zone}`);
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}
