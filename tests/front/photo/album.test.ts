/// <reference types="vite/client" />
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Bytes, Draft, Item, Reason } from '../../../static/src/outbox/item';
import { Store } from '../../../static/src/outbox/store';
import { Album, standing } from '../../../static/src/photo/album';
import { useWords } from '../../../static/src/words';
import template from '../../../templates/phone/photos.html?raw';

const page = template
  .replace(/\{#[\s\S]*?#\}/g, '')
  .replace('{{ place.row.id }}', 'w')
  .replace(/\{\{ _\("(.*?)"\) \}\}/g, '$1')
  .replace(/\{\{.*?\}\}/g, '');

const photo = (more: Partial<Draft> = {}): Draft => ({
  id: 'p1',
  person: 'ana',
  kind: 'photo',
  place: 'w',
  key: '',
  body: { caption: {} },
  changed: '',
  sealed: 1,
  dirty: false,
  ...more,
});

const item = (more: Partial<Item> = {}): Item =>
  ({ id: 'p1:1', record: 'p1', kind: 'photo', revision: 1, state: 'saved', tries: 0, ...more }) as Item;

const bytes = (part: Bytes['part'], more: Partial<Bytes> = {}): Bytes =>
  ({ id: `p1:${part}`, record: 'p1', part, state: 'saved', bytes: 4_200_000, ...more }) as Bytes;

describe('how far a photo is', () => {
  beforeEach(() => useWords({ language: 'en', strings: {}, plural: {} }));
  const preview = bytes('preview');
  const original = bytes('original');
  const got = { state: 'received' } as const;
  const busy: Reason = { code: 'busy', status: 503, detail: 'Try later.' };

  it.each([
    ['Not finished, only on this phone', photo({ sealed: 0, dirty: true }), [], [preview, original]],
    ['On this phone', photo(), [item()], [preview, original]],
    ['On this phone', photo({ dirty: true }), [item(got)], []],
    ['On this phone', photo({ sealed: 2 }), [item(got), item({ id: 'p1:2', revision: 2 })], []],
    ['On this phone', photo(), [], []],
    ['On its way', photo(), [item({ state: 'sending' })], [preview, original]],
    ['Words received, picture waits', photo(), [item(got)], [preview, original]],
    ['Words received, picture waits', photo(), [item(got)], [original]],
    [
      'Words received, picture on its way',
      photo(),
      [item(got)],
      [bytes('preview', { state: 'sending' }), original],
    ],
    ['Received', photo(), [item(got)], [bytes('preview', got), bytes('original', got)]],
  ] as [string, Draft, Item[], Bytes[]][])('%s', (words, draft, items, all) => {
    const others = [item({ id: 'p2:9', record: 'p2', revision: 9, state: 'refused' })];
    expect(standing(draft, [...others, ...items], all)).toMatchObject({ words });
  });

  it('says which large picture is still owed', () => {
    const now = standing(photo(), [item(got)], [bytes('preview', got), original]);
    expect(now).toEqual({
      look: 'got',
      words: 'Received',
      more: 'The large picture for print (4.2\u00a0MB) is still on this phone.',
    });
  });

  it('says that the organisers ask for it', () => {
    const asked = bytes('original', { asked: true });
    expect(standing(photo(), [item(got)], [bytes('preview', got), asked])).toMatchObject({
      more: 'The organisers ask for the large picture (4.2\u00a0MB). It is still on this phone.',
    });
  });

  it('says why it waits and why it was refused', () => {
    expect(standing(photo(), [item({ reason: busy })], [])).toMatchObject({
      look: 'here',
      more: 'The server is busy. It goes by itself later.',
    });
    const closed = item({
      state: 'refused',
      reason: { code: 'refused', status: 403, detail: 'The call is closed.' },
    });
    expect(standing(photo(), [closed], [])).toMatchObject({
      look: 'bad',
      words: 'Refused: The call is closed.',
    });
    const large = bytes('original', { state: 'refused', reason: { code: 'large' } });
    expect(standing(photo(), [item(got)], [bytes('preview', got), large])).toMatchObject({
      words: 'Refused: This is too large to be sent. It stays on this phone; save a copy of everything.',
    });
  });
});

describe('the album', () => {
  let store: Store;
  let album: Album;
  let count = 0;
  const open = new Set<string>();

  beforeEach(async () => {
    useWords({ language: 'en', strings: {}, plural: {} });
    let address = 0;
    open.clear();
    vi.spyOn(URL, 'createObjectURL').mockImplementation(() => {
      open.add(`blob:${++address}`);
      return `blob:${address}`;
    });
    vi.spyOn(URL, 'revokeObjectURL').mockImplementation((each) => void open.delete(each));
    store = await Store.open(`album-${++count}`);
    await store.setCurrent('ana');
    document.body.innerHTML = page;
    const root = document.querySelector<HTMLElement>('[data-view]');
    album = new Album(root as HTMLElement, store);
  });

  afterEach(() => {
    document.body.innerHTML = '';
  });

  const keep = (more: Partial<Draft>): Promise<unknown> => store.saveDraft(photo({ sealed: 0, ...more }));
  const cards = (): HTMLElement[] =>
    Array.from(document.querySelectorAll<HTMLElement>('[data-part="list"] > li'));
  const isHidden = (name: string): boolean | undefined =>
    document.querySelector(`[data-part="${name}"]`)?.hasAttribute('hidden');

  it('says that it is empty', async () => {
    await album.draw();
    expect(isHidden('empty')).toBe(false);
    expect(isHidden('stars')).toBe(true);
    expect(cards()).toEqual([]);
  });

  it('shows the own photos of this place, the newest first', async () => {
    await keep({ id: '01', body: { caption: { cs: 'Vrata' }, star: true }, thumb: new ArrayBuffer(3) });
    await keep({ id: '02', sealed: 1 });
    await keep({ id: '03', person: 'ben' });
    await keep({ id: '04', place: 'another' });
    await keep({ id: '05', withdrawn: true });
    await keep({ id: '06', kind: 'response' });
    await album.draw();
    expect(cards().map((card) => card.dataset.photo)).toEqual(['02', '01']);
    const [unseen, seen] = cards();
    expect(seen?.querySelector('img')?.alt).toBe('Your photo: Vrata');
    expect(seen?.querySelector('.voice')?.getAttribute('lang')).toBe('cs');
    expect(seen?.querySelector('.badge')?.textContent).toBe('Not finished, only on this phone');
    expect(seen?.querySelector('a')?.getAttribute('href')).toBe('#photo/01');
    expect(seen?.querySelector('a')?.textContent).toBe('Go on with this photo');
    expect(unseen?.querySelector('img')?.hasAttribute('hidden')).toBe(true);
    expect(unseen?.querySelector('.blank')?.hasAttribute('hidden')).toBe(false);
    expect(unseen?.textContent).toContain('Without a caption');
    expect(unseen?.querySelector('a')?.textContent).toBe('Change or take back');
    expect(document.querySelector('[data-part="stars"]')?.textContent).toBe(
      'You have given one star of three.',
    );
  });

  it('shows the beginning of a long caption, cut between characters', async () => {
    await keep({ id: '01', body: { caption: { en: '🌳'.repeat(200) } } });
    await album.draw();
    expect(cards()[0]?.querySelector('.voice')?.textContent).toBe(`${'🌳'.repeat(120)}…`);
  });

  it('follows the store while it is seen, and keeps the keyboard where it was', async () => {
    await keep({ id: '01', thumb: new ArrayBuffer(3) });
    await album.draw();
    cards()[0]?.querySelector('a')?.focus();
    const root = document.querySelector<HTMLElement>('[data-view]');
    await keep({ id: '02', thumb: new ArrayBuffer(3) });
    expect(cards()).toHaveLength(1);
    if (root) root.hidden = false;
    await keep({ id: '03', thumb: new ArrayBuffer(3) });
    await vi.waitFor(() => expect(cards()).toHaveLength(3));
    expect(document.activeElement).toBe(document.querySelector('[data-photo="01"] a'));
    expect(open.size).toBe(3);
  });

  it('leaves the page alone when nothing is new', async () => {
    await keep({ id: '01' });
    await album.draw();
    const [before] = cards();
    await album.draw();
    expect(cards()[0]).toBe(before);
  });

  it('says so when the phone cannot open its store', async () => {
    vi.spyOn(store, 'drafts').mockRejectedValueOnce(new Error('lost'));
    await album.draw();
    expect(isHidden('broken')).toBe(false);
    await album.draw();
    expect(isHidden('broken')).toBe(true);
  });
});
