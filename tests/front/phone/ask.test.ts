import 'fake-indexeddb/auto';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Draft } from '../../../static/src/outbox/item';
import { Store } from '../../../static/src/outbox/store';
import { Asking } from '../../../static/src/phone/ask';
import { useWords } from '../../../static/src/words';

const PERSON = {
  id: 'ana',
  key: '',
  token: '',
  recovery: '',
  device: 'd',
  sequence: 0,
  places: [],
  originals: 'tapped' as const,
  joined: '',
};
const PLACE = { kind: 'walk' as const, id: 'w', code: 'W', title: 'A walk', language: 'en' };
const card = (name: string, kind: string, field: string): string =>
  `<form data-question="${name}" data-version="v" data-checklist="c" data-number="1" data-when="stop"
    data-kind="${kind}" hidden>${field}<details><textarea name="remark"></textarea></details></form>`;
const tap = (name: string, value: string): string => `<input type="radio" name="${name}" value="${value}">`;
const PAGE = `<p data-part="once"></p><button data-part="shutter"></button><button data-part="talk"></button>
<ol class="stops"><li data-stop="s1" data-number="1" data-photos="yes"><b>One</b></li>
<li data-stop="s2" data-number="2" data-photos="yes"><b>Two</b></li></ol>
<section><a data-part="before"></a><a data-part="after"></a><p data-part="count"></p><p data-part="steps"></p>
${card('q.1', 'agree', tap('q.1', '1') + tap('q.1', '2'))}
${card('q.2', 'text', '<textarea name="q.2"></textarea>')}
${card('q.3', 'text', '<textarea name="q.3"></textarea>')}
<p data-part="pictures"></p>
<div data-part="voice"><button data-do="speak"><span>Speak</span></button><audio></audio><p data-part="voice-says"></p></div>
</section>`;

let store: Store;
let asking: Asking;
let failed: unknown[];
let count = 0;

// Who taps is shown the answer for a moment before the next question comes; the page must still be there then.
afterAll(() => new Promise((done) => setTimeout(done, 500)));

beforeEach(async () => {
  useWords({ language: 'en', strings: {}, plural: {} });
  store = await Store.open(`ask-${++count}`);
  await store.savePerson(PERSON);
  document.body.innerHTML = PAGE;
  failed = [];
  asking = new Asking(
    document.body,
    find('section'),
    store,
    PLACE,
    () => PERSON,
    (error) => failed.push(error),
  );
});

describe('What another tab has written', () => {
  it('to the same answers meanwhile stays beside what is tapped here', async () => {
    await asking.show(['1', 'q.2']);
    type('q.2', 'the trees');
    await saved('q.2');
    await asking.show(['1', 'q.1']);
    const [draft] = (await store.drafts('ana')) as [Draft];
    const answers = { ...(draft.body.answers as object), 'q.3': { value: 'there' } };
    await store.saveDraft({ ...draft, changed: '2026-06-18T10:00:00Z', body: { ...draft.body, answers } });
    choose('q.1', '2');
    await saved('q.1');
    expect(await kept()).toEqual({ s1: { 'q.1': 2, 'q.2': 'the trees', 'q.3': 'there' } });
    expect(await store.drafts('ana')).toHaveLength(1);
  });
});

describe('What is written', () => {
  it('is called saved once it is on the disk', async () => {
    await asking.show(['1', 'q.2']);
    type('q.2', 'the trees');
    expect(cardOf('q.2').dataset.saved).toBeUndefined();
    await saved('q.2');
    expect(await kept()).toEqual({ s1: { 'q.2': 'the trees' } });
  });

  it('is saved soon, also of somebody who never stops typing', async () => {
    await asking.show(['1', 'q.2']);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const save = vi.spyOn(store, 'saveDraft');
    for (let letters = 1; letters <= 5; letters += 1) {
      type('q.2', 'a'.repeat(letters));
      vi.advanceTimersByTime(100);
    }
    vi.useRealTimers();
    await vi.waitFor(() => expect(save).toHaveBeenCalled());
  });

  it('stays when the person writes on while the next question is on its way', async () => {
    await asking.show(['1', 'q.2']);
    type('q.2', 'the');
    const going = go('1', 'q.3');
    type('q.2', 'the trees');
    await going;
    await asking.keep();
    expect(await kept()).toEqual({ s1: { 'q.2': 'the trees' } });
    expect(field('q.3').value).toBe('');
  });

  it('stays at every moment of going on, and on the question and at the stop where it was written', async () => {
    for (let turns = 0; turns < 60; turns += 1) {
      await asking.show(['1', 'q.2']);
      type('q.2', 'before');
      const going = go('2', 'q.2');
      for (let turn = 0; turn < turns; turn += 1) await new Promise((done) => setImmediate(done));
      // From then on the card shows what was answered at the other stop.
      const last = asking.here?.number === 1;
      if (last) type('q.2', `after ${turns}`);
      await going;
      await asking.keep();
      expect(await kept()).toEqual({ s1: { 'q.2': last ? `after ${turns}` : 'before' } });
      expect(field('q.2').value).toBe('');
      if (!last) return;
    }
    throw new Error('It never went on.');
  });

  it('stays when it was written just before its question was drawn', async () => {
    await asking.show(['1', 'q.1']);
    const going = go('1', 'q.2');
    type('q.2', 'early');
    await going;
    await asking.keep();
    expect(field('q.2').value).toBe('early');
    expect(await kept()).toEqual({ s1: { 'q.2': 'early' } });
  });

  it('is not called saved while only older words are on the disk', async () => {
    await asking.show(['1', 'q.2']);
    type('q.2', 'the');
    const keeping = asking.keep();
    type('q.2', 'the trees');
    await keeping;
    expect(cardOf('q.2').dataset.saved).toBeUndefined();
    await saved('q.2');
    expect(await kept()).toEqual({ s1: { 'q.2': 'the trees' } });
  });
});

