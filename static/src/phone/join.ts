// From the choices to "ready offline": joining, and the recovery code.

import type { Person, Place } from '../outbox/item';
import { hex, type Store } from '../outbox/store';
import { _ } from '../words';
import { ask, type Joined, newDevice } from './api';
import { part, type Shown, type View } from './page';

export interface Choice {
  readonly purpose: string;
  readonly yes: boolean;
  readonly text: string;
  readonly language: string;
  readonly at: string;
  /** Beside a yes to being contacted: where. */
  readonly reach?: string | undefined;
}

/** What waits for the answer of the server. The same again joins the same person, whatever was lost on the way. */
interface Waiting {
  readonly participant: string;
  readonly key: string;
  readonly device: string;
}

/** Yes or no for each purpose. */
export class Agreeing implements View {
  private readonly form: HTMLElement;

  constructor(
    private readonly body: HTMLElement,
    root: HTMLElement,
    private readonly store: Store,
    private readonly place: Place,
  ) {
    this.form = part(root, 'purposes');
    this.form.addEventListener('change', () => {
      this.count();
      void store.setSetting(`choices:${place.id}`, readChoices(this.form));
    });
  }

  async show(): Promise<Shown> {
    const before = await this.store.setting<Choice[]>(`choices:${this.place.id}`);
    showChoices(this.form, before ?? []);
    this.count();
    return {
      where: _('Before we start'),
      beside: this.place.title,
      back: this.body.dataset.cover ?? '#home',
    };
  }

  /** Joins with what was chosen; undefined where nothing may be kept, or a question is open. */
  async join(known: Person | undefined): Promise<Person | 'open' | 'nothing'> {
    const choices = readChoices(this.form);
    const open = this.open();
    if (open) {
      open.querySelector<HTMLInputElement>('input')?.focus();
      return 'open';
    }
    if (!choices.some((each) => each.purpose === 'keep' && each.yes)) return 'nothing';
    const waiting = await this.waiting();
    const said = await ask<Joined>('/api/v1/join', {
      method: 'POST',
      ...(known ? { token: known.token } : {}),
      body: {
        ...waiting,
        code: this.place.code,
        language: this.place.language,
        ...this.perspective(),
        reach: choices.find((each) => each.reach)?.reach,
        consents: choices.map((each) => ({ ...each, reach: undefined })),
      },
    });
    const person: Person = {
      id: said.participant,
      key: waiting.key,
      token: said.token,
      recovery: said.recovery ?? '',
      device: waiting.device,
      sequence: 0,
      places: [this.place],
      originals: 'wifi',
      joined: new Date().toISOString(),
    };
    await this.store.savePerson(person);
    await this.store.setCurrent(person.id);
    await this.store.setSetting(`mine:${person.id}`, choices);
    await this.store.setSetting(`waiting:${this.place.id}`, undefined);
    await this.store.setSetting(`choices:${this.place.id}`, undefined);
    return person;
  }

  // Made once and kept before the first try: so a lost answer makes no second person.
  private async waiting(): Promise<Waiting> {
    const name = `waiting:${this.place.id}`;
    const before = await this.store.setting<Waiting>(name);
    if (before) return before;
    const made: Waiting = {
      participant: crypto.randomUUID(),
      key: hex(crypto.getRandomValues(new Uint8Array(32))),
      device: newDevice(),
    };
    await this.store.setSetting(name, made);
    return made;
  }

  private perspective(): { perspective?: string } {
    const chosen = new URLSearchParams(location.search).get('perspective');
    return chosen ? { perspective: chosen } : {};
  }

  private open(): Element | undefined {
    return purposes(this.form).find((each) => !each.querySelector('input:checked'));
  }

  private count(): void {
    const all = purposes(this.form);
    const done = all.filter((each) => each.querySelector('input:checked')).length;
    const words = _('%(done)s of %(all)s answered', { done, all: all.length });
    part(this.body, 'chosen').textContent = words;
  }
}

/** The recovery code, shown once. */
export class Code implements View {
  constructor(
    private readonly root: HTMLElement,
    private readonly person: () => Person | undefined,
    private readonly place: Place,
  ) {}

  show(): Shown {
    const person = this.person();
    if (!person?.recovery) return { to: '#home' };
    part(this.root, 'code').textContent = person.recovery;
    return { where: this.place.title };
  }
}

export function readChoices(form: HTMLElement): Choice[] {
  return purposes(form).flatMap((each) => {
    const chosen = each.querySelector<HTMLInputElement>('input:checked');
    const { purpose, text, language } = each.dataset;
    if (!chosen || !purpose || !text) return [];
    const yes = chosen.value === 'yes';
    return [
      {
        purpose,
        yes,
        text,
        language: language ?? 'en',
        at: new Date().toISOString(),
        reach: yes ? reachOf(each)?.value : undefined,
      },
    ];
  });
}

export function showChoices(form: HTMLElement, choices: readonly Choice[]): void {
  for (const each of purposes(form)) {
    const said = choices.find(
      (choice) => choice.purpose === each.dataset.purpose && choice.text === each.dataset.text,
    );
    for (const input of each.querySelectorAll<HTMLInputElement>('input')) {
      input.checked = said !== undefined && (input.value === 'yes') === said.yes;
    }
    const reach = reachOf(each);
    if (reach) reach.value = choices.find((choice) => choice.reach)?.reach ?? '';
  }
}

const reachOf = (purpose: Element): HTMLInputElement | null => purpose.querySelector('.input');

function purposes(form: HTMLElement): HTMLElement[] {
  return Array.from(form.querySelectorAll<HTMLElement>('fieldset[data-purpose]'));
}
