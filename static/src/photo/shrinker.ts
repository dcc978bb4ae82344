// The worker that makes pictures small: the page's own thread stays free for whoever writes.

import { makeSizes, type Sizes } from './shrink';

const worker = self as unknown as {
  onmessage: (event: MessageEvent<Blob>) => void;
  postMessage(sizes: Sizes | undefined, given?: Transferable[]): void;
};

worker.onmessage = async ({ data }) => {
  try {
    const source = await createImageBitmap(data, { imageOrientation: 'from-image' });
    const canvas = (width: number, height: number): OffscreenCanvas => new OffscreenCanvas(width, height);
    const sizes = await makeSizes({ source, width: source.width, height: source.height }, canvas);
    source.close();
    worker.postMessage(sizes, sizes && [sizes.preview, sizes.thumb]);
  } catch {
    worker.postMessage(undefined); // the page tries it in other ways
  }
};
