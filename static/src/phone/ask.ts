// The checklist, one question at a time. What is chosen or written is saved at once, and sealed for sending when the
// person goes on.

import type { Draft, Person, Place } from '../outbox/item';
import { Damaged, type Store } from '../outbox/store';
import { type Spoken, type Subject, Voice } from '../photo/voice';
import { _, ngettext } from '../words';
import { type Answer, isAnswered, isOneTap, isWrongNumber, readCard, showAnswer } from './answers';
import { part, type Shown, thumbnail, type View, write } from './page';

const TYPING = 300; // ms before written words are saved
const AGAIN = 3000; // ms after which a disk that has refused is asked again
const SEEN = 350; // ms in which the chosen answer is seen before the next question comes
const ONCE = 'once';

interface Stop {
  readonly id: string;
  readonly number: number;
  readonly name: string;
  readonly photos: boolean;
  readonly row: HTMLElement;
}

type Answers = Record<string, Answer>;
type Edit = (before: Answer) => Answer;

interface Sound {
  readonly spoken: Spoken;
  readonly data: ArrayBuffer;
}

/** All answers of one person on one walk. */
export class Asking implements View {
  private readonly cards: readonly HTMLFormElement[];
  readonly stops: readonly Stop[];
  private readonly drafts = new Map<string, Draft>();
  private stop: Stop | undefined;
  private card: HTMLFormElement | undefined;
  private typing: number | undefined;
  private again: number | undefined;
  /** Where words were written that are not on their way to the disk yet. */
  private written: HTMLFormElement | undefined;
  /** Why the last change of a card is not on the disk. */
  private refused: unknown;
  /** What each card said when it was read last. */
  private readonly said = new WeakMap<HTMLFormElement, Answer>();
  private byArrow = false;
  private readonly voice: Voice;
  private saving: Promise<void> = Promise.resolve();

  constructor(
    private readonly body: HTMLElement,
    private readonly root: HTMLElement,
    private readonly store: Store,
    private readonly place: Place,
    private readonly person: () => Person,
    /** Without an error: what had failed is on the disk after all. */
    private readonly failed: (error?: unknown) => void,
  ) {
    this.cards = Array.from(root.querySelectorAll<HTMLFormElement>('form[data-question]'));
    this.stops = Array.from(body.querySelectorAll<HTMLElement>('.stops [data-stop]'), (row) => ({
      id: row.dataset.stop ?? '',
      number: Number(row.dataset.number),
      name: row.querySelector('b')?.textContent ?? '',
      photos: row.dataset.photos === 'yes',
      row,
    }));
    this.voice = new Voice(part(root, 'voice'), store, part(body, 'talk'));
    part(body, 'once').hidden = !this.cards.some((card) => card.dataset.when === ONCE);
    root.addEventListener('input', (event) => this.onInput(event));
    root.addEventListener('change', (event) => this.onChange(event));
    // Enter goes on, as the button does. Browsers send a form by Enter from a text field only.
    const goOn = (event: Event): void => {
      event.preventDefault();
      body.querySelector<HTMLElement>('[data-do="on"]')?.click();
    };
    root.addEventListener('submit', goOn);
    root.addEventListener('pointerdown', () => {
      this.byArrow = false;
    });
    root.addEventListener('keydown', (event) => {
      this.byArrow = event.key.startsWith('Arrow');
      if (event.key === 'Enter' && event.target instanceof HTMLInputElement) goOn(event);
    });
  }

  /** Reads what this person has answered before. */
  async load(): Promise<void> {
    const drafts = await this.store.drafts(this.person().id, this.place.id);
    this.drafts.clear();
    for (const draft of drafts) {
      if (draft.kind === 'response') this.drafts.set(draft.key, draft);
    }
  }

  /** The stop where somebody is who looks at this view: photos belong there. */
  get here(): Stop | undefined {
    return this.stop;
  }

  get at(): HTMLFormElement | undefined {
    return this.card;
  }

