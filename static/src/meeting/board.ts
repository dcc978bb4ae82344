// board: photos are put into groups by dragging, by keys, or by ticking them. Every change is sent at once; its answer
// says where everything lies now and how to undo it. templates/meeting/board.html works the same without this.

import { Unsent } from '../unsent';
import { _, loadWords, ngettext } from '../words';
import { type Around, beside } from './grid';
import { type Answer, type Fields, type Group, groupOf, type State, strangers, type Undo } from './state';

const POLL = 8000; // milliseconds
const PAUSE = 1200;
const LOOSE = 'none';

export function start(root: HTMLElement): void {
  if (root.dataset.may === 'yes') new Board(root).start();
}

export class Board {
  private readonly undos: Undo[] = [];
  private state: State | undefined;
  private queue: Promise<void> = Promise.resolve();
  private waiting = 0;
  private sent = 0;
  private readonly timers = new Map<HTMLFormElement, number>();

  private readonly unsent: Unsent;

  constructor(private readonly root: HTMLElement) {
    this.unsent = new Unsent(root);
  }

  start(): void {
    void loadWords();
    this.part('[data-part=keys]').hidden = false;
    const given = this.root.querySelector<HTMLFormElement>('[data-part=undoform]');
    if (given) {
      this.undos.push({ address: given.action, fields: fieldsOf(given) });
      given.remove();
    }
    this.showUndo();
    this.root.addEventListener('submit', (event) => this.submitted(event));
    this.root.addEventListener('click', (event) => this.clicked(event));
    this.root.addEventListener('keydown', (event) => this.pressed(event));
    this.root.addEventListener('input', (event) => this.typed(event, PAUSE));
    this.root.addEventListener('change', (event) => this.typed(event, 0));
    addEventListener('pagehide', () => this.sendTyped());
    this.dress();
    void this.look();
    setInterval(() => void this.look(), POLL);
  }

  // What a fresh copy of the page's parts needs.
  private dress(): void {
    for (const button of this.root.querySelectorAll<HTMLElement>('[data-part=save]')) button.hidden = true;
    void this.letDrag();
  }

  private async letDrag(): Promise<void> {
    const { default: Sortable } = await import('sortablejs');
    const touch = { delay: 180, delayOnTouchOnly: true, animation: 0 };
    for (const list of this.lists()) {
      new Sortable(list, {
        ...touch,
        group: 'photos',
        draggable: '.tile',
        sort: list.dataset.group !== '',
        onEnd: ({ item, to }) => this.dropped(item, to),
      });
    }
    new Sortable(this.part('[data-part=groups]'), {
      ...touch,
      handle: '[data-part=stamp]',
      draggable: '[data-part=group]',
      onEnd: () => this.order(),
    });
  }

  // where things are

  private part<Part extends HTMLElement>(selector: string): Part {
    const found = this.root.querySelector<Part>(selector);
    if (!found) throw new Error(`board needs ${selector}`);
    return found;
  }

