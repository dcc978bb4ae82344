// What the outbox holds, and the changes of its states. Nothing here touches the network or the disk.

export type Kind = 'consent' | 'response' | 'photo' | 'track' | 'release';

/** Of a sealed revision, or of bytes. */
export type State = 'saved' | 'sending' | 'received' | 'refused';

export interface Place {
  kind: 'walk' | 'call';
  id: string;
  code: string;
  title: string;
  language: string;
}

export interface Person {
  id: string;
  key: string;
  token: string;
  recovery: string;
  device: string;
  /** The device's own counter: the number of the last sealed revision. */
  sequence: number;
  places: Place[];
  originals: 'wifi' | 'tapped' | 'always';
  /** ISO 8601. */
  joined: string;
}

/** The API's body without device, sequence, revision and base. */
export interface RecordBody {
  [field: string]: unknown;
}

export interface Draft {
  id: string;
  person: string;
  kind: Kind;
  /** The id of the walk or call. */
  place: string;
  /** "stopId|checklistId" for a response, the photo's id for a release, '' for others. */
  key: string;
  body: RecordBody;
  /** ISO 8601. */
  changed: string;
  /** The newest revision that was made of it; 0 is none. */
  sealed: number;
  dirty: boolean;
  /** A photo's small picture: a JPEG of at most 320 px. */
  thumb?: ArrayBuffer;
  withdrawn?: boolean;
}

export interface Item {
  /** `${record}:${revision}` */
  id: string;
  record: string;
  person: string;
  kind: Kind;
  revision: number;
  /** Of the device: the order of sealing, whatever the clock says. */
  sequence: number;
  method: 'PUT' | 'DELETE';
  /** Below the API's base: "/photos/UUID". */
  path: string;
  /** Exactly as it is sent. */
  body: string;
  sha256: string;
  state: State;
  reason?: Reason;
  tries: number;
  /** Epoch milliseconds: when it was last tried, or told to wait. */
  last?: number;
  /** Epoch milliseconds: not before. */
  after: number;
  made: number;
  receipt?: unknown;
}

export interface Bytes {
  /** `${record}:${part}`; of an answer's sound `${record}:sound:${question}` */
  id: string;
  record: string;
  person: string;
  part: 'preview' | 'original' | 'sound';
  sha256: string;
  bytes: number;
  type: string;
  state: State;
  reason?: Reason;
  tries: number;
  last?: number;
  after: number;
  made: number;
  /** An original: it may be sent now. */
  wanted: boolean;
  /** An original: the organisers ask for it. */
  asked?: boolean;
  /** Of the tus upload. */
  address?: string;
  /** How many bytes the server has. */
  sent: number;
  /** The data is still on this phone. */
  here: boolean;
}

export interface Reason {
  code:
    | 'offline'
    | 'portal'
    | 'busy'
    | 'token'
    | 'refused'
    | 'withdrawn'
    | 'large'
    | 'wrong'
    | 'room'
    | 'lost';
  status?: number;
  detail?: string;
}

/** Records by how far they are (a preview belongs to its photo), and the originals that the phone still owes. */
export interface Counts {
  here: number;
  sending: number;
  /** What the project has, also where a newer revision is still here: so it does not fall while somebody writes on. */
  received: number;
  refused: number;
  /** Of those that are not received: how many are photos. */
  photos: number;
  originals: number;
  originalBytes: number;
  /** Of those, what the organisers ask for and nobody has let go yet. */
  asked: number;
  askedBytes: number;
  /** Kept beside what another phone has written: the author may choose. */
  versions: number;
}

export type NewBytes = Omit<Bytes, 'state' | 'tries' | 'after' | 'made' | 'sent' | 'here'>;

const PATHS = {
  consent: '/consents/',
  response: '/responses/',
  photo: '/photos/',
  track: '/tracks/',
  release: '/releases/',
} as const;
/** How a person's way is recorded on this phone: kept in the settings, so that it goes on after a kill. */
export interface Recording {
  /** Of its draft. */
  readonly id: string;
  /** ISO 8601: when the person switched it on. */
  readonly since: string;
  readonly on: boolean;
}

/** The setting's name; with the person's id in it, it is wiped with them. */
export const wayOf = (person: string, place: string): string => `way:${person}:${place}`;

const HOUR = 3_600_000;

/** What is said once and stays as it was said: it knows no revisions. */
const isOnce = (kind: Kind): boolean => kind === 'consent' || kind === 'release';

export const pathOf = (kind: Kind, record: string): string => PATHS[kind] + record;

/** A receipt, or whatever else a server may say in its place. */
export interface Receipt {
  id: string;
  revision: number;
  sha256: string;
  /** Beside the one that counts. */
  kept?: string;
}

/**
 * The request's body. What is said once is no revision of anything, so it goes as it is; of a track, each is what is new, and
 * not how many points there were.
 */
export function written(
  draft: Draft,
  device: string,
  sequence: number,
  revision: number,
  base: number,
): string {
  if (isOnce(draft.kind)) return JSON.stringify(draft.body);
  if (draft.kind === 'track') return JSON.stringify({ ...draft.body, count: undefined, piece: revision });
  return JSON.stringify({ ...draft.body, device, sequence, revision, ...(base > 0 && { base }) });
}