  async show([number, question]: readonly string[]): Promise<Shown> {
    const stop = this.stops.find((each) => each.number === Number(number));
    if (!stop) return { to: '#home' };
    // Nothing is drawn over words that are not on the disk, nor over an older answer.
    do {
      await this.keep();
      await this.load();
    } while (this.written);
    const cards = this.asked(stop);
    const card = cards.find((each) => each.dataset.question === question);
    if (!card) {
      const first = cards.find((each) => !isAnswered(this.answer(stop, each))) ?? cards[0];
      return { to: first ? address(stop, first) : '#home' };
    }
    this.stop = stop;
    this.card = card;
    for (const each of this.cards) each.hidden = each !== card;
    const answer = this.answer(stop, card);
    showAnswer(card, answer);
    delete card.dataset.saved;
    delete card.dataset.given;
    offerNone(card);
    const remark = card.querySelector('details');
    if (remark) remark.open = Boolean(answer?.remark);
    this.draw(stop, cards, card);
    await this.drawPictures(answer);
    await this.voice.show(await this.note(stop, card));
    part(this.body, 'shutter').hidden = !stop.photos;
    const all = this.stops.filter((each) => each.number > 0).length;
    return {
      where: stop.number ? _('Stop %(number)s of %(all)s', { number: stop.number, all }) : this.place.title,
      beside: stop.name,
      stamp: stop.number ? String(stop.number) : '',
      back: '#home',
    };
  }

  async leave(): Promise<void> {
    // Until another question is seen, people write on.
    do {
      await this.keep();
      await this.seal();
    } while (this.written);
    await this.voice.leave();
    this.card = undefined;
  }

  /** Saves what is on the card now, and waits until it is on the disk. Throws where the disk refuses it. */
  async keep(): Promise<void> {
    await Promise.all([this.keepWords(), this.voice.stop()]);
    if (this.refused) throw this.refused;
  }

  private async keepWords(): Promise<void> {
    window.clearTimeout(this.typing);
    this.typing = undefined;
    const card = this.written;
    this.written = undefined;
    if (card) this.save(card);
    await this.saving;
  }

  /** Makes what was saved ready to be sent. */
  async seal(): Promise<void> {
    for (const [key, draft] of this.drafts) {
      if (draft.dirty && (await this.store.seal(draft.id))) {
        const sealed = await this.store.draft(draft.id);
        if (sealed) this.drafts.set(key, sealed);
      }
    }
  }

  /** Where one goes on from the question that is shown. */
  next(): string {
    const { stop, card } = this;
    if (!stop || !card) return '#home';
    const cards = this.asked(stop);
    const after = cards.indexOf(card) + 1;
    const open = [...cards.slice(after), ...cards.slice(0, after - 1)];
    const found = open.find((each) => !isAnswered(this.answer(stop, each)));
    return found ? address(stop, found) : `#done/${stop.number}`;
  }

  /** The question after the one that is shown, answered or not. */
  following(): string {
    const { stop, card } = this;
    const after = stop && card ? this.asked(stop)[this.asked(stop).indexOf(card) + 1] : undefined;
    return stop && after ? address(stop, after) : this.next();
  }

  /** Hangs a photo on the question that is shown. */
  async attach(photo: string): Promise<void> {
    const { stop, card } = this;
    if (!stop || !card) return;
    await this.keep();
    await this.put(stop, card, (before) => ({ ...before, photos: [...(before.photos ?? []), photo] }));
  }

  /** How far a stop is: answered, and asked in all. */
  progress(stop: Stop): readonly [number, number] {
    const cards = this.asked(stop);
    return [cards.filter((card) => isAnswered(this.answer(stop, card))).length, cards.length];
  }

  /** The stop after this one where something is open, else the first before it. */
  nextStop(stop: Stop): Stop | undefined {
    const at = this.stops.indexOf(stop);
    return [...this.stops.slice(at + 1), ...this.stops.slice(0, at)].find((each) => this.isOpen(each));
  }

  /** Whether nothing is left to be answered. */
  get isDone(): boolean {
    return !this.stops.some((each) => this.isOpen(each));
  }

  private isOpen(stop: Stop): boolean {
    const [done, all] = this.progress(stop);
    return done < all;
  }

  /** The id of a stop's first question. */
  first(stop: Stop): string {
    return this.asked(stop)[0]?.dataset.question ?? '';
  }

