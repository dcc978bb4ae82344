// The worker that looks for faces, on the phone itself. Its own policy (webapp/shell/pages.py) lets it compile
// WebAssembly, which the pages may not.

import runtime from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';
import * as ort from 'onnxruntime-web/wasm';
import { CELL, type Face, LONG_EDGES, read, STEP, together } from './maps';

export interface Sought {
  readonly picture: Blob;
  readonly model: string;
  /** The name of the cache that holds the model and the runtime. */
  readonly cache: string;
}

const worker = self as unknown as {
  onmessage: (event: MessageEvent<Sought>) => void;
  postMessage(found: Face[] | undefined): void;
};

worker.onmessage = async ({ data }) => {
  try {
    worker.postMessage(await find(data));
  } catch {
    worker.postMessage(undefined);
  }
};

async function find({ picture, model, cache }: Sought): Promise<Face[]> {
  const held = async (address: string): Promise<ArrayBuffer> => {
    const answer = (await caches.match(address, { cacheName: cache })) ?? (await fetch(address));
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return answer.arrayBuffer();
  };
  // More threads would need memory that is shared, and for that headers that shut every other page out.
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary = await held(new URL(runtime, location.href).pathname);
  const session = await ort.InferenceSession.create(new Uint8Array(await held(model)), {
    executionProviders: ['wasm'],
    enableCpuMemArena: false, // it would keep what the largest picture needed
    enableMemPattern: false,
  });
  const bitmap = await createImageBitmap(picture, { imageOrientation: 'from-image' });
  const found: Face[] = [];
  const long = Math.max(bitmap.width, bitmap.height);
  // The small one first: a phone that has no memory for the large one still finds the large faces.
  for (const edge of [...LONG_EDGES].reverse()) {
    if (edge !== LONG_EDGES[0] && long <= edge) continue;
    try {
      found.push(...(await at(session, bitmap, Math.min(1, edge / long))));
    } catch (error) {
      if (!found.length) throw error;
    }
  }
  bitmap.close();
  return together(found);
}

async function at(session: ort.InferenceSession, bitmap: ImageBitmap, scale: number): Promise<Face[]> {
  const side = (pixels: number): number => Math.max(1, Math.round(pixels * scale));
  const [width, height] = [side(bitmap.width), side(bitmap.height)];
  const up = (pixels: number): number => Math.ceil(pixels / STEP) * STEP;
  const [wide, high] = [up(width), up(height)];
  const pen = new OffscreenCanvas(wide, high).getContext('2d');
  if (!pen) throw new Error('no canvas');
  pen.imageSmoothingQuality = 'high';
  pen.drawImage(bitmap, 0, 0, width, height);
  const { data } = pen.getImageData(0, 0, wide, high);
  const pixels = new Float32Array(3 * wide * high);
  for (let at = 0; at < wide * high; at += 1)
    for (let band = 0; band < 3; band += 1) pixels[band * wide * high + at] = data[4 * at + band] ?? 0;
  const [input = ''] = session.inputNames;
  const said = await session.run({ [input]: new ort.Tensor('float32', pixels, [1, 3, high, wide]) });
  const [heat, size, offset] = session.outputNames.map((name) => said[name]?.data as Float32Array);
  if (!heat || !size || !offset) throw new Error('no maps');
  return read({ rows: high / CELL, columns: wide / CELL, heat, size, offset }, width, height);
}
