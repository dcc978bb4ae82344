import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Catalogue, Words } from '../../static/src/words';

const CZECH: Catalogue = {
  language: 'cs',
  strings: {
    Photo: ['Fotka'],
    'one file': ['%(num)s soubor', '%(num)s soubory', '%(num)s souborů'],
    'by %(who)s, %(far)s m': ['%(far)s m, autor %(who)s'],
    untranslated: [''],
  },
  plural: { one: 0, few: 1, other: 2 },
};

const words = (changes: Partial<Catalogue> = {}) => new Words({ ...CZECH, ...changes });
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

describe('a string', () => {
  it('is the translated one', () => expect(words().gettext('Photo')).toBe('Fotka'));

  it.each(['missing', 'untranslated', 'constructor'])('is the msgid when there is none: %s', (msgid) => {
    expect(words().gettext(msgid)).toBe(msgid);
  });

  it('takes its values by name, in any order', () => {
    expect(words().gettext('by %(who)s, %(far)s m', { who: 'Jana', far: 8 })).toBe('8 m, autor Jana');
  });

  it('writes numbers as the language does', () => {
    expect(plain(words().gettext('%(n)s', { n: 12345.5 }))).toBe('12 345,5');
  });

  it('keeps a place without a value, and turns %% into %', () => {
    expect(words().gettext('%(a)s of %(b)s, 40 %%', { a: 'one' })).toBe('one of %(b)s, 40 %');
  });
});

describe('a plural', () => {
  it.each([
    [1, '1 soubor'],
    [2, '2 soubory'],
    [4, '4 soubory'],
    [5, '5 souborů'],
    [0, '0 souborů'],
    [22, '22 souborů'],
  ])('in Czech for %i is %s', (n, expected) => {
    expect(words().ngettext('one file', '%(num)s files', n)).toBe(expected);
  });

  it('follows Arabic through its six categories', () => {
    const arabic = words({
      language: 'ar',
      strings: { one: ['zero', 'one', 'two', 'few', 'many', 'other'] },
      plural: { zero: 0, one: 1, two: 2, few: 3, many: 4, other: 5 },
    });
    const said = [0, 1, 2, 3, 11, 100].map((n) => arabic.ngettext('one', 'many', n));
    expect(said).toEqual(['zero', 'one', 'two', 'few', 'many', 'other']);
  });

  it('takes the last category for a fraction', () => {
    expect(words().ngettext('one file', '%(num)s files', 1.5)).toBe('1,5 souborů');
  });

  it('is English when it is missing', () => {
    const said = [1, 3].map((n) => words().ngettext('one dog', '%(num)s dogs', n));
    expect(said).toEqual(['one dog', '3 dogs']);
  });
});

describe('the language for Intl', () => {
  it.each([
    ['en-XA', 'en-GB'],
    ['ar-XB', 'ar'],
    ['ar_XB', 'ar'],
    ['pt-BR', 'pt-BR'],
    ['not a language', 'en-GB'],
  ])('for %s is %s', (language, expected) => {
    expect(words({ language }).language).toBe(expected);
  });

  it('writes dates', () => {
    expect(plain(words().date(new Date(2018, 5, 18)))).toBe('18. června 2018');
    expect(words({ language: 'en-XA' }).date(new Date(2018, 5, 18))).toBe('18 June 2018');
  });
});

describe('the catalogue', () => {
  const html = document.documentElement;

  beforeEach(() => {
    vi.resetModules();
    html.lang = 'en';
  });

  afterEach(() => {
    vi.unstubAllGlobals();
    delete html.dataset.words;
  });

  const answer = (status: number, body: string) => vi.fn(async () => new Response(body, { status }));

  it('is fetched once', async () => {
    const fetch = answer(200, JSON.stringify(CZECH));
    vi.stubGlobal('fetch', fetch);
    html.dataset.words = '/words/cs.json';
    const { _, formatBytes, loadWords, ngettext } = await import('../../static/src/words');
    expect(_('Photo')).toBe('Photo');
    await Promise.all([loadWords(), loadWords()]);
    expect(fetch).toHaveBeenCalledOnce();
    expect(_('Photo')).toBe('Fotka');
    expect(ngettext('one file', '%(num)s files', 3)).toBe('3 soubory');
    expect(plain(formatBytes(3_400_000))).toBe('3,4 MB');
  });

  it.each([
    ['refused', answer(500, 'no')],
    ['torn', answer(200, '{"language":')],
    ['out of reach', vi.fn(async () => Promise.reject(new TypeError('no signal')))],
  ])('may be %s, then the words are English', async (_name, fetch) => {
    vi.stubGlobal('fetch', fetch);
    html.dataset.words = '/words/cs.json';
    const { _, loadWords } = await import('../../static/src/words');
    await loadWords();
    expect(_('Photo')).toBe('Photo');
  });

  it('is not asked for on a page without an address', async () => {
    const fetch = answer(200, '{}');
    vi.stubGlobal('fetch', fetch);
    const { formatBytes, loadWords } = await import('../../static/src/words');
    await loadWords();
    expect(fetch).not.toHaveBeenCalled();
    expect([950, 12_000, 3_400_000, 2e9].map(formatBytes)).toEqual([
      '950\u00a0byte',
      '12\u00a0kB',
      '3.4\u00a0MB',
      '2\u00a0GB',
    ]);
  });
});
