// A photo's picture is replaced by the one that was painted over: in one transaction, so that a kill leaves the photo
// as it was, or wholly painted.

import type { Writing } from '../outbox/disk';
import type { Bytes, Draft, NewBytes } from '../outbox/item';
import { nextOf, putNext } from '../outbox/steps';
import { Damaged, Store, sha256 } from '../outbox/store';
import type { Burnt } from './burn';
import type { Said } from './exif';

export const isPicture = ({ part }: Bytes): boolean => part === 'preview' || part === 'original';

export class Repainter extends Store {
  static begin(name = 'pohled'): Promise<Repainter> {
    return new Repainter(name).ready();
  }

  async pictures(id: string): Promise<Bytes[]> {
    return this.read(async (db) => (await db.getAllFromIndex('bytes', 'record', id)).filter(isPicture));
  }

  /**
   * Puts `made` in the place of the picture whose SHA-256 is `was`, seals the record again if it was sealed, and deletes
   * what was not painted. Resolves with the addresses of uploads that were begun of it; with undefined where nothing
   * was changed, because the picture is another one by now, or some of it has been received.
   */
  async repaint(id: string, was: string, made: Burnt, said: Said): Promise<string[] | undefined> {
    const now = new Date().toISOString();
    const parts = { preview: made.preview, original: made.original };
    const sums = { preview: await sha256(made.preview), original: await sha256(made.original) };
    const file = {
      sha256: sums.original,
      bytes: made.original.byteLength,
      type: 'image/jpeg',
      painted: sums.preview,
    };
    let [body, sum] = ['', ''];
    for (;;) {
      const done = await this.write(['people', 'drafts', 'items', 'bytes', 'data'], async (tx) => {
        const drafts = tx.objectStore('drafts');
        const records = tx as unknown as Writing<'people' | 'drafts' | 'items'>;
        const draft = await drafts.get(id);
        const rows = (await tx.objectStore('bytes').index('record').getAll(id)).filter(isPicture);
        if (!draft || draft.withdrawn || draft.body.sha256 !== was) return undefined;
        if (rows.some((row) => row.state === 'received')) return undefined;
        const changed: Draft = {
          ...draft,
          // What the phone knew at the shutter is better than what the camera wrote.
          body: { ...said, ...draft.body, ...file },
          thumb: made.thumb,
          changed: now,
          dirty: true,
        };
        await drafts.put(changed);
        const next = draft.sealed ? await nextOf(records, id) : undefined;
        if (next && next.item.body !== body) {
          // A hash cannot be awaited inside a transaction: it is made between two (see `Store.seal`).
          body = next.item.body;
          await drafts.put(draft);
          return 'unhashed';
        }
        if (next) await putNext(records, next, sum);
        for (const name of ['preview', 'original'] as const) {
          const old = rows.find((row) => row.part === name);
          const meta: NewBytes = {
            id: `${id}:${name}`,
            record: id,
            person: draft.person,
            part: name,
            sha256: sums[name],
            bytes: parts[name].byteLength,
            type: 'image/jpeg',
            wanted: name === 'preview' || old?.wanted === true,
          };
          await this.put(tx as unknown as Writing<'drafts' | 'bytes' | 'data'>, meta, parts[name]);
        }
        return rows.flatMap(({ address }) => address ?? []);
      });
      if (done !== 'unhashed') {
        if (done && !(await this.whole(sums.original))) throw new Damaged('the picture was not kept');
        return done;
      }
      sum = await sha256(new TextEncoder().encode(body));
    }
  }
}
