// One photo and what its author says of it, in two steps (templates/phone/photo.html). Every change is on
// the disk within half a second, and becomes a revision on "Done" or when the person leaves.

import type { Draft, RecordBody } from '../outbox/item';
import type { Store } from '../outbox/store';
import { _, formatDate, ngettext } from '../words';
import { change, seal } from './take';

const PAUSE = 300;
const AGAIN = 3000;
const STARS = 3;

export class PhotoForm {
  private id: string | undefined;
  /** Of the caption: the page's language, or the one in which the caption was written. */
  private language = '';
  private step: 1 | 2 = 1;
  private warned = false;
  private asked = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private refused = false; // the last change is not on the disk
  private saving: Promise<void> = Promise.resolve();
  private releasePicture = (): void => {};

  constructor(
    private readonly root: HTMLElement,
    private readonly store: Store,
  ) {
    root.addEventListener('input', () => this.changed());
    root.addEventListener('change', (event) => void this.chosen(event.target));
    root.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !this.part('sure').hidden) this.stay();
    });
    root.addEventListener('click', (event) => {
      const button = event.target instanceof Element ? event.target.closest('[data-do]') : null;
      if (button instanceof HTMLElement) void this.press(button.dataset.do ?? '');
    });
    window.addEventListener('hashchange', () => {
      if (this.id && !isAt(this.id)) void this.leave();
    });
    document.addEventListener('visibilitychange', () => void this.flush());
    window.addEventListener('pagehide', () => void this.flush());
  }

  async show(id: string): Promise<void> {
    const asked = ++this.asked;
    await (this.id === id ? this.flush() : this.leave());
    const draft = await this.mine(id);
    const [small, signed] = draft
      ? await Promise.all([pictureOf(this.store, draft), signedIn(this.store, draft)])
      : [undefined, ''];
    // Another photo may have been asked for since, or the one before could not be left.
    if (asked !== this.asked || (this.id && this.id !== id)) return;
    this.id = draft?.id;
    this.warned = false;
    this.refused = false;
    this.part('gone').hidden = draft !== undefined;
    this.part('foot').hidden = draft === undefined;
    for (const name of ['ask', 'stars', 'sure', 'trouble']) this.part(name).hidden = true;
    if (draft) {
      this.draw(draft.body);
      this.part('signed').textContent = signed;
      this.find<HTMLAnchorElement>('[data-part="sign"]').href = `#release/${id}`;
      this.consequences();
      this.drawPicture(small);
      void this.offerPaint();
    }
    this.go(draft ? 1 : undefined);
  }

  /** Saves what is pending and seals it. Where the disk refuses, the person is taken back to the photo. */
  async leave(): Promise<void> {
    const id = this.id;
    if (!id) return;
    try {
      // Until another view is seen, people write on; and what they wrote may have been saved by its own time.
      let saved: Promise<void>;
      do {
        const flushed = this.flush();
        saved = this.saving;
        await flushed;
        if (this.refused) throw new Error('the last change is not on the disk');
        await seal(this.store, id);
      } while ((this.timer || this.saving !== saved) && this.id === id);
    } catch {
      this.trouble(true);
      location.hash = `#photo/${id}`;
      return;
    }
    if (this.id !== id) return;
    this.id = undefined;
    this.releasePicture();
    this.go(undefined); // from now on nothing would be kept
  }

  // A phone may be shared: nobody sees another person's photo by its address.
  private async mine(id: string): Promise<Draft | undefined> {
    const [draft, person] = await Promise.all([this.store.draft(id), this.store.current()]);
    return draft && draft.kind === 'photo' && draft.person === person && !draft.withdrawn ? draft : undefined;
  }

  private async press(what: string): Promise<void> {
    if (!this.id) return;
    if (what === 'next' || what === 'back') {
      this.go(what === 'next' ? 2 : 1);
      this.find(`[data-step="${this.step}"] h2`).focus();
    } else if (what === 'done') {
      await this.done(this.id);
    } else if (what === 'paint') {
      await this.flush();
      if (!this.refused) location.assign(`${this.find('[data-do="paint"]').dataset.page}#${this.id}`);
    } else if (what === 'take-back') {
      this.ask(Boolean(this.part('sure').hidden));
    } else if (what === 'stay') {
      this.stay();
    } else if (what === 'gone') {
      await this.takeBack(this.id);
    }
  }

  private async done(id: string): Promise<void> {
    if (!this.checked('photo-people').length && !this.warned) {
      this.warned = true;
      this.part('ask').hidden = false;
      this.find('[name="photo-people"]').focus();
      return;
    }
    await this.leave();
    // Where the disk refused, the photo is still the one that is shown.
    if (!this.id) this.tell('photo-done', id);
  }

  private async takeBack(id: string): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    try {
      await this.saving;
      await this.store.withdraw(id);
    } catch {
      this.trouble(true);
      return;
    }
    this.id = undefined;
    this.releasePicture();
    this.tell('photo-withdrawn', id);
  }

  /** The page may go elsewhere than to all photos, by preventing the event's default. */
  private tell(name: string, id: string): void {
    const event = new CustomEvent(name, { bubbles: true, cancelable: true, detail: { id } });
    if (this.root.dispatchEvent(event)) location.hash = '#photos';
  }

  private ask(open: boolean): void {
    this.part('sure').hidden = !open;
    this.find('[data-do="take-back"]').setAttribute('aria-expanded', String(open));
    if (open) this.part('sure').focus();
  }

  private stay(): void {
    this.ask(false);
    this.find('[data-do="take-back"]').focus();
  }

  // --- every change to the disk

  // The time runs from the first letter and is not put off by the next ones.
  private changed(): void {
    delete this.root.dataset.saved;
    if (this.id && !this.timer) this.timer = setTimeout(() => void this.flush(), PAUSE);
  }

  private async chosen(target: EventTarget | null): Promise<void> {
    if (!this.id || !(target instanceof HTMLInputElement)) return;
    if (target.name === 'photo-star') await this.starred(target, this.id);
    this.consequences();
    this.changed();
    await this.flush();
  }

  private async starred(star: HTMLInputElement, id: string): Promise<void> {
    const others = star.checked ? await starsOf(this.store, id) : 0;
    this.part('stars').hidden = others < STARS;
    if (others >= STARS) star.checked = false;
  }

  private async flush(): Promise<void> {
    const id = this.id;
    if (!id || !this.timer) return this.saving;
    clearTimeout(this.timer);
    this.timer = undefined;
    // The fields are read now, not when it is their turn: by then they may show another photo.
    const said = this.said();
    this.saving = this.save(id, said);
    return this.saving;
  }

  private async save(id: string, said: (body: RecordBody) => RecordBody): Promise<void> {
    try {
      await change(this.store, id, (draft) => said(draft.body));
      this.refused = false;
      if (this.id !== id) return;
      this.trouble(false);
      // What was written since is not on the disk yet.
      if (!this.timer) this.root.dataset.saved = 'yes';
    } catch {
      if (this.id !== id) return;
      this.refused = true;
      this.trouble(true);
      this.timer ??= setTimeout(() => void this.flush(), AGAIN);
    }
  }

  private trouble(is: boolean): void {
    this.part('trouble').hidden = !is;
    this.part('kept').hidden = is;
  }

  /** What the fields say, to be put over what else the record holds. */
  private said(): (body: RecordBody) => RecordBody {
    const caption = this.caption().value;
    const language = this.language;
    const [credit = 'anonymous'] = this.checked('photo-credit');
    const name = this.name().value.trim();
    const [people] = this.checked('photo-people');
    const fields = {
      light: this.checked('photo-light'),
      themes: this.checked('photo-theme'),
      credit,
      star: this.checked('photo-star').length > 0,
      ...(people && { people }),
      ...(credit !== 'anonymous' && name && { credit_as: name }),
    };
    return ({ credit_as: _before, ...body }) => ({
      ...body,
      ...fields,
      // A theme that this page does not know, because it is older or newer, stays.
      themes: [...list(body.themes).filter((theme) => !this.knows(theme)), ...fields.themes],
      caption: withWords(body.caption, language, caption),
    });
  }

  private knows(theme: string): boolean {
    return this.boxes('photo-theme').some((box) => box.value === theme);
  }

  // --- what is seen

  private draw(body: RecordBody): void {
    const captions = wordsOf(body.caption);
    const page = document.documentElement.lang || 'en';
    this.language = page in captions ? page : (Object.keys(captions)[0] ?? page);
    this.caption().value = captions[this.language] ?? '';
    this.caption().lang = this.language;
    this.check('photo-light', list(body.light));
    this.check('photo-theme', list(body.themes));
    this.check('photo-people', [String(body.people ?? '')]);
    this.check('photo-credit', [String(body.credit ?? 'anonymous')]);
    this.check('photo-star', body.star ? ['star'] : []);
    this.name().value = typeof body.credit_as === 'string' ? body.credit_as : '';
    for (const stop of this.root.querySelectorAll<HTMLElement>('[data-stop]')) {
      stop.hidden = stop.dataset.stop !== body.stop;
    }
    this.trouble(false);
    this.root.dataset.saved = 'yes';
    this.consequences();
  }

  private consequences(): void {
    const answered = this.checked('photo-people').length > 0;
    this.part('untold').hidden = answered;
    if (answered) this.part('ask').hidden = true;
    const agrees = this.checked('photo-people')[0] === 'released';
    const release = this.part('release');
    release.hidden = 'nothing' in release.dataset || !(agrees || this.part('signed').textContent);
    this.part('as').hidden = ['', 'anonymous'].includes(this.checked('photo-credit')[0] ?? '');
  }

  /** The painter's page comes after all that is needed to be ready: without a signal it may not be here. */
  private async offerPaint(): Promise<void> {
    const button = this.root.querySelector<HTMLElement>('[data-do="paint"]');
    if (button) button.hidden = !navigator.onLine && !(await caches.match(button.dataset.page ?? ''));
  }

  private drawPicture(data: ArrayBuffer | undefined): void {
    this.releasePicture();
    const image = this.part('picture') as HTMLImageElement;
    image.hidden = data === undefined;
    // An SVG element has no `hidden` of its own.
    this.find('[data-part="drawing"]').toggleAttribute('hidden', data !== undefined);
    this.part('unseen').hidden = data !== undefined;
    if (!data) return;
    const address = URL.createObjectURL(new Blob([data], { type: 'image/jpeg' }));
    this.releasePicture = () => {
      URL.revokeObjectURL(address);
      image.removeAttribute('src');
      this.releasePicture = () => {};
    };
    image.alt = _('Your photo');
    image.src = address;
  }

  private go(step: 1 | 2 | undefined): void {
    this.step = step ?? 1;
    for (const each of this.root.querySelectorAll<HTMLElement>('[data-step]')) {
      each.hidden = Number(each.dataset.step) !== step;
    }
    this.find('[data-do="next"]').hidden = step !== 1;
    this.find('[data-do="back"]').hidden = step !== 2;
    this.find('[data-do="done"]').hidden = step !== 2;
    this.ask(false);
  }

  // --- parts of the template

  private find<Part extends HTMLElement>(selector: string): Part {
    const found = this.root.querySelector<Part>(selector);
    if (!found) throw new Error(`the photo form needs ${selector}`);
    return found;
  }

  private part(name: string): HTMLElement {
    return this.find(`[data-part="${name}"]`);
  }

  private caption(): HTMLTextAreaElement {
    return this.find('[data-part="caption"]');
  }

  private name(): HTMLInputElement {
    return this.find('[data-part="name"]');
  }

  private boxes(name: string): HTMLInputElement[] {
    return Array.from(this.root.querySelectorAll<HTMLInputElement>(`input[name="${name}"]`));
  }

  private checked(name: string): string[] {
    return this.boxes(name)
      .filter((box) => box.checked)
      .map((box) => box.value);
  }

  private check(name: string, values: readonly string[]): void {
    for (const box of this.boxes(name)) box.checked = values.includes(box.value);
  }
}