  /** Writes each stop's state on the list and the sketch; gives the stop where one goes on. */
  drawStops(): Stop | undefined {
    const open = this.stops.find((stop) => this.isOpen(stop));
    for (const stop of this.stops) {
      const [done, all] = this.progress(stop);
      const state = all && done === all ? 'done' : stop === open ? 'now' : '';
      stop.row.className = `stop ${state}`;
      stop.row.querySelector('.stamp')?.setAttribute('class', `stamp ${state}`);
      part(stop.row, 'state').textContent = inWords(done, all);
      const bar = stop.row.querySelector('progress');
      if (bar) {
        bar.hidden = done === 0 || done === all;
        bar.value = all ? (100 * done) / all : 0;
      }
      for (const drawn of this.body.querySelectorAll(`[data-point="${stop.number}"]`))
        drawn.setAttribute('class', state);
    }
    return open;
  }

  private asked(stop: Stop): HTMLFormElement[] {
    return this.cards.filter((card) => (card.dataset.when === ONCE) === (stop.number === 0));
  }

  private answer(stop: Stop, card: HTMLFormElement): Answer | undefined {
    const answers = this.drafts.get(keyOf(stop, card))?.body.answers as Answers | undefined;
    return answers?.[card.dataset.question ?? ''];
  }

  private onInput(event: Event): void {
    const field = event.target as HTMLInputElement;
    // The card of the field, which need not be the one that is shown a moment later.
    const card = field.closest<HTMLFormElement>('form[data-question]');
    if (!card || field.type === 'radio' || field.type === 'checkbox') return;
    delete card.dataset.saved;
    // Whoever writes an answer can tell after all.
    if (field.name === card.dataset.question) {
      const cannot = card.querySelector<HTMLInputElement>('input[value="?"]');
      if (cannot) cannot.checked = false;
    }
    if (this.written && this.written !== card) void this.keepWords();
    this.written = card;
    // The time runs from the first letter and is not put off by the next ones.
    this.typing ??= window.setTimeout(() => void this.keepWords(), TYPING);
  }

  private onChange(event: Event): void {
    const field = event.target as HTMLInputElement;
    const card = field.closest<HTMLFormElement>('form[data-question]');
    if (!card || (field.type !== 'radio' && field.type !== 'checkbox')) return;
    if (field.type === 'checkbox' && field.checked) settle(card, field);
    this.save(card);
    // The arrow keys choose each answer on the way to the wanted one; who uses them goes on with Enter.
    if (isOneTap(card) && field.value !== '' && !this.byArrow && !this.voice.isRecording)
      void this.goOn(card);
  }

  private async goOn(card: HTMLFormElement): Promise<void> {
    const { hash } = location;
    await this.saving;
    await new Promise((done) => setTimeout(done, SEEN));
    // Who has meanwhile gone elsewhere is not called back.
    if (location.hash === hash && this.card === card && card.dataset.saved) location.hash = this.next();
  }

  private save(card: HTMLFormElement): void {
    const { stop } = this;
    if (!stop) return;
    delete card.dataset.saved;
    const said = readCard(card);
    const field = card.querySelector<HTMLInputElement>('input.num');
    field?.setAttribute('aria-invalid', String(isWrongNumber(card, said)));
    if (isWrongNumber(card, said)) return;
    // What hangs on the question may change until it is this one's turn.
    const putting = this.put(stop, card, ({ photos, sound }) => ({
      ...said,
      ...(photos && { photos }),
      ...(sound && { sound }),
    }));
    this.said.set(card, said);
    this.saving = putting.then(
      () => {
        if (this.refused) this.failed();
        this.refused = undefined;
        // What was written or tapped since is not on the disk yet.
        if (this.said.get(card) !== said || this.written === card) return;
        card.dataset.saved = 'yes';
        offerNone(card);
      },
      (error) => {
        if (!this.refused) this.failed(error);
        this.refused = error;
        this.written ??= card;
        window.clearTimeout(this.again);
        this.again = window.setTimeout(() => void this.keepWords(), AGAIN);
      },
    );
  }

