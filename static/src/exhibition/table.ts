// The light table by keys: a decision is saved at once, and the next photo comes. Without this, each button is a form
// (templates/exhibition/table.html); the pages, pictures and words are the same.

import { Unsent } from '../unsent';
import { _, formatNumber, loadWords } from '../words';
import { type Deed, deedOf, type Step, stepTo, type View, type Wish } from './keys';
import { type Answer, type Conflict, post, type Told, whyNot } from './post';

const AHEAD = 3;
const MOST_BESIDE = 4;
const NOBODY = '00000000-0000-0000-0000-000000000000';
const KEYS_OFF = 'light-table-keys-off';
const PAN_PIXELS = 160;
const LOUPE_SIZES = '(min-width: 64rem) 55vw, 100vw';

export function start(root: HTMLElement): void {
  const table = new LightTable(root);
  void loadWords().then(() => table.begin());
}

export class LightTable {
  private readonly page = document;
  private readonly grid: HTMLElement;
  private readonly loupe: HTMLElement;
  private readonly compare: HTMLElement;
  private readonly token: string;
  private at = 0;
  private beside: HTMLElement[] = [];
  private full = false;
  private below = '';
  private loading = false;
  private sent: Promise<void> = Promise.resolve();
  private readonly unsent: Unsent;
  private readonly ahead = new Map<string, HTMLImageElement>();

  constructor(private readonly root: HTMLElement) {
    this.unsent = new Unsent(root);
    this.grid = part(root, '[data-part=grid]');
    this.loupe = part(root, '[data-part=loupe]');
    this.compare = part(root, '[data-part=compare]');
    this.token = this.page.querySelector<HTMLInputElement>('[data-part=token]')?.value ?? '';
  }

  begin(): void {
    const cells = this.cells();
    const current = this.grid.querySelector('[aria-current]')?.closest<HTMLElement>('[data-part=cell]');
    this.at = Math.max(0, current ? cells.indexOf(current) : 0);
    const figures = [...this.compare.querySelectorAll<HTMLElement>('[data-part=figure]')];
    this.beside = figures
      .map((figure) => cells.find((cell) => cell.dataset.photo === figure.dataset.photo))
      .filter((cell) => cell !== undefined);
    // Photos of several pages side by side: what does not lie here cannot be moved by keys, and the forms do it all.
    if (this.beside.length < figures.length) return;
    for (const cell of cells) this.prepare(cell);
    this.page.addEventListener('keydown', (event) => this.pressed(event));
    this.page.addEventListener('submit', (event) => this.submitted(event));
    this.page.addEventListener('click', (event) => this.clicked(event));
    for (const each of this.page.querySelectorAll<HTMLElement>('.lttools [data-do=keys]'))
      each.hidden = false;
    const on = this.page.querySelector<HTMLInputElement>('[data-part=keyson]');
    if (on) {
      on.checked = !localStorage.getItem(KEYS_OFF);
      on.addEventListener('change', () => {
        if (on.checked) localStorage.removeItem(KEYS_OFF);
        else localStorage.setItem(KEYS_OFF, 'yes');
      });
    }
    this.show(this.view, cells.length > 0);
    this.root.dataset.ready = 'yes';
  }

  private cells(): HTMLElement[] {
    return [...this.grid.querySelectorAll<HTMLElement>('[data-part=cell]')];
  }

  private current(): HTMLElement | undefined {
    return this.cells()[this.at];
  }

  private get view(): View {
    return this.page.body.dataset.view as View;
  }

  private prepare(cell: HTMLElement): void {
    part<HTMLElement>(cell, '[data-part=open]').tabIndex = -1;
    // By keys the space bar chooses: so many boxes in the way of Tab help nobody.
    const box = cell.querySelector<HTMLInputElement>('.beside input');
    if (box) box.tabIndex = -1;
  }

  // Events

