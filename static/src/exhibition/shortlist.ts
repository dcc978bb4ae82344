// The order of the shortlist by drag and by keys. Each move names one photo and the one before which it hangs, so that
// it fits whatever order there is by now; without this, the buttons are forms (templates/exhibition/shortlist.html).

import type Sortable from 'sortablejs';
import { Unsent } from '../unsent';
import { _, loadWords } from '../words';
import { post, whyNot } from './post';

const NOBODY = '00000000-0000-0000-0000-000000000000';

export function start(root: HTMLElement): void {
  void new Shortlist(root).begin();
}

export class Shortlist {
  private readonly list: HTMLElement;
  private readonly token: string;
  private sent: Promise<void> = Promise.resolve();
  private readonly unsent: Unsent;

  constructor(private readonly root: HTMLElement) {
    this.unsent = new Unsent(root);
    const list = root.querySelector<HTMLElement>('[data-part=order]');
    if (!list) throw new Error('The shortlist has no order');
    this.list = list;
    this.token = root.querySelector<HTMLInputElement>('[data-part=token]')?.value ?? '';
  }

  async begin(): Promise<void> {
    this.root.addEventListener('keydown', (event) => this.pressed(event));
    this.root.addEventListener('submit', (event) => this.submitted(event));
    const hint = this.root.querySelector<HTMLElement>('[data-part=hint]');
    if (hint) hint.hidden = this.photos().length < 2;
    this.number();
    await loadWords();
    await this.drag();
    this.root.dataset.ready = 'yes';
  }

  private async drag(): Promise<void> {
    const { default: Sort } = await import('sortablejs');
    const options: Sortable.Options = {
      animation: window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 140,
      draggable: '[data-part=photo]',
      filter: 'button, input, audio, label',
      preventOnFilter: false,
      delay: 150,
      delayOnTouchOnly: true,
      onEnd: (event) => {
        if (event.oldIndex !== event.newIndex) this.moved(event.item, event.item);
      },
    };
    Sort.create(this.list, options);
    this.list.dataset.live = 'yes';
  }

  private photos(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>(':scope > [data-part=photo]')];
  }

  private pressed(event: KeyboardEvent): void {
    const photo =
      event.target instanceof Element ? event.target.closest<HTMLElement>('[data-part=photo]') : null;
    if (!photo || !event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'ArrowUp') this.shift(photo, -1);
    else if (event.key === 'ArrowDown') this.shift(photo, 1);
    else if (event.key === 'Home') this.put(photo, 0);
    else if (event.key === 'End') this.put(photo, this.photos().length - 1);
    else return;
    event.preventDefault();
  }

  private submitted(event: SubmitEvent): void {
    const button = event.submitter;
    const photo = button?.closest<HTMLElement>('[data-part=photo]');
    const what = button?.getAttribute('data-do');
    if (!photo || !what) return;
    event.preventDefault();
    if (what === 'up') this.shift(photo, -1);
    else if (what === 'down') this.shift(photo, 1);
    else {
      const place = Number(photo.querySelector<HTMLInputElement>('[name=place]')?.value);
      if (place) this.put(photo, Math.min(Math.max(place, 1), this.photos().length) - 1);
    }
  }

  private shift(photo: HTMLElement, by: number): void {
    this.put(photo, this.photos().indexOf(photo) + by);
  }

  private put(photo: HTMLElement, index: number): void {
    const others = this.photos().filter((each) => each !== photo);
    if (index < 0 || index > others.length || this.photos().indexOf(photo) === index) return;
    const focused = document.activeElement;
    this.list.insertBefore(photo, others[index] ?? null);
    this.moved(photo, photo.contains(focused) && focused instanceof HTMLElement ? focused : photo);
  }

  private moved(photo: HTMLElement, focus: HTMLElement): void {
    this.number();
    focus.focus({ preventScroll: true });
    photo.scrollIntoView({ block: 'nearest' });
    const next = photo.nextElementSibling;
    const before = next instanceof HTMLElement ? (next.dataset.photo ?? '') : '';
    const done = this.sent
      .then(() => this.send(photo, before))
      .catch((error) => {
        console.error('The shortlist could not go on', error);
        this.warn(whyNot(0)); // the next ones are sent all the same
      });
    this.sent = this.unsent.hold(done);
  }

  private async send(photo: HTMLElement, before: string): Promise<void> {
    const address = (this.root.dataset.place ?? '').replace(NOBODY, photo.dataset.photo ?? '');
    const outcome = await post(address, this.token, before ? { before } : {});
    if (outcome.kind === 'done') {
      this.say(outcome.answer.sentence);
      // While other moves are under way, this answer knows less than the page.
      if (this.unsent.pending === 1) await this.follow(outcome.answer.order ?? []);
    } else {
      const said = outcome.kind === 'conflict' ? outcome.conflict.sentence : outcome.sentence;
      await this.anew();
      this.warn(said);
    }
  }

  /** Shows the order as the server has it: somebody else may have moved others, or picked more. */
  private async follow(order: readonly string[]): Promise<void> {
    const here = new Map(this.photos().map((photo) => [photo.dataset.photo ?? '', photo]));
    if (order.length !== here.size || order.some((id) => !here.has(id))) {
      await this.anew();
      this.warn(_('The shortlist has changed meanwhile. It is shown as it is now.'));
      return;
    }
    const now = this.photos().map((photo) => photo.dataset.photo);
    if (order.every((id, index) => now[index] === id)) return;
    const focused = document.activeElement;
    for (const id of order) {
      const photo = here.get(id);
      if (photo) this.list.append(photo);
    }
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
    this.number();
    this.warn(_('Somebody else has changed the order meanwhile. Yours was applied to the new one.'));
  }

  private async anew(): Promise<void> {
    const answer = await fetch(window.location.href, { credentials: 'same-origin' }).catch(() => undefined);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const order = page.querySelector('[data-part=order]');
    if (order) this.list.replaceChildren(...document.importNode(order, true).children);
    this.number();
  }

  // Both buttons stand everywhere, since any photo may come to be the first or the last.
  private number(): void {
    const photos = this.photos();
    for (const [index, photo] of photos.entries()) {
      const at = photo.querySelector('[data-part=at]');
      if (at) at.textContent = String(index + 1);
      const place = photo.querySelector<HTMLInputElement>('[name=place]');
      if (place) place.value = String(index + 1);
    }
  }

  private say(sentence: string): void {
    const status = this.root.querySelector('[data-part=says]');
    if (status) status.textContent = sentence;
    const alert = this.root.querySelector('[data-part=alert]');
    if (alert) alert.textContent = '';
  }

  private warn(sentence: string): void {
    const alert = this.root.querySelector('[data-part=alert]');
    if (alert) alert.textContent = sentence;
  }
}
