import { beforeEach, expect, test, vi } from 'vitest';
import { type Job, UploadFailed, upload } from '../../../static/src/outbox/upload';

const ENDPOINT = 'https://walk.example/api/v1/uploads';
const PLACE = `${ENDPOINT}/1`;
const MEGABYTE = 1024 * 1024;

interface Said {
  status: number;
  headers?: Record<string, string>;
  url?: string;
}

let asked: [method: string, address: string, headers: Record<string, string>, bytes: number][];
let answer: (method: string, address: string, bytes: number) => Said;
let server: number;

/** Just what an upload asks of XMLHttpRequest. */
class Request {
  upload: { onprogress?: () => void } = {};
  onloadend = (): void => undefined;
  status = 0;
  responseURL = '';
  responseText = '';
  private readonly headers: Record<string, string> = {};
  private said: Said = { status: 0 };
  private method = '';
  private address = '';

  open(method: string, address: string): void {
    Object.assign(this, { method, address });
  }
  setRequestHeader(name: string, value: string): void {
    this.headers[name] = value;
  }
  getResponseHeader(name: string): string | null {
    return this.said.headers?.[name] ?? null;
  }
  abort(): void {
    this.onloadend();
  }
  send(body?: ArrayBuffer): void {
    const bytes = body?.byteLength ?? 0;
    asked.push([this.method, this.address, this.headers, bytes]);
    this.said = answer(this.method, this.address, bytes);
    if (this.said.status < 0) return; // the line is dead
    Object.assign(this, { status: this.said.status, responseURL: this.said.url ?? this.address });
    queueMicrotask(() => this.onloadend());
  }
}

beforeEach(() => {
  vi.stubGlobal('XMLHttpRequest', Request);
  document.documentElement.lang = 'vi';
  asked = [];
  server = 0;
  answer = (method, _, bytes) => {
    server += bytes;
    const headers = {
      'Upload-Offset': String(server),
      ...(method === 'POST' && { Location: '/api/v1/uploads/1' }),
    };
    return { status: method === 'POST' ? 201 : method === 'HEAD' ? 200 : 204, headers };
  };
});

function job(bytes: number, more: Partial<Job> = {}): Job {
  return {
    endpoint: ENDPOINT,
    token: 'token',
    metadata: { photo: 'p', part: 'original', sha256: 'ab' },
    data: new ArrayBuffer(bytes),
    begun: vi.fn(),
    progress: vi.fn(async () => true),
    ...more,
  };
}

const steps = (): string[] => asked.map(([method, address, , bytes]) => `${method} ${address} ${bytes}`);

test('a small one goes in one request, with all that tus asks for', async () => {
  const small = job(1000);
  await upload(small);
  expect(steps()).toEqual([`POST ${ENDPOINT} 1000`]);
  expect(asked[0]?.[2]).toEqual({
    Authorization: 'Bearer token',
    'Content-Type': 'application/offset+octet-stream',
    'Accept-Language': 'vi',
    'Tus-Resumable': '1.0.0',
    'Upload-Length': '1000',
    'Upload-Metadata': 'photo cA==,part b3JpZ2luYWw=,sha256 YWI=',
  });
  expect(small.begun).toHaveBeenCalledWith(PLACE);
  expect(small.progress).toHaveBeenCalledWith(1000);
});

test('a large one goes in pieces, and on from where the server is', async () => {
  await upload(job(2.5 * MEGABYTE));
  expect(steps()).toEqual([
    `POST ${ENDPOINT} 0`,
    `PATCH ${PLACE} ${MEGABYTE}`,
    `PATCH ${PLACE} ${MEGABYTE}`,
    `PATCH ${PLACE} ${MEGABYTE / 2}`,
  ]);
  asked = [];
  server = MEGABYTE;
  await upload(job(1.5 * MEGABYTE, { address: PLACE }));
  expect(steps()).toEqual([`HEAD ${PLACE} 0`, `PATCH ${PLACE} ${MEGABYTE / 2}`]);
  expect(asked[1]?.[2]).toMatchObject({ 'Upload-Offset': String(MEGABYTE) });
});

test('a small one that failed before is begun first, so that it can go on where it is cut', async () => {
  await upload(job(1000, { again: true }));
  expect(steps()).toEqual([`POST ${ENDPOINT} 0`, `PATCH ${PLACE} 1000`]);
});

test.each([400, 403, 404, 410])('what the server no longer knows (%i) begins anew', async (status) => {
  const usual = answer;
  answer = (method, address, bytes) => (method === 'HEAD' ? { status } : usual(method, address, bytes));
  await upload(job(10, { address: `${ENDPOINT}/gone` }));
  expect(steps()).toEqual([`HEAD ${ENDPOINT}/gone 0`, `POST ${ENDPOINT} 10`]);
});

test.each<[string, Said, number | undefined]>([
  ['from elsewhere', { status: 201, url: 'https://portal.example/' }, 0],
  ['that does not go on', { status: 201, headers: { Location: PLACE, 'Upload-Offset': '0' } }, undefined],
  ['without an offset', { status: 201, headers: { Location: PLACE } }, 201],
  ['without an address', { status: 200 }, 200],
  ['that is a no', { status: 503, headers: { 'Retry-After': '7' } }, 503],
  ['that never came', { status: 0, url: '' }, undefined],
])('an answer %s is a failure', async (_, said, status) => {
  answer = () => said;
  const failed = await upload(job(10)).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(UploadFailed);
  expect((failed as UploadFailed).answer?.status).toBe(status);
  expect((failed as UploadFailed).answer?.wait ?? 0).toBe(status === 503 ? 7000 : 0);
});

test('a dead line is given up after a minute, and what nobody wants at once', async () => {
  vi.useFakeTimers();
  answer = () => ({ status: -1 });
  const failing = expect(upload(job(10))).rejects.toBeInstanceOf(UploadFailed);
  await vi.advanceTimersByTimeAsync(60_000);
  await failing;
  vi.useRealTimers();
  answer = () => ({ status: 201, headers: { Location: PLACE } });
  const progress = async (): Promise<boolean> => false;
  await expect(upload(job(2 * MEGABYTE, { progress }))).rejects.toBeInstanceOf(UploadFailed);
});
