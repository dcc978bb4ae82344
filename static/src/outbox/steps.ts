// What happens inside one transaction.

import type { Writing } from './disk';
import {
  type Bytes,
  baseOf,
  type Draft,
  type Item,
  type Person,
  pathOf,
  soundsOf,
  unsent,
  written,
} from './item';

export const isFirst = <T extends { id: string }>(one: T, at: number, all: T[]): boolean =>
  all.findIndex((other) => other.id === one.id) === at;

/** What waits for a later try, or was refused, may go at once. */
export function renew(row: Item | Bytes): true {
  delete row.reason;
  Object.assign(row, { state: 'saved', after: 0 });
  return true;
}

/** Writes those of a person's items and bytes that `edit` has changed. */
export async function each(
  tx: Writing<'items' | 'bytes'> | Writing<'people' | 'items' | 'bytes'>,
  person: string,
  edit: (row: Item | Bytes) => boolean,
): Promise<void> {
  const both = tx as Writing<'items' | 'bytes'>;
  for (const item of await both.objectStore('items').index('person').getAll(person)) {
    if (edit(item)) await both.objectStore('items').put(item);
  }
  for (const row of await both.objectStore('bytes').index('person').getAll(person)) {
    if (edit(row)) await both.objectStore('bytes').put(row);
  }
}

interface Next {
  draft: Draft;
  person: Person;
  item: Item;
  replaced: Item | undefined;
}

export function fresh(
  draft: Draft,
  revision: number,
  sequence: number,
  body: string,
  method: 'PUT' | 'DELETE',
): Item {
  const { id: record, person, kind } = draft;
  const path = pathOf(kind, record);
  const unhashed = {
    id: `${record}:${revision}`,
    record,
    person,
    kind,
    revision,
    sequence,
    method,
    path,
    body,
  };
  return { ...unhashed, sha256: '', state: 'saved', tries: 0, after: 0, made: Date.now() };
}

export async function nextOf(
  tx: Writing<'people' | 'drafts' | 'items'>,
  draftId: string,
): Promise<Next | undefined> {
  const draft = await tx.objectStore('drafts').get(draftId);
  if (!draft?.dirty || draft.withdrawn) return undefined;
  const person = await tx.objectStore('people').get(draft.person);
  if (!person) return undefined;
  const last = await tx.objectStore('items').get(`${draftId}:${draft.sealed}`);
  const replaced = last && unsent(last) && draft.kind !== 'track' ? last : undefined;
  // What never left the phone is nothing that another revision could have been made from.
  const base = replaced ? baseOf(replaced) : draft.sealed;
  const revision = draft.sealed + 1;
  const sequence = person.sequence + 1;
  const item = fresh(
    draft,
    revision,
    sequence,
    written(draft, person.device, sequence, revision, base),
    'PUT',
  );
  return { draft, person, item, replaced };
}

export async function putNext(
  tx: Writing<'people' | 'drafts' | 'items'>,
  next: Next,
  sum: string,
): Promise<Item> {
  const item = { ...next.item, sha256: sum };
  if (next.replaced) await tx.objectStore('items').delete(next.replaced.id);
  await tx.objectStore('items').put(item);
  await tx.objectStore('people').put({ ...next.person, sequence: item.sequence });
  const { draft } = next;
  const body = draft.kind === 'track' ? { ...draft.body, points: [] } : draft.body; // these are in the piece
  await tx.objectStore('drafts').put({ ...draft, body, sealed: item.revision, dirty: false });
  return item;
}

/** What was spoken with an answer that no longer names it goes. */
export async function dropUnnamed(tx: unknown, draft: Draft): Promise<void> {
  const all = tx as Writing<'bytes' | 'data'>;
  const named = soundsOf(draft.body);
  for (const row of await all.objectStore('bytes').index('record').getAll(draft.id)) {
    if (row.part !== 'sound' || named.includes(row.sha256)) continue;
    await all.objectStore('bytes').delete(row.id);
    await tidy(tx, row.sha256);
  }
}

/** Deletes data that no row needs any more: two photos may be the same bytes. */
export async function tidy(tx: unknown, sum: string): Promise<void> {
  const both = tx as Writing<'bytes' | 'data'>;
  const rows = await both.objectStore('bytes').index('sha256').getAll(sum);
  if (!rows.some((row) => row.here)) await both.objectStore('data').delete(sum);
}

/** Name, signature and the code's hash of a release leave the phone; that there was one, stays. */
export async function unsign(tx: Writing<'items' | 'drafts'>, item: Item): Promise<void> {
  item.body = '';
  const draft = await tx.objectStore('drafts').get(item.record);
  if (!draft) return;
  const { photo, language, method, at } = draft.body;
  await tx.objectStore('drafts').put({ ...draft, body: { photo, language, method, at } });
}

/** Where it is kept what somebody in a photo has said so far. */
export const sayingOf = (person: string, photo: string): string => `release:${person}:${photo}`;

/**
 * Takes everything of a record away, of a photo also its releases; an empty draft says that it was. True if the server
 * may have some of it.
 */
export async function drop(tx: unknown, record: string): Promise<boolean> {
  const all = tx as Writing<'settings' | 'drafts' | 'items' | 'bytes' | 'data'>;
  const items = await all.objectStore('items').index('record').getAll(record);
  const bytes = await all.objectStore('bytes').index('record').getAll(record);
  for (const item of items) await all.objectStore('items').delete(item.id);
  for (const row of bytes) await all.objectStore('bytes').delete(row.id);
  for (const row of bytes) await tidy(tx, row.sha256);
  const draft = await all.objectStore('drafts').get(record);
  if (draft) {
    delete draft.thumb;
    await all.objectStore('drafts').put({ ...draft, body: {}, dirty: false, withdrawn: true });
  }
  let away = [...items, ...bytes].some((row) => !unsent(row));
  if (draft?.kind !== 'photo') return away;
  await all.objectStore('settings').delete(sayingOf(draft.person, record));
  for (const other of await all.objectStore('drafts').index('person').getAll(draft.person)) {
    if (other.kind === 'release' && other.key === record) away = (await drop(tx, other.id)) || away;
  }
  return away;
}
