// Bytes by tus, version 1.0: https://tus.io/protocols/resumable-upload

import { type Answer, parsed, typeOf } from './answer';
import { asked } from './backoff';

export interface Job {
  endpoint: string;
  token: string;
  metadata: Record<string, string>;
  data: ArrayBuffer;
  /** Of an upload that was begun. */
  address?: string;
  /** An earlier try failed: so the address comes first, and whatever then comes before a cut counts. */
  again?: boolean;
  begun(address: string): void;
  /** How many bytes the server has; false when nobody wants them there any more. */
  progress(sent: number): Promise<boolean>;
}

/** Without an answer: the connection broke. */
export class UploadFailed extends Error {
  constructor(readonly answer?: Answer) {
    super(`upload failed: ${answer?.status ?? 'no answer'}`);
  }
}

const SMALL = 512 * 1024;
const CHUNK = 1024 * 1024;
const PATIENCE = 60_000;
const MOVED: Answer = { status: 0, type: '', said: undefined, wait: 0 };
const BODY = { 'Content-Type': 'application/offset+octet-stream' };

/** Resolves when the server says that it has all; that is not yet a receipt. */
export async function upload(job: Job): Promise<void> {
  const all = job.data.byteLength;
  let address = job.address ?? '';
  let sent = address ? await known(job, address) : undefined;
  if (sent === undefined) {
    const small = all <= SMALL && !job.again;
    const begun = await ask(
      job,
      'POST',
      job.endpoint,
      { 'Upload-Length': String(all), 'Upload-Metadata': inBase64(job.metadata), ...(small && BODY) },
      small ? job.data : undefined,
    );
    const place = begun.getResponseHeader('Location');
    if (!place) throw failure(begun);
    address = new URL(place, job.endpoint).href;
    job.begun(address);
    sent = small ? await went(job, begun, 0) : 0;
  }
  while (sent < all) {
    const headers = { 'Upload-Offset': String(sent), ...BODY };
    sent = await went(
      job,
      await ask(job, 'PATCH', address, headers, job.data.slice(sent, sent + CHUNK)),
      sent,
    );
  }
}

/** How much the server has of an upload that was begun; undefined where it knows nothing of it any more. */
async function known(job: Job, address: string): Promise<number | undefined> {
  const answer = await ask(job, 'HEAD', address, {}).catch((error: unknown) => {
    if ([400, 403, 404, 410].includes((error as UploadFailed).answer?.status ?? 0)) return undefined;
    throw error;
  });
  return answer && offsetOf(answer);
}

/** How much the server has now. An answer that never goes on would be asked for ever. */
async function went(job: Job, answer: XMLHttpRequest, before: number): Promise<number> {
  const sent = offsetOf(answer);
  if (sent <= before || !(await job.progress(sent))) throw new UploadFailed();
  return sent;
}

function offsetOf(answer: XMLHttpRequest): number {
  const said = answer.getResponseHeader('Upload-Offset');
  if (!said || !/^\d+$/.test(said)) throw failure(answer);
  return Number(said);
}

/** An answer of 2xx, from the address that was asked. XMLHttpRequest, because fetch tells nothing of what has gone. */
function ask(
  { token }: Job,
  method: string,
  address: string,
  headers: Record<string, string>,
  body?: ArrayBuffer,
): Promise<XMLHttpRequest> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let timer: ReturnType<typeof setTimeout> | undefined;
    // A dead line may say nothing for hours; a slow one says at least something.
    const alive = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), PATIENCE);
    };
    request.upload.onprogress = alive;
    request.onprogress = alive;
    request.onloadend = () => {
      clearTimeout(timer);
      // Redirects are followed without a word; what comes from elsewhere is not our server's.
      if (request.responseURL !== address) reject(new UploadFailed(request.responseURL ? MOVED : undefined));
      else if (request.status >= 200 && request.status < 300) resolve(request);
      else reject(failure(request));
    };
    request.open(method, address);
    const all = {
      Authorization: `Bearer ${token}`,
      'Accept-Language': document.documentElement.lang,
      'Tus-Resumable': '1.0.0',
      ...headers,
    };
    for (const [name, value] of Object.entries(all)) request.setRequestHeader(name, value);
    alive();
    request.send(body);
  });
}

/** Upload-Metadata. What we say there is plain ASCII. */
const inBase64 = (metadata: Record<string, string>): string =>
  Object.entries(metadata)
    .map(([name, value]) => `${name} ${btoa(value)}`)
    .join(',');

function failure(request: XMLHttpRequest): UploadFailed {
  const { status } = request;
  if (status < 300) return new UploadFailed({ status, type: '', said: undefined, wait: 0 });
  // An answer to HEAD has no body, so its type says nothing; a wrong token is found out by the next question.
  return new UploadFailed({
    status,
    type: typeOf(request.getResponseHeader('Content-Type')),
    said: parsed(request.responseText),
    wait: asked(request.getResponseHeader('Retry-After'), Date.now()),
  });
}