  // The spoken note of one answer.
  private async note(stop: Stop, card: HTMLFormElement): Promise<Subject> {
    const wanted = this.answer(stop, card)?.sound;
    const draft = this.drafts.get(keyOf(stop, card));
    const row = draft && (await this.store.bytes(soundOf(draft, card)));
    const drop = (): Promise<void> => this.put(stop, card, ({ sound: _away, ...rest }) => rest);
    const keep = async (spoken: Spoken, data: ArrayBuffer): Promise<boolean> => {
      try {
        await this.put(stop, card, (before) => ({ ...before, sound: spoken.sha256 }), { spoken, data });
      } catch (error) {
        // The disk has not kept it, so no answer may name it.
        if (error instanceof Damaged) await drop();
        this.failed(error); // whoever has gone on meanwhile does not see the voice's own words
        throw error;
      }
      return true;
    };
    return { isSpoken: Boolean(wanted), row: row?.sha256 === wanted ? row : undefined, keep, drop };
  }

  /** Changes one answer as it is on the disk, after whatever is on its way there. */
  private put(stop: Stop, card: HTMLFormElement, edit: Edit, sound?: Sound): Promise<void> {
    const putting = this.saving.then(() => this.putNow(stop, card, edit, sound));
    this.saving = putting.catch(() => undefined);
    return putting.then(() => {
      if (this.card === card) this.drawSteps(stop, this.asked(stop), card);
    });
  }

  private async putNow(stop: Stop, card: HTMLFormElement, edit: Edit, sound?: Sound): Promise<void> {
    const key = keyOf(stop, card);
    const isSaved = async (draft: Draft): Promise<boolean> => {
      const changed = this.changed(draft, stop, card, edit);
      if (sound) {
        const meta = { id: soundOf(draft, card), record: draft.id, person: draft.person, ...sound.spoken };
        await this.store.addBytes(meta, sound.data, changed);
      } else if (!(await this.store.saveDraft(changed, draft.changed))) return false;
      this.drafts.set(key, changed);
      return true;
    };
    const known = this.drafts.get(key);
    if (known && !sound && (await isSaved(known))) return;
    // Another tab may have written to it, or begun it: then over what that one wrote.
    while (!(await isSaved((await this.newest(key)) ?? this.begin(stop, card))));
  }

  private changed(draft: Draft, stop: Stop, card: HTMLFormElement, edit: Edit): Draft {
    const question = card.dataset.question ?? '';
    const answers = { ...(draft.body.answers as Answers) };
    const answer = edit(answers[question] ?? { value: null });
    if (isAnswered(answer)) answers[question] = answer;
    else delete answers[question];
    const changed: Draft = {
      ...draft,
      changed: new Date().toISOString(),
      dirty: true,
      body: { ...draft.body, language: this.place.language, answers },
    };
    const mine = this.asked(stop).filter((each) => each.dataset.version === card.dataset.version);
    if (mine.every((each) => isAnswered(answers[each.dataset.question ?? '']))) {
      changed.body.finished ??= changed.changed;
    }
    return changed;
  }

  private async newest(key: string): Promise<Draft | undefined> {
    const drafts = await this.store.drafts(this.person().id, this.place.id);
    return drafts.find((each) => each.kind === 'response' && each.key === key && !each.withdrawn);
  }

  private begin(stop: Stop, card: HTMLFormElement): Draft {
    const started = new Date().toISOString();
    return {
      id: crypto.randomUUID(),
      person: this.person().id,
      kind: 'response',
      place: this.place.id,
      key: keyOf(stop, card),
      changed: started,
      sealed: 0,
      dirty: true,
      body: {
        walk: this.place.id,
        ...(stop.id ? { stop: stop.id } : {}),
        checklist: card.dataset.checklist,
        version: Number(card.dataset.number),
        language: this.place.language,
        people: 1,
        answers: {},
        started,
      },
    };
  }

  private draw(stop: Stop, cards: readonly HTMLFormElement[], card: HTMLFormElement): void {
    const at = cards.indexOf(card);
    part(this.root, 'count').textContent = _('Question %(number)s of %(all)s', {
      number: at + 1,
      all: cards.length,
    });
    const [before, after] = [cards[at - 1], cards[at + 1]];
    part<HTMLAnchorElement>(this.root, 'before').href = before ? address(stop, before) : '#home';
    part<HTMLAnchorElement>(this.root, 'after').href = after ? address(stop, after) : `#done/${stop.number}`;
    this.drawSteps(stop, cards, card);
  }

