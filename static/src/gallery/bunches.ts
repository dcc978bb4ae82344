// Marks that would lie on one another on the screen become one bunch.

export interface Dot {
  readonly x: number;
  readonly y: number;
}

/**
 * Which of the dots (by their indexes) are drawn together: each goes to the nearest bunch whose first dot is at most
 * `reach` away, else it begins one. They are sorted into squares of that size, so that few are compared.
 */
export function bunches(dots: readonly Dot[], reach: number): number[][] {
  const found: number[][] = [];
  const squares = new Map<string, number[]>();
  for (const [index, dot] of dots.entries()) {
    const column = Math.floor(dot.x / reach);
    const row = Math.floor(dot.y / reach);
    let nearest: number | undefined;
    let least = reach;
    for (let x = column - 1; x <= column + 1; x++) {
      for (let y = row - 1; y <= row + 1; y++) {
        for (const bunch of squares.get(`${x} ${y}`) ?? []) {
          const first = dots[found[bunch]?.[0] ?? index] ?? dot;
          const away = Math.hypot(first.x - dot.x, first.y - dot.y);
          if (away <= least) [nearest, least] = [bunch, away];
        }
      }
    }
    if (nearest !== undefined) {
      found[nearest]?.push(index);
      continue;
    }
    const key = `${column} ${row}`;
    squares.set(key, [...(squares.get(key) ?? []), found.length]);
    found.push([index]);
  }
  return found;
}
