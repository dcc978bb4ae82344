// Gives phones the pages that they hold. It answers GET alone, and never touches what is sent.

interface Worker extends EventTarget {
  readonly location: Location;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: string, heard: (event: WorkerEvent) => void): void;
}
interface WorkerEvent extends Event {
  readonly request: Request;
  readonly data?: unknown;
  waitUntil(work: Promise<unknown>): void;
  respondWith(answer: Promise<Response>): void;
}

const worker = self as unknown as Worker;
const LIVE = 'pohled';
const FACES = 'pohled-faces'; // what looks for faces, of whichever version
const HELD = /^\/(static\/dist|static\/icons|words|w|start|manifest)\//;

worker.addEventListener('activate', (event) => event.waitUntil(worker.clients.claim()));
// A newer worker waits until the person has asked for the newer version.
worker.addEventListener('message', (event) => {
  if (event.data === 'use') event.waitUntil(worker.skipWaiting());
});
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== 'GET' || address.origin !== worker.location.origin) return;
  if (request.headers.has('Pohled-Pack')) return; // a newer pack, which is to come whole from the server
  if (HELD.test(address.pathname)) event.respondWith(heldFirst(request, address));
  else if (request.mode === 'navigate' && !/^\/(plain|desk|api)/.test(address.pathname))
    event.respondWith(netFirst(request));
});

// What is not held is not kept here either: only a whole pack may change what is held.
async function heldFirst(request: Request, address: URL): Promise<Response> {
  const live = await caches.open(LIVE);
  const held = await live.match(
    address.pathname + (address.pathname.startsWith('/w/') ? '' : address.search),
  );
  if (held) return held;
  const finds = await caches.match(address.pathname, { cacheName: FACES });
  if (finds) return finds;
  try {
    return await fetch(request);
  } catch (error) {
    if (request.mode === 'navigate') return await start(live, error);
    throw error;
  }
}

async function netFirst(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    return await start(await caches.open(LIVE), error);
  }
}

async function start(live: Cache, error: unknown): Promise<Response> {
  const page = (await live.keys()).find((request) => new URL(request.url).pathname.startsWith('/start/'));
  const held = page && (await live.match(page));
  if (held) return held;
  throw error;
}
