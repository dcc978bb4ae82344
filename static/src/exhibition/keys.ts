// What a key does on the light table. Plain values: the table says what lies where.

export type Wish = 'pick' | 'out' | 'wanted' | 'none';
export type View = 'grid' | 'loupe' | 'compare';
export type Step = 'next' | 'previous' | 'above' | 'below' | 'first' | 'last';

export type Deed =
  | { do: 'go'; step: Step }
  | { do: 'mark'; wish: Wish }
  | { do: 'rate'; stars: number }
  | { do: 'view'; view: View }
  | { do: 'undo' | 'zoom' | 'keys' | 'choose' }
  | { do: 'pan'; x: number; y: number };

export interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

const LETTERS: ReadonlyMap<string, Deed> = new Map<string, Deed>([
  ['p', { do: 'mark', wish: 'pick' }],
  ['x', { do: 'mark', wish: 'out' }],
  ['w', { do: 'mark', wish: 'wanted' }],
  ['n', { do: 'mark', wish: 'none' }],
  ['u', { do: 'undo' }],
  ['g', { do: 'view', view: 'grid' }],
  ['e', { do: 'view', view: 'loupe' }],
  ['c', { do: 'view', view: 'compare' }],
  ['z', { do: 'zoom' }],
  ['?', { do: 'keys' }],
  ...[0, 1, 2, 3, 4, 5].map((stars): [string, Deed] => [String(stars), { do: 'rate', stars }]),
]);

const OTHERS: ReadonlyMap<string, Deed> = new Map<string, Deed>([
  ['ArrowUp', { do: 'go', step: 'above' }],
  ['ArrowDown', { do: 'go', step: 'below' }],
  ['Home', { do: 'go', step: 'first' }],
  ['End', { do: 'go', step: 'last' }],
  ['Escape', { do: 'view', view: 'grid' }],
  ['Enter', { do: 'view', view: 'loupe' }],
  [' ', { do: 'choose' }],
]);

const PAN: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['ArrowLeft', [-1, 0]],
  ['ArrowRight', [1, 0]],
  ['ArrowUp', [0, -1]],
  ['ArrowDown', [0, 1]],
] as const);

/** What a key asks for; `letters`: whether letters and figures are keys at all; `rtl`: whether left is onwards. */
export function deedOf(pressed: Pressed, letters: boolean, rtl: boolean): Deed | undefined {
  if (pressed.ctrlKey || pressed.altKey || pressed.metaKey) return undefined;
  if (pressed.shiftKey) {
    const way = PAN.get(pressed.key);
    if (way) return { do: 'pan', x: way[0], y: way[1] };
  }
  if (pressed.key === 'ArrowRight') return { do: 'go', step: rtl ? 'previous' : 'next' };
  if (pressed.key === 'ArrowLeft') return { do: 'go', step: rtl ? 'next' : 'previous' };
  return OTHERS.get(pressed.key) ?? (letters ? LETTERS.get(pressed.key.toLowerCase()) : undefined);
}

/** The index to which a step leads in a list of so many, laid out in so many columns; it stays where it cannot go. */
export function stepTo(step: Step, at: number, many: number, columns: number): number {
  const to = {
    next: at + 1,
    previous: at - 1,
    below: at + columns,
    above: at - columns,
    first: 0,
    last: many - 1,
  }[step];
  return to >= 0 && to < many ? to : at;
}
