// Sends one form of the exhibition, and says in a sentence what became of it.

import { _ } from '../words';

export interface Told {
  readonly id: string;
  readonly number: number;
  readonly state: string;
  readonly revision: number;
  readonly stars: number;
  readonly mean: number | null;
  readonly judges: number;
  readonly refusal: string;
}

export interface Answer {
  readonly sentence: string;
  readonly below?: number | null;
  readonly balance?: string;
  readonly decided?: Readonly<Record<string, number>>;
  readonly photo?: Told | null;
  readonly order?: readonly string[];
}

export interface Conflict {
  readonly sentence: string;
  readonly number: number;
  readonly state: string;
  readonly revision: number;
  readonly stands: string;
  readonly wished: string;
}

export type Outcome =
  | { kind: 'done'; answer: Answer }
  | { kind: 'conflict'; conflict: Conflict }
  | { kind: 'failed'; sentence: string };

export async function post(
  address: string,
  token: string,
  fields: Readonly<Record<string, string>>,
): Promise<Outcome> {
  const body = new URLSearchParams({ csrf_token: token, ...fields });
  let answer: Response;
  try {
    answer = await fetch(address, {
      method: 'POST',
      body,
      headers: { Accept: 'application/json' },
      credentials: 'same-origin',
      keepalive: true,
    });
  } catch {
    return { kind: 'failed', sentence: _('Not saved: there is no connection. Try again.') };
  }
  if (answer.ok) return { kind: 'done', answer: (await answer.json()) as Answer };
  if (answer.status === 409) return { kind: 'conflict', conflict: (await answer.json()) as Conflict };
  return { kind: 'failed', sentence: whyNot(answer.status) };
}

/** What to say of an answer that is none; 0 is any failure. */
export function whyNot(status: number): string {
  if (status === 401)
    return _('Not saved: you are logged out. Log in again in another window, and come back.');
  if (status === 403) return _('Not saved: you may not decide here any more.');
  if (status === 410 || status === 404) return _('Not saved: this photo has been taken back.');
  if (status === 422) return _('Not saved: this page was open for too long. Load it anew.');
  return _('Not saved: something went wrong on the server. Try again.');
}
