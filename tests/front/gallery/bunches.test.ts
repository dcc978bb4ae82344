import { describe, expect, it } from 'vitest';
import { bunches } from '../../../static/src/gallery/bunches';

describe('bunches', () => {
  it('are made of what would lie on one another, with the nearest, across the borders of the squares', () => {
    const dots = [
      { x: 43, y: 10 },
      { x: 46, y: 10 },
      { x: -3, y: -3 },
      { x: 3, y: 3 },
      { x: 200, y: 0 },
    ];
    expect(bunches(dots, 44)).toEqual([[0, 1], [2, 3], [4]]);
  });

  it('hold every dot once and lie apart', () => {
    let seed = 7;
    const random = () => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
    const dots = Array.from({ length: 5000 }, () => ({ x: random() * 900, y: random() * 600 }));
    const found = bunches(dots, 44);
    expect(found.flat().sort((a, b) => a - b)).toEqual([...dots.keys()]);
    const firsts = found.map(([first]) => dots[first as number] as { x: number; y: number });
    for (const [at, one] of firsts.entries())
      for (const other of firsts.slice(at + 1))
        expect(Math.hypot(one.x - other.x, one.y - other.y)).toBeGreaterThan(44);
  });

  it('of nothing are none', () => expect(bunches([], 44)).toEqual([]));
});