  private pressed(event: KeyboardEvent): void {
    if (event.defaultPrevented || this.page.querySelector('dialog[open]')) return;
    const on = event.target instanceof Element ? event.target : null;
    if (on?.closest('input:not([type=checkbox]), select, textarea, audio, summary, details[open] form'))
      return;
    const control = on?.closest('button, a:not([data-part=open]), input');
    if (control && (event.key === 'Enter' || event.key === ' ')) return;
    const letters = !localStorage.getItem(KEYS_OFF);
    const deed = deedOf(event, letters, this.page.documentElement.dir === 'rtl');
    if (!deed || (deed.do === 'pan' && !this.full)) return;
    event.preventDefault();
    // A screen reader may lay the focus anywhere: what is meant is the photo where it lies.
    const cell = on?.closest<HTMLElement>('[data-part=cell]');
    if (cell && cell !== this.current() && this.view === 'grid') this.moveTo(this.cells().indexOf(cell));
    this.act(deed);
  }

  private act(deed: Deed): void {
    if (deed.do === 'go') void this.go(deed.step);
    else if (deed.do === 'mark') this.mark(deed.wish);
    else if (deed.do === 'rate') this.rate(deed.stars);
    else if (deed.do === 'view') this.show(deed.view);
    else if (deed.do === 'undo') this.undo();
    else if (deed.do === 'zoom') this.zoom();
    else if (deed.do === 'keys') part<HTMLDialogElement>(this.page, 'dialog[data-part=keys]').showModal();
    else if (deed.do === 'pan') this.pan(deed.x, deed.y);
    else this.choose();
  }

  private submitted(event: SubmitEvent): void {
    const form = event.target instanceof HTMLFormElement ? event.target : null;
    const button = event.submitter instanceof HTMLButtonElement ? event.submitter : null;
    if (form?.dataset.part === 'mark' && button) this.mark(button.value as Wish);
    else if (form?.dataset.part === 'rate' && button) this.rate(Number(button.value));
    else if (form?.dataset.part === 'undo') this.undo();
    else if (form?.id === 'compare' && this.onThisPage()) this.show('compare');
    else return;
    event.preventDefault();
  }

  private clicked(event: MouseEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const on = event.target instanceof Element ? event.target : null;
    const opened = on?.closest('[data-part=open]')?.closest<HTMLElement>('[data-part=cell]');
    const figure = on?.closest<HTMLElement>('[data-part=figure]');
    const what = on?.closest<HTMLElement>('[data-do]')?.dataset.do;
    if (opened) this.opened(opened);
    else if (what === 'grid' || what === 'loupe') this.show(what);
    else if (what === 'zoom' || what === 'keys') this.act({ do: what });
    else if (figure && this.view === 'compare' && !on?.closest('summary, audio'))
      this.moveTo(this.index(figure));
    else return;
    event.preventDefault();
  }

  // A first click chooses the photo, a second one shows it large.
  private opened(cell: HTMLElement): void {
    const index = this.cells().indexOf(cell);
    if (index === this.at && this.view === 'grid') this.show('loupe');
    else this.moveTo(index);
  }

  private index(figure: HTMLElement): number {
    return this.cells().findIndex((cell) => cell.dataset.photo === figure.dataset.photo);
  }

  // Moving

  private async go(step: Step): Promise<void> {
    if (this.view === 'compare' && this.beside.length) {
      const among = this.beside.indexOf(this.current() ?? this.root);
      const cell = this.beside[stepTo(step, among, this.beside.length, 2)];
      if (cell) this.moveTo(this.cells().indexOf(cell));
      return;
    }
    const to = stepTo(step, this.at, this.cells().length, this.columns());
    if (to === this.at && (step === 'next' || step === 'below') && (await this.more())) {
      await this.go(step);
      return;
    }
    this.moveTo(to);
  }

  private columns(): number {
    const cells = this.cells();
    const top = cells[0]?.offsetTop;
    const more = cells.findIndex((cell) => cell.offsetTop !== top);
    return more > 0 ? more : 1;
  }

