// Single questions to the server that a person waits for. What may wait goes through the outbox.

import type { Person, Place } from '../outbox/item';
import type { Store } from '../outbox/store';

/** The server's no, in its own words. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
  ) {
    super(title);
  }
}

/** No answer, or one that is not the server's: a portal's page, half a line. */
export class NoAnswer extends Error {}

export interface Question {
  readonly method?: string;
  readonly token?: string;
  readonly body?: unknown;
}

/** Asks, and gives the JSON of the answer. Throws Refusal or NoAnswer. */
export async function ask<T>(address: string, question: Question = {}): Promise<T> {
  const response = await reach(address, question);
  const type = response.headers.get('Content-Type')?.split(';')[0]?.trim();
  if (response.status === 204) return undefined as T;
  try {
    if (type === 'application/json' && response.ok) return (await response.json()) as T;
    if (type === 'application/problem+json') {
      const said = (await response.json()) as { title?: string; detail?: string };
      throw new Refusal(response.status, said.title ?? '', said.detail ?? '');
    }
  } catch (error) {
    if (error instanceof Refusal) throw error;
  }
  throw new NoAnswer();
}

async function reach(address: string, { method = 'GET', token, body }: Question): Promise<Response> {
  const headers: Record<string, string> = {
    Accept: 'application/json',
    'Accept-Language': document.documentElement.lang,
  };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  try {
    return await fetch(address, {
      method,
      headers,
      redirect: 'error',
      credentials: 'omit',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new NoAnswer();
  }
}

export interface Joined {
  readonly participant: string;
  readonly token: string;
  readonly recovery: string | null;
}

/** Adds this walk or call to somebody who has joined the project on this phone before. */
export async function joinAlso(store: Store, person: Person, place: Place): Promise<Person> {
  await ask<Joined>('/api/v1/join', {
    method: 'POST',
    token: person.token,
    body: { device: person.device, code: place.code, language: place.language },
  });
  const grown = { ...person, places: [...person.places.filter((each) => each.id !== place.id), place] };
  await store.savePerson(grown);
  await store.setCurrent(grown.id);
  return grown;
}

export function newDevice(): string {
  return `phone-${crypto.randomUUID().slice(0, 8)}`;
}