  private drawSteps(stop: Stop, cards: readonly HTMLFormElement[], card: HTMLFormElement): void {
    const marks = cards.map((each) => {
      const mark = document.createElement('i');
      mark.className = each === card ? 'at' : isAnswered(this.answer(stop, each)) ? 'on' : '';
      return mark;
    });
    part(this.root, 'steps').replaceChildren(...marks);
  }

  private async drawPictures(answer?: Answer): Promise<void> {
    const drafts = await Promise.all((answer?.photos ?? []).map((id) => this.store.draft(id)));
    drawPhotos(part(this.root, 'pictures'), drafts);
  }

  /** The photos of a stop, whether or not they hang on a question. */
  async drawPhotosOf({ id }: Stop, strip: HTMLElement): Promise<void> {
    const drafts = await this.store.drafts(this.person().id, this.place.id);
    drawPhotos(
      strip,
      drafts.filter((draft) => draft.kind === 'photo' && (draft.body.stop ?? '') === id),
    );
  }
}

function drawPhotos(strip: HTMLElement, drafts: readonly (Draft | undefined)[]): void {
  const links = drafts.flatMap((draft) => {
    if (!draft || draft.withdrawn) return [];
    const link = document.createElement('a');
    link.href = `#photo/${draft.id}`;
    link.append(thumbnail(draft.thumb, _('Photo')));
    return [link];
  });
  strip.replaceChildren(...links);
  strip.hidden = links.length === 0;
}

/** What comes when all questions of a stop are answered, or passed by. */
export class Done implements View {
  constructor(
    private readonly body: HTMLElement,
    private readonly root: HTMLElement,
    private readonly asking: Asking,
  ) {}

  async show([number]: readonly string[]): Promise<Shown> {
    const stop = this.asking.stops.find((each) => each.number === Number(number));
    if (!stop) return { to: '#home' };
    this.asking.drawStops();
    const [done, all] = this.asking.progress(stop);
    part(this.root, 'done').textContent =
      done === all ? _('Thank you. Everything here is answered.') : _('That is all for this place.');
    const left = part(this.root, 'left');
    left.hidden = done === all;
    left.textContent = ngettext(
      'One question is without an answer.',
      '%(num)s questions are without an answer.',
      all - done,
    );
    part<HTMLAnchorElement>(this.root, 'again').href = `#ask/${stop.number}/${this.asking.first(stop)}`;
    const on = part<HTMLAnchorElement>(this.body, 'next');
    const goes = this.asking.nextStop(stop);
    on.href = goes ? `#stop/${goes.number}` : '#home';
    write(on, goes ? goOn(goes) : _('To the walk'));
    await this.asking.drawPhotosOf(stop, part(this.root, 'pictures'));
    return { where: stop.name, stamp: stop.number ? String(stop.number) : '', back: '#home' };
  }
}

/** The words on the button that leads to a stop. */
export function goOn(stop: { readonly number: number }): string {
  return stop.number ? _('Go on: stop %(number)s', { number: stop.number }) : _('About the whole walk');
}

function inWords(done: number, all: number): string {
  if (all === 0) return '';
  return done === 0 ? _('Not begun') : _('%(done)s of %(all)s answered', { done, all });
}

function address(stop: Stop, card: HTMLFormElement): string {
  return `#ask/${stop.number}/${card.dataset.question}`;
}

function keyOf(stop: Stop, card: HTMLFormElement): string {
  return `${stop.id}|${card.dataset.version}`;
}

function soundOf(draft: Draft, card: HTMLFormElement): string {
  return `${draft.id}:sound:${card.dataset.question}`;
}

// Once something is chosen, it can be taken back. After the saving, which everybody waits for; and what was offered stays
// until the question is shown again, for it may have the focus.
function offerNone(card: HTMLFormElement): void {
  if (card.querySelector('[type="radio"]:checked:not([value=""])')) card.dataset.given = 'yes';
}

// "Can't tell" and the answers exclude each other.
function settle(card: HTMLFormElement, chosen: HTMLInputElement): void {
  for (const field of card.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(
    `[name="${CSS.escape(chosen.name)}"]`,
  )) {
    if (field === chosen) continue;
    const pick = field instanceof HTMLInputElement && field.type === 'checkbox';
    if (pick && (chosen.value === '?' || field.value === '?')) field.checked = false;
    if (!pick && chosen.value === '?') field.value = '';
  }
}