  private moveTo(index: number, focus = true): void {
    const cells = this.cells();
    for (const cell of cells.filter((each) => each.querySelector('[aria-current]')))
      part(cell, '[data-part=open]').removeAttribute('aria-current');
    this.at = index;
    const cell = cells[index];
    if (!cell) return;
    const link = part<HTMLElement>(cell, '[data-part=open]');
    for (const each of this.grid.querySelectorAll<HTMLElement>('[data-part=open][tabindex="0"]'))
      each.tabIndex = -1;
    link.tabIndex = 0;
    link.setAttribute('aria-current', 'true');
    if (focus && this.view !== 'compare') link.focus({ preventScroll: true });
    cell.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    this.draw(cell);
    this.preload();
    if (index > cells.length - AHEAD * this.columns()) void this.more();
  }

  /** Lays the next page's photos behind these; whether any came. */
  private async more(): Promise<boolean> {
    const later = this.page.querySelector<HTMLAnchorElement>('[data-part=later]');
    if (!later || this.loading) return false;
    this.loading = true;
    try {
      const answer = await fetch(later.href, { credentials: 'same-origin' });
      if (!answer.ok) return false;
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const found = page.querySelectorAll<HTMLElement>('[data-part=cell]');
      const known = new Set(this.cells().map((cell) => cell.dataset.photo));
      for (const cell of [...found].filter((each) => !known.has(each.dataset.photo))) {
        const here = this.page.importNode(cell, true);
        here.querySelector('[aria-current]')?.removeAttribute('aria-current');
        this.grid.append(here);
        this.prepare(here);
      }
      const next = page.querySelector<HTMLAnchorElement>('[data-part=later]');
      if (next) later.href = next.href;
      else later.remove();
      return found.length > 0;
    } catch {
      return false;
    } finally {
      this.loading = false;
    }
  }

  // Drawing

  private show(view: View, focus = true): void {
    if (view === 'compare') {
      const chosen = this.chosen();
      if (chosen.length < 2) {
        this.say(_('There is nothing to compare with.'));
        return;
      }
      this.beside = chosen;
    }
    this.page.body.dataset.view = view;
    for (const each of this.page.querySelectorAll('.lttools nav [data-do]')) {
      if (each.getAttribute('data-do') === view) each.setAttribute('aria-current', 'true');
      else each.removeAttribute('aria-current');
    }
    if (view === 'compare') {
      this.drawBeside();
      const first = this.beside.find((cell) => cell === this.current()) ?? this.beside[0];
      this.moveTo(first ? this.cells().indexOf(first) : this.at, false);
      this.root.focus({ preventScroll: true });
    } else this.moveTo(this.at, focus);
  }

  private chosen(): HTMLElement[] {
    if (this.view === 'compare' && this.beside.length > 1) return this.beside;
    const cells = this.cells();
    const ticked = cells.filter((cell) => cell.querySelector<HTMLInputElement>('.beside input')?.checked);
    const found =
      ticked.length > 1 ? ticked : [...new Set([...ticked, ...cells.slice(this.at, this.at + 2)])];
    return found.slice(0, MOST_BESIDE);
  }

  private onThisPage(): boolean {
    return this.chosen().length > 1;
  }

  private choose(): void {
    const box = this.current()?.querySelector<HTMLInputElement>('.beside input');
    if (!box) return;
    const many = this.cells().filter(
      (cell) => cell.querySelector<HTMLInputElement>('.beside input')?.checked,
    ).length;
    if (!box.checked && many >= MOST_BESIDE) {
      this.say(_('At most four can be compared.'));
      return;
    }
    box.checked = !box.checked;
    const number = Number(this.current()?.dataset.number);
    this.say(
      box.checked
        ? _('No. %(number)s is chosen for comparing.', { number: String(number) })
        : _('No. %(number)s is not chosen any more.', { number: String(number) }),
    );
  }

  private draw(cell: HTMLElement): void {
    if (this.view === 'loupe') this.fill(this.loupe, [cell], LOUPE_SIZES);
    if (this.view === 'compare') this.drawBeside();
    this.tools(cell);
    this.remember(cell);
  }

  private drawBeside(): void {
    this.compare.dataset.n = String(this.beside.length);
    this.fill(this.compare, this.beside, '45vw');
  }

