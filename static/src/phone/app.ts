// The app of one walk or call. The page is the same for everybody; this fills in what is this phone's own, and shows one
// view at a time by the address's hash.

import type { Person, Place } from '../outbox/item';
import { exportAll } from '../outbox/portable';
import { Sender } from '../outbox/send';
import { Store } from '../outbox/store';
import { Album } from '../photo/album';
import { PhotoForm } from '../photo/form';
import { NotKept, seal } from '../photo/take';
import { captionOf, Voice } from '../photo/voice';
import { _, loadWords } from '../words';
import { joinAlso, NoAnswer, Refusal } from './api';
import { Asking, Done } from './ask';
import { canHold } from './cover';
import { Home } from './home';
import { Agreeing, Code } from './join';
import { Later } from './later';
import { Mine } from './mine';
import { LIVE } from './pack';
import { part, placeOf, type Shown, type View } from './page';
import { Shutter } from './shutter';
import { drawAsked, drawStrip, Tray, waitsFor } from './tray';
import type { Way } from './way';

const SHOWN = 500; // ms after a write in which the header shows it
const LATER = 2000; // ms after all is ready in which what is not needed for that comes
const REST = 300; // ms without scrolling before the place on the page is kept
const AT_A_STOP = new Set(['ask', 'done']); // there a photo is seen that was taken there
const JOINING = new Set(['agree', 'notice', 'nothing', 'same', 'languages']);

interface Kept {
  readonly hash: string;
  readonly scroll: number;
  readonly from?: string;
}

export function start(body: HTMLElement): void {
  if (!canHold()) {
    location.replace(body.dataset.plain ?? '/');
    return;
  }
  void new App(body).start();
}

class App {
  private readonly place: Place;
  private store!: Store;
  private person: Person | undefined;
  private views = new Map<string, View>();
  private shown:
    | { readonly name: string; readonly view: View | undefined; readonly hash: string }
    | undefined;
  private asking: Asking | undefined;
  private way: Way | undefined;
  private checked: Promise<void> | undefined;
  private sender!: Sender;
  private stop: (() => void) | undefined;
  private home!: Home;
  private scrolling: number | undefined;
  private refreshing: number | undefined;
  private owed = 0; // originals that are still here
  private asked = false; // the organisers ask for some of them, and they wait for a yes
  private later = false; // that has been put off
  private left = false; // and so has the question at the end
  private cameFrom = '#photos'; // where one was before a photo was opened
  private moving: Promise<void> = Promise.resolve();

  constructor(private readonly body: HTMLElement) {
    this.place = placeOf(body);
  }

  async start(): Promise<void> {
    await loadWords();
    try {
      this.store = await Store.open(undefined, () => this.say(new Error('blocked')));
      this.say();
      this.store.older = () => {
        part(this.body, 'newer').hidden = false;
        return this.leaveOff();
      };
      this.person = await this.whoIsHere();
      this.makeViews();
      if (this.person) await this.asking?.load();
    } catch (error) {
      this.say(error);
      return;
    }
    this.listen();
    if (this.person) await this.enter(this.person);
    await this.begin();
    await this.sealAll().catch((error: unknown) => this.say(error));
    this.body.dataset.ready = 'yes';
    void this.loadWay().catch(() => undefined);
  }

  // What records the way comes when everything else is here, and is kept beside it.
  private async loadWay(): Promise<void> {
    const { way } = this.body.dataset;
    if (!way || this.way) return;
    const live = await caches.open(LIVE);
    if (!(await live.match(way))) {
      await this.checked;
      await new Promise((done) => setTimeout(done, LATER));
      await live.add(way);
    }
    const made = await import('./way');
    this.way ??= new made.Way(this.body, this.store, this.place);
    await this.way.use(this.person);
  }

  private async whoIsHere(): Promise<Person | undefined> {
    const [people, current] = await Promise.all([this.store.people(), this.store.current()]);
    const here = people.filter((each) => each.places.some((place) => place.id === this.place.id));
    return here.find((each) => each.id === current) ?? here[0];
  }