describe('What is tapped', () => {
  it('stays when the next question is on its way', async () => {
    await asking.show(['1', 'q.1']);
    await asking.leave();
    const showing = asking.show(['1', 'q.2']);
    choose('q.1', '2');
    await showing;
    await asking.keep();
    expect(await kept()).toEqual({ s1: { 'q.1': 2 } });
  });
});

describe('A photo', () => {
  it('that is hung on the question meanwhile does not keep an answer from being called saved', async () => {
    await asking.show(['1', 'q.1']);
    choose('q.1', '2');
    await Promise.all([asking.keep(), asking.attach('photo-1')]);
    expect(cardOf('q.1').dataset.saved).toBe('yes');
  });

  it('and words that are written while it is hung on the question are both kept', async () => {
    await asking.show(['1', 'q.2']);
    type('q.2', 'the');
    await asking.keep();
    const hanging = asking.attach('photo-1');
    type('q.2', 'the trees');
    await Promise.all([hanging, asking.keep()]);
    await asking.keep();
    const [draft] = await store.drafts('ana');
    expect(draft?.body.answers).toEqual({ 'q.2': { value: 'the trees', photos: ['photo-1'] } });
  });
});

it('An answer that the disk refuses is told, holds its author back, and is kept later', async () => {
  await asking.show(['1', 'q.2']);
  vi.spyOn(store, 'saveDraft').mockRejectedValueOnce(new Error('full'));
  type('q.2', 'the');
  await expect(asking.keep()).rejects.toThrow('full');
  expect(failed).toHaveLength(1);
  expect(cardOf('q.2').dataset.saved).toBeUndefined();
  type('q.2', 'the trees');
  await saved('q.2');
  expect(await kept()).toEqual({ s1: { 'q.2': 'the trees' } });
  expect(failed).toHaveLength(2); // the second says that it is over
  await asking.leave();
});

async function go(stop: string, question: string): Promise<void> {
  await asking.leave();
  await asking.show([stop, question]);
}

/** By stop, what is on the disk. */
async function kept(): Promise<Record<string, Record<string, unknown>>> {
  const drafts: Draft[] = await store.drafts('ana');
  return Object.fromEntries(
    drafts.map(({ body }) => {
      const answers = Object.entries(body.answers as Record<string, { value: unknown }>);
      return [String(body.stop), Object.fromEntries(answers.map(([name, { value }]) => [name, value]))];
    }),
  );
}

function type(question: string, words: string): void {
  field(question).value = words;
  field(question).dispatchEvent(new Event('input', { bubbles: true }));
}

function choose(question: string, value: string): void {
  const box = find<HTMLInputElement>(`input[name="${question}"][value="${value}"]`);
  box.checked = true;
  box.dispatchEvent(new Event('change', { bubbles: true }));
}

const saved = (question: string): Promise<void> =>
  vi.waitFor(() => expect(cardOf(question).dataset.saved).toBe('yes'), { timeout: 3000 });
const field = (question: string): HTMLTextAreaElement =>
  find<HTMLTextAreaElement>(`textarea[name="${question}"]`);
const cardOf = (question: string): HTMLFormElement =>
  find<HTMLFormElement>(`form[data-question="${question}"]`);

function find<Part extends HTMLElement>(selector: string): Part {
  const found = document.querySelector<Part>(selector);
  if (!found) throw new Error(`no ${selector}`);
  return found;
}
