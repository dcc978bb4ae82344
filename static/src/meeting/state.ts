// What the server says of a board, and what others did between two looks at it. Pure.

import { _ } from '../words';

export interface Group {
  readonly id: string;
  readonly letter: string;
  readonly name: string;
  readonly note: string;
  readonly revision: number;
  readonly photos: readonly number[];
}

export interface State {
  readonly groups: readonly Group[];
  readonly loose: readonly number[];
  readonly note: string;
  readonly revision: number;
}

export type Fields = readonly (readonly [string, string])[];

/** A request that takes a change back. */
export interface Undo {
  readonly address: string;
  readonly fields: Fields;
}

export interface Answer {
  readonly says: string;
  readonly undo?: Undo | null;
  readonly state?: State;
  /** Two texts to choose from, as the server draws them. */
  readonly html?: string;
  readonly token?: string;
  readonly focus?: string;
  readonly lost?: number;
}

export function groupOf(state: State, number: number): Group | undefined {
  return state.groups.find((group) => group.photos.includes(number));
}

const TOLD = 3;

/** Sentences on photos that somebody else has moved, or that may not be shown any more; the first few of them. */
export function strangers(before: State, after: State): string[] {
  const lay = where(before);
  const lie = where(after);
  const says: string[] = [];
  for (const [number, group] of lay) {
    const now = lie.get(number);
    if (now === undefined) {
      says.push(_('Photo %(number)s may not be shown any more.', { number: String(number) }));
    } else if (now?.id !== group?.id) {
      const group = now?.name ? `${now.letter} “${now.name}”` : (now?.letter ?? '');
      says.push(
        now
          ? _('Somebody else has moved photo %(number)s: it is in %(group)s now.', {
              number: String(number),
              group,
            })
          : _('Somebody else has moved photo %(number)s: it is not grouped now.', { number: String(number) }),
      );
    }
  }
  return says.length > TOLD ? [...says.slice(0, TOLD), '…'] : says;
}

// Each photo's group; null: none.
function where(state: State): ReadonlyMap<number, Group | null> {
  const found = new Map<number, Group | null>(state.loose.map((number) => [number, null]));
  for (const group of state.groups) for (const number of group.photos) found.set(number, group);
  return found;
}
