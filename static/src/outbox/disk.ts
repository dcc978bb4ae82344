// The database itself: its shelves, its connection, and who hears of changes.

import {
  type DBSchema,
  type IDBPDatabase,
  type IDBPTransaction,
  type OpenDBCallbacks,
  openDB,
  type StoreNames,
} from 'idb';
import type { Bytes, Draft, Item, Person } from './item';

export interface Shelves extends DBSchema {
  people: { key: string; value: Person };
  settings: { key: string; value: unknown };
  drafts: { key: string; value: Draft; indexes: { person: string } };
  items: { key: string; value: Item; indexes: { person: string; record: string } };
  bytes: { key: string; value: Bytes; indexes: { person: string; record: string; sha256: string } };
  /** By SHA-256, apart from their rows: a list of rows must never read megabytes. */
  data: { key: string; value: ArrayBuffer };
}

type Name = StoreNames<Shelves>;
export type Writing<N extends Name> = IDBPTransaction<Shelves, N[], 'readwrite'>;
export type Row<N extends Name> = Shelves[N]['value'];

const VERSION = 1;
const TURN = 'turn';
const LOG = 4_500_000; // bytes; a little more than a log holds
const PAGE = 50_000; // bytes; what is larger is kept beside the log

/** The browser has no more room for this site. */
export class NoRoom extends Error {
  override name = 'NoRoom';
}

/** The connection to the database is gone, and opening it again did not help: the page must be loaded again. */
export class Lost extends Error {
  override name = 'Lost';
}

const nameOf = (error: unknown): string => (error as Partial<Error> | null)?.name ?? '';

// Safari loses the connection now and then (UnknownError); a database that is closed or closing answers with
// InvalidStateError; a transaction that ends without anybody's fault, with AbortError.
const isLost = (error: unknown): boolean =>
  ['UnknownError', 'InvalidStateError', 'AbortError', 'VersionError'].includes(nameOf(error));

function plain(error: unknown): unknown {
  if (nameOf(error) === 'QuotaExceededError') return new NoRoom(String(error));
  return isLost(error) ? new Lost(String(error)) : error;
}

export class Disk {
  private connection: Promise<IDBPDatabase<Shelves>> | undefined;
  private readonly listeners = new Set<() => void>();
  private readonly channel: BroadcastChannel | undefined;
  /** A newer page is there: the last moment to write what is not written yet. */
  older: () => Promise<void> | undefined = () => undefined;

  protected constructor(
    private readonly name: string,
    private readonly stuck?: () => void,
  ) {
    // Safari before 15.4 has no BroadcastChannel: there, another tab sees changes when it comes to the front.
    if (typeof BroadcastChannel === 'undefined') return;
    this.channel = new BroadcastChannel(name);
    this.channel.onmessage = () => this.tell();
  }

  /** Opens it now, so that what is wrong with it is known before anything is promised. */
  protected async ready(): Promise<this> {
    await this.read(async () => undefined);
    if ('userAgentData' in navigator) void this.turnOver().catch(() => undefined); // where there is no room: never mind
    return this;
  }

  /**
   * Chromium's database goes on in a log that a kill may have cut within a record, and throws everything away when it
   * reads that log once more. So each page begins a new log: by as many bytes as one holds.
   */
  private async turnOver(): Promise<void> {
    await this.read(async (db) => {
      const tx = db.transaction('data', 'readwrite', { durability: 'relaxed' });
      for (let page = 0; page < LOG; page += PAGE)
        void tx.store.put(new ArrayBuffer(PAGE), TURN).catch(() => undefined);
      void tx.store.delete(TURN).catch(() => undefined);
      await tx.done;
    });
  }

  close(): void {
    this.channel?.close();
    this.disconnect(this.connection);
  }

  watch(heard: () => void): () => void {
    this.listeners.add(heard);
    return () => this.listeners.delete(heard);
  }

  // Whoever wrote goes on first. A listener that fails must not make a promise fail whose words are on the disk.
  private tell(): void {
    for (const heard of this.listeners) setTimeout(heard);
  }

  private connect(): Promise<IDBPDatabase<Shelves>> {
    const events: OpenDBCallbacks<Shelves> = {
      upgrade: build,
      blocked: () => this.stuck?.(),
      blocking: () => void this.giveWay(opening),
      terminated: () => this.disconnect(opening),
    };
    const opening = openDB<Shelves>(this.name, VERSION, events).catch((error: unknown) => {
      // A newer page has been here. Its steps only add, so an older one goes on with what it knows.
      if (nameOf(error) !== 'VersionError') throw error;
      return openDB<Shelves>(this.name, undefined, events);
    });
    return opening;
  }

  /** A newer page in another tab wants to bring the database up to date: it must not wait long for this one. */
  private async giveWay(used: Disk['connection']): Promise<void> {
    try {
      await this.older();
    } finally {
      this.disconnect(used);
    }
  }

  /** Lets go of this connection, and of no newer one that somebody else has opened meanwhile. */
  private disconnect(used: Disk['connection']): void {
    if (this.connection === used) this.connection = undefined;
    used?.then(
      (db) => db.close(),
      () => undefined,
    );
  }

  protected async read<T>(work: (db: IDBPDatabase<Shelves>) => Promise<T>): Promise<T> {
    for (let last = false; ; last = true) {
      this.connection ??= this.connect();
      const used = this.connection;
      try {
        return await work(await used);
      } catch (error) {
        // What fails for another reason leaves an open connection as good as it was.
        const isOpen = await used.then(
          () => true,
          () => false,
        );
        if (isLost(error) || !isOpen) this.disconnect(used);
        if (last || !isLost(error)) throw plain(error);
      }
    }
  }

  protected async write<N extends Name, T>(
    shelves: N[],
    work: (tx: Writing<N>) => Promise<T>,
    quiet = false,
  ): Promise<T> {
    const value = await this.read(async (db) => {
      const tx = db.transaction(shelves, 'readwrite', { durability: 'strict' });
      tx.done.catch(() => undefined);
      try {
        const result = await work(tx);
        hasten(tx);
        await tx.done;
        return result;
      } catch (error) {
        cancel(tx);
        throw tx.error ?? error;
      }
    });
    if (!quiet) {
      this.tell();
      this.channel?.postMessage('changed');
    }
    return value;
  }
}

/** One step for each version. Each only adds, and keeps everything that is there: older pages go on writing. */
function build(db: IDBPDatabase<Shelves>, from: number): void {
  if (from >= 1) return;
  db.createObjectStore('people', { keyPath: 'id' });
  db.createObjectStore('settings');
  db.createObjectStore('data');
  db.createObjectStore('drafts', { keyPath: 'id' }).createIndex('person', 'person');
  const items = db.createObjectStore('items', { keyPath: 'id' });
  items.createIndex('person', 'person');
  items.createIndex('record', 'record');
  const bytes = db.createObjectStore('bytes', { keyPath: 'id' });
  bytes.createIndex('person', 'person');
  bytes.createIndex('record', 'record');
  bytes.createIndex('sha256', 'sha256');
}

// A transaction that knows its end need not wait until each of its requests has been answered.
function hasten(tx: { commit(): void }): void {
  try {
    tx.commit();
  } catch {
    // It has ended already.
  }
}

function cancel(tx: { abort(): void }): void {
  try {
    tx.abort();
  } catch {
    // It has ended already.
  }
}
