// A server that keeps its word, behind a line that does not.

import { createHash } from 'node:crypto';
import type { Draft, Person } from '../../../static/src/outbox/item';
import { type Job, UploadFailed } from '../../../static/src/outbox/upload';

export type Fault =
  | 'none'
  | 'down'
  | 'lost'
  | 'portal'
  | 'truncated'
  | 'wrong hash'
  | 'wrong id'
  | 'redirect'
  | 'plain 410'
  | { status: number; after?: string };

interface Kept {
  device: string;
  revision: number;
  sha256: string;
  body: string;
}

export const hash = (data: string | ArrayBuffer): string =>
  createHash('sha256')
    .update(typeof data === 'string' ? data : new Uint8Array(data))
    .digest('hex');

const json = (said: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(said), { status, headers: { 'Content-Type': 'application/json', ...headers } });

export const problem = (status: number, headers: Record<string, string> = {}): Response =>
  json({ status, title: 'No', detail: `It is ${status}.` }, status, {
    'Content-Type': 'application/problem+json',
    ...headers,
  });

export class Server {
  /** Every revision that counted, in the order of coming. */
  readonly records = new Map<string, Kept[]>();
  readonly blobs = new Map<string, { sha256: string; bytes: number }>();
  readonly withdrawn = new Set<string>();
  /** Every receipt that was told, whether or not it arrived. */
  readonly told: { id: string; revision: number; sha256: string }[] = [];
  readonly log: string[] = [];
  /** What the phone has said that it holds, apart from the log: [answers, photos]. */
  readonly heard: [number, number][] = [];
  /** Photos whose originals the organisers ask for; undefined on an older server. */
  asked: string[] | undefined;
  /** Photos to which somebody wrote words for the label. */
  words: number | undefined;
  deaf: 'no line' | 'older' | 'portal' | undefined;
  token = 'token';
  /** Asked for each request. */
  fault: (what: string) => Fault = () => 'none';

