// What is one's own: choices, who uses this phone, taking everything off it or back.

import type { Draft, Person, Place } from '../outbox/item';
import type { Store } from '../outbox/store';
import { _, formatDate, ngettext } from '../words';
import { ask } from './api';
import { type Choice, readChoices, showChoices } from './join';
import { part, type Shown, type View } from './page';

export class Mine implements View {
  constructor(
    private readonly root: HTMLElement,
    private readonly store: Store,
    private readonly place: Place,
    private readonly person: () => Person,
    private readonly become: (next: Person | undefined) => Promise<void>,
  ) {
    part(root, 'mine').addEventListener('change', (event) => {
      const purpose = (event.target as Element).closest<HTMLElement>('[data-purpose]')?.dataset.purpose;
      void this.decide(purpose ?? '');
    });
    root.querySelector('[data-do="wipe"]')?.addEventListener('click', () => void this.wipe());
    root.querySelector('[data-do="everything"]')?.addEventListener('click', () => void this.takeBack());
  }

  async show(): Promise<Shown> {
    const person = this.person();
    const [choices, people, counts] = await Promise.all([
      this.store.setting<Choice[]>(`mine:${person.id}`),
      this.store.people(),
      this.store.counts(person.id),
    ]);
    // Instead of "mine-keep" the field sets know their purposes by themselves.
    showChoices(part(this.root, 'mine'), choices ?? []);
    part(this.root, 'people').hidden = false;
    part(this.root, 'whom').replaceChildren(...people.map((each) => this.row(each, each.id === person.id)));
    const unsent = counts.here + counts.sending + counts.refused;
    part(this.root, 'unsent').textContent = unsent
      ? ngettext(
          '%(num)s thing has not been received yet. It would be lost: send it first, or save a copy.',
          '%(num)s things have not been received yet. They would be lost: send them first, or save a copy.',
          unsent,
        )
      : counts.originals
        ? ngettext(
            '%(num)s large picture has not been received yet. It would be lost: send it first, or save a copy.',
            '%(num)s large pictures have not been received yet. They would be lost: send them first, or save a copy.',
            counts.originals,
          )
        : _('Everything here has been received.');
    return { where: _('What is mine'), beside: this.place.title, back: '#home' };
  }

  // Kept and sealed like an answer: it holds at once on this phone, and at the project when it has been received.
  private async decide(purpose: string): Promise<void> {
    const person = this.person();
    const form = part(this.root, 'mine');
    const choices = readChoices(form);
    showChoices(form, choices); // a no empties what was written beside the yes
    const said = choices.find((each) => each.purpose === purpose);
    if (!said) return;
    await this.store.setSetting(`mine:${person.id}`, choices);
    const draft: Draft = {
      id: crypto.randomUUID(),
      person: person.id,
      kind: 'consent',
      place: this.place.id,
      key: '',
      changed: said.at,
      sealed: 0,
      dirty: true,
      body: { ...said, method: 'tapped' },
    };
    await this.store.saveDraft(draft);
    await this.store.seal(draft.id);
  }

  private row(each: Person, isHere: boolean): HTMLElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = isHere ? 'btn wide main' : 'btn wide';
    const since = formatDate(new Date(each.joined), { dateStyle: 'short', timeStyle: 'short' });
    button.textContent = isHere
      ? _('Now: who joined on %(time)s', { time: since })
      : _('Who joined on %(time)s', { time: since });
    if (isHere) button.setAttribute('aria-current', 'true');
    else button.addEventListener('click', () => void this.become(each));
    return button;
  }

  private async wipe(): Promise<void> {
    const { id, token } = this.person();
    await this.store.wipe(id);
    // So that nobody waits for what was here. Without a signal nobody can know.
    const nothing = { answers: 0, photos: 0 };
    void ask('/api/v1/me/held', { method: 'PUT', token, body: nothing }).catch(() => undefined);
    const [other] = (await this.store.people()).filter((each) =>
      each.places.some((place) => place.id === this.place.id),
    );
    await this.become(other);
  }

  private async takeBack(): Promise<void> {
    await ask('/api/v1/me', { method: 'DELETE', token: this.person().token });
    await this.wipe();
  }
}
