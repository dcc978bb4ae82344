// Everything that the phone holds. What a promise of this file says is saved, is on the disk.

import { Disk, type Row, type Writing } from './disk';
import {
  type Bytes,
  type Counts,
  count,
  type Draft,
  type Item,
  type NewBytes,
  type Person,
  type Reason,
  soundsOf,
} from './item';
import { drop, dropUnnamed, each, fresh, isFirst, nextOf, putNext, renew, tidy, unsign } from './steps';

export { Lost, NoRoom } from './disk';

const CURRENT = 'current';
const BLOCK = 65_536; // bytes, the most that are random at once
const SPARE = 64 * BLOCK; // what a picture leaves to words

/** What was read back is not what was to be kept. */
export class Damaged extends Error {
  override name = 'Damaged';
}

/** Whether one item makes another needless that comes in a file: of a track, only the same piece does. */
const isThere = (here: Item, item: Item): boolean =>
  item.kind === 'track' && here.method !== 'DELETE' ? here.id === item.id : here.revision >= item.revision;

/** What no disk can make smaller. */
function spare(): ArrayBuffer {
  const made = new Uint8Array(SPARE);
  for (let at = 0; at < SPARE; at += BLOCK) crypto.getRandomValues(made.subarray(at, at + BLOCK));
  return made.buffer;
}