  private fill(where: HTMLElement, cells: readonly HTMLElement[], sizes: string): void {
    const known = [...where.querySelectorAll<HTMLElement>('[data-part=figure]')];
    const figures = cells.map(
      (cell) => known.find((each) => each.dataset.photo === cell.dataset.photo) ?? this.figure(cell, sizes),
    );
    for (const [index, figure] of figures.entries()) {
      const cell = cells[index];
      if (!cell) continue;
      standing(figure, cell);
      if (cell === this.current()) figure.setAttribute('aria-current', 'true');
      else figure.removeAttribute('aria-current');
      this.fit(figure);
    }
    if (figures.some((figure, index) => where.children[index] !== figure) || known.length !== figures.length)
      where.replaceChildren(...figures);
  }

  private figure(cell: HTMLElement, sizes: string): HTMLElement {
    const figure = this.page.createElement('figure');
    figure.dataset.part = 'figure';
    figure.dataset.photo = cell.dataset.photo ?? '';
    const pane = this.page.createElement('div');
    pane.className = 'pane';
    pane.dataset.part = 'pane';
    if (cell.dataset.picture) pane.append(this.image(cell, sizes));
    const words = this.page.createElement('figcaption');
    words.tabIndex = 0; // a long story is scrolled by keys
    const stands = this.page.createElement('p');
    stands.className = 'standing';
    stands.dataset.part = 'standing';
    words.append(stands, part<HTMLTemplateElement>(cell, 'template').content.cloneNode(true));
    figure.append(pane, words);
    return figure;
  }

  private image(cell: HTMLElement, sizes: string): HTMLImageElement {
    const { picture = '', width = '0', height = '0', photo = '' } = cell.dataset;
    const image = this.ahead.get(photo) ?? new Image();
    this.ahead.delete(photo);
    image.dataset.part = 'picture';
    image.alt = cell.querySelector('img')?.alt ?? '';
    image.width = Number(width);
    image.height = Number(height);
    if (!image.src) {
      image.sizes = sizes;
      // 1280 and 2000 are the longer sides; what a browser chooses by is the width.
      image.srcset = `${picture}1280 ${width}w, ${picture}2000 ${Math.round((Number(width) * 2000) / 1280)}w`;
      image.src = `${picture}1280`;
    }
    return image;
  }

  /** The next pictures are fetched and decoded before anybody asks for them. */
  private preload(): void {
    const cells = this.cells().slice(this.at + 1, this.at + 1 + AHEAD);
    for (const cell of cells) {
      const { photo = '', picture } = cell.dataset;
      if (!picture || this.ahead.has(photo)) continue;
      const image = this.image(cell, LOUPE_SIZES);
      this.ahead.set(photo, image);
      void image.decode().catch(() => undefined);
    }
    const near = new Set(cells.map((cell) => cell.dataset.photo));
    for (const photo of this.ahead.keys()) if (!near.has(photo)) this.ahead.delete(photo);
  }

  private zoom(): void {
    if (this.view === 'grid') this.show('loupe');
    this.full = !this.full;
    for (const figure of this.page.querySelectorAll<HTMLElement>('[data-part=figure]')) this.fit(figure);
    const button = this.page.querySelector('[data-do=zoom]');
    if (this.full) button?.setAttribute('aria-current', 'true');
    else button?.removeAttribute('aria-current');
  }

  // At full size one pixel of the largest picture there is lies on one of the screen.
  private fit(figure: HTMLElement): void {
    const pane = part<HTMLElement>(figure, '[data-part=pane]');
    const image = pane.querySelector('img');
    const picture = this.cells().find((cell) => cell.dataset.photo === figure.dataset.photo)?.dataset.picture;
    if (!image || !picture || pane.classList.contains('full') === this.full) return;
    pane.classList.toggle('full', this.full);
    if (!this.full) {
      image.style.removeProperty('inline-size');
      return;
    }
    pane.tabIndex = -1;
    const largest = new Image();
    largest.src = `${picture}2000`;
    void largest
      .decode()
      .then(() => {
        if (!this.full) return;
        image.removeAttribute('srcset');
        image.src = largest.src;
        image.style.inlineSize = `${largest.naturalWidth / window.devicePixelRatio}px`;
        pane.scrollTo((pane.scrollWidth - pane.clientWidth) / 2, (pane.scrollHeight - pane.clientHeight) / 2);
      })
      .catch(() => this.warn(_('The large picture did not come. Try again.')));
  }

