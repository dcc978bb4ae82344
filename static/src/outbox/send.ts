// Sends what the outbox holds: one pass at a time across all tabs, and nothing is received without its receipt.

import { type Answer, again, isProblem, readAnswer, refused, saidBy, type Verdict, verdict } from './answer';
import { delay } from './backoff';
import {
  type Bytes,
  fits,
  goesEarly,
  type Item,
  inOrder,
  isDue,
  isReceipt,
  type Person,
  pathOf,
  type Reason,
  soundsOf,
  toSend,
} from './item';
import type { Store } from './store';
import { type Job, upload } from './upload';

export interface Options {
  fetch?: typeof fetch;
  now?: () => number;
  random?: () => number;
  /** True only where the browser knows that it is on Wi-Fi. */
  wifi?: () => boolean | undefined;
  /** In place of tus. */
  upload?: (job: Job) => Promise<void>;
  /** Where the API is. */
  base?: string;
}

export interface Outcome {
  /** Another tab is sending. */
  skipped?: true;
  /** Rows that were received in this pass. */
  received: number;
  /** Rows that were tried and were not received. */
  failed: number;
  /** The last failure of this pass. */
  reason?: Reason;
  /** Epoch milliseconds: when another pass is worth it; absent when nothing waits. */
  next?: number;
  /** The pass gave up: nothing gets through at the moment. */
  stopped?: true;
}

type Result = 'received' | Verdict;

const LOCK = 'pohled-send';
const PATIENCE = 60_000;
const LEASE = 90_000;
const HOUR = 3_600_000;
const LONGEST = 300_000;
/** So many failures in a row are no longer the fault of one record. */
const STREAK = 4;

export class Sender {
  private readonly fetch: typeof fetch;
  private readonly now: () => number;
  private readonly random: () => number;
  private readonly base: string;
  /** By person: what the project has heard of how much is held here. */
  private readonly told = new Map<string, string>();
  private readonly telling = new Set<string>();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: Store,
    private readonly options: Options = {},
  ) {
    this.fetch = options.fetch ?? ((input, init) => fetch(input, init));
    this.now = options.now ?? Date.now;
    this.random = options.random ?? Math.random;
    this.base = options.base ?? '/api/v1';
  }

  /** Sends once everything of a person that is due. On a lent phone one person's turn comes after the other's. */
  pass(person: string): Promise<Outcome> {
    const turn = this.turn.then(() => this.alone(person));
    this.turn = turn.catch(() => undefined);
    return turn;
  }

  private async alone(person: string): Promise<Outcome> {
    const skipped: Outcome = { skipped: true, received: 0, failed: 0, next: this.now() + PATIENCE };
    if (navigator.locks) {
      return navigator.locks.request(LOCK, { ifAvailable: true }, (lock) =>
        lock ? new Pass(this.tools(), person).run() : skipped,
      );
    }
    const holder = String(Math.random());
    const hold = (): Promise<boolean> =>
      this.store.lease(LOCK, holder, this.now(), this.now() + LEASE).catch(() => false);
    if (!(await hold())) return skipped;
    const renewal = setInterval(hold, LEASE / 3);
    try {
      return await new Pass(this.tools(), person).run();
    } finally {
      clearInterval(renewal);
      await this.store.lease(LOCK, holder, this.now(), 0);
    }
  }

  /** Sends whenever it may help, until the returned function is called. */
  start(person: string): () => void {
    let running = false;
    let missed = false;
    let stopped = false;
    let streak = 0;
    let rest = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = (moment: number): void => {
      clearTimeout(timer);
      if (!stopped) timer = setTimeout(go, Math.min(LONGEST, Math.max(0, moment - this.now())));
    };
    const go = async (): Promise<void> => {
      if (stopped) return;
      if (running) {
        missed = true;
        return;
      }
      // What a pass writes is heard here as well, so a change alone does not end a rest.
      if (this.now() < rest && rest <= this.now() + LONGEST) return later(rest);
      running = true;
      missed = false;
      const outcome = await this.pass(person).catch((): Outcome => {
        return { received: 0, failed: 1, stopped: true };
      });
      running = false;
      streak = outcome.stopped ? streak + 1 : 0;
      rest = outcome.stopped ? this.now() + 1000 + delay(streak, this.random()) : 0;
      if (missed && !outcome.skipped) later(Math.max(rest, this.now()));
      else if (outcome.stopped || outcome.next !== undefined) later(Math.max(rest, outcome.next ?? 0));
      else if (!this.told.has(person)) later(this.now() + LONGEST); // it could not be told
    };
    const wake = (): void => {
      rest = 0;
      this.told.delete(person); // whoever opens the phone lets it speak up
      void go();
    };
    const online = (): void => {
      void this.store.renew(person, rests).then(wake, wake);
    };
    const seen = (): void => {
      if (document.visibilityState === 'visible') wake();
    };
    const line = (navigator as { connection?: EventTarget }).connection;
    const unwatch = this.store.watch(go);
    window.addEventListener('online', online);
    document.addEventListener('visibilitychange', seen);
    line?.addEventListener?.('change', wake);
    wake();
    return () => {
      stopped = true;
      clearTimeout(timer);
      unwatch();
      window.removeEventListener('online', online);
      document.removeEventListener('visibilitychange', seen);
      line?.removeEventListener?.('change', wake);
    };
  }

  /** A pass that waits for no rest: whoever taps, or has just found a signal, does not mean "later". */
  async hurry(person: string): Promise<Outcome> {
    await this.store.renew(person, rests);
    return this.pass(person);
  }

  private tools(): Tools {
    const { store, fetch, now, random, base, told, telling } = this;
    return { wifi: () => undefined, upload, ...this.options, store, fetch, now, random, base, told, telling };
  }
}