  private makeViews(): void {
    const { body, store, place } = this;
    const root = (name: string): HTMLElement => {
      const found = body.querySelector<HTMLElement>(`section[data-view="${name}"]`);
      if (!found) throw new Error(`The page has no view ${name}.`);
      return found;
    };
    const person = (): Person => {
      if (!this.person) throw new Error('Nobody has joined on this phone.');
      return this.person;
    };
    const failed = (error?: unknown): void => this.say(error);
    this.sender = new Sender(store, { wifi });
    const photoForm = new PhotoForm(root('photo'), store);
    const voice = new Voice(part(root('photo'), 'voice'), store);
    const album = new Album(root('photos'), store);
    this.views.set('agree', new Agreeing(body, root('agree'), store, place));
    this.views.set('code', new Code(root('code'), () => this.person, place));
    if (place.kind === 'walk') {
      this.asking = new Asking(body, root('ask'), store, place, person, failed);
      this.views.set('ask', this.asking);
      this.views.set('done', new Done(body, root('done'), this.asking));
    }
    this.home = new Home(body, root('home'), store, place, person, this.asking);
    this.views.set('home', this.home);
    this.views.set('tray', new Tray(root('tray'), store, place, person, wifi));
    this.views.set('me', new Mine(root('me'), store, place, person, (next) => this.become(next)));
    this.views.set('photo', {
      show: async ([id]) => {
        await photoForm.show(id ?? '');
        await voice.show(await captionOf(store, id ?? ''));
        return { where: _('Photo'), beside: this.asking?.here?.name ?? place.title, back: this.cameFrom };
      },
      leave: async () => {
        await voice.leave();
        await photoForm.leave();
      },
    });
    this.views.set('photos', {
      show: async () => {
        await album.draw();
        return { where: _('My photos'), beside: place.title, back: '#home' };
      },
    });
    this.views.set('release', new Later(root('release'), store, person));
    new Shutter(body, store, place, person, () => this.asking, failed);
    store.watch(() => this.refreshSoon());
  }

  // What a kill left unsealed, or nobody has opened, is made ready to be sent; the photo that is shown is not done yet.
  private async sealAll(): Promise<void> {
    await this.asking?.seal();
    if (!this.person) return;
    for (const draft of await this.store.drafts(this.person.id, this.place.id)) {
      if (draft.dirty && draft.kind === 'photo' && !location.hash.endsWith(draft.id))
        await seal(this.store, draft.id);
      if (draft.dirty && draft.kind === 'release') await this.store.seal(draft.id);
    }
  }

  private listen(): void {
    addEventListener('hashchange', () => this.move());
    addEventListener('scroll', () => this.onScroll(), { passive: true });
    addEventListener('pagehide', () => void this.leaveOff());
    document.addEventListener('visibilitychange', () => {
      // Photos that were chosen together and never opened go, too.
      if (document.visibilityState === 'hidden') void this.leaveOff().then(() => this.sealAll());
      else if (this.person) void this.home.check().then(() => this.loadWay().catch(() => undefined));
    });
    this.body.addEventListener('focusin', seeFocus);
    visualViewport?.addEventListener('resize', seeFocus); // the keyboard comes, or goes
    this.body.addEventListener('photo-done', (event) => {
      event.preventDefault();
      location.hash = this.cameFrom;
    });
    for (const link of this.body.querySelectorAll<HTMLAnchorElement>('a[data-language]')) {
      link.addEventListener('click', (event) => {
        event.preventDefault();
        void this.speak(link).catch((error: unknown) => this.say(error));
      });
    }
    this.body.addEventListener('click', (event) => {
      const button = (event.target as Element).closest<HTMLElement>('[data-do]');
      if (button) void this.act(button).catch((error: unknown) => this.say(error));
    });
  }

