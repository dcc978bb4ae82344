// What is to be painted over, in parts of the picture's width and height; a brush's width in parts of its long edge.

export interface Shape {
  readonly shape: 'ellipse' | 'box';
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}
export interface Stroke {
  readonly shape: 'stroke';
  readonly points: readonly (readonly [number, number])[];
  readonly width: number;
}
export type Region = Shape | Stroke;
export type Point = readonly [number, number];
export type Corner = 'nw' | 'ne' | 'sw' | 'se';

const LEAST = 0.008;
const within = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** The shape that a pointer drew from one corner to the other. */
export function drawn(shape: Shape['shape'], from: Point, to: Point): Shape {
  return bounded({
    shape,
    x: Math.min(from[0], to[0]),
    y: Math.min(from[1], to[1]),
    w: Math.abs(to[0] - from[0]),
    h: Math.abs(to[1] - from[1]),
  });
}

/** What one tap makes: about a face, in a picture of so many pixels. */
export function tapped(shape: Shape['shape'], at: Point, width: number, height: number): Shape {
  const wide = 0.07 * Math.max(width, height);
  const [w, h] = [wide / width, (1.25 * wide) / height];
  return bounded({ shape, x: at[0] - w / 2, y: at[1] - h / 2, w, h });
}

export function moved(region: Region, dx: number, dy: number): Region {
  if (region.shape === 'stroke')
    return {
      ...region,
      points: region.points.map(([x, y]) => [within(x + dx, 0, 1), within(y + dy, 0, 1)] as const),
    };
  return {
    ...region,
    x: within(region.x + dx, 0, 1 - region.w),
    y: within(region.y + dy, 0, 1 - region.h),
  };
}

/** Larger or smaller on all sides, so that it stays where it is. */
export function sized(region: Region, dw: number, dh: number): Region {
  if (region.shape === 'stroke') return { ...region, width: within(region.width + dw, LEAST, 0.5) };
  return bounded({
    ...region,
    x: region.x - dw / 2,
    y: region.y - dh / 2,
    w: region.w + dw,
    h: region.h + dh,
  });
}

/** One corner is dragged there; the opposite one stays. */
export function pulled(region: Shape, corner: Corner, to: Point): Shape {
  const [right, bottom] = [region.x + region.w, region.y + region.h];
  const from: Point = [corner.endsWith('w') ? right : region.x, corner.startsWith('n') ? bottom : region.y];
  return drawn(region.shape, from, to);
}

function bounded(region: Shape): Shape {
  const [x, y] = [within(region.x, 0, 1 - LEAST), within(region.y, 0, 1 - LEAST)];
  const [right, bottom] = [within(region.x + region.w, 0, 1), within(region.y + region.h, 0, 1)];
  return { ...region, x, y, w: Math.max(LEAST, right - x), h: Math.max(LEAST, bottom - y) };
}
