// A person's own photos of this walk or call (templates/phone/photos.html), and how far each of them is.

import { type Bytes, type Draft, goesEarly, type Item, type Reason } from '../outbox/item';
import { reasonInWords } from '../outbox/reason';
import type { Store } from '../outbox/store';
import { _, formatBytes, ngettext } from '../words';
import { wordsOf } from './form';

const START = 120;
const QUIET = 150;

/** Which of the template's badges a photo gets, with which words. */
export interface Standing {
  look: 'here' | 'way' | 'got' | 'bad';
  words: string;
  more?: string;
}

export class Album {
  private readonly addresses = new Set<string>();
  private drawn = '';
  private latest = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly root: HTMLElement,
    private readonly store: Store,
  ) {
    store.watch(() => this.heard());
  }

  async draw(): Promise<void> {
    const mine = ++this.latest;
    try {
      const cards = await this.cards();
      // A slower reading must not draw over a newer one.
      if (mine === this.latest) this.write(cards);
    } catch {
      this.part('broken').hidden = false;
    }
  }

  // While photos are sent the store speaks often.
  private heard(): void {
    if (this.root.hidden || this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.draw();
    }, QUIET);
  }

  private async cards(): Promise<[Draft, Standing][]> {
    const person = await this.store.current();
    if (!person) return [];
    const [drafts, items, bytes] = await Promise.all([
      this.store.drafts(person, this.root.dataset.place),
      this.store.items(person),
      this.store.allBytes(person),
    ]);
    return drafts
      .filter((draft) => draft.kind === 'photo' && !draft.withdrawn)
      .sort((one, other) => (one.id < other.id ? 1 : -1))
      .map((draft) => [draft, standing(draft, items, bytes)]);
  }

  private write(cards: readonly [Draft, Standing][]): void {
    this.part('broken').hidden = true;
    this.part('empty').hidden = cards.length > 0;
    this.writeStars(cards.filter(([draft]) => draft.body.star === true).length);
    const now = JSON.stringify(cards.map(([draft, each]) => [draft.id, draft.changed, !draft.thumb, each]));
    if (now === this.drawn) return;
    this.drawn = now;
    const focused = document.activeElement?.closest<HTMLElement>('[data-photo]')?.dataset.photo;
    for (const address of this.addresses) URL.revokeObjectURL(address);
    this.addresses.clear();
    const list = this.part('list');
    list.replaceChildren(...cards.map(([draft, each]) => this.card(draft, each)));
    const again = Array.from(list.children).find((card) => (card as HTMLElement).dataset.photo === focused);
    again?.querySelector('a')?.focus();
  }

  private writeStars(count: number): void {
    this.part('stars').hidden = count === 0;
    this.part('stars').textContent = ngettext(
      'You have given one star of three.',
      'You have given %(num)s stars of three.',
      count,
    );
  }

  private card(draft: Draft, { look, words, more }: Standing): HTMLElement {
    const card = clone(this.root, '[data-part="card"]');
    card.dataset.photo = draft.id;
    const [language, text = ''] = Object.entries(wordsOf(draft.body.caption))[0] ?? [];
    const caption = part(card, 'caption');
    caption.textContent = text ? begin(text) : _('Without a caption');
    caption.className = text ? 'voice' : 'quiet';
    caption.dir = 'auto';
    if (language) caption.lang = language;
    this.picture(card, draft.thumb, text);
    const badge = clone(this.root, `[data-badge="${look}"]`);
    badge.querySelector('span')?.append(words);
    part(card, 'state').append(badge);
    part(card, 'more').textContent = more ?? '';
    part(card, 'more').hidden = !more;
    const open = part(card, 'open') as HTMLAnchorElement;
    open.href = `#photo/${draft.id}`;
    open.querySelector('span')?.append(draft.sealed ? _('Change or take back') : _('Go on with this photo'));
    caption.id = `photo-${draft.id}`;
    open.setAttribute('aria-describedby', caption.id);
    return card;
  }

  private picture(card: HTMLElement, thumb: ArrayBuffer | undefined, text: string): void {
    const image = part(card, 'picture') as HTMLImageElement;
    image.hidden = !thumb;
    part(card, 'blank').hidden = thumb !== undefined;
    if (!thumb) return;
    const address = URL.createObjectURL(new Blob([thumb], { type: 'image/jpeg' }));
    this.addresses.add(address);
    image.src = address;
    image.alt = text ? `${_('Your photo')}: ${begin(text)}` : _('Your photo');
  }

  private part(name: string): HTMLElement {
    return part(this.root, name);
  }
}

/** How far a photo is: its newest revision first, then the bytes that go early, then the original. */
export function standing(draft: Draft, items: readonly Item[], all: readonly Bytes[]): Standing {
  const item = items
    .filter((each) => each.record === draft.id)
    .reduce<Item | undefined>(
      (newest, each) => (newest && newest.revision > each.revision ? newest : each),
      undefined,
    );
  const bytes = all.filter((row) => row.record === draft.id);
  const early = bytes.filter((row) => goesEarly(row, bytes));
  const refused = [...(item ? [item] : []), ...bytes].find((row) => row.state === 'refused');
  if (refused)
    return {
      look: 'bad',
      words: _('Refused: %(reason)s', { reason: reasonInWords(refused.reason) }),
      more: kept(),
    };
  if (!draft.sealed) return { look: 'here', words: _('Not finished, only on this phone') };
  if (item?.state === 'sending') return { look: 'way', words: _('On its way') };
  if (draft.dirty || item?.state !== 'received') return waiting(_('On this phone'), item?.reason);
  const next = early.find((row) => row.state !== 'received');
  if (next?.state === 'sending') return { look: 'way', words: _('Words received, picture on its way') };
  if (next) return waiting(_('Words received, picture waits'), next.reason);
  return { look: 'got', words: _('Received'), ...owed(bytes.filter((row) => row.state !== 'received')) };
}

const kept = (): string => _('The picture and your words are kept on this phone.');

const waiting = (words: string, reason: Reason | undefined): Standing => ({
  look: 'here',
  words,
  ...(reason && { more: reasonInWords(reason) }),
});

function owed(originals: readonly Bytes[]): { more?: string } {
  const [original] = originals;
  if (!original) return {};
  const size = formatBytes(original.bytes);
  if (original.asked)
    return {
      more: _('The organisers ask for the large picture (%(size)s). It is still on this phone.', { size }),
    };
  return { more: _('The large picture for print (%(size)s) is still on this phone.', { size }) };
}

/** The beginning of a caption. Cut between characters, never within one. */
function begin(text: string): string {
  const letters = Array.from(text.trim());
  return letters.length > START ? `${letters.slice(0, START).join('').trimEnd()}…` : letters.join('');
}

function part(root: ParentNode, name: string): HTMLElement {
  const found = root.querySelector<HTMLElement>(`[data-part="${name}"]`);
  if (!found) throw new Error(`the album needs a part ${name}`);
  return found;
}

function clone(root: ParentNode, selector: string): HTMLElement {
  const found = root.querySelector<HTMLTemplateElement>(`template${selector}`);
  const made = found?.content.firstElementChild?.cloneNode(true);
  if (!(made instanceof HTMLElement)) throw new Error(`the album needs a template ${selector}`);
  return made;
}
