/// <reference types="vite/client" />
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Draft, RecordBody } from '../../../static/src/outbox/item';
import { Store, sha256 } from '../../../static/src/outbox/store';
import { PhotoForm } from '../../../static/src/photo/form';
import { addFix } from '../../../static/src/photo/take';
import { useWords } from '../../../static/src/words';
import template from '../../../templates/phone/photo.html?raw';

// The template as Jinja would write it in English, with one stop and one theme.
const page = template
  .replace(/\{#[\s\S]*?#\}|\{%[\s\S]*?%\}/g, '')
  .replace('{{ stop.id }}', 'stop-3')
  .replace('{{ each.id }}', 'safety')
  .replace(/\{\{ _\("(.*?)"(?:, .*?)?\) \}\}/g, '$1')
  .replace(/\{\{.*?\}\}/g, '');

let store: Store;
let form: PhotoForm;
let count = 0;
const shown = new Map<string, Blob>();

beforeEach(async () => {
  useWords({ language: 'en', strings: {}, plural: {} });
  shown.clear();
  vi.spyOn(URL, 'createObjectURL').mockImplementation((data) => {
    const address = `blob:${shown.size + 1}`;
    shown.set(address, data as Blob);
    return address;
  });
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((address) => void shown.delete(address));
  document.documentElement.lang = 'en';
  store = await Store.open(`form-${++count}`);
  const person = { id: 'ana', key: '', token: '', recovery: '', device: 'd', sequence: 0, places: [] };
  await store.savePerson({ ...person, originals: 'tapped', joined: '' });
  await store.setCurrent('ana');
  document.body.innerHTML = page;
  form = new PhotoForm(find('[data-view="photo"]'), store);
});

afterEach(() => {
  // A form of an earlier test still listens to the address; it must find nothing to do.
  location.hash = '';
  document.body.innerHTML = '';
});

async function keep(id: string, body: RecordBody = {}, more: Partial<Draft> = {}): Promise<void> {
  const empty = {
    walk: 'w',
    caption: {},
    light: [],
    themes: [],
    credit: 'anonymous',
    taken: '2026-05-16T10:00:00Z',
  };
  const draft = {
    id,
    person: 'ana',
    kind: 'photo',
    place: 'w',
    key: '',
    changed: '',
    sealed: 0,
    dirty: true,
  } as const;
  await store.saveDraft({ ...draft, body: { ...empty, ...body }, ...more });
}

async function open(id = 'p1'): Promise<void> {
  location.hash = `#photo/${id}`;
  await form.show(id);
}

const bodyOf = async (id = 'p1') => (await store.draft(id))?.body;
const sealed = async (id = 'p1') =>
  JSON.parse((await store.items('ana')).find((each) => each.record === id)?.body ?? '{}');

function find<Found extends HTMLElement>(selector: string): Found {
  const found = document.querySelector<Found>(selector);
  if (!found) throw new Error(`nothing matches ${selector}`);
  return found;
}

const part = (name: string): HTMLElement => find(`[data-part="${name}"]`);
const hidden = (name: string): boolean => part(name).hasAttribute('hidden');
const press = (what: string): void => find(`[data-do="${what}"]`).click();
const box = (name: string, value: string): HTMLInputElement => find(`[name="${name}"][value="${value}"]`);

function type(name: string, text: string): void {
  const field = part(name) as HTMLTextAreaElement;
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

describe('a photo', () => {
  it('is shown with its preview and what was said of it', async () => {
    const data = new TextEncoder().encode('preview').buffer;
    const meta = {
      id: 'p1:preview',
      record: 'p1',
      person: 'ana',
      part: 'preview',
      type: 'image/jpeg',
    } as const;
    await store.addBytes({ ...meta, sha256: await sha256(data), bytes: data.byteLength, wanted: true }, data);
    await keep('p1', {
      stop: 'stop-3',
      caption: { en: 'A gate' },
      light: ['down'],
      themes: ['safety'],
      people: 'none',
      credit: 'pseudonym',
      credit_as: 'Swift',
      star: true,
    });
    await open();
    expect(await shown.get(find<HTMLImageElement>('img').src)?.text()).toBe('preview');
    expect(hidden('drawing')).toBe(true);
    expect(hidden('unseen')).toBe(true);
    expect(find('[data-stop]').hidden).toBe(false);
    expect((part('caption') as HTMLTextAreaElement).value).toBe('A gate');
    expect(box('photo-light', 'down').checked).toBe(true);
    expect(box('photo-light', 'up').checked).toBe(false);
    expect(box('photo-theme', 'safety').checked).toBe(true);
    expect(box('photo-people', 'none').checked).toBe(true);
    expect(box('photo-credit', 'pseudonym').checked).toBe(true);
    expect(hidden('as')).toBe(false);
    expect((part('name') as HTMLInputElement).value).toBe('Swift');
    expect(box('photo-star', 'star').checked).toBe(true);
    expect(hidden('untold')).toBe(true);
  });

  it('begins with nobody answered for, no name, and a word on what that means', async () => {
    await keep('p1', {}, { thumb: new ArrayBuffer(4) });
    await open();
    expect(document.querySelectorAll('[name="photo-people"]:checked')).toHaveLength(0);
    expect(box('photo-credit', 'anonymous').checked).toBe(true);
    expect(hidden('as')).toBe(true);
    expect(hidden('untold')).toBe(false);
    expect(find('[data-stop]').hidden).toBe(true);
    expect(shown.size).toBe(1);
  });

  it('that the browser cannot show is drawn, and said to be kept', async () => {
    await keep('p1');
    await open();
    expect(part('picture').hidden).toBe(true);
    expect(hidden('drawing')).toBe(false);
    expect(part('unseen').textContent).toBe('This phone cannot show it; the picture itself is kept.');
  });

  it.each([
    ['of somebody else', { person: 'ben' }],
    ['that was taken back', { withdrawn: true }],
    ['that is none', { kind: 'response' as const }],
  ])('%s is not shown', async (_name, more) => {
    await keep('p1', { caption: { en: 'Mine' } }, more);
    await open();
    expect(hidden('gone')).toBe(false);
    expect(hidden('foot')).toBe(true);
    expect(find('[data-step="1"]').hidden).toBe(true);
    expect((part('caption') as HTMLTextAreaElement).value).toBe('');
  });

  it('keeps the language in which its caption was written', async () => {
    await keep('p1', { caption: { vi: 'Cổng' } });
    await open();
    expect(part('caption').lang).toBe('vi');
    type('caption', 'Cái cổng');
    await form.leave();
    expect(await bodyOf()).toMatchObject({ caption: { vi: 'Cái cổng' } });
  });
});

describe('a change', () => {
  it('is on the disk within half a second, also of somebody who never stops typing', async () => {
    await keep('p1');
    await open();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const save = vi.spyOn(store, 'saveDraft');
    for (let letter = 1; letter <= 5; letter += 1) {
      type('caption', 'a'.repeat(letter));
      vi.advanceTimersByTime(100);
    }
    vi.useRealTimers();
    await vi.waitFor(() => expect(save).toHaveBeenCalled());
    await vi.waitFor(async () =>
      expect(await bodyOf()).toMatchObject({ caption: { en: expect.stringMatching(/^a+$/) } }),
    );
  });

  it('of a choice is saved at once, and keeps what else the record holds', async () => {
    await keep('p1', { themes: ['of-another-version'], story: { why: 'so' } });
    await open();
    box('photo-theme', 'safety').click();
    box('photo-light', 'up').click();
    box('photo-people', 'released').click();
    await vi.waitFor(async () =>
      expect(await bodyOf()).toMatchObject({
        themes: ['of-another-version', 'safety'],
        light: ['up'],
        people: 'released',
        story: { why: 'so' },
      }),
    );
    expect(hidden('untold')).toBe(true);
  });

  it('and a late fix do not undo each other', async () => {
    await keep('p1');
    await open();
    type('caption', 'A gate');
    const fix = { lat: 50, lon: 14, accuracy: 5, at: '2026-05-16T10:00:05Z' };
    await Promise.all([addFix(store, 'p1', fix), form.leave()]);
    expect(await sealed()).toMatchObject({ caption: { en: 'A gate' }, fix });
  });

  it('that the disk refuses is told, and tried again', async () => {
    await keep('p1');
    await open();
    const save = vi.spyOn(store, 'saveDraft').mockRejectedValueOnce(new Error('full'));
    type('caption', 'A gate');
    await form.leave();
    expect(hidden('trouble')).toBe(false);
    expect(hidden('kept')).toBe(true);
    expect(location.hash).toBe('#photo/p1');
    expect(await store.items('ana')).toEqual([]);
    await form.leave();
    expect(save).toHaveBeenCalled();
    expect(hidden('trouble')).toBe(true);
    expect(await sealed()).toMatchObject({ caption: { en: 'A gate' } });
  });

  it('is called saved only while all of it is on the disk', async () => {
    await keep('p1');
    await open();
    const { dataset } = find('[data-view="photo"]');
    expect(dataset.saved).toBe('yes');
    type('caption', 'A gate');
    expect(dataset.saved).toBeUndefined();
    await vi.waitFor(() => expect(dataset.saved).toBe('yes'));
    expect(await bodyOf()).toMatchObject({ caption: { en: 'A gate' } });
  });

  it('is saved when the page goes to the back', async () => {
    await keep('p1');
    await open();
    type('caption', 'A gate');
    document.dispatchEvent(new Event('visibilitychange'));
    await vi.waitFor(async () => expect(await bodyOf()).toMatchObject({ caption: { en: 'A gate' } }));
    expect(await store.items('ana')).toEqual([]);
  });
});

describe('a name', () => {
  it('is asked for only where one shall stand', async () => {
    await keep('p1');
    await open();
    box('photo-credit', 'name').click();
    expect(hidden('as')).toBe(false);
    type('name', ' Ana Nová ');
    await form.leave();
    expect(await sealed()).toMatchObject({ credit: 'name', credit_as: 'Ana Nová' });
    await open();
    box('photo-credit', 'anonymous').click();
    expect(hidden('as')).toBe(true);
    await form.leave();
    expect(await bodyOf()).not.toHaveProperty('credit_as');
  });

  it('that is left empty is none', async () => {
    await keep('p1');
    await open();
    box('photo-credit', 'pseudonym').click();
    await form.leave();
    expect(await sealed()).toMatchObject({ credit: 'anonymous' });
    expect(await sealed()).not.toHaveProperty('credit_as');
  });
});

describe('a star', () => {
  it('is given to three, and the fourth is asked to wait', async () => {
    for (const id of ['a', 'b', 'c']) await keep(id, { star: true });
    await keep('p1');
    await open();
    box('photo-star', 'star').click();
    await vi.waitFor(() => expect(hidden('stars')).toBe(false));
    expect(box('photo-star', 'star').checked).toBe(false);
    await form.leave();
    expect(await bodyOf()).toMatchObject({ star: false });
  });
});

describe('the two steps', () => {
  it('follow each other, and the keyboard goes along', async () => {
    await keep('p1');
    await open();
    expect(find('[data-step="2"]').hidden).toBe(true);
    expect(find('[data-do="done"]').hidden).toBe(true);
    press('next');
    expect(find('[data-step="1"]').hidden).toBe(true);
    expect(document.activeElement).toBe(find('[data-step="2"] h2'));
    press('back');
    expect(find('[data-step="1"]').hidden).toBe(false);
  });

  it('end by asking once who is in the picture', async () => {
    await keep('p1');
    await open();
    press('next');
    press('done');
    expect(hidden('ask')).toBe(false);
    expect(document.activeElement).toBe(box('photo-people', 'none'));
    expect(await store.items('ana')).toEqual([]);
    press('done');
    await vi.waitFor(() => expect(location.hash).toBe('#photos'));
    expect(await sealed()).toMatchObject({ people: 'unreleased' });
  });

  it('end at once when it was said', async () => {
    await keep('p1');
    await open();
    box('photo-people', 'none').click();
    press('done');
    await vi.waitFor(() => expect(location.hash).toBe('#photos'));
    expect(await sealed()).toMatchObject({ people: 'none', revision: 1 });
    expect(shown.size).toBe(0);
  });

  it('let the page go elsewhere', async () => {
    await keep('p1', { people: 'none' });
    await open();
    const heard = vi.fn((event: Event) => event.preventDefault());
    find('section').addEventListener('photo-done', heard);
    press('done');
    await vi.waitFor(() => expect(heard).toHaveBeenCalledOnce());
    expect(location.hash).toBe('#photo/p1');
    expect(heard.mock.calls[0]?.[0]).toMatchObject({ detail: { id: 'p1' } });
  });
});

describe('leaving', () => {
  it('by another address seals what was said', async () => {
    await keep('p1');
    await open();
    type('caption', 'A gate');
    location.hash = '#stop/3';
    window.dispatchEvent(new HashChangeEvent('hashchange'));
    await vi.waitFor(async () => expect(await sealed()).toMatchObject({ caption: { en: 'A gate' } }));
  });

  it.each(['saveDraft', 'seal'] as const)('keeps what is written meanwhile (%s)', async (doing) => {
    await keep('p1');
    await open();
    type('caption', 'A');
    const really = store[doing].bind(store) as (what: unknown) => Promise<never>;
    vi.spyOn(store, doing).mockImplementationOnce((what: unknown) => {
      type('caption', 'A gate');
      return really(what);
    });
    location.hash = '#photos';
    await form.leave();
    expect(hidden('trouble')).toBe(true);
    expect(location.hash).toBe('#photos');
    expect(await sealed()).toMatchObject({ caption: { en: expect.stringMatching(/^A/) } });
    expect(await bodyOf()).toMatchObject({ caption: { en: 'A gate' } });
    expect(await store.draft('p1')).toMatchObject({ dirty: false });
  });

  it('lets nothing be written any more, and the next photo be saved as soon as ever', async () => {
    await keep('p1');
    await keep('p2');
    await open();
    await form.leave();
    expect(part('caption').closest<HTMLElement>('[data-step]')?.hidden).toBe(true);
    await open('p2');
    expect(part('caption').closest<HTMLElement>('[data-step]')?.hidden).toBe(false);
    type('caption', 'Two');
    await vi.waitFor(async () => expect(await bodyOf('p2')).toMatchObject({ caption: { en: 'Two' } }));
  });

  it('makes no new revision of what did not change', async () => {
    await keep('p1', { people: 'none' });
    await open();
    await form.leave();
    await open();
    await form.leave();
    expect(await store.draft('p1')).toMatchObject({ sealed: 1, dirty: false });
  });

  it('for another photo shows that one', async () => {
    await keep('p1', { caption: { en: 'One' } });
    await keep('p2', { caption: { en: 'Two' } });
    await open();
    type('caption', 'One more');
    await open('p2');
    expect((part('caption') as HTMLTextAreaElement).value).toBe('Two');
    expect(await sealed('p1')).toMatchObject({ caption: { en: 'One more' } });
    expect(await bodyOf('p2')).toMatchObject({ caption: { en: 'Two' } });
  });
});

describe('taking back', () => {
  it('is asked again, and can be thought better of', async () => {
    await keep('p1');
    await open();
    press('take-back');
    expect(hidden('sure')).toBe(false);
    expect(document.activeElement).toBe(part('sure'));
    press('stay');
    expect(hidden('sure')).toBe(true);
    expect(document.activeElement).toBe(find('[data-do="take-back"]'));
    press('take-back');
    part('sure').dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    expect(hidden('sure')).toBe(true);
    expect((await store.draft('p1'))?.withdrawn).toBeUndefined();
  });

  it('leaves nothing on the phone', async () => {
    await keep('p1', {}, { thumb: new ArrayBuffer(4) });
    await open();
    type('caption', 'A gate');
    press('take-back');
    press('gone');
    await vi.waitFor(() => expect(location.hash).toBe('#photos'));
    const draft = await store.draft('p1');
    expect(draft).toMatchObject({ withdrawn: true, body: {} });
    expect(draft?.thumb).toBeUndefined();
    expect(shown.size).toBe(0);
  });
});
