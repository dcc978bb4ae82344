// Painting over, in the pixels: what is made of the canvas then knows nothing of what was there. The same shapes, margin
// and colour as the server's (webapp/photo/redact.py).

import { asJpeg, type Drawable, makeSizes, type Sizes } from '../photo/shrink';
import type { Region } from './regions';

const COLOUR = [38, 44, 43] as const;
const MARGIN = 1 / 500; // of the long edge, around each region: JPEG smears colours over the edge of a block
const LEAST_MARGIN = 2; // pixels
const QUALITY = 0.92;
const NOISE = 4; // levels of a colour

/** JPEGs, all painted over: the picture at its full size, upright, and the two that are made of it. */
export interface Burnt extends Sizes {
  readonly original: ArrayBuffer;
}

/** Undefined where this browser cannot hold, draw or write so large a picture. */
export async function burn(
  picture: Drawable,
  regions: readonly Region[],
  make: (width: number, height: number) => OffscreenCanvas,
): Promise<Burnt | undefined> {
  const { source, width, height } = picture;
  const canvas = make(width, height);
  const pen = canvas.getContext('2d');
  if (!pen) return undefined;
  // JPEG knows no transparency and would make it black.
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, width, height);
  pen.drawImage(source, 0, 0, width, height);
  pen.fillStyle = pen.strokeStyle = `rgb(${COLOUR.join(', ')})`;
  for (const region of regions) paint(pen, region, width, height);
  // A canvas that is too large for a phone takes everything without a word, and gives back nothing.
  if (!regions.every((region) => isPainted(pen, region, width, height))) return undefined;
  const original = await asJpeg(canvas, QUALITY);
  const sizes = original && (await makeSizes({ source: canvas, width, height }, make));
  canvas.width = 0; // a browser may take long to notice that nobody needs the pixels any more
  return sizes && { ...sizes, original };
}

type Pen = Pick<
  OffscreenCanvasRenderingContext2D,
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'stroke'
  | 'fill'
  | 'ellipse'
  | 'rect'
  | 'lineWidth'
  | 'lineCap'
  | 'lineJoin'
>;

export function paint(pen: Pen, region: Region, width: number, height: number): void {
  const long = Math.max(width, height);
  const margin = Math.max(LEAST_MARGIN, long * MARGIN);
  pen.beginPath();
  if (region.shape === 'stroke') {
    const [first = [0, 0], ...rest] = region.points;
    pen.lineWidth = region.width * long + 2 * margin;
    pen.lineCap = pen.lineJoin = 'round';
    pen.moveTo(first[0] * width, first[1] * height);
    // A line of no length is drawn by some browsers only if it has one.
    for (const [x, y] of rest.length ? rest : [first]) pen.lineTo(x * width + 0.01, y * height);
    pen.stroke();
    return;
  }
  const [left, top] = [region.x * width - margin, region.y * height - margin];
  const [wide, high] = [region.w * width + 2 * margin, region.h * height + 2 * margin];
  if (region.shape === 'box') pen.rect(left, top, wide, high);
  else pen.ellipse(left + wide / 2, top + high / 2, wide / 2, high / 2, 0, 0, 2 * Math.PI);
  pen.fill();
}

function isPainted(
  pen: OffscreenCanvasRenderingContext2D,
  region: Region,
  width: number,
  height: number,
): boolean {
  const [x, y] =
    region.shape === 'stroke'
      ? (region.points[0] ?? [0, 0])
      : [region.x + region.w / 2, region.y + region.h / 2];
  const at = (part: number, side: number): number => Math.min(side - 1, Math.floor(part * side));
  const { data } = pen.getImageData(at(x, width), at(y, height), 1, 1);
  return COLOUR.every((level, band) => Math.abs(level - (data[band] ?? 0)) <= NOISE);
}