const rests = (row: Item | Bytes): boolean => row.state === 'saved' && row.after > 0;

interface Tools extends Required<Options> {
  store: Store;
  told: Map<string, string>;
  telling: Set<string>;
}

class Pass {
  private readonly tried = new Set<string>();
  private readonly outcome: Outcome = { received: 0, failed: 0 };
  private streak = 0;
  private who!: Person;

  constructor(
    private readonly tools: Tools,
    private readonly person: string,
  ) {}

  async run(): Promise<Outcome> {
    const who = await this.tools.store.person(this.person);
    if (!who?.token) return this.outcome;
    this.who = who;
    // The lists are read again after each row: a person goes on writing, and taking back, meanwhile.
    while (!this.outcome.stopped) {
      const item = toSend(await this.items(), this.tools.now()).find((each) => !this.tried.has(each.id));
      const row = item ? undefined : (await this.waiting()).find((each) => this.isReady(each));
      if (!item) void this.tell().catch(() => undefined);
      if (item) await this.settle('items', item, (taken) => this.sendItem(taken as Item));
      else if (row) await this.settle('bytes', row, (taken) => this.sendBytes(taken as Bytes));
      else break;
    }
    if (this.outcome.received && (await this.tools.store.person(this.person)))
      await this.tools.store.setSetting(`last:${this.person}`, new Date(this.tools.now()).toISOString());
    return this.plan();
  }

  /** How many things wait here, where that has changed: so nobody says goodbye too early. No sending waits for it. */
  private async tell(): Promise<void> {
    const { store, base, told, telling } = this.tools;
    const { person } = this;
    if (telling.has(person)) return; // that goes on until it is true
    telling.add(person);
    try {
      for (;;) {
        const { here, sending, refused, photos } = await store.counts(person);
        const body = JSON.stringify({ answers: here + sending + refused - photos, photos });
        if (told.get(person) === body) return;
        told.delete(person);
        const answer = await this.ask('PUT', `${base}/me/held`, body);
        const said = answer && (saidBy(answer) as { asked?: string[]; words?: number } | undefined);
        // An older server, or one that keeps nothing of this person, need not hear it twice.
        if (!answer || (!said && verdict(answer).state === 'saved')) return;
        if (Array.isArray(said?.asked)) await store.ask(person, said.asked);
        const words = `words:${person}`;
        if (said?.words !== undefined && said.words !== ((await store.setting(words)) ?? 0))
          await store.setSetting(words, said.words);
        told.set(person, body);
      }
    } finally {
      telling.delete(person);
    }
  }

  private items(): Promise<Item[]> {
    return this.tools.store.items(this.person);
  }

