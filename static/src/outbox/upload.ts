// Bytes by tus.

import { type DetailedError, type HttpRequest, type HttpResponse, Upload } from 'tus-js-client';
import { type Answer, typeOf } from './answer';
import { asked } from './backoff';

export interface Job {
  endpoint: string;
  token: string;
  metadata: Record<string, string>;
  data: ArrayBuffer;
  type: string;
  /** Of an upload that was begun. */
  address?: string;
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

/** Resolves when the server says that it has all; that is not yet a receipt. */
export async function upload(job: Job): Promise<void> {
  if (job.address) {
    try {
      return await attempt(job, job.address);
    } catch (error) {
      if (!(error instanceof Gone)) throw error;
    }
  }
  return attempt(job, undefined);
}

/** The upload that was begun is no longer known. */
class Gone extends Error {}

function attempt(job: Job, address: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const small = job.data.byteLength <= SMALL;
    let timer = setTimeout(() => undefined);
    const end = (finish: () => void): void => {
      clearTimeout(timer);
      finish();
    };
    const fail = (): void => {
      void client.abort();
      end(() => reject(new UploadFailed()));
    };
    // A dead line may say nothing for hours; a slow one says at least something.
    const alive = (): void => {
      clearTimeout(timer);
      timer = setTimeout(fail, PATIENCE);
    };
    const client = new Upload(new Blob([job.data], { type: job.type }), {
      // With both, a server that is busy for a moment would make the client begin anew.
      ...(address ? { uploadUrl: address } : { endpoint: job.endpoint }),
      metadata: job.metadata,
      headers: { Authorization: `Bearer ${job.token}` },
      chunkSize: small ? Number.POSITIVE_INFINITY : CHUNK,
      uploadDataDuringCreation: small,
      storeFingerprintForResuming: false,
      retryDelays: null,
      onBeforeRequest: alive,
      onProgress: alive,
      onAfterResponse: stayedHere,
      onUploadUrlAvailable: () => {
        if (client.url && client.url !== address) job.begun(client.url);
      },
      onChunkComplete: (size, accepted) => {
        // An answer that never goes on would be asked for ever.
        if (size <= 0) return fail();
        void job.progress(accepted).then((wanted) => wanted || fail(), fail);
      },
      onSuccess: () => end(resolve),
      onError: (error) => end(() => reject(failure(error))),
    });
    alive();
    client.start();
  });
}

/** XMLHttpRequest follows redirects without a word; what comes from elsewhere is not our server's. */
function stayedHere(request: HttpRequest, response: HttpResponse): void {
  const seen = (response.getUnderlyingObject() as XMLHttpRequest | undefined)?.responseURL;
  if (seen && seen !== new URL(request.getURL(), location.href).href) throw new Error('redirected');
}

function failure(error: Error | DetailedError): Error {
  const response = 'originalResponse' in error ? error.originalResponse : null;
  if (!response || !('originalRequest' in error)) return new UploadFailed();
  const status = response.getStatus();
  if (error.originalRequest.getMethod() === 'HEAD' && [400, 403, 404, 410].includes(status))
    return new Gone();
  if (status < 300) return new UploadFailed({ status, type: '', said: undefined, wait: 0 });
  // An answer to HEAD has no body, so its type says nothing; a wrong token is found out by the next question.
  return new UploadFailed({
    status,
    type: typeOf(response.getHeader('Content-Type')),
    said: problem(response.getBody()),
    wait: asked(response.getHeader('Retry-After') ?? null, Date.now()),
  });
}

function problem(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
