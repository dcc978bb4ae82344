// What one person has written on two phones: both are kept, and its author chooses which one counts. The page is fetched
// when it is needed, for the other phone's words come from the server.

import type { Draft, Item, Person, RecordBody } from '../outbox/item';
import { dropUnnamed, fresh } from '../outbox/steps';
import { Store, sha256 } from '../outbox/store';
import type { Answer } from './answers';
import { part } from './page';

/** As `GET /me` tells it; `kept` is said of what does not count. */
interface Sent {
  readonly id: string;
  readonly record: RecordBody & { readonly revision: number };
  readonly receipt: { readonly kept?: string };
}

interface Pair {
  readonly draft: Draft;
  readonly theirs: Sent;
}

/** One line of what is different: a question or field, and what each phone says. */
type Line = readonly [name: string, mine: string, theirs: string];

export class Chooser extends Store {
  static begin(name = 'pohled'): Promise<Chooser> {
    return new Chooser(name).ready();
  }

  /** The records of a person whose newest revision was kept beside another phone's. */
  async twofold(person: string): Promise<Draft[]> {
    const newest = new Map<string, Item>();
    for (const item of await this.items(person)) {
      if (item.revision >= (newest.get(item.record)?.revision ?? 0)) newest.set(item.record, item);
    }
    const kept = Array.from(newest.values()).filter((item) => (item.receipt as Sent['receipt'])?.kept);
    const drafts = await Promise.all(kept.map((item) => this.draft(item.record)));
    return drafts.filter((draft) => draft !== undefined && !draft.withdrawn) as Draft[];
  }

  /**
   * Makes a revision of what was chosen that goes on from the one that counts. Under its own name, a device goes on from
   * its own revisions alone, and those were set aside: so this one is sent under another.
   */
  async choose({ draft, theirs }: Pair, chosen: RecordBody): Promise<void> {
    const body = withPicture(chosen, draft.body, theirs.record);
    for (;;) {
      const person = (await this.person(draft.person)) as Person;
      const revision = Math.max(draft.sealed, theirs.record.revision) + 1;
      const sequence = person.sequence + 1;
      const device = `${person.device.slice(0, 56)}-${crypto.randomUUID().slice(0, 4)}`;
      const outer = { device, sequence, revision, base: theirs.record.revision };
      const made = fresh(draft, revision, sequence, JSON.stringify({ ...body, ...outer }), 'PUT');
      made.sha256 = await sha256(new TextEncoder().encode(made.body));
      const done = await this.write(['people', 'drafts', 'items', 'bytes', 'data'], async (tx) => {
        const [who, old] = [
          await tx.objectStore('people').get(person.id),
          await tx.objectStore('drafts').get(draft.id),
        ];
        if (who?.sequence !== person.sequence || !old) return false;
        const changed = { ...old, body, sealed: revision, dirty: false, changed: new Date().toISOString() };
        await tx.objectStore('items').put(made);
        await tx.objectStore('people').put({ ...who, sequence });
        await tx.objectStore('drafts').put(changed);
        await dropUnnamed(tx, changed);
        return true;
      });
      if (done) return;
    }
  }
}

const PICTURE = ['sha256', 'bytes', 'type', 'taken', 'fix', 'painted'];

/** Whichever words count: a picture that was painted over on one of the phones is never that of the other again. */
function withPicture(chosen: RecordBody, mine: RecordBody, theirs: RecordBody): RecordBody {
  if (Boolean(mine.painted) === Boolean(theirs.painted)) return chosen;
  const painted = mine.painted ? mine : theirs;
  const kept = Object.entries(chosen).filter(([name]) => !PICTURE.includes(name));
  return Object.fromEntries([...kept, ...Object.entries(painted).filter(([name]) => PICTURE.includes(name))]);
}

export function start(body: HTMLElement): void {
  const page = new Page(body);
  page.draw().catch(() => page.tell('unreached'));
}

class Page {
  private store: Chooser | undefined;

  constructor(private readonly body: HTMLElement) {}

  async draw(): Promise<void> {
    this.store ??= await Chooser.begin();
    const { store } = this;
    const id = await store.current();
    const person = id ? await store.person(id) : undefined;
    const drafts = person ? await store.twofold(person.id) : [];
    const me = person && drafts.length ? await everything(person.token) : undefined;
    // What was taken back on another phone is taken back here, too: there is nothing to choose.
    const gone = new Set(me?.withdrawn.map((each) => each.id));
    for (const { id: record } of drafts) if (gone.has(record)) await store.forget(record);
    const counting = [...(me?.responses ?? []), ...(me?.photos ?? [])].filter((each) => !each.receipt.kept);
    const pairs = drafts.flatMap((draft) => {
      const theirs = counting.find((each) => each.id === draft.id);
      return theirs ? [{ draft, theirs }] : [];
    });
    part(this.body, 'pairs').replaceChildren(...pairs.map((pair) => this.card(pair)));
    this.tell(pairs.length ? 'both' : 'none');
  }

