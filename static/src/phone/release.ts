// Somebody who can be recognised in a photo reads in their language what it is for, says yes or no, and signs. The pages
// come from templates/phone/release.html, one in each language. What was said so far is kept; the code never is.

import type { Draft, Person } from '../outbox/item';
import { sayingOf } from '../outbox/steps';
import { hex, type Store } from '../outbox/store';
import type { pictureOf } from '../photo/form';
import type { seal } from '../photo/take';
import { part, type Shown, type View } from './page';
import { Field, type Line, pathOf } from './signature';

const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'; // Crockford's base 32
const LENGTH = 12; // letters: 60 bits

/** What has been said so far. */
interface Saying {
  readonly language?: string;
  readonly answers: Readonly<Record<string, boolean>>;
  readonly guardian: boolean;
  readonly name: string;
  readonly lines: readonly Line[];
}

const NOTHING: Saying = { answers: {}, guardian: false, name: '', lines: [] };

/** A withdrawal code, by the browser's own chance: XXXX-XXXX-XXXX. */
export function newCode(): string {
  const letters = Array.from(crypto.getRandomValues(new Uint8Array(LENGTH)), (each) => LETTERS[each % 32]);
  return [0, 4, 8].map((at) => letters.slice(at, at + 4).join('')).join('-');
}

/** All that anybody but its owner ever has of a code. */
export async function hashOf(code: string): Promise<string> {
  const letters = new TextEncoder().encode(code.replace(/-/g, ''));
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', letters)));
}

export class Releasing implements View {
  private photo: Draft | undefined;
  private said = NOTHING;
  private code: string | undefined;
  private page: Document | undefined;
  private field: Field | undefined;
  private saving: Promise<unknown> = Promise.resolve();
  private isSealing = false;
  private letGo = (): void => {};

  constructor(
    private readonly root: HTMLElement,
    private readonly store: Store,
    private readonly person: () => Person,
    // Handed over: what is fetched later must not make what is fetched at once any larger.
    private readonly app: { readonly pictureOf: typeof pictureOf; readonly seal: typeof seal },
  ) {
    root.addEventListener('change', () => this.heard());
    root.addEventListener('input', (event) => {
      if ((event.target as Element).matches('[data-part="name"]')) this.heard();
    });
    root.addEventListener('click', (event) => {
      const found = (event.target as Element).closest<HTMLElement>('[data-do], [data-read]');
      if (found?.dataset.read) {
        event.preventDefault();
        void this.read(found.dataset.read);
      } else if (found) void this.press(found.dataset.do ?? '');
    });
  }

  /** `#release/PHOTO`, then `/ask`, `/sign`, `/code`. */
  async show([id = '', step = 'language']: readonly string[]): Promise<Shown> {
    const photo = await this.store.draft(id);
    const mine = photo?.kind === 'photo' && photo.person === this.person().id && !photo.withdrawn;
    const away = { to: `#photo/${id}` };
    if (!photo || !mine) return away;
    // Whoever leaves the code has it, or has it no more.
    if (step === 'code' && !this.code) return away;
    this.photo = photo;
    // With the code, what was said has become a record.
    if (step !== 'code') this.said = (await this.store.setting<Saying>(this.name)) ?? NOTHING;
    const language = step === 'language' ? undefined : this.said.language;
    const page = await pageIn(language ?? document.documentElement.lang);
    if (!page || (step !== 'language' && !language))
      return { to: step === 'language' ? `#photo/${id}` : this.at('') };
    this.page = page;
    await this.draw(step);
    const title = page.title.split(' · ')[0];
    const back = { language: `#photo/${id}`, ask: this.at(''), sign: this.at('/ask') }[step];
    return { ...(title && { where: title }), ...(back && { back }) };
  }

  async leave(): Promise<void> {
    await this.saving;
    this.field?.end();
    this.field = undefined;
    this.letGo();
    if (location.hash !== this.at('/code')) this.code = undefined;
    this.root.replaceChildren();
  }

  private get name(): string {
    return sayingOf(this.person().id, this.photo?.id ?? '');
  }

  private at(step: string): string {
    return `#release/${this.photo?.id ?? ''}${step}`;
  }

  private async draw(step: string): Promise<void> {
    const { page, root } = this;
    const made = page?.querySelector<HTMLTemplateElement>(`template[data-step="${step}"]`);
    if (!page || !made) return;
    wear(page);
    const { lang, dir } = page.documentElement;
    Object.assign(root, { lang, dir });
    root.dataset.step = step;
    root.replaceChildren(document.importNode(made.content, true));
    if (step === 'ask') await this.drawAsk();
    if (step === 'sign') this.drawSign();
    if (step === 'code') {
      part(root, 'code').textContent = this.code ?? '';
      part<HTMLAnchorElement>(root, 'back-to').href = `#photo/${this.photo?.id}`;
    }
    // The app shows the view only after this.
    setTimeout(() => {
      scrollTo(0, 0);
      root.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
    });
  }

  private async drawAsk(): Promise<void> {
    const { answers, guardian, name } = this.said;
    for (const each of this.purposes()) {
      const said = answers[each.dataset.purpose ?? ''];
      for (const input of each.querySelectorAll('input'))
        input.checked = said !== undefined && (input.value === 'yes') === said;
    }
    part<HTMLInputElement>(this.root, 'guardian').checked = guardian;
    part<HTMLInputElement>(this.root, 'name').value = name;
    this.count();
    const data = this.photo && (await this.app.pictureOf(this.store, this.photo));
    const picture = part<HTMLImageElement>(this.root, 'picture');
    if (!data) return;
    const address = URL.createObjectURL(new Blob([data], { type: 'image/jpeg' }));
    this.letGo = () => {
      URL.revokeObjectURL(address);
      this.letGo = () => {};
    };
    picture.src = address;
    picture.hidden = false;
  }

