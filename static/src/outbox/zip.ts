// ZIP files, written without compression: pictures cannot be made smaller. The format's numbers are PKWARE's
// (APPNOTE.TXT), all of them little-endian.

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const VERSION = 20;
const UTF8 = 0x0800;
const DEFLATED = 8;
// ZIP knows only the years from 1980 to 2107, and a phone's clock may say anything: the first of January 2020.
const DAY = ((2020 - 1980) << 9) | (1 << 5) | 1;
const END_LENGTH = 22;
const COMMENT_LENGTH = 0xffff;
const MOST = 0xffffffff;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  return sum;
});

function crc32(data: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of data) sum = (sum >>> 8) ^ (TABLE[(sum ^ byte) & 0xff] as number);
  return ~sum >>> 0;
}

/** A header: its numbers, each with its length in bytes. */
function header(...numbers: readonly (readonly [number, 2 | 4])[]): ArrayBuffer {
  const view = new DataView(new ArrayBuffer(numbers.reduce((all, [, length]) => all + length, 0)));
  let at = 0;
  for (const [number, length] of numbers) {
    if (length === 2) view.setUint16(at, number, true);
    else view.setUint32(at, number, true);
    at += length;
  }
  return view.buffer;
}

/** One file after the other goes in; a phone has no room for all of them at once. */
export class Zip {
  private readonly parts: Blob[] = [];
  private readonly entries: BlobPart[] = [];
  private count = 0;
  private size = 0;

  add(name: string, data: Uint8Array<ArrayBuffer>): void {
    const title = new TextEncoder().encode(name);
    const about = [
      [VERSION, 2],
      [UTF8, 2],
      [0, 4], // as it is; midnight
      [DAY, 2],
      [crc32(data), 4],
      [data.length, 4],
      [data.length, 4],
      [title.length, 2],
      [0, 2],
    ] as const;
    const part = new Blob([header([LOCAL, 4], ...about), title, data]);
    const where = [
      [0, 4],
      [0, 2],
      [0, 4],
      [this.size, 4],
    ] as const;
    this.entries.push(header([CENTRAL, 4], [VERSION, 2], ...about, ...where), title);
    this.parts.push(part);
    this.size += part.size;
    this.count += 1;
  }

  end(): Blob {
    if (this.size > MOST) throw new RangeError('a ZIP of this kind holds 4 GB');
    const list = new Blob(this.entries);
    const sizes = [
      [this.count, 2],
      [this.count, 2],
      [list.size, 4],
      [this.size, 4],
      [0, 2],
    ] as const;
    return new Blob([...this.parts, list, header([END, 4], [0, 4], ...sizes)], { type: 'application/zip' });
  }
}

interface Entry {
  readonly method: number;
  readonly sum: number;
  readonly length: number;
  readonly at: number;
}

/** What a ZIP holds, read file by file. Files of other programs may be compressed. */
export class Unzip {
  private constructor(
    private readonly file: Blob,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  static async open(file: Blob): Promise<Unzip> {
    const tail = await view(file, Math.max(0, file.size - END_LENGTH - COMMENT_LENGTH), file.size);
    let end = tail.byteLength - END_LENGTH;
    while (end >= 0 && tail.getUint32(end, true) !== END) end -= 1;
    if (end < 0) throw new Error('not a ZIP file');
    const from = tail.getUint32(end + 16, true);
    const list = await view(file, from, from + tail.getUint32(end + 12, true));
    const entries = new Map<string, Entry>();
    for (let at = 0; at + 46 <= list.byteLength && list.getUint32(at, true) === CENTRAL; ) {
      const number = (offset: number): number => list.getUint32(at + offset, true);
      const short = (offset: number): number => list.getUint16(at + offset, true);
      const name = new TextDecoder().decode(new Uint8Array(list.buffer, at + 46, short(28)));
      entries.set(name, { method: short(10), sum: number(16), length: number(20), at: number(42) });
      at += 46 + short(28) + short(30) + short(32);
    }
    return new Unzip(file, entries);
  }

  /** A file of it, whole; undefined where there is none of that name, or it is damaged. */
  async read(name: string): Promise<ArrayBuffer | undefined> {
    const entry = this.entries.get(name);
    if (!entry) return undefined;
    const local = await view(this.file, entry.at, entry.at + 30);
    if (local.byteLength < 30 || local.getUint32(0, true) !== LOCAL) return undefined;
    const from = entry.at + 30 + local.getUint16(26, true) + local.getUint16(28, true);
    const held = this.file.slice(from, from + entry.length);
    const data = entry.method === DEFLATED ? await inflated(held) : await held.arrayBuffer();
    return crc32(new Uint8Array(data)) === entry.sum ? data : undefined;
  }
}

const inflated = (held: Blob): Promise<ArrayBuffer> =>
  new Response(held.stream().pipeThrough(new DecompressionStream('deflate-raw'))).arrayBuffer();

const view = async (file: Blob, from: number, to: number): Promise<DataView<ArrayBuffer>> =>
  new DataView(await file.slice(from, to).arrayBuffer());