  /**
   * The bytes that may go, in their order: those whose record the server has (an answer's sound: with its name), and
   * that somebody wants there now.
   */
  private async waiting(): Promise<Bytes[]> {
    const received = (await this.items()).filter((item) => item.state === 'received').sort(inOrder);
    const known = new Map(received.map((item) => [item.record, item]));
    const isKnown = (row: Bytes): boolean => {
      const item = known.get(row.record);
      return (
        item !== undefined && (item.kind === 'photo' || soundsOf(JSON.parse(item.body)).includes(row.sha256))
      );
    };
    const all = (await this.tools.store.allBytes(this.person)).sort((a, b) => a.made - b.made);
    const rows = all.filter((row) => row.state !== 'received' && isKnown(row));
    const { originals } = this.who;
    const open = originals === 'always' || (originals === 'wifi' && this.tools.wifi() === true);
    const late = rows.filter((row) => !goesEarly(row, all) && (open || row.wanted));
    return [
      ...rows.filter((row) => goesEarly(row, all)),
      ...late.filter((row) => row.asked),
      ...late.filter((row) => !row.asked),
    ];
  }

  private isReady(row: Bytes): boolean {
    return isDue(row, this.tools.now()) && !this.tried.has(row.id);
  }

  /** One row: marked before anything leaves, so that a kill leaves no doubt; then what has become of it. */
  private async settle<N extends 'items' | 'bytes'>(
    name: N,
    { id, record, sha256 }: Item | Bytes,
    send: (row: Item | Bytes) => Promise<Result>,
  ): Promise<void> {
    const { store, now, random } = this.tools;
    this.tried.add(id);
    const row = await store.change(name, id, (each) => {
      each.state = 'sending';
      each.tries += 1;
      each.last = now();
    });
    if (!row) return;
    const result = await send(row);
    if (result === 'received') {
      this.outcome.received += 1;
      this.streak = 0;
      return;
    }
    const { state, reason, wait } = result;
    this.outcome.failed += 1;
    this.outcome.reason = reason;
    this.streak = state === 'saved' ? this.streak + 1 : 0;
    if (this.streak >= STREAK) this.outcome.stopped = true;
    if (state === 'withdrawn') return store.forget(record);
    if (state === 'token') this.outcome.stopped = true;
    const after = state === 'refused' ? 0 : now() + Math.max(wait, delay(row.tries, random()));
    await store.change(name, id, (each) => {
      if (each.sha256 === sha256)
        Object.assign(each, { state: state === 'refused' ? state : 'saved', reason, after });
    });
    // A token that was changed while we asked deserves a try of its own.
    const refusedToken = state === 'token' && (await store.person(this.person))?.token === this.who.token;
    if (refusedToken) await store.hold(this.person, reason, now(), now() + HOUR);
  }

  private async sendItem(item: Item): Promise<Result> {
    if (item.method === 'DELETE') return this.takeBack(item);
    const answer = await this.ask(item.method, this.tools.base + item.path, item.body);
    const said = answer && saidBy(answer);
    if (fits(said, item)) {
      await this.tools.store.received(item.id, said);
      return 'received';
    }
    if (!isReceipt(said) || said.id !== item.record || said.revision <= item.revision) return verdict(answer);
    // The server has a newer revision of this device and says so. If it is ours, this one has had its day.
    const newer = (await this.items()).find((other) => fits(said, other));
    if (!newer) return refused('wrong');
    await this.tools.store.received(newer.id, said);
    return 'received';
  }

  /** 204 could be anybody's. That the photo's address answers 410 or 404 is our server's own word. */
  private async takeBack(item: Item): Promise<Result> {
    const address = this.tools.base + item.path;
    let answer = await this.ask('DELETE', address);
    if (answer?.status === 204) answer = await this.ask('GET', address);
    if (!answer || !isProblem(answer, 404, 410)) return verdict(answer);
    await this.tools.store.received(item.id, answer.said);
    return 'received';
  }