  private drawSign(): void {
    for (const row of this.root.querySelectorAll<HTMLElement>('[data-part="said"] li')) {
      const yes = this.said.answers[row.dataset.purpose ?? ''] === true;
      const shown = row.querySelector<HTMLElement>(yes ? '[data-yes]' : '[data-no]');
      if (shown) shown.hidden = false;
    }
    this.field = new Field(part(this.root, 'field'), this.said.lines, (lines) => {
      part(this.root, 'unsigned').hidden = true;
      this.keep({ ...this.said, lines });
    });
  }

  // --- what is said

  private purposes(): HTMLElement[] {
    return Array.from(this.root.querySelectorAll<HTMLElement>('fieldset[data-purpose]'));
  }

  private heard(): void {
    if (this.root.dataset.step !== 'ask') return;
    const answers: Record<string, boolean> = {};
    for (const each of this.purposes()) {
      const chosen = each.querySelector<HTMLInputElement>('input:checked');
      if (chosen && each.dataset.purpose) answers[each.dataset.purpose] = chosen.value === 'yes';
    }
    const guardian = part<HTMLInputElement>(this.root, 'guardian').checked;
    const name = part<HTMLInputElement>(this.root, 'name').value;
    this.count();
    this.keep({ ...this.said, answers, guardian, name });
  }

  private count(): void {
    const done = this.purposes().filter((each) => each.querySelector('input:checked')).length;
    part(this.root, 'done').textContent = String(done);
    if (done === this.purposes().length) part(this.root, 'open').hidden = true;
  }

  private keep(said: Saying): void {
    this.said = said;
    const { name } = this;
    this.saving = this.saving.then(() => this.store.setSetting(name, said)).catch(() => undefined);
  }

  private async read(language: string): Promise<void> {
    if (!(await pageIn(language))) {
      part(this.root, 'absent').hidden = false;
      return;
    }
    this.keep({ ...this.said, language });
    await this.saving;
    location.hash = this.at('/ask');
  }

  private async press(what: string): Promise<void> {
    if (what === 'release-on') {
      const open = this.purposes().find((each) => !each.querySelector('input:checked'));
      part(this.root, 'open').hidden = !open;
      if (open) open.querySelector('input')?.focus();
      else location.hash = this.at('/sign');
    } else if (what === 'release-clear') this.field?.clear();
    else if (what === 'release-signed' || what === 'release-spoken') {
      const isSigned = what === 'release-signed';
      const unsigned = isSigned && !this.said.lines.length;
      part(this.root, 'unsigned').hidden = !unsigned;
      if (unsigned) part(this.root, 'field').scrollIntoView({ block: 'center' });
      if (!unsigned && !this.isSealing) await this.seal(isSigned);
    }
  }

  /** The record and what its author says of the photo are on the disk together; only then the code is shown. */
  private async seal(isSigned: boolean): Promise<void> {
    this.isSealing = true;
    try {
      await this.saving;
      const photo = await this.store.draft(this.photo?.id ?? '');
      if (!photo || photo.withdrawn) {
        location.hash = '#photos';
        return;
      }
      const code = newCode();
      const release = await this.made(photo, isSigned, code);
      const changed = { ...photo, body: { ...photo.body, people: 'released' }, changed: release.changed };
      await this.store.saveTogether([changed, release], this.name);
      this.code = code;
      location.hash = this.at('/code');
      await this.store.seal(release.id);
      await this.app.seal(this.store, photo.id);
    } catch {
      const trouble = this.root.querySelector<HTMLElement>('[data-part="trouble"]');
      if (trouble) trouble.hidden = false;
    } finally {
      this.isSealing = false;
    }
  }

  private async made(photo: Draft, isSigned: boolean, code: string): Promise<Draft> {
    const { language, answers, guardian, name, lines } = this.said;
    const at = new Date().toISOString();
    const asked = this.page?.querySelector<HTMLTemplateElement>('template[data-step="ask"]')?.content;
    const texts = asked?.querySelectorAll<HTMLElement>('fieldset[data-purpose]') ?? [];
    const body = {
      photo: photo.id,
      language,
      answers: Array.from(texts, ({ dataset: { purpose = '', text } }) => {
        return { purpose, yes: answers[purpose] === true, text };
      }),
      guardian,
      ...(name.trim() && { name: name.trim() }),
      method: isSigned ? 'signed' : 'spoken',
      ...(isSigned && { signature: pathOf(lines) }),
      code: await hashOf(code),
      at,
    };
    const { person, place } = photo;
    const id = crypto.randomUUID();
    return { id, person, kind: 'release', place, key: photo.id, body, changed: at, sealed: 0, dirty: true };
  }
}

/** The steps in one language; undefined where they are not on this phone and there is no signal. */
async function pageIn(language: string): Promise<Document | undefined> {
  const address = location.pathname.replace(/[^/]+$/, `${language}/release`);
  try {
    const answer = await fetch(address);
    if (!answer.ok) return undefined;
    return new DOMParser().parseFromString(await answer.text(), 'text/html');
  } catch {
    return undefined;
  }
}

/** Its few rules, once. */
function wear(page: Document): void {
  const link = page.querySelector<HTMLLinkElement>('link[data-part="css"]');
  const address = link?.getAttribute('href');
  if (!address || document.head.querySelector(`link[href="${address}"]`)) return;
  document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: address }));
}
