import { expect, test } from 'vitest';
import { drawn, moved, pulled, sized, tapped } from '../../../static/src/paint/regions';

test('whichever way one draws, it is the same mark, and it stays in the picture', () => {
  const mark = { shape: 'box', x: 0.25, y: 0.25, w: 0.5, h: 0.25 };
  expect(drawn('box', [0.25, 0.25], [0.75, 0.5])).toEqual(mark);
  expect(drawn('box', [0.75, 0.5], [0.25, 0.25])).toEqual(mark);
  const wide = drawn('ellipse', [0.5, 0.5], [1.5, 2]);
  expect([wide.x + wide.w, wide.y + wide.h]).toEqual([1, 1]);
});

test('one tap makes a mark around it, as high in pixels on every shape of picture', () => {
  const mark = tapped('ellipse', [0.5, 0.5], 2000, 1000);
  expect(mark.x + mark.w / 2).toBeCloseTo(0.5);
  expect((mark.h * 1000) / (mark.w * 2000)).toBeCloseTo(1.25);
});

test('moved to the edge a mark keeps its size', () => {
  const mark = moved({ shape: 'box', x: 0.8, y: 0.1, w: 0.1, h: 0.1 }, 0.5, -0.5);
  expect(mark).toEqual({ shape: 'box', x: 0.9, y: 0, w: 0.1, h: 0.1 });
  const stroke = moved({ shape: 'stroke', width: 0.1, points: [[0.1, 0.1]] }, 0.1, 0.1);
  expect(stroke).toEqual({ shape: 'stroke', width: 0.1, points: [[0.2, 0.2]] });
});

test('a mark never becomes nothing, by keys or by its corner', () => {
  const small = sized({ shape: 'ellipse', x: 0.5, y: 0.5, w: 0.01, h: 0.01 }, -0.5, -0.5);
  expect(small.shape === 'ellipse' && small.w > 0 && small.h > 0).toBe(true);
  const turned = pulled({ shape: 'box', x: 0.4, y: 0.4, w: 0.2, h: 0.2 }, 'se', [0.3, 0.3]);
  expect(turned.x).toBeCloseTo(0.3);
  expect(turned.w).toBeCloseTo(0.1);
});