  private async sendBytes(row: Bytes): Promise<Result> {
    const { store, base, upload } = this.tools;
    const items = (await this.items()).filter((item) => item.record === row.record);
    const kind = items.some((item) => item.kind === 'photo') ? 'photo' : 'response';
    const data = await store.whole(row.sha256);
    // The answer to an earlier try may have been lost, not the bytes.
    if (!data || row.tries > 1) {
      const early = await this.confirm(row, kind);
      if (early === 'received' || early.reason.code !== 'wrong') return early;
    }
    if (!data) return refused('lost');
    const { address, part, sha256 } = row;
    const job: Job = {
      endpoint: new URL(`${base}/uploads`, location.href).href,
      token: this.who.token,
      metadata: { ...(kind === 'photo' && { photo: row.record }), part, sha256 },
      data,
      ...(address && { address }),
      ...(row.tries > 1 && { again: true }),
      begun: (begun) => {
        void this.note(row, (each) => {
          each.address = begun;
        });
      },
      progress: (sent) =>
        this.note(row, (each) => {
          each.sent = sent;
        }),
    };
    try {
      await upload(job);
    } catch (error) {
      return this.unsent(row, error);
    }
    return this.confirm(row, kind);
  }

  /** Writes it down, if these are still the bytes: they may have been taken back, or spoken anew, meanwhile. */
  private async note({ id, sha256 }: Bytes, edit: (row: Bytes) => void): Promise<boolean> {
    const row = await this.tools.store.change('bytes', id, (each) => {
      if (each.sha256 === sha256) edit(each);
    });
    return row?.sha256 === sha256;
  }

  private async unsent(row: Bytes, error: unknown): Promise<Verdict> {
    const found = verdict((error as { answer?: Answer }).answer);
    const status = found.reason.status ?? 0;
    // The upload is gone, or was thrown away: the next try begins anew, and asks first whether the photo is still there.
    if (![404, 410, 460].includes(status)) return found;
    await this.note(row, (each) => {
      delete each.address;
      each.sent = 0;
    });
    return again('wrong', status);
  }

  /** The receipt of bytes: their record's address names them, by SHA-256 and length. */
  private async confirm(row: Bytes, kind: 'photo' | 'response'): Promise<Result> {
    const answer = await this.ask('GET', this.tools.base + pathOf(kind, row.record));
    const said = answer && (saidBy(answer) as Partial<Own> | undefined);
    const parts = said?.id === row.record ? (said.sounds ?? { [row.part]: said.parts?.[row.part] }) : {};
    if (Object.values(parts).some((part) => part?.sha256 === row.sha256 && part.bytes === row.bytes)) {
      await this.tools.store.release(row.id, row.sha256);
      return 'received';
    }
    const found = verdict(answer);
    return found.state === 'refused' ? again('wrong', answer?.status) : found;
  }

  /** An answer read to its end; undefined when there was none. */
  private async ask(method: string, address: string, body?: string): Promise<Answer | undefined> {
    try {
      return await this.call(method, address, body);
    } catch {
      return undefined;
    }
  }

  private async call(method: string, address: string, body?: string): Promise<Answer> {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    const headers: Record<string, string> = {
      Authorization: `Bearer ${this.who.token}`,
      'Accept-Language': document.documentElement.lang, // a refusal is read by whoever reads the page
    };
    if (body) headers['Content-Type'] = 'application/json';
    try {
      const response = await this.tools.fetch(address, {
        method,
        headers,
        ...(body && { body }),
        redirect: 'manual', // never followed: our server moves nowhere, a network's own page does
        credentials: 'omit',
        cache: 'no-store',
        signal: stop.signal,
      });
      return await readAnswer(response, this.tools.now());
    } finally {
      clearTimeout(timer);
    }
  }

  /** When the next pass is worth it. */
  private async plan(): Promise<Outcome> {
    const rows = [...(await this.items()), ...(await this.waiting())];
    const waits = rows
      .filter((row) => row.state === 'saved' || row.state === 'sending')
      .map((row) => row.after);
    if (waits.length) this.outcome.next = Math.max(this.tools.now(), Math.min(...waits));
    return this.outcome;
  }
}

interface Part {
  sha256: string;
  bytes: number;
}

/** What the server says of one's own photo (parts), or response (sounds, by question). */
interface Own {
  id: string;
  parts: Record<string, Part | undefined>;
  sounds: Record<string, Part | undefined>;
}
