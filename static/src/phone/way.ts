// The way that a person walks, recorded while this page is open and for as long as they want it. This comes after
// everything that a phone needs to be ready offline.

import { type Draft, type Person, type Place, type Recording, wayOf } from '../outbox/item';
import type { Store } from '../outbox/store';
import { _, ngettext } from '../words';
import { part, write } from './page';

/** Seconds since 1970, degrees, and the error in metres that the phone states. */
export type Point = readonly [at: number, lat: number, lon: number, accuracy: number | null];

const VAGUE = 50; // m; as of a photo's own fix: what is vaguer is no better than the stop
const OFTEN = 5; // s
const NEAR = 10; // m
const STILL = 20; // s; so nobody who stands is further than 10 s from a point, in which its error still holds
const PIECE = 300_000; // ms
const HIDDEN = 60_000; // ms; each photo hides the page, and need not be a piece
const LONGEST = 6 * 3_600_000; // ms
const LATE = 3_600_000; // ms; by so much a walk may end later than planned
const WRONG = 86_400_000; // ms; some receivers count their days from elsewhere
const LOCK = 'pohled-way';
const METRES = 111_320; // of a degree of latitude

/** On a plane, which is right to a part in a thousand. */
function metres(one: Point, other: Point): number {
  const shrink = Math.cos((one[1] * Math.PI) / 180);
  const over = ((((other[2] - one[2]) % 360) + 540) % 360) - 180;
  return METRES * Math.hypot(other[1] - one[1], over * shrink);
}

/** As it is sent: to a decimetre. */
export function pointOf({ coords, timestamp }: GeolocationPosition, now: number): Point {
  const at = Math.abs(timestamp - now) < WRONG ? timestamp : now;
  const exact = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;
  const error = Number.isFinite(coords.accuracy) && coords.accuracy > 0 ? Math.ceil(coords.accuracy) : null;
  return [Math.round(at / 100) / 10, exact(coords.latitude), exact(coords.longitude), error];
}

/** Whether a point tells something that the last one has not told. */
export function isNews(last: Point | undefined, next: Point): boolean {
  if (next[3] === null || next[3] > VAGUE || (!next[1] && !next[2])) return false;
  if (!last) return true;
  const after = next[0] - last[0];
  return after >= STILL || after < 0 || (after >= OFTEN && metres(last, next) >= NEAR);
}

/** When a recording ends by itself, in epoch milliseconds: after 6 hours, and an hour after the walk's planned end. */
export function endOf(since: string, ends: string | undefined): number {
  const began = Date.parse(since);
  const planned = Date.parse(ends ?? '') + LATE;
  return began < planned ? Math.min(began + LONGEST, planned) : began + LONGEST;
}

export class Way {
  private person: Person | undefined;
  private watching: AbortController | undefined;
  private last: Point | undefined;
  private sealed = 0; // when the last piece was made
  private turn: Promise<void> = Promise.resolve();
  private timer = 0;