  tell(which: string): void {
    for (const each of this.body.querySelectorAll<HTMLElement>('[data-says]'))
      each.hidden = each.dataset.says !== which;
  }

  private card(pair: Pair): Node {
    const made = part<HTMLTemplateElement>(this.body, 'pair').content.cloneNode(true) as DocumentFragment;
    const { draft, theirs } = pair;
    const { device: _d, sequence: _s, revision: _r, base: _b, ...other } = theirs.record;
    part(made, 'where').textContent = this.placeOf(draft);
    const lines = this.lines(draft, other);
    for (const [whose, column, chosen] of [
      ['mine', 1, draft.body],
      ['theirs', 2, other],
    ] as const) {
      const rows = lines.flatMap((line) => {
        const [name, said] = [document.createElement('dt'), document.createElement('dd')];
        name.textContent = line[0];
        said.textContent = line[column] || '—';
        said.className = 'voice';
        said.dir = 'auto';
        return [name, said];
      });
      part(made, whose).replaceChildren(...rows);
      made.querySelector(`[data-choose="${whose}"]`)?.addEventListener('click', () => {
        this.choose(pair, chosen).catch(() => this.tell('unreached'));
      });
    }
    return made;
  }

  private async choose(pair: Pair, body: RecordBody): Promise<void> {
    await this.store?.choose(pair, body);
    await this.draw();
    // Sending is the app's business.
    if (!this.body.querySelector('[data-choose]')) location.assign(`${this.body.dataset.app}#tray`);
  }

  private placeOf({ kind, key }: Draft): string {
    if (kind === 'photo') return this.body.dataset.photo ?? '';
    const stop = this.body.querySelector<HTMLElement>(`[data-stop="${CSS.escape(key.split('|')[0] ?? '')}"]`);
    return stop?.textContent ?? '';
  }

  private lines({ kind, key, body }: Draft, other: RecordBody): Line[] {
    const lines: readonly Line[] =
      kind === 'photo'
        ? this.photoLines(body, other)
        : this.answerLines(key.split('|')[1] ?? '', body, other);
    return lines.filter(([, mine, theirs]) => mine !== theirs);
  }

  private answerLines(version: string, mine: RecordBody, theirs: RecordBody): Line[] {
    const cards = this.body.querySelectorAll<HTMLElement>(`form[data-version="${CSS.escape(version)}"]`);
    return Array.from(cards, (card) => {
      const name = card.dataset.question ?? '';
      const said = ({ answers }: RecordBody): string =>
        this.answer(card, name, (answers as Record<string, Answer> | undefined)?.[name]);
      return [card.querySelector('h1')?.textContent ?? name, said(mine), said(theirs)];
    });
  }

  private answer(card: ParentNode, name: string, answer: Answer | undefined): string {
    if (!answer) return '';
    const values = answer.cant_tell ? ['?'] : [answer.value ?? []].flat().map(plain);
    const { photos, spoken } = this.body.dataset;
    return [
      ...values.map((value) => labelOf(card, name, value)),
      answer.remark,
      answer.photos?.length && `${photos}: ${answer.photos.length}`,
      answer.sound && spoken,
    ]
      .filter(Boolean)
      .join('\n');
  }

  private photoLines(mine: RecordBody, theirs: RecordBody): Line[] {
    const fields = ['light', 'people', 'themes', 'credit', 'credit_as', 'star'];
    const said = (body: RecordBody, field: string): string =>
      [body[field] ?? []]
        .flat()
        .filter((value) => value !== false)
        .map((value) => labelOf(this.body, NAMES[field] ?? '', value === true ? field : String(value)))
        .join(', ');
    const words = ({ caption }: RecordBody): string => Object.values((caption ?? {}) as object).join('\n');
    return [
      [this.body.dataset.caption ?? '', words(mine), words(theirs)],
      ...fields.map((field): Line => {
        const legend = this.body
          .querySelector(`[name="${NAMES[field]}"]`)
          ?.closest('fieldset')
          ?.querySelector('legend');
        return [legend?.textContent ?? '', said(mine, field), said(theirs, field)];
      }),
    ];
  }
}

interface Me {
  readonly responses: Sent[];
  readonly photos: Sent[];
  readonly withdrawn: readonly { readonly id: string }[];
}

async function everything(token: string): Promise<Me> {
  const headers = { Authorization: `Bearer ${token}` };
  const answer = await fetch('/api/v1/me', { headers, redirect: 'error', credentials: 'omit' });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

const NAMES: Record<string, string> = {
  light: 'photo-light',
  people: 'photo-people',
  themes: 'photo-theme',
  credit: 'photo-credit',
  star: 'photo-star',
};

const plain = (value: unknown): string =>
  typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);

/** A choice in the words of its label, else as it is. */
function labelOf(root: ParentNode, name: string, value: string): string {
  const field = root.querySelector(`[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`);
  const words = Array.from(field?.closest('label')?.children ?? [], (each) => each.textContent?.trim());
  return words.filter(Boolean).join(' ') || value;
}
