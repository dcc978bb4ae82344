// A picture's two smaller sizes, drawn on the page's canvas or on a worker's (shrinker.ts).

const PREVIEW_EDGE = 1600;
const THUMB_EDGE = 320;
const QUALITY = 0.8;
const INK = [31, 97, 163] as const;
const NOISE = 4; // levels of a colour

/** JPEGs; the preview at most 1600 pixels on its longer edge, the thumbnail 320. */
export interface Sizes {
  preview: ArrayBuffer;
  thumb: ArrayBuffer;
}

export interface Drawable {
  source: CanvasImageSource;
  width: number;
  height: number;
}

type Canvas = HTMLCanvasElement | OffscreenCanvas;

type Make = (width: number, height: number) => Canvas;
type Pen = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** Undefined where this browser cannot draw the picture or write JPEG. */
export async function makeSizes(picture: Drawable, canvas: Make): Promise<Sizes | undefined> {
  if (!givesBack(canvas)) return undefined;
  const large = shrink(picture, PREVIEW_EDGE, canvas);
  const small = large && shrink(large, THUMB_EDGE, canvas);
  if (!small) return undefined;
  const [preview, thumb] = await Promise.all([asJpeg(large.source), asJpeg(small.source)]);
  // A browser may take long to notice that nobody needs eight megabytes of pixels any more.
  large.source.width = 0;
  small.source.width = 0;
  return preview && thumb && { preview, thumb };
}

// Browsers that do not want to be recognised give stripes in place of what was drawn (Tor Browser, LibreWolf and other
// Firefoxes with `privacy.resistFingerprinting`). Those that change the last bits alone do no harm.
function givesBack(make: Make): boolean {
  const pen = penOf(make(1, 1));
  if (!pen) return false;
  pen.fillStyle = `rgb(${INK.join(', ')})`;
  pen.fillRect(0, 0, 1, 1);
  const { data } = pen.getImageData(0, 0, 1, 1);
  return INK.every((part, at) => Math.abs(part - (data[at] ?? 0)) <= NOISE);
}

const penOf = (canvas: Canvas): Pen | null => canvas.getContext('2d') as Pen | null;

function shrink(
  { source, width, height }: Drawable,
  edge: number,
  make: Make,
): (Drawable & { source: Canvas }) | undefined {
  const ratio = Math.min(1, edge / Math.max(width, height));
  const canvas = make(Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio)));
  const pen = penOf(canvas);
  if (!pen) return undefined;
  // JPEG knows no transparency and would make it black.
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(source, 0, 0, canvas.width, canvas.height);
  return { source: canvas, width: canvas.width, height: canvas.height };
}

/** Undefined where this browser cannot write JPEG. */
export async function asJpeg(canvas: Canvas, quality = QUALITY): Promise<ArrayBuffer | undefined> {
  const type = 'image/jpeg';
  const blob =
    'toBlob' in canvas
      ? await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, quality))
      : await canvas.convertToBlob({ type, quality });
  // A browser that cannot write JPEG gives a PNG instead.
  return blob?.type === type ? blob.arrayBuffer() : undefined;
}