  constructor(
    private readonly body: HTMLElement,
    private readonly store: Store,
    private readonly place: Place,
  ) {
    part<HTMLInputElement>(body, 'record').addEventListener('change', (event) => {
      const { checked } = event.target as HTMLInputElement;
      void this.alone(() => (checked ? this.begin() : this.end('')));
    });
    part(body, 'unrecord').addEventListener('click', () => void this.alone(() => this.forget()));
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') void this.seal(HIDDEN);
    });
    store.watch(() => void this.draw());
  }

  /** From now on it is this person's way; whoever used the phone before records no more. */
  use(person: Person | undefined): Promise<void> {
    return this.alone(async () => {
      if (this.person && this.person.id !== person?.id) await this.end('');
      this.person = person;
      const found = await this.found();
      if (found?.on) {
        this.say(_('The recording of your way goes on.'));
        this.watch(found);
      } else this.say('');
      await this.make(found, 0); // what a kill has left
      await this.draw();
    });
  }

  /** Makes what was recorded since ready to be sent, unless that was done less than so many milliseconds ago. */
  seal(patience = 0): Promise<void> {
    return this.alone(async () => this.make(await this.found(), patience));
  }

  private async begin(): Promise<void> {
    if (!this.person) return;
    const { store, place } = this;
    if (!('geolocation' in navigator))
      return this.fail(_('This browser does not know where you are, so it cannot record your way.'));
    const before = await this.found();
    const kept = before && (await store.draft(before.id));
    const id = before && !kept?.withdrawn ? before.id : crypto.randomUUID();
    const found = { id, since: new Date().toISOString(), on: true };
    await store.setSetting(wayOf(this.person.id, place.id), found);
    this.say('');
    this.watch(found);
    await this.draw();
  }

  private async end(words: string): Promise<void> {
    this.watching?.abort();
    this.watching = undefined;
    clearTimeout(this.timer);
    this.last = undefined;
    const found = await this.found();
    if (this.person && found?.on) {
      await this.store.setSetting(wayOf(this.person.id, this.place.id), { ...found, on: false });
      await this.make(found, 0);
    }
    this.say(words);
    await this.draw();
  }

  private async forget(): Promise<void> {
    const { store, place } = this;
    await this.end('');
    const found = await this.found();
    if (!found || !this.person) return;
    await store.withdraw(found.id);
    await store.setSetting(wayOf(this.person.id, place.id), undefined);
    this.say(_('Your way is deleted here, and at the project as soon as there is a signal.'));
    await this.draw();
    part(this.body, 'record').focus();
  }

  /** One page at a time: another tab takes over when this one is closed. */
  private watch(found: Recording): void {
    if (this.watching) return;
    const watching = new AbortController();
    this.watching = watching;
    const { signal } = watching;
    const until = endOf(found.since, this.body.dataset.ends);
    const over = (): void => {
      if (!signal.aborted && this.watching === watching)
        void this.alone(() => this.end(_('The recording of your way has ended by itself.')));
    };
    this.timer = window.setTimeout(over, Math.max(0, until - Date.now()));
    const start = (): Promise<void> =>
      new Promise((done) => {
        if (signal.aborted) return done();
        this.sealed = Date.now();
        const id = navigator.geolocation.watchPosition(
          (position) => {
            if (Date.now() >= until) over();
            else void this.alone(() => this.take(position));
          },
          (error) => void this.alone(() => this.unknown(error)),
          { enableHighAccuracy: true, maximumAge: 0 },
        );
        signal.addEventListener('abort', () => {
          navigator.geolocation.clearWatch(id);
          done();
        });
      });
    if (navigator.locks) void navigator.locks.request(LOCK, { signal }, start).catch(() => undefined);
    else void start();
  }

  private async take(position: GeolocationPosition): Promise<void> {
    const { store, place } = this;
    const found = await this.found();
    if (!this.person || !this.watching) return;
    if (!found?.on) return this.end(''); // switched off in another tab
    const point = pointOf(position, Date.now());
    if (!isNews(this.last, point)) return;
    const before = await store.draft(found.id);
    const { points = [], count = 0 } = (before?.body ?? {}) as { points?: Point[]; count?: number };
    const draft: Draft = {
      id: found.id,
      person: this.person.id,
      kind: 'track',
      place: place.id,
      key: '',
      body: { walk: place.id, agreed: found.since, points: [...points, point], count: count + 1 },
      changed: new Date().toISOString(),
      sealed: before?.sealed ?? 0,
      dirty: true,
    };
    if (!(await store.saveDraft(draft))) return this.gone();
    this.last = point;
    this.say('');
    await this.make(found, PIECE);
  }

  private async unknown(error: GeolocationPositionError): Promise<void> {
    if (error.code !== error.PERMISSION_DENIED)
      return this.say(
        _('The phone does not know where you are at the moment. The recording goes on by itself.'),
      );
    await this.end('');
    this.fail(
      _(
        'This page may not know where you are. Allow it in the browser’s settings, then switch this on again.',
      ),
    );
  }

  /** Somebody has deleted it: the person on another phone, or the organisers. */
  private gone(): Promise<void> {
    return this.end(_('Your way was deleted, so nothing more of it is recorded.'));
  }

  private async make(found: Recording | undefined, patience: number): Promise<void> {
    if (!found || Date.now() - this.sealed < patience) return;
    this.sealed = Date.now();
    await this.store.seal(found.id);
  }

  private async found(): Promise<Recording | undefined> {
    return this.person && this.store.setting<Recording>(wayOf(this.person.id, this.place.id));
  }

  // One thing after the other: a point that comes while a piece is made must not bring its points back.
  private alone(act: () => Promise<void> | undefined): Promise<void> {
    this.turn = this.turn.then(act).catch((error: unknown) => {
      this.fail(_('This phone cannot keep your way at the moment: its storage does not answer, or is full.'));
      console.error(error);
    });
    return this.turn;
  }

  private async draw(): Promise<void> {
    const found = await this.found();
    const draft = found && (await this.store.draft(found.id));
    const count = draft && !draft.withdrawn ? Number(draft.body.count ?? 0) : 0;
    const on = found?.on === true;
    part(this.body, 'way').hidden = !this.person;
    part<HTMLInputElement>(this.body, 'record').checked = on;
    part(this.body, 'unrecorded').hidden = !draft || draft.withdrawn === true;
    const bar = part(this.body, 'recording');
    bar.hidden = !on;
    const words = ngettext(
      'Your way is being recorded: %(num)s point',
      'Your way is being recorded: %(num)s points',
      count,
    );
    if (on) write(part(this.body, 'walked'), words);
  }

  private fail(words: string): void {
    this.say(words);
    part<HTMLInputElement>(this.body, 'record').checked = false;
  }

  private say(words: string): void {
    const line = part(this.body, 'waysays');
    if (line.textContent !== words) line.textContent = words;
    line.hidden = !words;
  }
}