/** Nothing of it has ever left the phone. */
export const unsent = (row: Item | Bytes): boolean => row.state === 'saved' && row.tries === 0;

/** The revision that this one was made from, or 0. */
export function baseOf(item: Item): number {
  return isOnce(item.kind) || !item.body ? 0 : ((JSON.parse(item.body) as { base?: number }).base ?? 0);
}

/** 'sending' with nobody sending is what a kill leaves: as good as saved. */
export function isDue(row: Item | Bytes, now: number): boolean {
  if (row.state === 'sending') return true;
  // Before its own last try: the clock has been put back since, and nobody knows how long it has waited.
  const last = row.last ?? row.after - 2 * HOUR;
  return row.state === 'saved' && (row.after <= now || now < last);
}

export const inOrder = (a: Item, b: Item): number => a.sequence - b.sequence;

/** Consents go before what they allow. */
export function toSend(items: Item[], now: number): Item[] {
  const due = items.filter((item) => isDue(item, now)).sort(inOrder);
  return [...due.filter((item) => item.kind === 'consent'), ...due.filter((item) => item.kind !== 'consent')];
}

/** Previews and sounds go by themselves, and so does an original that has no preview. */
export function goesEarly(row: Bytes, all: Bytes[]): boolean {
  return (
    row.part !== 'original' || !all.some((other) => other.record === row.record && other.part === 'preview')
  );
}

/** The organisers ask for it, and it waits for its owner. */
export const isAsked = (row: Bytes): boolean =>
  row.asked === true && !row.wanted && row.here && row.state !== 'received';

/** The SHA-256 of each note that was spoken to an answer of this record. What is not named here is not kept. */
export function soundsOf({ answers }: RecordBody): string[] {
  return Object.values((answers ?? {}) as Record<string, { sound?: string }>).flatMap(
    ({ sound }) => sound ?? [],
  );
}

export const isReceipt = (said: unknown): said is Receipt =>
  typeof said === 'object' && said !== null && 'id' in said && 'revision' in said && 'sha256' in said;

/** Whether a receipt is that of this item. The registers of what is said once know no revisions. */
export function fits(said: unknown, item: Item): boolean {
  return (
    isReceipt(said) &&
    said.id === item.record &&
    said.sha256 === item.sha256 &&
    (said.revision === item.revision || isOnce(item.kind))
  );
}

/** The state of a whole record: of its newest revision and the bytes that go early. */
function stateOf(dirty: boolean, newest: Item | undefined, bytes: Bytes[]): keyof Counts {
  const states = [...(newest ? [newest] : []), ...bytes].map((row) => row.state);
  if (states.includes('refused')) return 'refused';
  if (states.includes('sending')) return 'sending';
  return dirty || states.includes('saved') ? 'here' : 'received';
}

const recordOf = (row: Draft | Item): string => ('record' in row ? row.record : row.id);

export function count(drafts: Draft[], items: Item[], bytes: Bytes[]): Counts {
  const counts: Counts = {
    here: 0,
    sending: 0,
    received: 0,
    refused: 0,
    photos: 0,
    originals: 0,
    originalBytes: 0,
    asked: 0,
    askedBytes: 0,
    versions: 0,
  };
  const newest = new Map<string, Item>();
  const arrived = new Set<string>();
  for (const item of items) {
    if (item.state === 'received') arrived.add(item.record);
    const other = newest.get(item.record);
    // A piece of a track takes no other's place: what is still here says how far it is.
    const later =
      item.kind === 'track' ? other?.state === 'received' : item.revision >= (other?.revision ?? 0);
    if (!other || later) newest.set(item.record, item);
  }
  for (const { receipt } of newest.values()) if ((receipt as Receipt | undefined)?.kept) counts.versions += 1;
  // While a way is recorded something of it is always new; what of it waits, its pieces say.
  const open = drafts.filter((draft) => draft.dirty && !draft.withdrawn && draft.kind !== 'track');
  const dirty = new Set(open.map((draft) => draft.id));
  const photos = new Set([...drafts, ...items].map((row) => row.kind === 'photo' && recordOf(row)));
  for (const record of new Set([...dirty, ...newest.keys(), ...bytes.map((row) => row.record)])) {
    const early = bytes.filter((row) => row.record === record && goesEarly(row, bytes));
    const state = stateOf(dirty.has(record), newest.get(record), early);
    if (state !== 'received') counts[state] += 1;
    if (state !== 'received' && photos.has(record)) counts.photos += 1;
    const lacks = photos.has(record) && early.some((row) => row.part !== 'sound' && row.state !== 'received');
    if (arrived.has(record) && newest.get(record)?.method !== 'DELETE' && !lacks) counts.received += 1;
  }
  for (const row of bytes) {
    if (row.state === 'received' || !row.here || goesEarly(row, bytes)) continue;
    counts.originals += 1;
    counts.originalBytes += row.bytes - row.sent;
    if (!isAsked(row)) continue;
    counts.asked += 1;
    counts.askedBytes += row.bytes - row.sent;
  }
  return counts;
}