  private async act(button: HTMLElement): Promise<void> {
    part(this.body, 'says').hidden = true;
    switch (button.dataset.do) {
      case 'join':
        return this.join();
      case 'same':
        return this.joinAgain();
      case 'print':
        return window.print();
      case 'on':
        await this.asking?.keep();
        location.hash = this.asking?.following() ?? '#home';
        return;
      case 'remark': {
        const remark = this.asking?.at?.querySelector('details');
        if (remark) remark.open = true;
        remark?.querySelector('textarea')?.focus();
        return;
      }
      case 'give':
      case 'send':
        if (!this.person) return;
        await this.sealAll();
        // The size has been named: whoever taps means the large pictures, too.
        await this.store.want(this.person.id, ({ asked }) => button.dataset.do === 'send' || asked === true);
        await this.refresh();
        if (button.dataset.do === 'give') this.focus(this.shown?.name ?? ''); // the button has gone
        await this.sender.hurry(this.person.id);
        return this.refresh();
      case 'later':
        if (!this.person) return;
        this.left = this.isOver();
        await this.store.setSetting(`later:${this.person.id}`, true);
        await this.refresh();
        return this.focus(this.shown?.name ?? '');
      case 'export':
        return this.saveCopy();
      default:
    }
  }

  private async join(): Promise<void> {
    const lent = location.hash === '#agree/new';
    const joined = await (this.views.get('agree') as Agreeing).join(lent ? undefined : this.person);
    if (joined === 'open') throw new Said(_('One question is still open. Say yes or no to it.'));
    if (joined === 'nothing') {
      location.hash = '#nothing';
      return;
    }
    await this.become(joined, '#code');
  }

  private async joinAgain(): Promise<void> {
    const [people, current] = await Promise.all([this.store.people(), this.store.current()]);
    const known = people.find((each) => each.id === current) ?? people[0];
    if (!known) return;
    try {
      await this.become(await joinAlso(this.store, known, this.place));
    } catch (error) {
      // Another project: there one is somebody else.
      if (!(error instanceof Refusal) || error.status !== 403) throw error;
      location.hash = '#agree';
    }
  }

  /** From now on this is who uses the phone here; nobody leads back to the beginning. */
  private async become(person: Person | undefined, hash = '#home'): Promise<void> {
    this.stop?.();
    await this.way?.use(person);
    this.person = person;
    part(this.body, 'tray').hidden = !person;
    if (person) {
      await this.asking?.load();
      await this.enter(person);
    } else await this.store.setCurrent(undefined);
    if (location.hash === hash) this.move();
    else location.hash = hash;
  }

  private async enter(person: Person): Promise<void> {
    // Also where somebody else used the phone last, at a walk that this person has not joined.
    await this.store.setCurrent(person.id);
    await this.store.setSetting('last-page', location.pathname);
    // On a lent phone, what others have made here goes on its way, too.
    const stops = (await this.store.people()).map((each) => this.sender.start(each.id));
    this.stop = () => {
      for (const stop of stops) stop();
    };
    await this.drawCounts(person);
    this.checked = this.home.check();
    void navigator.storage?.persist?.();
  }

  /** Exactly where the person was, also after the browser was killed. */
  private async begin(): Promise<void> {
    const kept = await this.store.setting<Kept>(`at:${this.place.id}`);
    if (this.person && kept && ['', '#home', kept.hash].includes(location.hash) && kept.hash) {
      history.replaceState(null, '', kept.hash);
      this.cameFrom = kept.from ?? this.cameFrom;
      await this.go();
      scrollTo(0, kept.scroll);
    } else await this.go();
  }

  private move(): void {
    this.moving = this.moving.then(() => this.go()).catch((error: unknown) => this.say(error));
  }

