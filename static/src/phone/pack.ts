// What a walk or call needs without a signal. All of it, or none: the page comes last, and names all the rest.

import { sha256 as hashOf } from '../outbox/store';
import { ask } from './api';

export const LIVE = 'pohled';
export const NEXT = 'pohled-next';
const LATER = '/later'; // under this address: of which version it is all here

interface Pack {
  readonly version: string;
  readonly items: readonly { readonly address: string; readonly sha256: string; readonly bytes: number }[];
  /** What a walk can begin without. */
  readonly later?: readonly string[];
}

export interface Wanted {
  readonly kind: 'walk' | 'call';
  readonly id: string;
  readonly language: string;
  readonly token: string;
}

export interface Fetched {
  /** Absent where what was held is still the newest. */
  readonly found: Held | undefined;
  /** Fetches what may come after everything else, where it is not there yet. */
  rest(): Promise<void>;
}

/** How a phone stands: which version it holds, and how many parts that has. */
export interface Held {
  readonly version: string;
  readonly parts: number;
}

export class Damaged extends Error {}

/**
 * Fetches what is new into `cache`. Nothing that was there changes until every part has come whole.
 */
export async function fetchPack(
  wanted: Wanted,
  cache: string,
  held: Held | undefined,
  heard: (done: number, all: number) => void,
): Promise<Fetched> {
  const { kind, id, language, token } = wanted;
  const pack = await ask<Pack>(`/api/v1/pack/${kind}/${id}?language=${language}`, { token });
  const same = pack.version === held?.version;
  const rest = async (): Promise<void> => {
    const store = await caches.open(same ? LIVE : cache);
    if (same && (await (await store.match(LATER))?.text()) === pack.version) return;
    for (const address of pack.later ?? []) await store.put(address, await fetchPart(address, token));
    await store.put(LATER, new Response(pack.version));
  };
  if (same) return { found: undefined, rest };
  const parts: [string, Response][] = [];
  heard(0, pack.items.length);
  for (const { address, sha256 } of pack.items) {
    parts.push([address, (await partHeld(address, sha256)) ?? (await fetchPart(address, token, sha256))]);
    heard(parts.length, pack.items.length);
  }
  const store = await caches.open(cache);
  for (const [address, response] of parts) await store.put(address, response);
  return { found: { version: pack.version, parts: pack.items.length }, rest };
}

/** Makes what was fetched beside the old the one that counts. */
export async function useNext(): Promise<void> {
  const [live, next] = await Promise.all([caches.open(LIVE), caches.open(NEXT)]);
  for (const request of await next.keys()) {
    const response = await next.match(request);
    if (response) await live.put(request, response);
  }
  await caches.delete(NEXT);
}

async function partHeld(address: string, sha256: string): Promise<Response | undefined> {
  const held = await (await caches.open(LIVE)).match(address);
  return held && (await hashOf(await held.clone().arrayBuffer())) === sha256 ? held : undefined;
}

async function fetchPart(address: string, token: string, sha256?: string): Promise<Response> {
  // The service worker would answer with what is held: the first header says that it must not. (The request's cache
  // mode cannot say it: a page that is loaded again comes with "no-cache" as well, and must come from what is held.)
  const headers: Record<string, string> = { 'Pohled-Pack': 'new' };
  if (address.startsWith('/api/')) headers.Authorization = `Bearer ${token}`;
  // What has its hash in its address never changes, and has just been fetched; the page that is open came with a query,
  // and is found by that.
  const cache = address.startsWith('/static/dist/') ? 'default' : 'no-cache';
  const from = address === location.pathname ? location.href : address;
  const response = await fetch(from, { headers, redirect: 'error', cache });
  if (!response.ok) throw new Damaged(`${address}: ${response.status}`);
  const data = await response.arrayBuffer();
  if (sha256 && (await hashOf(data)) !== sha256) throw new Damaged(address);
  const kept = new Headers();
  for (const name of ['Content-Type', 'Content-Security-Policy', 'Permissions-Policy', 'Referrer-Policy']) {
    const value = response.headers.get(name);
    if (value) kept.set(name, value);
  }
  return new Response(data, { headers: kept });
}
