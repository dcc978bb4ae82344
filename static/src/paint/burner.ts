// The worker that paints a picture over at its full size: a large one would stop the page for seconds.

import { type Burnt, burn } from './burn';
import type { Region } from './regions';

export interface Wanted {
  readonly picture: Blob;
  readonly regions: readonly Region[];
}

const worker = self as unknown as {
  onmessage: (event: MessageEvent<Wanted>) => void;
  postMessage(made: Burnt | undefined, given?: Transferable[]): void;
};

worker.onmessage = async ({ data: { picture, regions } }) => {
  try {
    const source = await createImageBitmap(picture, { imageOrientation: 'from-image' });
    const { width, height } = source;
    const made = await burn({ source, width, height }, regions, (w, h) => new OffscreenCanvas(w, h));
    worker.postMessage(made, made && [made.original, made.preview, made.thumb]);
  } catch {
    worker.postMessage(undefined);
  }
};