const isAt = (id: string): boolean =>
  location.hash === `#photo/${id}` || location.hash.startsWith(`#photo/${id}/`);

/** The preview while it is on this phone, then the small picture. */
export async function pictureOf(store: Store, draft: Draft): Promise<ArrayBuffer | undefined> {
  const preview = await store.bytes(`${draft.id}:preview`);
  return ((preview?.here || undefined) && (await store.data(preview?.sha256 ?? ''))) ?? draft.thumb;
}

/** Who has signed for this photo, in which language and when; "" where nobody has. */
async function signedIn(store: Store, { id, person }: Draft): Promise<string> {
  const releases = (await store.drafts(person)).filter(
    (each) => each.kind === 'release' && each.key === id && !each.withdrawn,
  );
  if (!releases.length) return '';
  const each = releases.map(({ body }) => {
    const name = document.querySelector(`[data-language="${body.language}"] span`)?.textContent;
    const when = formatDate(new Date(String(body.at)), { dateStyle: 'short', timeStyle: 'short' });
    return `${name ?? body.language}, ${when}`;
  });
  const many = ngettext('%(num)s person has signed', '%(num)s people have signed', each.length);
  return `${many}: ${each.join(' · ')}`;
}

/** How many other photos of the same person and place have a star. */
async function starsOf(store: Store, id: string): Promise<number> {
  const draft = await store.draft(id);
  if (!draft) return 0;
  const all = await store.drafts(draft.person, draft.place);
  return all.filter((other) => other.id !== id && !other.withdrawn && other.body.star === true).length;
}

const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

export const wordsOf = (value: unknown): Record<string, string> => ({ ...(value as Record<string, string>) });

function withWords(caption: unknown, language: string, words: string): Record<string, string> {
  const all = wordsOf(caption);
  delete all[language];
  return words.trim() ? { ...all, [language]: words } : all;
}
