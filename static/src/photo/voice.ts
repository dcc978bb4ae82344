// Speaking instead of writing: a caption, or a note to an answer. What was spoken is kept like a picture: whole on the
// disk before the page says so.

import type { Bytes, NewBytes } from '../outbox/item';
import { type Store, sha256 } from '../outbox/store';
import { _ } from '../words';

const LONGEST = 120; // seconds
const RATE = 32_000; // bits a second: a voice, not music
const KINDS = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'];

export type Spoken = Pick<NewBytes, 'part' | 'sha256' | 'bytes' | 'type' | 'wanted'>;

/** What something is spoken for. */
export interface Subject {
  /** Something was spoken, here or on another phone. */
  readonly isSpoken: boolean;
  /** As far as it is on this phone. */
  readonly row: Bytes | undefined;
  /** Resolves when it is on the disk; with false where nobody wants it any more. */
  keep(spoken: Spoken, data: ArrayBuffer): Promise<boolean>;
  /** Takes it away. */
  drop?(): Promise<void>;
}

/** The microphone has given nothing at all. */
class Silent extends Error {}

export class Voice {
  private readonly button: HTMLButtonElement;
  private readonly words: HTMLElement;
  private readonly player: HTMLAudioElement;
  private readonly says: HTMLElement;
  private readonly remove: HTMLElement | null;
  private readonly first: string;
  private subject: Subject | undefined;
  private recorder: MediaRecorder | undefined;
  private ticking: number | undefined;
  private isSpoken = false;
  private keeping: Promise<void> = Promise.resolve();

  /** With an opener elsewhere on the page, it is out of the way until somebody speaks. */
  constructor(
    private readonly root: HTMLElement,
    private readonly store: Store,
    private readonly opener?: HTMLElement,
  ) {
    const found = <T extends Element>(selector: string): T => {
      const each = root.querySelector<T>(selector);
      if (!each) throw new Error(`The page has no ${selector}.`);
      return each;
    };
    this.button = found('[data-do="speak"]');
    this.words = found('[data-do="speak"] span');
    this.player = found('audio');
    this.says = found('[data-part="voice-says"]');
    this.remove = root.querySelector('[data-do="unsay"]');
    this.first = this.words.textContent ?? '';
    this.button.addEventListener('click', () => void this.press());
    this.remove?.addEventListener('click', () => void this.unsay());
    opener?.addEventListener('click', () => this.button.click());
  }

  get isRecording(): boolean {
    return this.recorder?.state === 'recording';
  }

  /** Shows what was spoken, as far as it is still on this phone. */
  async show(subject: Subject): Promise<void> {
    await this.leave();
    const { row, isSpoken } = subject;
    const canRecord = typeof MediaRecorder !== 'undefined' && Boolean(navigator.mediaDevices);
    if (this.opener) this.opener.hidden = !canRecord;
    this.root.hidden = !canRecord || (this.opener !== undefined && !isSpoken);
    const data = row?.here ? await this.store.data(row.sha256) : undefined;
    this.subject = subject;
    this.play(data, row?.type);
    this.draw(isSpoken);
    this.say(isSpoken && !data ? _('What you said has been received.') : '');
  }

  /** Ends a recording that is under way; resolves when it is kept. */
  async stop(): Promise<void> {
    if (this.isRecording) this.recorder?.stop();
    await this.keeping;
  }

  async leave(): Promise<void> {
    await this.stop();
    this.subject = undefined;
  }

  private async press(): Promise<void> {
    const { subject } = this;
    if (this.isRecording || !subject) return this.stop();
    this.button.disabled = true;
    this.root.hidden = false;
    try {
      const line = await navigator.mediaDevices.getUserMedia({ audio: true });
      // Who has gone elsewhere while the browser asked is not listened to.
      if (this.subject === subject) this.record(line, subject);
      else hangUp(line);
    } catch {
      this.say(_('The microphone cannot be used. Allow it in the browser, or write instead.'));
    }
    this.button.disabled = false;
    this.button.focus(); // the same key stops it
  }

  private record(line: MediaStream, subject: Subject): void {
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    const recorder = new MediaRecorder(line, { audioBitsPerSecond: RATE, ...(mimeType ? { mimeType } : {}) });
    const pieces: Blob[] = [];
    const begun = Date.now();
    recorder.addEventListener('dataavailable', (event) => pieces.push(event.data));
    this.keeping = new Promise<void>((done) => recorder.addEventListener('stop', () => done())).then(() => {
      window.clearInterval(this.ticking);
      hangUp(line);
      return this.keep(subject, new Blob(pieces), recorder.mimeType);
    });
    recorder.start();
    this.recorder = recorder;
    this.player.hidden = true;
    if (this.remove) this.remove.hidden = true;
    this.say('');
    const tick = (): void => {
      const seconds = Math.round((Date.now() - begun) / 1000);
      this.words.textContent = _('Stop: %(seconds)s s', { seconds });
      if (seconds >= LONGEST) void this.stop();
    };
    tick();
    this.ticking = window.setInterval(tick, 500);
  }

  private async keep(subject: Subject, spoken: Blob, mimeType: string): Promise<void> {
    try {
      const data = await spoken.arrayBuffer();
      const type = mimeType.split(';')[0] || 'audio/webm';
      const more = { sha256: await sha256(data), bytes: data.byteLength, type, wanted: true };
      if (!data.byteLength) throw new Silent();
      if (!(await subject.keep({ part: 'sound', ...more }, data)) || subject !== this.subject) return;
      this.play(data, type);
      this.draw(true);
      this.say(_('Saved on this phone'));
      this.root.scrollIntoView({ block: 'nearest' });
    } catch (error) {
      this.player.hidden = !this.player.hasAttribute('src'); // what was spoken before is still there
      this.draw(this.isSpoken);
      if (error instanceof Silent)
        this.say(_('The microphone cannot be used. Allow it in the browser, or write instead.'));
      else this.say(_('The phone could not save what you said. Make room on it, and say it again.'));
    }
  }

  private async unsay(): Promise<void> {
    await this.subject?.drop?.();
    this.play(undefined);
    this.draw(false);
    this.say(_('What you said is deleted.'));
    this.button.focus();
  }

  private play(data: ArrayBuffer | undefined, type = 'audio/webm'): void {
    URL.revokeObjectURL(this.player.src);
    this.player.hidden = !data;
    if (data) this.player.src = URL.createObjectURL(new Blob([data], { type }));
    else this.player.removeAttribute('src');
  }

  private draw(isSpoken: boolean): void {
    this.isSpoken = isSpoken;
    this.words.textContent = isSpoken ? _('Say it again') : this.first;
    if (this.remove) this.remove.hidden = !isSpoken;
  }

  private say(words: string): void {
    this.says.textContent = words;
  }
}

/** A photo's spoken caption. */
export async function captionOf(store: Store, record: string): Promise<Subject> {
  const id = `${record}:sound`;
  const row = await store.bytes(id);
  return {
    row,
    isSpoken: row !== undefined,
    keep: async (spoken, data) => {
      const draft = await store.draft(record);
      if (!draft || draft.withdrawn) return false;
      await store.addBytes({ id, record, person: draft.person, ...spoken }, data);
      return true;
    },
  };
}

function hangUp(line: MediaStream): void {
  for (const track of line.getTracks()) track.stop();
}