  private lists(): HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>('[data-part=list]')];
  }

  private list(group: string): HTMLElement | undefined {
    return this.lists().find((list) => list.dataset.group === group);
  }

  private tiles(): HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>('.tile')];
  }

  private tile(number: number): HTMLElement | undefined {
    return this.root.querySelector<HTMLElement>(`.tile[data-number="${number}"]`) ?? undefined;
  }

  private groups(): HTMLElement[] {
    return [...this.root.querySelectorAll<HTMLElement>('[data-part=group]')];
  }

  private ticked(): number[] {
    return this.tiles()
      .filter((tile) => box(tile).checked)
      .map(numberOf);
  }

  // what people do

  private submitted(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement;
    event.preventDefault();
    if (form.getAttribute('id') === 'place')
      this.place(this.ticked(), (event.submitter as HTMLButtonElement | null)?.value ?? '');
    else if (form.dataset.part === 'words') this.save(form);
    else this.send(form.action, () => fieldsOf(form, event.submitter));
  }

  private clicked(event: Event): void {
    const what = (event.target as Element).closest<HTMLElement>('[data-do]');
    if (what?.dataset.do === 'undo') this.undo();
    if (what?.dataset.do === 'keep') {
      event.preventDefault();
      const card = what.closest<HTMLElement>('[data-part=group], .meetingnote');
      const form = card?.querySelector<HTMLFormElement>('form[data-part=words]');
      what.closest('[data-part=both]')?.remove();
      if (form) this.takeTheirs(form);
    }
  }

  private pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement;
    const tile = target.closest<HTMLElement>('.tile');
    if (target.matches('.groupname') && event.key === 'Enter' && !event.isComposing) {
      event.preventDefault(); // a name is one line
      (target as HTMLTextAreaElement).form?.requestSubmit();
    }
    if (target.matches('textarea, select, input:not([type=checkbox])')) return;
    const done = event.key.toLowerCase() === 'u' ? this.undo() : tile && this.key(event, tile);
    if (done) event.preventDefault();
  }

  private key(event: KeyboardEvent, tile: HTMLElement): boolean {
    const way = AROUND[event.key];
    if (way) {
      if (event.shiftKey && (way === 'left' || way === 'right')) this.shift(tile, this.forward(way));
      else if (!event.shiftKey) box(beside(tile, this.tiles(), way, this.rtl()) ?? tile).focus();
      return true;
    }
    const group = event.key === '0' ? '' : this.groupFor(event.key);
    if (group === undefined) return false;
    const ticked = this.ticked();
    const numbers = ticked.includes(numberOf(tile)) ? ticked : [numberOf(tile)];
    const list = tile.closest<HTMLElement>('[data-part=list]');
    if (list?.dataset.group === group) return true;
    const next = neighbour(tile, numbers);
    this.place(numbers, group || LOOSE);
    box(next ?? tile).focus();
    return true;
  }

  private groupFor(key: string): string | undefined {
    const groups = this.groups();
    const found = /^[1-9]$/.test(key)
      ? groups[Number(key) - 1]
      : groups.find((group) => group.dataset.letter === key.toUpperCase());
    return found?.dataset.group;
  }

  private rtl(): boolean {
    return document.documentElement.dir === 'rtl';
  }

  private forward(way: Around): boolean {
    return (way === 'right') !== this.rtl();
  }

  private shift(tile: HTMLElement, forward: boolean): void {
    const list = tile.closest<HTMLElement>('[data-part=list]');
    const other = forward ? tile.nextElementSibling : tile.previousElementSibling;
    if (!list?.dataset.group || !other) return;
    if (forward) other.after(tile);
    else other.before(tile);
    box(tile).focus();
    this.move([numberOf(tile)], list.dataset.group, tile.nextElementSibling as HTMLElement | null);
  }

  private dropped(tile: HTMLElement, to: HTMLElement): void {
    const number = numberOf(tile);
    const ticked = this.ticked();
    const numbers = ticked.includes(number) ? ticked : [number];
    const after = tile.nextElementSibling as HTMLElement | null;
    for (const each of numbers) to.insertBefore(this.tile(each) ?? tile, after);
    this.move(numbers, to.dataset.group ?? '', after);
  }

  private place(numbers: number[], to: string): void {
    if (numbers.length === 0) {
      this.say(_('Tick a photo first.'));
      return;
    }
    const group = to === LOOSE ? '' : to;
    for (const number of numbers) {
      const tile = this.tile(number);
      if (tile) this.list(group)?.append(tile);
    }
    this.move(numbers, group, null);
  }

  // The tiles lie there already; if the server says otherwise, they go back.
  private move(numbers: number[], group: string, before: HTMLElement | null): void {
    for (const number of numbers) {
      const tile = this.tile(number);
      if (tile) box(tile).checked = false;
    }
    this.count();
    const follower = group && before ? String(numberOf(before)) : '';
    this.send(this.part<HTMLFormElement>('#place').action, () =>
      numbers.map((number) => ['photo', `${number}:${this.lies(number)}:${group}:${follower}`]),
    );
  }

  private lies(number: number): string {
    return (this.state && groupOf(this.state, number)?.id) ?? '';
  }

  private order(): void {
    const form = this.root.querySelector<HTMLFormElement>('form[action$="/groups/order"]');
    if (!form) return;
    const ids = this.groups().map((group) => group.dataset.group ?? '');
    this.send(form.action, () => ids.map((id) => ['group', id]));
  }

  // What is still under way is undone once it has arrived.
  private undo(): boolean {
    let last: Undo | undefined;
    const take = () => {
      last = this.undos.pop();
      return last?.address;
    };
    const failed = () => last && this.undos.push(last);
    this.send(take, () => last?.fields ?? [], { back: true, failed });
    return true;
  }

  private showUndo(): void {
    this.part('[data-do=undo]').hidden = this.undos.length === 0;
  }

  // words

  private typed(event: Event, pause: number): void {
    const field = event.target as HTMLInputElement;
    const form = field.form;
    if (field.matches('.groupname')) grow(field);
    if (form?.dataset.part !== 'words' || !/^(name|note)$/.test(field.name)) return;
    clearTimeout(this.timers.get(form));
    if (pause)
      this.timers.set(
        form,
        window.setTimeout(() => this.save(form), pause),
      );
    else this.save(form);
  }

  private sendTyped(): void {
    for (const form of this.wordForms()) this.save(form);
  }

  private wordForms(): HTMLFormElement[] {
    return [...this.root.querySelectorAll<HTMLFormElement>('form[data-part=words]')];
  }

  private save(form: HTMLFormElement): void {
    clearTimeout(this.timers.get(form));
    if (!isEdited(form) || form.dataset.state === 'asking') return;
    const sent = new Map(texts(form).map((field) => [field.name, field.value]));
    this.send(form.action, () => fieldsOf(form), {
      said: (answer) => {
        if (answer.html) {
          form.dataset.state = 'asking';
          this.ask(form, answer.html);
        } else if (answer.state && !answer.lost) {
          const now = wordsNow(form, answer.state);
          if (now) put(form, now.revision, sent);
        }
      },
    });
  }

  private ask(form: HTMLFormElement, html: string): void {
    const made = document.createElement('div');
    made.innerHTML = html;
    const block = made.firstElementChild as HTMLElement;
    const card = form.closest<HTMLElement>('[data-part=group]');
    if (card) card.querySelector('.grouphead')?.after(block);
    else form.after(block);
    block.querySelector('form')?.addEventListener('submit', () => {
      block.remove();
      delete form.dataset.state;
    });
    block.querySelector<HTMLElement>('button')?.focus();
  }

  private takeTheirs(form: HTMLFormElement): void {
    delete form.dataset.state;
    const now = this.state && wordsNow(form, this.state);
    if (!now) return;
    for (const field of texts(form)) write(field, field.name === 'name' ? now.name : now.note);
    put(form, now.revision, new Map(Object.entries({ name: now.name, note: now.note })));
    this.say('');
  }

  // to the server and back

  // One after the other, and what is sent is worked out when its turn comes: by then it is known where things lie.
  private send(
    address: string | (() => string | undefined),
    fields: () => Fields,
    more: { back?: boolean; said?: (answer: Answer) => void; failed?: () => void } = {},
  ): void {
    this.waiting += 1;
    this.sent += 1;
    const sending = this.queue.then(async () => {
      const where = typeof address === 'string' ? address : address();
      const answer = where && (await this.post(where, fields()));
      this.waiting -= 1;
      if (!where) {
        this.say(_('There is nothing to undo.'));
        return;
      }
      if (!answer) {
        more.failed?.();
        this.say(_('The server cannot be reached. Nothing was changed.'));
        if (this.waiting === 0 && this.state) await this.apply(this.state);
        return;
      }
      more.said?.(answer);
      if (answer.undo && !more.back) this.undos.push(answer.undo);
      this.showUndo();
      this.say(answer.says);
      if (answer.state && this.waiting === 0) await this.apply(answer.state);
      else if (answer.state) this.state = answer.state;
      if (answer.focus) this.part('.newgroup [name=name]').focus(); // one group is seldom the last
    });
    this.queue = this.unsent
      .hold(sending)
      .catch((error) => console.error('The board could not be drawn', error));
  }

  private async post(address: string, fields: Fields, again = true): Promise<Answer | undefined> {
    const token = this.part<HTMLInputElement>('#place [name=csrf_token]');
    const body = new URLSearchParams(
      fields.filter(([name]) => name !== 'csrf_token').map((each) => [...each]),
    );
    body.append('csrf_token', token.value);
    try {
      const headers = { Accept: 'application/json' };
      const answer = await fetch(address, { method: 'POST', body, headers, keepalive: true });
      if (!/json/.test(answer.headers.get('Content-Type') ?? '')) return undefined;
      const told = (await answer.json()) as Answer;
      if (told.token && again && told.token !== token.value) {
        token.value = told.token;
        return await this.post(address, fields, false);
      }
      return told;
    } catch {
      return undefined;
    }
  }

  // What others did meanwhile.
  private async look(): Promise<void> {
    if (document.visibilityState !== 'visible' || this.waiting > 0) return;
    const sent = this.sent;
    try {
      const answer = await fetch(this.root.dataset.stateAddress ?? '', {
        headers: { Accept: 'application/json' },
      });
      if (!answer.ok) return;
      const state = (await answer.json()) as State;
      if (sent !== this.sent) return; // what was asked for before a change tells nothing after it
      const says = this.state ? strangers(this.state, state) : [];
      await this.apply(state);
      if (says.length) this.say(says.join(' '));
    } catch {
      // The next look may see more.
    }
  }

  private async apply(state: State): Promise<void> {
    this.state = state;
    const shown = this.groups().map((group) => group.dataset.group);
    const known = new Set(this.tiles().map(numberOf));
    const numbers = [...state.loose, ...state.groups.flatMap((group) => group.photos)];
    const same =
      shown.length === state.groups.length && state.groups.every((group, at) => group.id === shown[at]);
    if (!same || numbers.some((number) => !known.has(number))) await this.fetchAnew();
    const there = new Set(numbers);
    for (const tile of this.tiles()) if (!there.has(numberOf(tile))) tile.remove();
    this.lay('', state.loose);
    for (const group of state.groups) this.lay(group.id, group.photos);
    this.count();
    for (const form of this.wordForms()) refresh(form, state);
  }

  private lay(group: string, numbers: readonly number[]): void {
    const list = this.list(group);
    if (!list) return;
    const now = [...list.children].map((tile) => numberOf(tile as HTMLElement));
    if (now.length === numbers.length && now.every((number, at) => number === numbers[at])) return;
    const focused = document.activeElement;
    for (const number of numbers) {
      const tile = this.tile(number);
      if (tile) list.append(tile);
    }
    if (focused instanceof HTMLElement && focused !== document.activeElement) focused.focus();
  }

  private count(): void {
    for (const list of this.lists()) {
      const around = list.closest('section');
      const much = list.children.length;
      const told = around?.querySelector('[data-part=count]');
      if (told) told.textContent = ngettext('%(num)s photo', '%(num)s photos', much);
      const shower = around?.querySelector<HTMLElement>('[data-part=shower]');
      if (shower) shower.hidden = much === 0;
    }
  }

  // Groups came or went: the page's own parts are fetched, so that they are drawn in one place only.
  private async fetchAnew(): Promise<void> {
    const answer = await fetch(location.href, { headers: { Accept: 'text/html' } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const written = this.wordForms().filter(isEdited);
    const focused = document.activeElement as HTMLElement | null;
    const at = focused?.closest<HTMLElement>('.tile')?.dataset.number;
    // A form may have a field called id, which then stands before its own.
    const form = focused?.closest('form') ?? (focused as HTMLInputElement | null)?.form;
    const within = form?.getAttribute('id');
    for (const name of ['targets', 'parts']) {
      const fresh = page.querySelector(`[data-part=${name}]`);
      if (fresh) this.part(`[data-part=${name}]`).replaceWith(fresh);
    }
    for (const form of written)
      keep(
        form,
        this.wordForms().find((each) => each.id === form.id),
      );
    this.dress();
    if (at) {
      const tile = this.tile(Number(at));
      if (tile) box(tile).focus();
    } else if (within && isField(focused) && !focused.isConnected) {
      this.root.querySelector<HTMLElement>(`#${within} [name=${focused.name}]`)?.focus();
    }
  }

  private say(text: string): void {
    this.part('[data-part=says]').textContent = text;
  }
}

const AROUND: Readonly<Record<string, Around>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

function box(tile: HTMLElement): HTMLInputElement {
  const found = tile.querySelector<HTMLInputElement>('input[type=checkbox]');
  if (!found) throw new Error('a photo needs its tick');
  return found;
}

function isField(element: Element | null): element is HTMLInputElement | HTMLTextAreaElement {
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
}

function numberOf(tile: HTMLElement): number {
  return Number(tile.dataset.number);
}

// The tile that is next once these photos have gone from the list.
function neighbour(tile: HTMLElement, going: readonly number[]): HTMLElement | undefined {
  const tiles = [...(tile.parentElement?.children ?? [])] as HTMLElement[];
  const at = tiles.indexOf(tile);
  const stay = (each: HTMLElement) => !going.includes(numberOf(each));
  return tiles.slice(at).find(stay) ?? tiles.slice(0, at).reverse().find(stay);
}

function fieldsOf(form: HTMLFormElement, submitter?: HTMLElement | null): Fields {
  const fields = [...new FormData(form)].map(([name, value]) => [name, String(value)] as const);
  const button = submitter instanceof HTMLButtonElement && submitter.name ? submitter : undefined;
  return button ? [...fields, [button.name, button.value]] : fields;
}

// A form of words: what stands in it, what it said when its writer began, and which revision that was.

function texts(form: HTMLFormElement): (HTMLInputElement | HTMLTextAreaElement)[] {
  return ([...form.elements] as HTMLInputElement[]).filter((field) => /^(name|note)$/.test(field.name));
}

function hidden(form: HTMLFormElement, name: string): HTMLInputElement {
  return form.elements.namedItem(name) as HTMLInputElement;
}

function write(field: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  field.value = text;
  if (field.matches('.groupname')) grow(field);
}

// Where a browser does not let a field grow with its words by itself; as in templates/meeting/board.html.
function grow(field: HTMLInputElement | HTMLTextAreaElement): void {
  if (field instanceof HTMLTextAreaElement) field.rows = Math.floor(field.value.length / 22) + 1;
}

function isEdited(form: HTMLFormElement): boolean {
  return texts(form).some((field) => field.value.trim() !== hidden(form, `${field.name}_was`).value.trim());
}

function put(form: HTMLFormElement, revision: number, said: ReadonlyMap<string, string>): void {
  hidden(form, 'revision').value = String(revision);
  for (const [name, text] of said) {
    if (form.elements.namedItem(`${name}_was`)) hidden(form, `${name}_was`).value = text.trim();
  }
}

function wordsNow(
  form: HTMLFormElement,
  state: State,
): Pick<Group, 'name' | 'note' | 'revision'> | undefined {
  if (form.id === 'words-meeting') return { name: '', note: state.note, revision: state.revision };
  return state.groups.find((group) => form.id === `words-${group.id}`);
}

// What others wrote is shown where nobody is writing.
function refresh(form: HTMLFormElement, state: State): void {
  const now = wordsNow(form, state);
  if (!now || isEdited(form)) return;
  for (const field of texts(form)) {
    const text = field.name === 'name' ? now.name : now.note;
    if (field.value.trim() !== text) write(field, text);
  }
  put(form, now.revision, new Map(Object.entries({ name: now.name, note: now.note })));
}

function keep(from: HTMLFormElement, to: HTMLFormElement | undefined): void {
  if (!to) return;
  for (const field of ([...from.elements] as HTMLInputElement[]).filter(
    (each) => each.name !== 'csrf_token',
  )) {
    const other = field.name ? hidden(to, field.name) : undefined;
    if (other) other.value = field.value;
  }
}
