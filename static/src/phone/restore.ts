// Brings to this phone what the same person has sent from another one, so that they go on where they were.

import { type Draft, type Item, type Person, type Place, type RecordBody, wayOf } from '../outbox/item';
import type { Store } from '../outbox/store';
import { ask } from './api';

interface Kept {
  readonly id: string;
  readonly record: Readonly<Record<string, unknown>>;
  readonly receipt: {
    readonly revision: number;
    readonly sha256: string;
    readonly received: string;
    readonly kept?: string;
  };
}

interface Me {
  readonly reach: string | null;
  readonly consents: readonly {
    readonly purpose: string;
    readonly yes: boolean;
    readonly text: string;
    readonly language: string;
    readonly at: string;
    readonly photo: string | null;
  }[];
  readonly responses: readonly Kept[];
  readonly photos: readonly Kept[];
  readonly withdrawn: readonly { readonly id: string }[];
  readonly tracks: readonly { readonly id: string; readonly walk: string; readonly agreed: string }[];
}

/** Which version of a checklist the page holds: "name 3" -> the version's id. */
export type Versions = ReadonlyMap<string, string>;

const OUTER = new Set(['device', 'sequence', 'revision', 'base']);

/** Reads all that the server has of this person for this place. What is newer here stays. */
export async function restore(store: Store, person: Person, place: Place, versions: Versions): Promise<void> {
  const me = await ask<Me>('/api/v1/me', { token: person.token });
  const gone = new Set(me.withdrawn.map((each) => each.id));
  const kept = [
    ...me.responses.map((each) => ({ kind: 'response' as const, ...each })),
    ...me.photos.filter((each) => !gone.has(each.id)).map((each) => ({ kind: 'photo' as const, ...each })),
  ].filter(({ receipt, record }) => !receipt.kept && [record.walk, record.call].includes(place.id));
  const drafts: Draft[] = [];
  for (const each of kept) {
    const thumb = each.kind === 'photo' ? await picture(each.id, person.token) : undefined;
    drafts.push({
      id: each.id,
      person: person.id,
      kind: each.kind,
      place: place.id,
      key: each.kind === 'response' ? keyOf(each.record, versions) : '',
      body: bodyOf(each.record),
      changed: each.receipt.received,
      sealed: each.receipt.revision,
      dirty: false,
      ...(thumb ? { thumb } : {}),
    });
  }
  const items = kept.map((each) => received(person, each));
  for (const { id, walk, agreed } of me.tracks ?? []) {
    if (walk !== place.id) continue;
    // Nothing of it but that it is there: it may be deleted from here, too, or gone on with.
    const receipt = { revision: 1, sha256: '', received: agreed };
    const body = { walk, agreed, points: [], count: 0 };
    const track = { id, person: person.id, kind: 'track' as const, place: place.id, key: '', body };
    drafts.push({ ...track, changed: agreed, sealed: 1, dirty: false });
    items.push(received(person, { id, kind: 'track', record: { sequence: 0 }, receipt }));
    await store.setSetting(wayOf(person.id, place.id), { id, since: agreed, on: false });
  }
  await store.merge(person, drafts, items);
  const choices = new Map(me.consents.filter((each) => !each.photo).map((each) => [each.purpose, each]));
  const said = Array.from(choices.values(), (each) =>
    each.purpose === 'contact' && me.reach ? { ...each, reach: me.reach } : each,
  );
  await store.setSetting(`mine:${person.id}`, said);
}

function received(
  person: Person,
  { id, kind, record, receipt }: Kept & { kind: 'response' | 'photo' | 'track' },
): Item {
  return {
    id: `${id}:${receipt.revision}`,
    record: id,
    person: person.id,
    kind,
    revision: receipt.revision,
    sequence: Number(record.sequence),
    method: 'PUT',
    path: `/${kind}s/${id}`,
    body: '',
    sha256: receipt.sha256,
    state: 'received',
    tries: 0,
    after: 0,
    made: Date.parse(receipt.received),
    receipt,
  };
}

function bodyOf(record: Kept['record']): RecordBody {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !OUTER.has(name)));
}

function keyOf(record: Kept['record'], versions: Versions): string {
  return `${record.stop ?? ''}|${versions.get(`${record.checklist} ${record.version}`) ?? ''}`;
}

async function picture(id: string, token: string): Promise<ArrayBuffer | undefined> {
  try {
    const response = await fetch(`/api/v1/photos/${id}/320`, {
      headers: { Authorization: `Bearer ${token}` },
      redirect: 'error',
    });
    return response.ok ? await response.arrayBuffer() : undefined;
  } catch {
    return undefined;
  }
}
