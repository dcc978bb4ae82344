// Speaking a caption instead of writing it. What was spoken is kept like a picture: whole on the disk before the page
// says so.

import { type Store, sha256 } from '../outbox/store';
import { _ } from '../words';

const LONGEST = 120; // seconds
const RATE = 32_000; // bits a second: a voice, not music
const KINDS = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'];

export class Voice {
  private readonly button: HTMLButtonElement;
  private readonly words: HTMLElement;
  private readonly player: HTMLAudioElement;
  private readonly says: HTMLElement;
  private id = '';
  private recorder: MediaRecorder | undefined;
  private ticking: number | undefined;

  constructor(
    private readonly root: HTMLElement,
    private readonly store: Store,
  ) {
    const found = <T extends Element>(selector: string): T => {
      const each = root.querySelector<T>(selector);
      if (!each) throw new Error(`The photo page has no ${selector}.`);
      return each;
    };
    this.button = found('[data-do="speak"]');
    this.words = found('[data-do="speak"] span');
    this.player = found('audio');
    this.says = found('[data-part="voice-says"]');
    this.button.addEventListener('click', () => void this.press());
  }

  /** Shows what was spoken for this photo, as far as it is still on this phone. */
  async show(id: string): Promise<void> {
    this.stop();
    this.id = id;
    this.root.hidden = typeof MediaRecorder === 'undefined' || !navigator.mediaDevices;
    this.say('');
    const row = await this.store.bytes(`${id}:sound`);
    const data = row?.here ? await this.store.data(row.sha256) : undefined;
    this.play(data, row?.type);
    this.draw(row !== undefined);
    if (row && !data) this.say(_('Your spoken caption has been received.'));
  }

  /** Ends a recording that is under way, and keeps it. */
  stop(): void {
    if (this.recorder?.state === 'recording') this.recorder.stop();
  }

  private async press(): Promise<void> {
    if (this.recorder?.state === 'recording') {
      this.stop();
      return;
    }
    try {
      const line = await navigator.mediaDevices.getUserMedia({ audio: true });
      this.record(line, this.id);
    } catch {
      this.say(_('The microphone cannot be used. Allow it in the browser, or write the caption.'));
    }
  }

  private record(line: MediaStream, id: string): void {
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    const recorder = new MediaRecorder(line, { audioBitsPerSecond: RATE, ...(mimeType ? { mimeType } : {}) });
    const pieces: Blob[] = [];
    const begun = Date.now();
    recorder.addEventListener('dataavailable', (event) => pieces.push(event.data));
    recorder.addEventListener('stop', () => {
      window.clearInterval(this.ticking);
      for (const track of line.getTracks()) track.stop();
      void this.keep(id, new Blob(pieces), recorder.mimeType);
    });
    recorder.start();
    this.recorder = recorder;
    this.player.hidden = true;
    this.say('');
    const tick = (): void => {
      const seconds = Math.round((Date.now() - begun) / 1000);
      this.words.textContent = _('Stop: %(seconds)s s', { seconds });
      if (seconds >= LONGEST) this.stop();
    };
    tick();
    this.ticking = window.setInterval(tick, 500);
  }

  private async keep(id: string, spoken: Blob, mimeType: string): Promise<void> {
    const draft = await this.store.draft(id);
    if (!draft || draft.withdrawn || spoken.size === 0) return;
    const data = await spoken.arrayBuffer();
    const sum = await sha256(data);
    const type = mimeType.split(';')[0] ?? 'audio/webm';
    try {
      await this.store.addBytes(
        {
          id: `${id}:sound`,
          record: id,
          person: draft.person,
          part: 'sound',
          sha256: sum,
          bytes: data.byteLength,
          type,
          wanted: true,
        },
        data,
      );
    } catch {
      this.say(_('The phone could not save what you said. Make room on it, and say it again.'));
      return;
    }
    if (id !== this.id) return;
    this.play(data, type);
    this.draw(true);
    this.say(_('Saved on this phone'));
  }

  private play(data: ArrayBuffer | undefined, type = 'audio/webm'): void {
    URL.revokeObjectURL(this.player.src);
    this.player.hidden = !data;
    if (data) this.player.src = URL.createObjectURL(new Blob([data], { type }));
    else this.player.removeAttribute('src');
  }

  private draw(isSpoken: boolean): void {
    this.words.textContent = isSpoken ? _('Say it again') : _('Say it instead');
  }

  private say(words: string): void {
    this.says.textContent = words;
  }
}
