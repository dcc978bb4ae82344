import { describe, expect, it } from 'vitest';
import { deedOf, type Pressed, stepTo } from '../../../static/src/exhibition/keys';

const press = (key: string, more: Partial<Pressed> = {}): Pressed => ({
  key,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  shiftKey: false,
  ...more,
});

describe('a key', () => {
  it.each([
    ['p', { do: 'mark', wish: 'pick' }],
    ['X', { do: 'mark', wish: 'out' }],
    ['w', { do: 'mark', wish: 'wanted' }],
    ['0', { do: 'rate', stars: 0 }],
    ['5', { do: 'rate', stars: 5 }],
    ['u', { do: 'undo' }],
    ['?', { do: 'keys' }],
    ['Enter', { do: 'view', view: 'loupe' }],
    ['Escape', { do: 'view', view: 'grid' }],
    ['ArrowRight', { do: 'go', step: 'next' }],
  ])('%s does one thing', (key, deed) => {
    expect(deedOf(press(key, { shiftKey: key === '?' || key === 'X' }), true, false)).toEqual(deed);
  });

  it('leaves the browser its own', () => {
    for (const held of ['ctrlKey', 'altKey', 'metaKey'] as const)
      expect(deedOf(press('p', { [held]: true }), true, false)).toBeUndefined();
    expect(deedOf(press('6'), true, false)).toBeUndefined();
    expect(deedOf(press('Tab'), true, false)).toBeUndefined();
  });

  it('is no key for a letter where letters are switched off, and arrows stay', () => {
    expect(deedOf(press('p'), false, false)).toBeUndefined();
    expect(deedOf(press('ArrowDown'), false, false)).toEqual({ do: 'go', step: 'below' });
  });

  it('goes where the eye goes from right to left', () => {
    expect(deedOf(press('ArrowLeft'), true, true)).toEqual({ do: 'go', step: 'next' });
  });

  it('moves the large picture with Shift, as the eye goes', () => {
    expect(deedOf(press('ArrowLeft', { shiftKey: true }), true, true)).toEqual({ do: 'pan', x: -1, y: 0 });
  });
});

describe('a step', () => {
  it('goes along the rows and stays at the ends', () => {
    expect(stepTo('next', 6, 7, 3)).toBe(6);
    expect(stepTo('previous', 0, 7, 3)).toBe(0);
    expect(stepTo('below', 1, 7, 3)).toBe(4);
    expect(stepTo('below', 5, 7, 3)).toBe(5);
    expect(stepTo('above', 4, 7, 3)).toBe(1);
    expect(stepTo('last', 0, 7, 3)).toBe(6);
    expect(stepTo('first', 0, 0, 3)).toBe(0);
  });
});
