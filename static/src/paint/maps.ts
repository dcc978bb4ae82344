// How CenterFace's maps are read: the same as webapp/photo/faces.py, where it says what they are. `tests/photo/maps.json`
// holds maps and what both must find in them.

import type { Shape } from './regions';

export const CELL = 4;
export const STEP = 32;
export const LONG_EDGES = [2000, 1024] as const;
const LIKELY = 0.35;
const OVERLAP = 0.3;
const GROWN = 0.12;

export interface Maps {
  readonly rows: number;
  readonly columns: number;
  /** Of rows x columns; the other two of 2 x rows x columns, down before across. */
  readonly heat: ArrayLike<number>;
  readonly size: ArrayLike<number>;
  readonly offset: ArrayLike<number>;
}

export interface Face {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly likely: number;
}

/** The faces in a picture that has this width and height in the network's input, without what only fills it up. */
export function read({ rows, columns, heat, size, offset }: Maps, width: number, height: number): Face[] {
  const found: Face[] = [];
  const cells = rows * columns;
  for (let cell = 0; cell < cells; cell += 1) {
    const likely = heat[cell] ?? 0;
    if (!(likely > LIKELY)) continue;
    const value = (map: ArrayLike<number>, axis: number): number => map[axis * cells + cell] ?? 0;
    const [tall, wide] = [CELL * Math.exp(value(size, 0)), CELL * Math.exp(value(size, 1))];
    const y = CELL * (Math.floor(cell / columns) + value(offset, 0) + 0.5);
    const x = CELL * ((cell % columns) + value(offset, 1) + 0.5);
    found.push({
      x: (x - wide / 2) / width,
      y: (y - tall / 2) / height,
      w: wide / width,
      h: tall / height,
      likely: rounded(likely, 1000),
    });
  }
  return apart(found).filter(({ x, y, w, h }) => x + w / 2 < 1 && y + h / 2 < 1);
}

/** What was found at all sizes, the likeliest first. */
export function together(found: readonly Face[]): Face[] {
  return apart(found).map(grown);
}

export const asShape = ({ x, y, w, h }: Face): Shape => ({ shape: 'ellipse', x, y, w, h });

/** Of those that lie upon each other the likeliest. */
function apart(faces: readonly Face[]): Face[] {
  const kept: Face[] = [];
  for (const face of [...faces].sort((one, other) => other.likely - one.likely))
    if (kept.every((other) => overlap(face, other) < OVERLAP)) kept.push(face);
  return kept;
}

function grown({ x, y, w, h, likely }: Face): Face {
  const [left, top] = [Math.max(0, x - GROWN * w), Math.max(0, y - GROWN * h)];
  const [right, bottom] = [Math.min(1, x + (1 + GROWN) * w), Math.min(1, y + (1 + GROWN) * h)];
  const [from, to] = [rounded(left, 1e4), rounded(top, 1e4)];
  return { x: from, y: to, w: rounded(right - left, 1e4), h: rounded(bottom - top, 1e4), likely };
}

/** The shared area as a part of the area of both together. */
function overlap(one: Face, other: Face): number {
  const wide = Math.min(one.x + one.w, other.x + other.w) - Math.max(one.x, other.x);
  const tall = Math.min(one.y + one.h, other.y + other.h) - Math.max(one.y, other.y);
  if (wide <= 0 || tall <= 0) return 0;
  return (wide * tall) / (one.w * one.h + other.w * other.h - wide * tall);
}

const rounded = (value: number, parts: number): number => Math.round(value * parts) / parts;
