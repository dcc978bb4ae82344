// Strings from the server, gettext style. Babel finds _('...') and ngettext('...', '...', n) here as it
// does in Python; the server sends the finished strings as JSON at the address in <html data-words>.

export interface Catalogue {
  readonly language: string;
  /** Every msgid with its forms; a string without plurals has one. */
  readonly strings: Readonly<Record<string, readonly string[]>>;
  /** Which of the forms belongs to which category of Intl.PluralRules. */
  readonly plural: Readonly<Partial<Record<Intl.LDMLPluralRule, number>>>;
}

export type Values = Readonly<Record<string, string | number>>;

const PATIENCE = 8000;

export class Words {
  readonly language: string;
  private readonly strings: ReadonlyMap<string, readonly string[]>;
  private readonly plural: Catalogue['plural'];

  constructor(catalogue: Catalogue) {
    this.language = languageForIntl(catalogue.language);
    this.strings = new Map(Object.entries(catalogue.strings));
    this.plural = catalogue.plural;
  }

  gettext(msgid: string, values?: Values): string {
    const text = this.form(msgid, 0) ?? msgid;
    return values ? this.fill(text, values) : text;
  }

  ngettext(one: string, many: string, n: number, values: Values = {}): string {
    const category = new Intl.PluralRules(this.language).select(n);
    const index = this.plural[category] ?? this.plural.other ?? 0;
    const text = this.form(one, index) ?? (n === 1 ? one : many);
    return this.fill(text, { num: n, ...values });
  }

  number(value: number, options?: Intl.NumberFormatOptions): string {
    return new Intl.NumberFormat(this.language, options).format(value);
  }

  date(value: Date, options: Intl.DateTimeFormatOptions = { dateStyle: 'long' }): string {
    return new Intl.DateTimeFormat(this.language, options).format(value);
  }

  // An empty form is a string that nobody has translated yet.
  private form(msgid: string, index: number): string | undefined {
    return this.strings.get(msgid)?.[index] || undefined;
  }

  // %(name)s becomes the value, numbers written as the language writes them; %% becomes %.
  private fill(text: string, values: Values): string {
    const byName = new Map(Object.entries(values));
    return text.replace(/%%|%\((\w+)\)s/g, (found, name?: string) => {
      if (name === undefined) return '%';
      const value = byName.get(name);
      if (value === undefined) return found;
      return typeof value === 'number' ? this.number(value) : value;
    });
  }
}

// Dates in English as on the server's pages: 18/06/2018.
const EUROPE = 'en-GB';

// The pseudo languages (en-XA with long accented words, ar-XB from right to left) are for trying the
// layout. Browsers do not know them, so numbers and plurals follow the language before the dash.
function languageForIntl(language: string): string {
  const tag = language.replace(/_/g, '-').replace(/-X[AB]$/i, '');
  try {
    const known = Intl.getCanonicalLocales(tag)[0] ?? EUROPE;
    return known === 'en' ? EUROPE : known;
  } catch {
    return EUROPE;
  }
}

// One catalogue for each page. Until it is here, and when it never comes, the msgids are plain English.
let words = wordless();
let loading: Promise<void> | undefined;

function wordless(): Words {
  return new Words({ language: document.documentElement.lang || 'en', strings: {}, plural: {} });
}

export function useWords(catalogue: Catalogue): void {
  words = new Words(catalogue);
}

/** Fetches the catalogue once; the promise is kept also when the fetch fails. */
export function loadWords(): Promise<void> {
  loading ??= fetchWords(document.documentElement.dataset.words);
  return loading;
}

async function fetchWords(address: string | undefined): Promise<void> {
  if (!address) return;
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(address, { credentials: 'same-origin', signal: stop.signal });
    if (answer.ok) useWords((await answer.json()) as Catalogue);
  } catch {
    // No signal: English words are better than none.
  } finally {
    clearTimeout(timer);
  }
}

export const _ = (msgid: string, values?: Values): string => words.gettext(msgid, values);

export const ngettext = (one: string, many: string, n: number, values?: Values): string =>
  words.ngettext(one, many, n, values);

export const formatNumber = (value: number, options?: Intl.NumberFormatOptions): string =>
  words.number(value, options);

export const formatDate = (value: Date, options?: Intl.DateTimeFormatOptions): string =>
  words.date(value, options);

const UNITS = [
  [1e9, 'gigabyte'],
  [1e6, 'megabyte'],
  [1e3, 'kilobyte'],
] as const;

/** 3400000 becomes "3.4 MB", as phones and shops count them. */
export function formatBytes(bytes: number): string {
  const [size, unit] = UNITS.find(([least]) => bytes >= least) ?? ([1, 'byte'] as const);
  const options = { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 } as const;
  return formatNumber(bytes / size, options).replace(' ', '\u00a0');
}
