// Which tile lies beside another, as a person sees them.

export type Around = 'left' | 'right' | 'up' | 'down';

export function beside(
  tile: HTMLElement,
  tiles: readonly HTMLElement[],
  way: Around,
  rtl: boolean,
): HTMLElement | undefined {
  if (way === 'left' || way === 'right') {
    const step = (way === 'right') === rtl ? -1 : 1;
    return tiles[tiles.indexOf(tile) + step];
  }
  const from = middle(tile);
  let best: HTMLElement | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const other of tiles) {
    const at = middle(other);
    const down = way === 'down' ? at.y - from.y : from.y - at.y;
    const far = down + 2 * Math.abs(at.x - from.x);
    if (down > from.height / 2 && far < least) {
      least = far;
      best = other;
    }
  }
  return best;
}

function middle(tile: HTMLElement): { x: number; y: number; height: number } {
  const { left, top, width, height } = tile.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2, height };
}