  private pan(x: number, y: number): void {
    for (const pane of this.page.querySelectorAll<HTMLElement>('.pane.full'))
      pane.scrollBy(x * PAN_PIXELS, y * PAN_PIXELS);
  }

  private tools(cell: HTMLElement): void {
    const { number = '', state = '', stars = '0' } = cell.dataset;
    part(this.page, '[data-part=which]').textContent = _('No. %(number)s', { number });
    for (const button of this.page.querySelectorAll<HTMLButtonElement>('[data-part=mark] [name=state]'))
      button.setAttribute('aria-pressed', String(button.value === (state || 'none')));
    for (const button of this.page.querySelectorAll<HTMLButtonElement>('[data-part=rate] button'))
      button.setAttribute('aria-pressed', String(button.value === stars));
  }

  // The address names the photo and the view, so that the page comes back as it was left.
  private remember(cell: HTMLElement): void {
    if (this.view === 'compare') return;
    const address = new URL(window.location.href);
    address.searchParams.set('at', cell.dataset.number ?? '');
    address.searchParams.set('view', this.view);
    for (const gone of ['with', 'below', 'from']) address.searchParams.delete(gone);
    window.history.replaceState(null, '', address);
  }

  // Deciding

  private mark(wish: Wish): void {
    const cell = this.current();
    if (!cell) return;
    this.below = '';
    this.queue(cell, async () => {
      const fields = { state: wish, revision: cell.dataset.revision ?? '0' };
      await this.send(cell, this.root.dataset.mark ?? '', fields, wish);
    });
    void this.advance();
  }

  private rate(stars: number): void {
    const cell = this.current();
    if (!cell) return;
    this.queue(cell, () => this.send(cell, this.root.dataset.stars ?? '', { stars: String(stars) }));
  }

  private undo(): void {
    this.queue(undefined, async () => {
      const outcome = await post(this.root.dataset.undo ?? '', this.token, { below: this.below });
      if (outcome.kind === 'failed') this.warn(outcome.sentence);
      if (outcome.kind !== 'done') return;
      this.below = outcome.answer.below ? String(outcome.answer.below) : '';
      this.took(outcome.answer);
      const id = outcome.answer.photo?.id;
      const index = this.cells().findIndex((cell) => cell.dataset.photo === id);
      if (index >= 0 && this.view !== 'compare') this.moveTo(index);
    });
  }

  // One after another, so that each names the revision which the one before has made.
  private queue(cell: HTMLElement | undefined, work: () => Promise<void>): void {
    cell?.setAttribute('aria-busy', 'true');
    const done = this.sent.then(work).catch((error) => {
      console.error('The light table could not go on', error);
      this.warn(whyNot(0)); // the next ones are sent all the same
    });
    this.sent = this.unsent.hold(done).finally(() => cell?.removeAttribute('aria-busy'));
  }

  private async advance(): Promise<void> {
    if (this.view !== 'compare') await this.go('next');
    else this.say('');
  }

  private async send(
    cell: HTMLElement,
    address: string,
    fields: Readonly<Record<string, string>>,
    wish?: Wish,
  ): Promise<void> {
    const outcome = await post(address.replace(NOBODY, cell.dataset.photo ?? ''), this.token, fields);
    if (outcome.kind === 'done') this.took(outcome.answer, wish);
    else if (outcome.kind === 'conflict' && wish) await this.ask(cell, outcome.conflict, wish);
    else if (outcome.kind === 'failed')
      this.warn(`${_('No. %(number)s', { number: cell.dataset.number ?? '' })}: ${outcome.sentence}`);
  }

  private took(answer: Answer, wish?: Wish): void {
    if (answer.photo) this.put(answer.photo);
    if (answer.balance) part(this.page, '[data-part=balance]').innerHTML = answer.balance;
    for (const [state, n] of Object.entries(answer.decided ?? {})) {
      const count = this.page.querySelector(`[data-count=${state}]`);
      if (count) count.textContent = formatNumber(n);
    }
    // What became another thing than was asked for must be seen, also by somebody who looks at the pictures.
    const other = wish === 'pick' && answer.photo?.state === 'wanted';
    if (other || answer.below) this.warn(answer.sentence, true);
    else this.say(answer.sentence);
  }

