import { describe, expect, it } from 'vitest';
import { readExif } from '../../../static/src/paint/exif';

type Entry = readonly [tag: number, type: number, values: readonly number[]];

const text = (words: string): number[] => [...Array.from(words, (each) => each.charCodeAt(0)), 0];
const WIDTHS: Record<number, number> = { 2: 1, 3: 2, 4: 4, 5: 8 };

/** A JPEG with these entries: of the picture's own, and of GPS. */
function jpeg(inner: readonly Entry[], gps: readonly Entry[], little = false): ArrayBuffer {
  const tiff = new DataView(new ArrayBuffer(1000));
  tiff.setUint16(0, little ? 0x4949 : 0x4d4d);
  tiff.setUint16(2, 42, little);
  tiff.setUint32(4, 8, little);
  let free = 200;
  const write = (at: number, entries: readonly Entry[]): void => {
    tiff.setUint16(at, entries.length, little);
    for (const [n, [tag, type, values]] of entries.entries()) {
      const row = at + 2 + 12 * n;
      const count = type === 5 ? values.length / 2 : values.length;
      tiff.setUint16(row, tag, little);
      tiff.setUint16(row + 2, type, little);
      tiff.setUint32(row + 4, count, little);
      const width = (WIDTHS[type] ?? 1) / (type === 5 ? 2 : 1);
      const bytes = width * values.length;
      const to = bytes > 4 ? free : row + 8;
      if (bytes > 4) {
        tiff.setUint32(row + 8, free, little);
        free += bytes;
      }
      for (const [k, value] of values.entries()) {
        if (width === 1) tiff.setUint8(to + k, value);
        else if (width === 2) tiff.setUint16(to + 2 * k, value, little);
        else tiff.setUint32(to + 4 * k, value, little);
      }
    }
  };
  write(8, [
    [0x8769, 4, [50]],
    [0x8825, 4, [100]],
  ]);
  write(50, inner);
  write(100, gps);
  const file = new DataView(new ArrayBuffer(1020));
  file.setUint32(0, 0xffd8ffe1);
  file.setUint16(4, 1008);
  file.setUint32(6, 0x45786966);
  new Uint8Array(file.buffer).set(new Uint8Array(tiff.buffer), 12);
  file.setUint16(1012, 0xffda);
  return file.buffer;
}

const PRAGUE: readonly Entry[] = [
  [1, 2, text('N')],
  [2, 5, [50, 1, 4, 1, 318, 10]],
  [3, 2, text('E')],
  [4, 5, [14, 1, 26, 1, 16, 1]],
];
const TAKEN: Entry = [0x9003, 2, text('2026:05:16 10:11:12')];
const OFFSET: Entry = [0x9011, 2, text('+02:00')];

describe('what a JPEG says of itself', () => {
  it.each([true, false])('is read in both orders of bytes (%s)', (little) => {
    const said = readExif(jpeg([TAKEN, OFFSET], PRAGUE, little));
    expect(said.taken).toBe('2026-05-16T08:11:12.000Z');
    expect(said.fix?.lat).toBeCloseTo(50.0755, 5);
    expect(said.fix?.lon).toBeCloseTo(14.437778, 5);
    expect(said.fix?.at).toBe(said.taken);
    expect(said.fix?.accuracy).toBeUndefined();
  });

  it('is south and west, as sure as the camera says, and by the phone’s clock without an offset', () => {
    const southwest: Entry[] = [
      ...PRAGUE.map(([tag, type, values]): Entry => {
        return tag === 1 ? [tag, type, text('S')] : tag === 3 ? [tag, type, text('W')] : [tag, type, values];
      }),
      [0x1f, 5, [95, 10]],
    ];
    const said = readExif(jpeg([TAKEN], southwest));
    expect(said.fix?.lat).toBeCloseTo(-50.0755, 5);
    expect(said.fix?.lon).toBeLessThan(0);
    expect(said.fix?.accuracy).toBe(9.5);
    expect(said.taken).toBe(new Date(2026, 4, 16, 10, 11, 12).toISOString());
  });

  it('is no place where the phone would not say', () => {
    const zero: Entry[] = PRAGUE.map(([tag, type, values]) => [
      tag,
      type,
      type === 5 ? [0, 0, 0, 0, 0, 0] : values,
    ]);
    expect(readExif(jpeg([], zero))).toEqual({});
    const null_island: Entry[] = PRAGUE.map(([tag, type, values]) => [
      tag,
      type,
      type === 5 ? [0, 1, 0, 1, 0, 1] : values,
    ]);
    expect(readExif(jpeg([[0x9003, 2, text('0000:00:00 00:00:00')]], null_island))).toEqual({});
  });

  it('is nothing in whatever else comes, cut or changed anywhere', () => {
    expect(readExif(new ArrayBuffer(0))).toEqual({});
    expect(readExif(new TextEncoder().encode('\x89PNG\r\n\x1a\n and more').buffer as ArrayBuffer)).toEqual(
      {},
    );
    const whole = new Uint8Array(jpeg([TAKEN, OFFSET], PRAGUE));
    for (let at = 0; at < 400; at += 1) {
      readExif(whole.slice(0, at).buffer);
      const changed = whole.slice();
      changed[at] = 0xff;
      readExif(changed.buffer);
    }
  });
});
