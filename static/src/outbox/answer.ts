// What an answer means. A captive portal says 200 with a page of its own, a proxy says 403 or 410 for reasons
// that have nothing to do with a record: so only the exact content type is believed, for yes and for no.

import { asked } from './backoff';
import type { Reason } from './item';

export interface Answer {
  /** 0 is a redirect. */
  status: number;
  /** Without its parameters, in lower case. */
  type: string;
  /** The JSON of it, if it is whole. */
  said: unknown;
  /** Milliseconds that Retry-After asks for. */
  wait: number;
}

/** `saved`: try again; `refused`: a person must look; `withdrawn`: it was taken back; `token`: everything must wait. */
export interface Verdict {
  state: 'saved' | 'refused' | 'withdrawn' | 'token';
  reason: Reason;
  wait: number;
}

const JSON_TYPE = 'application/json';
const PROBLEM = 'application/problem+json';
// Too early, too slow, locked, changed meanwhile, other bytes than their checksum: another try may do better.
const PASSING = [408, 409, 423, 425, 429, 460];

export async function readAnswer(response: Response, now: number): Promise<Answer> {
  const text = await response.text();
  const type = typeOf(response.headers.get('Content-Type'));
  return {
    status: response.status,
    type,
    said: parsed(text),
    wait: asked(response.headers.get('Retry-After'), now),
  };
}

export const typeOf = (header: string | null | undefined): string =>
  (header ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

/** The JSON of it, if it is whole. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a 200 says, if it is ours. */
export const saidBy = (answer: Answer): unknown =>
  answer.status === 200 && answer.type === JSON_TYPE ? answer.said : undefined;

export const isProblem = (answer: Answer, ...statuses: number[]): boolean =>
  statuses.includes(answer.status) && answer.type === PROBLEM;

/** Why it is not what we hoped for; undefined is no answer at all. */
export function verdict(answer: Answer | undefined): Verdict {
  if (!answer) return again('offline');
  const { status, wait } = answer;
  if (status === 507) return again('room', status, wait);
  if (status >= 500 || status === 429) return again('busy', status, wait);
  if (saidBy(answer) !== undefined) return again('wrong', status);
  if (status < 400 || !isProblem(answer, status)) return again('portal', status);
  const reason = { status, detail: detailOf(answer.said) };
  if (status === 401) return { state: 'token', reason: { code: 'token', ...reason }, wait };
  if (status === 410) return { state: 'withdrawn', reason: { code: 'withdrawn', ...reason }, wait };
  if (PASSING.includes(status)) return again('busy', status, wait);
  return { state: 'refused', reason: { code: status === 413 ? 'large' : 'refused', ...reason }, wait };
}

export function again(code: Reason['code'], status?: number, wait = 0): Verdict {
  return { state: 'saved', reason: { code, ...(status !== undefined && { status }) }, wait };
}

export const refused = (code: Reason['code']): Verdict => ({ state: 'refused', reason: { code }, wait: 0 });

/** The server's own words, in the language of the page: what is wrong. Where, in the names of the API, is for programs. */
function detailOf(said: unknown): string {
  const { title, detail, errors } = (said ?? {}) as {
    title?: string;
    detail?: string;
    errors?: { what?: string }[];
  };
  const listed = Array.isArray(errors) ? errors.flatMap(({ what }) => what ?? []) : [];
  return listed.join(' ') || detail || title || '';
}