export async function sha256(data: BufferSource): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', data)));
}

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export class Store extends Disk {
  /** `stuck` is told when an older page in another tab does not let go of the database. */
  static open(name = 'pohled', stuck?: () => void): Promise<Store> {
    return new Store(name, stuck).ready();
  }

  // --- people and small things

  people(): Promise<Person[]> {
    return this.read((db) => db.getAll('people'));
  }

  person(id: string): Promise<Person | undefined> {
    return this.read((db) => db.get('people', id));
  }

  savePerson(person: Person): Promise<void> {
    return this.write(['people', 'items', 'bytes'], async (tx) => {
      const people = tx.objectStore('people');
      const old = await people.get(person.id);
      // The page's copy may be older than the last sealing; a number of the sequence is never given twice.
      await people.put({ ...person, sequence: Math.max(person.sequence, old?.sequence ?? 0) });
      if (!old || old.token === person.token) return;
      await each(
        tx,
        person.id,
        (row) => row.state !== 'received' && row.reason?.code === 'token' && renew(row),
      );
    });
  }

  current(): Promise<string | undefined> {
    return this.setting(CURRENT);
  }

  setCurrent(id: string | undefined): Promise<void> {
    return this.setSetting(CURRENT, id);
  }

  setting<T>(name: string): Promise<T | undefined> {
    return this.read((db) => db.get('settings', name)) as Promise<T | undefined>;
  }

  setSetting(name: string, value: unknown): Promise<void> {
    return this.write(['settings'], async (tx) => {
      await (value === undefined
        ? tx.objectStore('settings').delete(name)
        : tx.objectStore('settings').put(value, name));
    });
  }

  // --- drafts and what is made of them

  draft(id: string): Promise<Draft | undefined> {
    return this.read((db) => db.get('drafts', id));
  }

  async drafts(person: string, place?: string): Promise<Draft[]> {
    const all = await this.read((db) => db.getAllFromIndex('drafts', 'person', person));
    return place === undefined ? all : all.filter((draft) => draft.place === place);
  }

  /**
   * Resolves when it is on the disk; with false where it was not written: it has been taken back, and stays so, or
   * another tab has changed it since `was`, the time of the change that the page knows.
   */
  saveDraft(draft: Draft, was?: string): Promise<boolean> {
    return this.write(['drafts', 'bytes', 'data'], (tx) => this.replace(tx, draft, was));
  }

  /** Saves what belongs together, and lets a setting go that it was made of: all of it, or nothing. */
  saveTogether(drafts: Draft[], done: string): Promise<void> {
    return this.write(['drafts', 'bytes', 'data', 'settings'], async (tx) => {
      const some = tx as unknown as Writing<'drafts' | 'bytes' | 'data'>;
      for (const draft of drafts)
        if (!(await this.replace(some, draft))) throw new Error('It has been taken back.');
      await tx.objectStore('settings').delete(done);
    });
  }

  private async replace(
    tx: Writing<'drafts' | 'bytes' | 'data'>,
    draft: Draft,
    was?: string,
  ): Promise<boolean> {
    const old = await tx.objectStore('drafts').get(draft.id);
    if (old?.withdrawn || (old && was && old.changed !== was)) return false;
    const thumb = draft.thumb ?? old?.thumb;
    const sealed = Math.max(draft.sealed, old?.sealed ?? 0);
    const kept = { ...draft, ...(thumb && { thumb }), sealed, dirty: true };
    // Not waited for: on an old phone each turn counts. What fails, fails the transaction.
    tx.objectStore('drafts')
      .put(kept)
      .catch(() => undefined);
    if (old && soundsOf(old.body).some((sum) => !soundsOf(kept.body).includes(sum)))
      await dropUnnamed(tx, kept);
    return true;
  }

  /** Makes the next revision of a draft that has changed, in one transaction. */
  async seal(draftId: string): Promise<Item | undefined> {
    // A hash cannot be awaited inside a transaction. So the body is hashed between two, and the second one
    // writes only if the body is still the same.
    let body = '';
    let sum = '';
    for (;;) {
      const made = await this.write(['people', 'drafts', 'items'], async (tx) => {
        const next = await nextOf(tx, draftId);
        if (!next) return undefined;
        if (next.item.body !== body) {
          body = next.item.body;
          return 'changed';
        }
        return putNext(tx, next, sum);
      });
      if (made !== 'changed') return made;
      sum = await sha256(new TextEncoder().encode(body));
    }
  }

  items(person: string): Promise<Item[]> {
    return this.read((db) => db.getAllFromIndex('items', 'person', person));
  }

  async counts(person: string): Promise<Counts> {
    return count(await this.drafts(person), await this.items(person), await this.allBytes(person));
  }

  // --- bytes

  /** As `addAll`, of one. */
  addBytes(meta: NewBytes, data: ArrayBuffer, draft?: Draft): Promise<void> {
    return this.addAll([[meta, data]], draft);
  }

  /**
   * Resolves when all was read back and is what it was. What belongs to one record, and the draft that names it, are
   * saved together: a kill leaves all of it, or nothing.
   */
  async addAll(all: [NewBytes, ArrayBuffer][], draft?: Draft): Promise<void> {
    for (const [meta, data] of all) {
      if ((await sha256(data)) !== meta.sha256) throw new Damaged('the bytes are not those of their SHA-256');
    }
    const added = await this.write(['bytes', 'data', 'drafts'], async (tx) => {
      const known = await Promise.all(all.map(([meta]) => tx.objectStore('drafts').get(meta.record)));
      if (known.some((old) => old?.withdrawn)) return [];
      if (draft) await this.replace(tx, draft);
      const kept: NewBytes[] = [];
      for (const [meta, data] of all) if (await this.put(tx, meta, data)) kept.push(meta);
      return kept;
    });
    const damaged: NewBytes[] = [];
    for (const meta of added) if (!(await this.whole(meta.sha256))) damaged.push(meta);
    if (!damaged.length) return;
    await this.write(['bytes', 'data'], async (tx) => {
      for (const meta of damaged) {
        await tx.objectStore('bytes').delete(meta.id);
        await tx.objectStore('data').delete(meta.sha256);
      }
    });
    throw new Damaged('the bytes were not kept as they were given');
  }

  /** Whether they are on this phone now. */
  protected async put(
    tx: Writing<'drafts' | 'bytes' | 'data'>,
    meta: NewBytes,
    data: ArrayBuffer,
  ): Promise<boolean> {
    const old = await tx.objectStore('bytes').get(meta.id);
    if (old?.sha256 === meta.sha256 && (old.here || old.state === 'received')) return old.here;
    const row: Bytes = {
      ...meta,
      state: 'saved',
      tries: 0,
      after: 0,
      made: Date.now(),
      sent: 0,
      here: true,
    };
    await tx.objectStore('data').put(data, meta.sha256);
    if (meta.part === 'original') {
      // How much room is left, browsers do not say truly. So it is taken and given back: else nothing is written.
      await tx.objectStore('data').put(spare(), CURRENT);
      await tx.objectStore('data').delete(CURRENT);
    }
    await tx.objectStore('bytes').put(row);
    if (old) await tidy(tx, old.sha256);
    return true;
  }

  bytes(id: string): Promise<Bytes | undefined> {
    return this.read((db) => db.get('bytes', id));
  }

  allBytes(person: string): Promise<Bytes[]> {
    return this.read((db) => db.getAllFromIndex('bytes', 'person', person));
  }

  data(sum: string): Promise<ArrayBuffer | undefined> {
    return this.read((db) => db.get('data', sum));
  }

  /** The data, if it is still here and still what it was. */
  async whole(sum: string): Promise<ArrayBuffer | undefined> {
    const data = await this.data(sum);
    return data && (await sha256(data)) === sum ? data : undefined;
  }

  /** A person's originals may be sent now: all, or those. */
  want(person: string, which: (row: Bytes) => boolean = () => true): Promise<void> {
    return this.write(['bytes'], async (tx) => {
      for (const row of await tx.objectStore('bytes').index('person').getAll(person)) {
        if (row.part === 'original' && !row.wanted && which(row))
          await tx.objectStore('bytes').put({ ...row, wanted: true });
      }
    });
  }

  /** The organisers ask for the originals of these photos, and for no others. What is new, nobody has put off yet. */
  async ask(person: string, records: string[]): Promise<void> {
    const differs = (row: Bytes): boolean =>
      row.part === 'original' && row.here && (row.asked ?? false) !== records.includes(row.record);
    // Every write wakes whoever watches: there is none where nothing would change.
    if (!(await this.allBytes(person)).some(differs)) return;
    await this.write(['bytes', 'settings'], async (tx) => {
      for (const row of await tx.objectStore('bytes').index('person').getAll(person)) {
        if (!differs(row)) continue;
        await tx.objectStore('bytes').put({ ...row, asked: !row.asked });
        if (!row.asked) await tx.objectStore('settings').delete(`later:${person}`);
      }
    });
  }

  /** Lets those of a person's items and bytes go at once that wait for a later try, or were refused. */
  async renew(person: string, which: (row: Item | Bytes) => boolean): Promise<void> {
    // Every write wakes whoever watches: there is none where nothing would change.
    const rows = [...(await this.items(person)), ...(await this.allBytes(person))];
    if (!rows.some(which)) return;
    await this.write(['items', 'bytes'], (tx) => each(tx, person, (row) => which(row) && renew(row)));
  }

  // --- taking back

  /** Drops what this phone holds of a record. What the server may have of a photo or track is asked back. */
  async withdraw(draftId: string): Promise<void> {
    const empty = await sha256(new ArrayBuffer(0));
    await this.write(['people', 'settings', 'drafts', 'items', 'bytes', 'data'], async (tx) => {
      const draft = await tx.objectStore('drafts').get(draftId);
      if (!draft || draft.withdrawn) return;
      const away = await drop(tx, draftId);
      const person = await tx.objectStore('people').get(draft.person);
      if (!away || !['photo', 'track'].includes(draft.kind) || !person) return;
      const revision = draft.sealed + 1;
      const item = fresh(draft, revision, person.sequence + 1, '', 'DELETE');
      await tx.objectStore('items').put({ ...item, sha256: empty });
      await tx.objectStore('people').put({ ...person, sequence: item.sequence });
    });
  }

  /** Everything of one person on this phone. */
  wipe(person: string): Promise<void> {
    return this.write(['people', 'settings', 'drafts', 'items', 'bytes', 'data'], async (tx) => {
      await tx.objectStore('people').delete(person);
      const settings = tx.objectStore('settings');
      for (const name of await settings.getAllKeys()) if (name.includes(person)) await settings.delete(name);
      if ((await settings.get(CURRENT)) === person) await settings.delete(CURRENT);
      const bytes = await tx.objectStore('bytes').index('person').getAll(person);
      for (const name of ['drafts', 'items', 'bytes'] as const) {
        const shelf = tx.objectStore(name);
        for (const id of await shelf.index('person').getAllKeys(person)) await shelf.delete(id);
      }
      for (const row of bytes) await tidy(tx, row.sha256);
    });
  }

  // --- for the sender

  /** Changes one row, if it is still there; what was taken back meanwhile does not come to life again. */
  change<N extends 'items' | 'bytes'>(
    name: N,
    id: string,
    edit: (row: Row<N>) => void,
  ): Promise<Row<N> | undefined> {
    return this.write<N, Row<N> | undefined>([name], async (tx) => {
      const row = (await tx.objectStore(name).get(id)) as Row<N> | undefined;
      if (row) {
        edit(row);
        await tx.objectStore(name).put(row);
      }
      return row;
    });
  }

  /**
   * The receipt is here. Older revisions of the record are no longer needed: each one is the whole record. Of a track
   * each is a piece, and stays until it has its own receipt. And what somebody else has signed is nothing that an
   * author's phone keeps.
   */
  received(id: string, receipt: unknown): Promise<void> {
    return this.write(['items', 'drafts'], async (tx) => {
      const item = await tx.objectStore('items').get(id);
      if (!item) return;
      delete item.reason;
      if (item.kind === 'release') await unsign(tx, item);
      await tx.objectStore('items').put({ ...item, state: 'received', receipt });
      for (const other of await tx.objectStore('items').index('record').getAll(item.record)) {
        if (other.revision < item.revision && (item.kind !== 'track' || other.state === 'received'))
          await tx.objectStore('items').delete(other.id);
      }
    });
  }

  /**
   * The server has these bytes and has said so: only now do pictures leave the phone. What was spoken is small, and
   * whoever said it may want to hear it: it stays.
   */
  release(id: string, sum?: string): Promise<void> {
    return this.write(['bytes', 'data'], async (tx) => {
      const row = await tx.objectStore('bytes').get(id);
      if (!row || (sum && row.sha256 !== sum)) return; // spoken anew meanwhile
      delete row.reason;
      delete row.address;
      const here = row.part === 'sound' && row.here;
      await tx.objectStore('bytes').put({ ...row, state: 'received', sent: row.bytes, here });
      await tidy(tx, row.sha256);
    });
  }

  /** The server says that a record was taken back: nothing of it stays here. */
  forget(record: string): Promise<void> {
    return this.write(['settings', 'drafts', 'items', 'bytes', 'data'], async (tx) => {
      await drop(tx, record);
    });
  }

  /** Lets everything of a person wait that is not received or refused. */
  hold(person: string, reason: Reason, last: number, after: number): Promise<void> {
    return this.write(['items', 'bytes'], (tx) =>
      each(tx, person, (row) => {
        if (row.state !== 'saved' && row.state !== 'sending') return false;
        Object.assign(row, { state: 'saved', reason, last, after });
        return true;
      }),
    );
  }

  /** Where there are no Web Locks: the right to send, until then. False when another tab has it. */
  lease(name: string, holder: string, now: number, until: number): Promise<boolean> {
    return this.write(
      ['settings'],
      async (tx) => {
        const held = (await tx.objectStore('settings').get(name)) as
          | { holder: string; until: number }
          | undefined;
        // A lease further away than any is given was written by a clock that has been put right since.
        const taken = held && held.holder !== holder && held.until > now && held.until <= now + 600_000;
        if (!taken) await tx.objectStore('settings').put({ holder, until }, name);
        return !taken;
      },
      true,
    );
  }

  // --- for portable.ts

  /** Takes over rows that came in a file. Never over something newer. The number of rows that were new here. */
  merge(person: Person, drafts: Draft[], items: Item[]): Promise<number> {
    return this.write(['people', 'drafts', 'items'], async (tx) => {
      const known = await tx.objectStore('people').get(person.id);
      const places = (known?.places ?? []).concat(person.places).filter(isFirst);
      const sequence = Math.max(person.sequence, known?.sequence ?? 0);
      await tx.objectStore('people').put({ ...(known ?? person), places, sequence });
      let taken = 0;
      const gone = new Set<string>();
      for (const draft of drafts) {
        const old = await tx.objectStore('drafts').get(draft.id);
        if (old?.withdrawn) gone.add(draft.id);
        if (old && (old.withdrawn || old.changed >= draft.changed)) continue;
        await tx.objectStore('drafts').put({ ...draft, sealed: Math.max(draft.sealed, old?.sealed ?? 0) });
        taken += 1;
      }
      for (const item of items) {
        const others = await tx.objectStore('items').index('record').getAll(item.record);
        if (gone.has(item.record) || others.some((other) => isThere(other, item))) continue;
        await tx.objectStore('items').put(item);
        taken += 1;
      }
      return taken;
    });
  }

  /** Takes over bytes that came in a file, with their data unless the server has it. */
  restore(row: Bytes, data: ArrayBuffer | undefined): Promise<boolean> {
    return this.write(['bytes', 'data', 'drafts'], async (tx) => {
      const old = await tx.objectStore('bytes').get(row.id);
      const draft = await tx.objectStore('drafts').get(row.record);
      const gone =
        draft?.withdrawn || (draft?.kind === 'response' && !soundsOf(draft.body).includes(row.sha256));
      if (gone || old?.here || old?.state === 'received') return false;
      if (data) await tx.objectStore('data').put(data, row.sha256);
      await tx.objectStore('bytes').put({ ...row, here: data !== undefined });
      return true;
    });
  }
}