  readonly fetch = (async (input: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    const method = init.method ?? 'GET';
    const path = String(input).replace('/api/v1', '');
    const what = `${method} ${path}`;
    if (path === '/me/held') return this.hear(String(init.body));
    this.log.push(what);
    const fault = this.fault(what);
    if (fault === 'down') throw new TypeError('Failed to fetch');
    if (fault === 'portal')
      return new Response('<h1>Welcome</h1>', { headers: { 'Content-Type': 'text/html' } });
    if (fault === 'plain 410')
      return new Response('Gone', { status: 410, headers: { 'Content-Type': 'text/html' } });
    if (fault === 'redirect') {
      // A browser answers so where it was told not to follow: without a status, and empty.
      return init.redirect === 'manual' ? Response.error() : json({ redirected: true });
    }
    if (typeof fault === 'object')
      return problem(fault.status, fault.after ? { 'Retry-After': fault.after } : {});
    const token = new Headers(init.headers).get('Authorization');
    if (token !== `Bearer ${this.token}`) return problem(401);
    const answer = this.answer(method, path, String(init.body ?? ''));
    if (fault === 'lost') throw new TypeError('Failed to fetch');
    const text = await answer.text();
    const type = { 'Content-Type': answer.headers.get('Content-Type') ?? '' };
    if (fault === 'truncated') return new Response(text.slice(0, -7) || '<', { status: 200, headers: type });
    if (fault === 'wrong hash')
      return new Response(text.replace(/"sha256":"../g, '"sha256":"zz'), { headers: type });
    if (fault === 'wrong id') return new Response(text.replace(/"id":"[^"]*/, '"id":"zz'), { headers: type });
    return new Response(text || null, { status: answer.status, headers: type });
  }) as typeof fetch;

  readonly upload = async (job: Job): Promise<void> => {
    const { photo, part = '', sha256 = '' } = job.metadata;
    const what = `TUS ${photo}:${part}`;
    this.log.push(what);
    const fault = this.fault(what);
    if (fault === 'down' || fault === 'redirect' || fault === 'truncated') throw new UploadFailed();
    if (fault === 'portal' || fault === 'plain 410' || typeof fault === 'object') {
      const status = typeof fault === 'object' ? fault.status : 410;
      const type = typeof fault === 'object' ? 'application/problem+json' : 'text/html';
      const wait = typeof fault === 'object' ? Number(fault.after ?? 0) * 1000 : 0;
      throw new UploadFailed({ status, type, said: { detail: 'No.' }, wait });
    }
    if (`${job.token}` !== this.token) {
      throw new UploadFailed({ status: 401, type: 'application/problem+json', said: {}, wait: 0 });
    }
    job.begun(`https://walk.example/api/v1/uploads/${part}`);
    await job.progress(Math.floor(job.data.byteLength / 2));
    if (fault === 'wrong hash' || fault === 'wrong id') return; // Says that all is well, and has nothing.
    const blob = { sha256, bytes: job.data.byteLength };
    if (hash(job.data) === sha256) this.blobs.set(photo ? `${photo}:${part}` : sha256, blob);
    if (fault === 'lost') throw new UploadFailed();
  };

  private hear(body: string): Response {
    const { answers, photos } = JSON.parse(body) as { answers: number; photos: number };
    this.heard.push([answers, photos]);
    if (this.deaf === 'no line') throw new TypeError('Failed to fetch');
    if (this.deaf === 'portal') return new Response('<h1>Welcome</h1>');
    return this.deaf
      ? problem(404)
      : json({ told: '2026-06-18T10:00:00Z', asked: this.asked, words: this.words });
  }

  private answer(method: string, path: string, body: string): Response {
    const [, kind = '', id = ''] = path.split('/');
    if (this.withdrawn.has(id)) return problem(410);
    const kept = this.records.get(id) ?? [];
    if (method === 'DELETE') {
      if (!kept.length) return problem(404);
      this.withdrawn.add(id);
      this.records.delete(id);
      return new Response(null, { status: 204 });
    }
    if (method === 'GET' && kept.length)
      return json(kind === 'responses' ? this.response(id) : this.photo(id));
    if (method === 'GET') return problem(404);
    const said = JSON.parse(body) as Partial<Kept>;
    const { device = '', revision = 1 } = kind === 'consents' ? {} : said;
    const own = kept.filter((each) => each.device === device);
    const newest = own[own.length - 1];
    if (newest && newest.revision > revision) return this.tell(id, newest);
    const arrived = { device, revision, sha256: hash(body), body };
    if (newest?.sha256 !== arrived.sha256) this.records.set(id, [...kept, arrived]);
    return this.tell(id, arrived);
  }

  private tell(id: string, { revision, sha256 }: Kept): Response {
    this.told.push({ id, revision, sha256 });
    return json({ id, revision, sha256, received: '2026-06-18T10:00:00Z' });
  }

  private response(id: string): unknown {
    const sounds: Record<string, unknown> = {};
    const kept = this.records.get(id) ?? [];
    const { answers } = JSON.parse(kept[kept.length - 1]?.body ?? '{}') as {
      answers?: Record<string, { sound?: string }>;
    };
    for (const [question, { sound = '' }] of Object.entries(answers ?? {}))
      if (this.blobs.has(sound)) sounds[question] = this.blobs.get(sound);
    return { id, sounds };
  }

  private photo(id: string): unknown {
    const parts: Record<string, unknown> = {};
    for (const [name, blob] of this.blobs) {
      const [record, part = ''] = name.split(':');
      if (record === id) parts[part] = { ...blob, received: '2026-06-18T10:00:00Z' };
    }
    return { id, state: 'processing', parts };
  }
}

export function makePerson(change: Partial<Person> = {}): Person {
  return {
    id: 'anna',
    key: 'k'.repeat(43),
    token: 'token',
    recovery: 'blue-boat',
    device: 'phone',
    sequence: 0,
    places: [{ kind: 'walk', id: 'walk', code: 'ABC', title: 'Praha 7', language: 'cs' }],
    originals: 'tapped',
    joined: '2026-06-18T09:00:00Z',
    ...change,
  };
}

export function makeDraft(id: string, change: Partial<Draft> = {}): Draft {
  return {
    id,
    person: 'anna',
    kind: 'response',
    place: 'walk',
    key: 'stop|belonging',
    body: { walk: 'walk', answers: {} },
    changed: '2026-06-18T10:00:00Z',
    sealed: 0,
    dirty: true,
    ...change,
  };
}

/** Bytes that differ from one seed to the next. */
export function makeData(seed: number, length = 1000): ArrayBuffer {
  const random = seeded(seed);
  return new Uint8Array(length).map(() => random() * 256).buffer as ArrayBuffer;
}

export function makeBytes(record: string, part: 'preview' | 'original' | 'sound', data: ArrayBuffer) {
  const id = `${record}:${part}`;
  const [sha256, bytes] = [hash(data), data.byteLength];
  return { id, record, person: 'anna', part, sha256, bytes, type: 'image/jpeg', wanted: false };
}

/** mulberry32: the same numbers for the same seed, so that a failure can be seen again. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
