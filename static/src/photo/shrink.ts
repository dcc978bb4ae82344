// A picture's two smaller sizes, drawn on the page's canvas or on a worker's (shrinker.ts).

const PREVIEW_EDGE = 1600;
const THUMB_EDGE = 320;
const QUALITY = 0.8;

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

/** Undefined where this browser cannot draw the picture or write JPEG. */
export async function makeSizes(
  picture: Drawable,
  canvas: (width: number, height: number) => Canvas,
): Promise<Sizes | undefined> {
  const large = shrink(picture, PREVIEW_EDGE, canvas);
  const small = large && shrink(large, THUMB_EDGE, canvas);
  if (!small) return undefined;
  const [preview, thumb] = await Promise.all([asJpeg(large.source), asJpeg(small.source)]);
  return preview && thumb && { preview, thumb };
}

function shrink(
  { source, width, height }: Drawable,
  edge: number,
  make: (width: number, height: number) => Canvas,
): (Drawable & { source: Canvas }) | undefined {
  const ratio = Math.min(1, edge / Math.max(width, height));
  const canvas = make(Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio)));
  const pen = canvas.getContext('2d') as CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D | null;
  if (!pen) return undefined;
  // JPEG knows no transparency and would make it black.
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(source, 0, 0, canvas.width, canvas.height);
  return { source: canvas, width: canvas.width, height: canvas.height };
}

async function asJpeg(canvas: Canvas): Promise<ArrayBuffer | undefined> {
  const [type, quality] = ['image/jpeg', QUALITY];
  const blob =
    'toBlob' in canvas
      ? await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, quality))
      : await canvas.convertToBlob({ type, quality });
  // A browser that cannot write JPEG gives a PNG instead.
  return blob?.type === type ? blob.arrayBuffer() : undefined;
}