  private async go(): Promise<void> {
    const { hash } = location;
    const [name = '', ...args] = decodeURIComponent(hash.slice(1)).split('/');
    const wanted = await this.allowed(name);
    try {
      await this.shown?.view?.leave?.();
    } catch (error) {
      // What the disk refuses stays before its author's eyes.
      history.replaceState(null, '', this.shown?.hash);
      throw error;
    }
    const view = this.views.get(wanted);
    const said: Shown =
      (await view?.show(wanted === name || name === 'stop' ? args : [])) ?? this.plainly(wanted);
    if (said.to !== undefined) {
      if (location.hash === hash) history.replaceState(null, '', said.to); // else somebody has gone on meanwhile
      return this.go();
    }
    if (wanted === 'tray' || wanted === 'me') await this.way?.seal(); // they tell what waits here
    const changed = this.shown?.name !== wanted || wanted === 'ask';
    // The address may have become that of a photo since; what is drawn now is still what was asked for.
    if (AT_A_STOP.has(wanted) || wanted === 'tray') this.cameFrom = hash;
    else if (wanted === 'home' || wanted === 'photos') this.cameFrom = '#photos';
    const photo = this.shown?.name === 'photo';
    this.shown = { name: wanted, view, hash };
    this.draw(wanted, said);
    if (changed && this.body.dataset.ready) this.focus(wanted);
    if (photo)
      this.body.querySelector(`[data-view="${wanted}"] .strip`)?.scrollIntoView({ block: 'nearest' });
    await this.keepPlace();
  }

  private async allowed(name: string): Promise<string> {
    if (name === 'stop') return 'ask';
    if (this.person)
      return this.body.querySelector(`section[data-view="${CSS.escape(name)}"]`) && name !== 'wait'
        ? name
        : 'home';
    if (JOINING.has(name) && name !== 'agree') return name;
    const others = await this.store.people();
    return others.length && name !== 'agree' ? 'same' : 'agree';
  }

  private plainly(name: string): Shown {
    const back = this.person ? '#home' : name === 'nothing' ? '' : '#agree';
    return { where: this.place.title, back };
  }

  private draw(name: string, { where, beside, stamp, back }: Shown): void {
    for (const each of this.body.querySelectorAll<HTMLElement>('section[data-view]'))
      each.hidden = each.dataset.view !== name;
    for (const each of this.body.querySelectorAll<HTMLElement>('[data-foot]'))
      each.hidden = each.dataset.foot !== name;
    const link = part<HTMLAnchorElement>(this.body, 'back');
    link.hidden = !back;
    if (back) link.href = back;
    part(this.body, 'where').textContent = where ?? this.place.title;
    part(this.body, 'beside').textContent = beside ?? '';
    const mark = part(this.body, 'stamp');
    mark.hidden = !stamp;
    mark.textContent = stamp ?? '';
    document.title = `${where ?? this.place.title} · Pohled`;
    this.body.dataset.shown = name;
    this.drawOwed();
  }

  private isOver(): boolean {
    return this.asking?.isDone !== false || Date.now() > Date.parse(this.body.dataset.ends ?? '');
  }

  /** At the end of a walk, the phone asks for the pictures that it has not sent by itself; at any time, for those that
   * the organisers ask for. Nobody is interrupted at a question. */
  private drawOwed(): void {
    const name = this.shown?.name ?? '';
    const atRest = name === 'home' || name === 'done';
    const asks = this.asked && (name === 'tray' || (atRest && !this.later));
    part(this.body, 'asked').hidden = !asks;
    part(this.body, 'later').hidden = name === 'tray';
    part(this.body, 'owed').hidden = asks || this.left || !(this.owed && atRest && this.isOver());
  }

  // Another language is another page: one that is not on this phone needs a signal once.
  private async speak(link: HTMLAnchorElement): Promise<void> {
    await this.leaveOff();
    const page = new URL(link.href);
    if (!(await caches.match(page.pathname))) {
      const reached = await fetch(page.pathname).catch(() => undefined);
      if (!reached?.ok) throw new Said(_('This language is not on this phone yet. It needs a signal once.'));
    }
    location.assign(link.href);
  }

  // Screen readers and keyboards follow: the heading of the view, or of the question.
  private focus(name: string): void {
    const view = this.body.querySelector(`section[data-view="${name}"]`);
    const heading =
      this.asking?.at && name === 'ask' ? this.asking.at.querySelector('h1') : view?.querySelector('h1');
    scrollTo(0, 0);
    (heading as HTMLElement | null)?.focus({ preventScroll: true });
  }

