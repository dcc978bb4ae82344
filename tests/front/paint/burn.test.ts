import { expect, it } from 'vitest';
import { burn, paint } from '../../../static/src/paint/burn';
import type { Region } from '../../../static/src/paint/regions';

/** Draws nothing, and remembers what was asked of it. */
function pen(): { asked: unknown[][]; made: Parameters<typeof paint>[0] } {
  const asked: unknown[][] = [];
  const note =
    (name: string) =>
    (...given: unknown[]): void => {
      asked.push([
        name,
        ...given.map((each) => (typeof each === 'number' ? Math.round(each * 100) / 100 : each)),
      ]);
    };
  const names = ['beginPath', 'moveTo', 'lineTo', 'stroke', 'fill', 'ellipse', 'rect'];
  const made = {
    lineWidth: 0,
    lineCap: 'butt',
    lineJoin: 'miter',
    ...Object.fromEntries(names.map((n) => [n, note(n)])),
  };
  return { asked, made: made as unknown as Parameters<typeof paint>[0] };
}

const shapes: [Region, unknown[][]][] = [
  [
    { shape: 'box', x: 0.1, y: 0.2, w: 0.3, h: 0.4 },
    [['beginPath'], ['rect', 392, 592, 1216, 1216], ['fill']],
  ],
  [
    { shape: 'ellipse', x: 0.5, y: 0.5, w: 0.1, h: 0.1 },
    [['beginPath'], ['ellipse', 2200, 1650, 208, 158, 0, 0, 6.28], ['fill']],
  ],
  [
    { shape: 'stroke', width: 0.05, points: [[0, 0]] },
    [['beginPath'], ['moveTo', 0, 0], ['lineTo', 0.01, 0], ['stroke']],
  ],
];

it.each(shapes)('paints a margin around each mark, at the full size (%j)', (region, wanted) => {
  const { asked, made } = pen();
  paint(made, region, 4000, 3000);
  expect(asked).toEqual(wanted);
  if (region.shape === 'stroke') expect(made.lineWidth).toBe(216);
});

it('gives nothing where the canvas gives nothing back', async () => {
  const { made } = pen();
  const dead = {
    ...made,
    fillRect: () => undefined,
    drawImage: () => undefined,
    getImageData: () => ({ data: [0, 0, 0, 0] }),
  };
  const canvas = () => ({ width: 8000, height: 6000, getContext: () => dead }) as unknown as OffscreenCanvas;
  const picture = { source: {} as ImageBitmap, width: 8000, height: 6000 };
  const box: Region = { shape: 'box', x: 0.1, y: 0.2, w: 0.3, h: 0.4 };
  expect(await burn(picture, [box], canvas)).toBeUndefined();
});
