// Everything of one person in one ZIP, and back again, here or on another phone. Whoever has the file can send as
// this person: it holds the key.

import type { Bytes, Draft, Item, Person } from './item';
import { type Store, sha256 } from './store';
import { Unzip, Zip } from './zip';

const ENDINGS: Record<string, string> = {
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/webp': '.webp',
  'image/heic': '.heic',
  'image/heif': '.heif',
  'audio/webm': '.webm',
  'audio/mp4': '.m4a',
  'audio/ogg': '.ogg',
};

const fileOf = (row: Bytes): string => `files/${row.sha256}${ENDINGS[row.type] ?? ''}`;
const thumbOf = (draft: Draft): string => `thumbs/${draft.id}.jpg`;

/** One file after the other goes into the ZIP, as it is: a phone has no room for all of them at once. */
export async function exportAll(store: Store, person: string): Promise<Blob> {
  const zip = new Zip();
  const addRows = (name: string, rows: unknown[]): void =>
    zip.add(name, new TextEncoder().encode(JSON.stringify(rows, null, 1)));
  const who = await store.person(person);
  const drafts = await store.drafts(person);
  const bytes = await store.allBytes(person);
  addRows('people.json', who ? [who] : []);
  addRows(
    'drafts.json',
    drafts.map(({ thumb: _, ...draft }) => draft),
  );
  addRows('items.json', await store.items(person));
  addRows('bytes.json', bytes);
  for (const draft of drafts) if (draft.thumb) zip.add(thumbOf(draft), new Uint8Array(draft.thumb));
  for (const name of new Set(bytes.map(fileOf))) {
    const row = bytes.find((each) => fileOf(each) === name);
    const data = row && (await store.data(row.sha256));
    if (data) zip.add(name, new Uint8Array(data));
  }
  return zip.end();
}

/** How many rows were new here. Nothing newer is overwritten, so the same file may come in twice. */
export async function importAll(store: Store, file: Blob): Promise<number> {
  const zip = await Unzip.open(file);
  const rows = async <T>(name: string): Promise<T[]> => {
    const found = await zip.read(name);
    return found ? (JSON.parse(new TextDecoder().decode(found)) as T[]) : [];
  };
  const drafts = await rows<Draft>('drafts.json');
  const items = (await rows<Item>('items.json')).map(landed);
  let taken = 0;
  for (const person of await rows<Person>('people.json')) {
    const mine = <T extends { person: string }>(row: T): boolean => row.person === person.id;
    const pictured = drafts.filter(mine).map(async (draft) => {
      const thumb = await zip.read(thumbOf(draft));
      return thumb ? { ...draft, thumb } : draft;
    });
    taken += await store.merge(elsewhere(person), await Promise.all(pictured), items.filter(mine));
  }
  for (const row of await rows<Bytes>('bytes.json')) {
    const data = row.here ? await zip.read(fileOf(row)) : undefined;
    const isWhole = data && (await sha256(data)) === row.sha256;
    if (await store.restore(landed(row), isWhole ? data : undefined)) taken += 1;
  }
  return taken;
}

/** What was on its way then is not on its way here. */
const landed = <T extends Item | Bytes>(row: T): T =>
  row.state === 'sending' ? { ...row, state: 'saved' } : row;

/** The phone that wrote the file may go on under its name: two devices of one name would overrule each other. */
function elsewhere(person: Person): Person {
  const mark = Math.floor(Math.random() * 0x10000);
  return { ...person, device: `${person.device.slice(0, 56)}-${mark.toString(16).padStart(4, '0')}` };
}