  private put(told: Told): void {
    const cell = this.cells().find((each) => each.dataset.photo === told.id);
    if (!cell) return;
    cell.dataset.state = told.state;
    cell.dataset.revision = String(told.revision);
    cell.dataset.stars = String(told.stars);
    cell.dataset.mean = String(told.mean ?? 0);
    cell.dataset.judges = String(told.judges);
    part(cell, '[data-part=mk]').setAttribute('href', told.state ? `#sign-${told.state}` : '#');
    part(cell, '[data-part=said]').textContent = stateWords(told.state);
    part(cell, '[data-part=st]').textContent = told.stars ? `${told.stars}★` : '';
    for (const figure of this.page.querySelectorAll<HTMLElement>(
      `[data-part=figure][data-photo="${told.id}"]`,
    ))
      standing(figure, cell);
    if (cell === this.current()) this.tools(cell);
  }

  // Two decisions: somebody says which holds, and nothing goes on before.
  private async ask(cell: HTMLElement, conflict: Conflict, wish: Wish): Promise<void> {
    const dialog = part<HTMLDialogElement>(this.page, 'dialog[data-part=conflict]');
    part(dialog, '[data-part=sentence]').textContent = conflict.sentence;
    const theirs = part<HTMLButtonElement>(dialog, '[data-do=theirs]');
    const mine = part<HTMLButtonElement>(dialog, '[data-do=mine]');
    theirs.textContent = _('It stays: %(state)s', { state: conflict.stands });
    mine.textContent = _('Mine holds: %(state)s', { state: conflict.wished });
    cell.dataset.state = conflict.state;
    cell.dataset.revision = String(conflict.revision);
    part(cell, '[data-part=mk]').setAttribute('href', conflict.state ? `#sign-${conflict.state}` : '#');
    part(cell, '[data-part=said]').textContent = stateWords(conflict.state);
    const holds = await new Promise<boolean>((settle) => {
      theirs.onclick = () => settle(false);
      mine.onclick = () => settle(true);
      dialog.onclose = () => settle(false);
      dialog.showModal();
    });
    dialog.close();
    if (!holds) return;
    const fields = { state: wish, revision: cell.dataset.revision ?? '0' };
    await this.send(cell, this.root.dataset.mark ?? '', fields, wish);
  }

  private say(sentence: string): void {
    part(this.page, '[data-part=says]').textContent = sentence;
    part(this.page, '[data-part=alert]').textContent = '';
  }

  private warn(sentence: string, gentle = false): void {
    const alert = part<HTMLElement>(this.page, '[data-part=alert]');
    alert.classList.toggle('gentle', gentle);
    alert.textContent = sentence;
    part(this.page, '[data-part=says]').textContent = '';
  }
}

function standing(figure: HTMLElement, cell: HTMLElement): void {
  const line = part(figure, '[data-part=standing]');
  const { number = '', state = '', mean = '0', judges = '0' } = cell.dataset;
  const name = document.createElement('b');
  name.textContent = _('No. %(number)s', { number });
  const said = document.createElement('span');
  said.textContent = stateWords(state);
  line.replaceChildren(name, ' ', said);
  if (judges === '0') return;
  const rated = document.createElement('span');
  rated.className = 'num';
  const stars = formatNumber(Number(mean), { maximumFractionDigits: 1 });
  rated.textContent = _('mean %(mean)s ★, %(judges)s judging', { mean: stars, judges });
  line.append(' ', rated);
}

function stateWords(state: string): string {
  if (state === 'pick') return _('picked');
  if (state === 'out') return _('out');
  return state === 'wanted' ? _('wanted: ask') : _('undecided');
}

function part<Found extends Element>(root: ParentNode, selector: string): Found {
  const found = root.querySelector<Found>(selector);
  if (!found) throw new Error(`The light table has no ${selector}`);
  return found;
}
