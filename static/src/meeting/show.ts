// show: the presentation for the projector. Keys, and the buttons of a clicker, which sends keys; a tap goes on.
// templates/meeting/show.html shows one photo without it, with links to the others.

import { _, loadWords } from '../words';

const POLL = 10_000; // milliseconds
const IDLE = 3000;

const KEYS: Readonly<Record<string, keyof Show>> = {
  ' ': 'next',
  Enter: 'next',
  PageDown: 'next',
  ArrowDown: 'next',
  n: 'next',
  PageUp: 'previous',
  ArrowUp: 'previous',
  Backspace: 'previous',
  p: 'previous',
  Home: 'first',
  End: 'last',
  f: 'fill',
  F5: 'fill',
  s: 'skip',
  u: 'unskip',
  b: 'black',
  '.': 'black',
  Escape: 'leave',
};

export function start(root: HTMLElement): void {
  new Show(root).start();
}

export class Show {
  private slides: HTMLElement[];
  private readonly skipped: HTMLElement[] = [];
  private at: number;
  private idle = 0;

  constructor(private readonly root: HTMLElement) {
    this.slides = [...root.querySelectorAll<HTMLElement>('[data-part=slide]')];
    this.at = Math.max(
      0,
      this.slides.findIndex((slide) => !slide.hidden),
    );
  }

  start(): void {
    void loadWords();
    document.addEventListener('keydown', (event) => this.pressed(event));
    this.root.addEventListener('click', (event) => this.tapped(event));
    this.root.addEventListener('pointermove', () => this.seen());
    this.root.addEventListener('error', (event) => this.broken(event), true);
    this.seen();
    this.fetchAround();
    setInterval(() => void this.look(), POLL);
  }

  next(): void {
    this.go(this.at + 1);
  }

  previous(): void {
    this.go(this.at - 1);
  }

  first(): void {
    this.go(0);
  }

  last(): void {
    this.go(this.slides.length - 1);
  }

  // Left out for this showing; U brings the last one back.
  skip(): void {
    const slide = this.slides[this.at];
    if (!slide || this.slides.length < 2) return;
    this.skipped.push(slide);
    this.drop(slide);
    this.say(_('Skipped. U brings it back.'));
  }

  unskip(): void {
    const slide = this.skipped.pop();
    if (!slide) return;
    const order = (each: HTMLElement) => [...this.root.children].indexOf(each);
    this.slides.push(slide);
    this.slides.sort((one, other) => order(one) - order(other));
    this.go(this.slides.indexOf(slide));
  }

  black(): void {
    const cover = this.cover();
    cover.hidden = !cover.hidden;
  }

  async fill(): Promise<void> {
    try {
      if (document.fullscreenElement) await document.exitFullscreen();
      else await document.documentElement.requestFullscreen();
    } catch {
      // A browser that fills no screen shows the page as it is.
    }
  }

  leave(): void {
    if (!this.cover().hidden) this.black();
    else if (!document.fullscreenElement) location.assign(this.root.dataset.back ?? '/');
  }

  private pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.closest('a, button') && /^( |Enter)$/.test(event.key))
      return;
    const what = this.meaning(event.key);
    if (!what) return;
    event.preventDefault();
    if (what !== 'black' && what !== 'leave') this.cover().hidden = true;
    void (this[what] as () => void).call(this);
  }

  private meaning(key: string): keyof Show | undefined {
    const rtl = document.documentElement.dir === 'rtl';
    if (key === 'ArrowRight') return rtl ? 'previous' : 'next';
    if (key === 'ArrowLeft') return rtl ? 'next' : 'previous';
    return KEYS[key.length === 1 ? key.toLowerCase() : key];
  }

  private tapped(event: MouseEvent): void {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a');
    if (!link) this.next();
    else if (link.rel) {
      event.preventDefault();
      if (link.rel === 'next') this.next();
      else this.previous();
    }
  }

  private go(at: number): void {
    const slide = this.slides[at];
    if (!slide) {
      this.say(at < 0 ? _('This is the first photo.') : _('This is the last photo.'));
      return;
    }
    this.at = at;
    fetchPicture(slide);
    for (const each of this.root.querySelectorAll<HTMLElement>('[data-part=slide]'))
      each.hidden = each !== slide;
    const address = new URL(location.href);
    address.searchParams.set('at', slide.dataset.number ?? '');
    history.replaceState(null, '', address);
    const all = String(this.slides.length);
    this.say(_('Photo %(number)s of %(all)s', { number: String(at + 1), all }));
    this.fetchAround();
  }

  private fetchAround(): void {
    for (const step of [1, -1, 2]) {
      const slide = this.slides[this.at + step];
      if (slide) fetchPicture(slide);
    }
  }

  // A picture that does not come is not stared at: most likely its author has just taken it back.
  private broken(event: Event): void {
    const slide = (event.target as Element).closest<HTMLElement>('[data-part=slide]');
    if (slide) this.drop(slide);
  }

  private drop(slide: HTMLElement): void {
    const at = this.slides.indexOf(slide);
    if (at < 0) return;
    const shown = this.slides[this.at];
    this.slides.splice(at, 1);
    slide.hidden = true;
    if (shown === slide) this.go(Math.min(at, this.slides.length - 1));
    else if (shown) this.at = this.slides.indexOf(shown);
  }

  // What may not be shown any more goes at once.
  private async look(): Promise<void> {
    try {
      const answer = await fetch(this.root.dataset.stateAddress ?? '', {
        headers: { Accept: 'application/json' },
      });
      if (!answer.ok) return;
      const state = (await answer.json()) as { loose: number[]; groups: { photos: number[] }[] };
      const there = new Set([...state.loose, ...state.groups.flatMap((group) => group.photos)]);
      for (const slide of [...this.slides]) if (!there.has(Number(slide.dataset.number))) this.drop(slide);
    } catch {
      // Without the server the photos that are here stay.
    }
  }

  private seen(): void {
    this.root.classList.remove('idle');
    clearTimeout(this.idle);
    this.idle = window.setTimeout(() => this.root.classList.add('idle'), IDLE);
  }

  private cover(): HTMLElement {
    const found = this.root.querySelector<HTMLElement>('[data-part=black]');
    if (!found) throw new Error('show needs its black');
    return found;
  }

  private say(text: string): void {
    const says = this.root.querySelector('[data-part=says]');
    if (says) says.textContent = text;
  }
}

function fetchPicture(slide: HTMLElement): void {
  const image = slide.querySelector('img');
  if (image?.dataset.src) {
    image.src = image.dataset.src;
    delete image.dataset.src;
  }
}