  private onScroll(): void {
    window.clearTimeout(this.scrolling);
    this.scrolling = window.setTimeout(() => void this.keepPlace(), REST);
  }

  private async keepPlace(): Promise<void> {
    // Who chooses a language wants to go on where they were.
    if (!this.person || location.hash === '#languages') return;
    const kept: Kept = { hash: location.hash, scroll: Math.round(scrollY), from: this.cameFrom };
    await this.store.setSetting(`at:${this.place.id}`, kept).catch((error: unknown) => this.say(error));
  }

  private async leaveOff(): Promise<void> {
    await this.asking?.keep().catch(() => undefined); // it has been said
    await this.asking?.seal();
    await this.keepPlace();
  }

  // One photo is many writes: what shows them reads the disk once for all.
  private refreshSoon(): void {
    this.refreshing ??= window.setTimeout(() => {
      this.refreshing = undefined;
      void this.refresh();
    }, SHOWN);
  }

  private async refresh(): Promise<void> {
    if (!this.person) return;
    const { id } = this.person;
    const person = await this.store.person(id);
    // Meanwhile the phone may have been handed to somebody else.
    if (!person || this.person?.id !== id) return;
    this.person = person;
    await this.drawCounts(person);
    this.drawOwed();
    if (this.shown?.name === 'tray') await (this.views.get('tray') as Tray).draw();
  }

  private async drawCounts({ id, originals }: Person): Promise<void> {
    const [counts, later] = await Promise.all([
      this.store.counts(id),
      this.store.setting<boolean>(`later:${id}`),
    ]);
    const waits = waitsFor(originals, wifi());
    this.owed = counts.originals;
    this.asked = counts.asked > 0 && waits !== '';
    this.later = later === true;
    drawStrip(this.body, counts, waits);
    drawAsked(this.body, counts);
  }

  private async saveCopy(): Promise<void> {
    if (!this.person) return;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await exportAll(this.store, this.person.id));
    link.download = `pohled-${new Date().toISOString().slice(0, 10)}.zip`;
    link.click();
  }

  /** What went wrong, what is safe, what to do; nothing, once it is over. */
  private say(error?: unknown): void {
    const box = part(this.body, 'says');
    const line = box.querySelector('p');
    box.hidden = !error;
    if (line && error) line.textContent = inWords(error);
    if (error && !(error instanceof Said || error instanceof NoAnswer || error instanceof Refusal))
      console.error(error);
  }
}

/** A sentence for the person; nothing is broken. */
class Said extends Error {}

function inWords(error: unknown): string {
  if (error instanceof Said || error instanceof NotKept) return error.message;
  if (error instanceof Refusal) return `${error.title}. ${error.detail}`;
  if (error instanceof NoAnswer)
    return _(
      'The project cannot be reached just now. What you have chosen stays here; try again in a moment.',
    );
  const name = error instanceof Error ? error.name : '';
  if (name === 'NoRoom' || name === 'QuotaExceededError') {
    return _(
      'There is no room left on this phone, so this is not saved yet. Keep this page open and delete something else; it tries again by itself.',
    );
  }
  return _(
    'The phone’s storage does not answer. What was saved is safe. Close other windows of this page; if that does not help, load it again.',
  );
}

const FOCUSED = CSS.supports('selector(:focus-visible)') ? ':focus-visible' : 'textarea, .input';

// Browsers bring what has the focus into the window, not clear of the bars; `scroll-padding` counts for this alone.
function seeFocus(): void {
  const focused = document.activeElement;
  if (focused?.matches(FOCUSED)) focused.scrollIntoView({ block: 'nearest' });
}

// Only some browsers say what kind of line it is; the others get undefined.
function wifi(): boolean | undefined {
  const line = (navigator as { connection?: { type?: string } }).connection;
  return line?.type === undefined ? undefined : line.type === 'wifi' || line.type === 'ethernet';
}
