import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Store, sha256 } from '../../../static/src/outbox/store';
import { type Subject, Voice } from '../../../static/src/photo/voice';
import { useWords } from '../../../static/src/words';

let made: Uint8Array<ArrayBuffer>;
const MADE = new Uint8Array([0x1a, 0x45, 0xdf, 0xa3, 1, 2, 3]);

class Recorder extends EventTarget {
  static isTypeSupported = (): boolean => true;
  static all: Recorder[] = [];
  state = 'inactive';
  mimeType = 'audio/webm;codecs=opus';
  constructor() {
    super();
    Recorder.all.push(this);
  }
  start(): void {
    this.state = 'recording';
  }
  stop(): void {
    this.state = 'inactive';
    const data = Object.assign(new Event('dataavailable'), { data: new Blob([made]) });
    this.dispatchEvent(data);
    this.dispatchEvent(new Event('stop'));
  }
}

let store: Store;
let voice: Voice;
let count = 0;
let kept: string[] = [];
const track = { stop: vi.fn() };
let line: Promise<unknown>;

const subject = (more: Partial<Subject> = {}): Subject => ({
  isSpoken: false,
  row: undefined,
  keep: async (spoken) => kept.push(spoken.sha256) > 0,
  drop: async () => void kept.pop(),
  ...more,
});
const find = <T extends HTMLElement>(selector: string): T => document.querySelector<T>(selector) as T;
const button = (): HTMLButtonElement => find('[data-do="speak"]');
const says = (): string => find('[data-part="voice-says"]').textContent ?? '';

beforeEach(async () => {
  useWords({ language: 'en', strings: {}, plural: {} });
  made = MADE;
  Recorder.all = [];
  kept = [];
  track.stop.mockClear();
  line = Promise.resolve({ getTracks: () => [track] });
  vi.stubGlobal('MediaRecorder', Recorder);
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia: () => line } });
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:1');
  vi.spyOn(URL, 'revokeObjectURL').mockReturnValue();
  Element.prototype.scrollIntoView = () => undefined;
  document.body.innerHTML = `<div id="root" hidden><button data-do="speak"><span>Speak</span></button><audio hidden></audio>
    <p data-part="voice-says"></p><button data-do="unsay" hidden></button></div><button id="opener" hidden></button>`;
  store = await Store.open(`voice-${++count}`);
  voice = new Voice(find('#root'), store, find('#opener'));
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  store.close();
});

async function speak(): Promise<void> {
  find('#opener').click();
  await vi.waitFor(() => expect(voice.isRecording).toBe(true));
}

it('is out of the way until somebody speaks, and says so only when it is kept', async () => {
  let settle: (done: boolean) => void = () => undefined;
  await voice.show(
    subject({
      keep: () =>
        new Promise((done) => {
          settle = done;
        }),
    }),
  );
  expect([find('#root').hidden, find('#opener').hidden]).toEqual([true, false]);
  await speak();
  expect(find('#root').hidden).toBe(false);
  expect(button().textContent).toBe('Stop: 0 s');
  button().click();
  await vi.waitFor(() => expect(track.stop).toHaveBeenCalled());
  await Promise.resolve();
  expect(says()).toBe('');
  await new Promise((done) => setTimeout(done, 20));
  settle(true);
  await vi.waitFor(() => expect(says()).toBe('Saved on this phone'));
  expect([find('audio').hidden, find('[data-do="unsay"]').hidden]).toEqual([false, false]);
  expect(button().textContent).toBe('Say it again');
});

it('keeps what was said when somebody goes elsewhere, and for what it was said', async () => {
  await voice.show(subject());
  await speak();
  await voice.leave();
  expect(kept).toEqual([await sha256(MADE)]);
  expect(track.stop).toHaveBeenCalled();
});

it('listens to nobody who has gone elsewhere while the browser asked', async () => {
  let grant: (line: unknown) => void = () => undefined;
  line = new Promise((done) => {
    grant = done;
  });
  await voice.show(subject());
  find('#opener').click();
  find('#opener').click();
  await voice.show(subject());
  grant({ getTracks: () => [track] });
  await vi.waitFor(() => expect(track.stop).toHaveBeenCalledTimes(1));
  expect(Recorder.all).toEqual([]);
});

it('ends after two minutes', async () => {
  await voice.show(subject());
  await speak();
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 120_000);
  await vi.waitFor(() => expect(kept).toHaveLength(1), 2000);
});

it('says what to do where the phone has no room, and keeps what was there before', async () => {
  const keep = vi.fn().mockResolvedValueOnce(true).mockRejectedValueOnce(new Error('full'));
  await voice.show(subject({ keep }));
  for (const words of ['Saved on this phone', 'The phone could not save what you said.']) {
    await speak();
    button().click();
    await vi.waitFor(() => expect(says()).toContain(words));
  }
  expect([find('audio').hidden, button().textContent]).toEqual([false, 'Say it again']);
});

it('that is empty is not kept, and the next one may be spoken', async () => {
  await voice.show(subject());
  await speak();
  made = new Uint8Array(0);
  button().click();
  await vi.waitFor(() => expect(says()).toMatch(/^The microphone cannot be used/));
  expect(button().textContent).toBe('Speak');
  expect(kept).toEqual([]);
});

it('is deleted on demand', async () => {
  await voice.show(subject({ isSpoken: true }));
  expect(says()).toBe('What you said has been received.');
  kept = ['x'];
  find('[data-do="unsay"]').click();
  await vi.waitFor(() => expect(says()).toBe('What you said is deleted.'));
  expect(kept).toEqual([]);
  expect(button().textContent).toBe('Speak');
});

it('is not there where the browser cannot record', async () => {
  vi.stubGlobal('MediaRecorder', undefined);
  await voice.show(subject());
  expect([find('#root').hidden, find('#opener').hidden]).toEqual([true, true]);
});
