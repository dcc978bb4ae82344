import { beforeEach, expect, test, vi } from 'vitest';
import { hashOf, newCode } from '../../../static/src/phone/release';
import { Field, type Line, pathOf, simpler } from '../../../static/src/phone/signature';

const PATH = /^(M\d+ \d+(L\d+ \d+)+)+$/;

function scribble(points: number): Line {
  let seed = 7;
  const next = (most: number): number => {
    seed = (seed * 16807) % 2147483647;
    return (seed / 2147483647) * most;
  };
  return Array.from({ length: points }, () => [next(1000), next(400)] as const);
}

test('a straight line is its two ends, and a corner stays', () => {
  const straight = Array.from({ length: 50 }, (_, at): [number, number] => [at * 10, at * 4]);
  expect(simpler(straight, 1.5)).toEqual([
    [0, 0],
    [490, 196],
  ]);
  expect(
    simpler(
      [
        [0, 0],
        [50, 0.4],
        [100, 0],
        [100, 80],
      ],
      1.5,
    ),
  ).toEqual([
    [0, 0],
    [100, 0],
    [100, 80],
  ]);
});

test('nothing that is left out lies further from the line than was asked for', () => {
  const line = Array.from({ length: 400 }, (_, at): [number, number] => [
    at * 2.5,
    200 + 150 * Math.sin(at / 20),
  ]);
  const kept = simpler(line, 1.5);
  expect(kept.length).toBeLessThan(100);
  for (const [x, y] of line) {
    const nearest = Math.min(
      ...kept.slice(1).map(([bx, by], at) => {
        const [ax, ay] = kept[at] as [number, number];
        const length = (bx - ax) ** 2 + (by - ay) ** 2;
        const along = Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length));
        return Math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay));
      }),
    );
    expect(nearest).toBeLessThanOrEqual(1.5);
  }
});

test('a signature is M and L in whole numbers; a dot is a line, and nothing is nothing', () => {
  expect(pathOf([])).toBe('');
  expect(
    pathOf([
      [
        [1.4, 2.6],
        [10.2, 20.7],
      ],
      [[5, 5]],
    ]),
  ).toBe('M1 3L10 21M5 5L5 5');
});

test('however much somebody scribbles, it fits', () => {
  const path = pathOf(Array.from({ length: 20 }, () => scribble(2000)));
  expect(path.length).toBeLessThanOrEqual(20_000);
  expect(path).toMatch(PATH);
  const dots = pathOf(Array.from({ length: 5000 }, (_, at): Line => [[at % 1000, at % 400]]));
  expect(dots.length).toBeLessThanOrEqual(20_000);
  expect(dots).toMatch(PATH);
});

test('a code is twelve letters that nobody mistakes for others, and only its hash is told', async () => {
  const codes = new Set(Array.from({ length: 200 }, newCode));
  expect(codes.size).toBe(200);
  for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
  expect(new Set([...codes].join('').replace(/-/g, '')).size).toBe(32);
  // printf 0123456789AB | sha256sum
  expect(await hashOf('0123-4567-89AB')).toBe(
    '4e3f5a1d81582cf9c45c5b0f43e59793f58d060cc71e7667b5b2a09e37f602a2',
  );
});

let canvas: HTMLCanvasElement;

beforeEach(() => {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe(): void {}
      disconnect(): void {}
    },
  );
  canvas = document.createElement('canvas');
  canvas.getBoundingClientRect = () => ({ left: 10, top: 20, width: 500, height: 200 }) as DOMRect;
});

const touch = (type: string, x: number, y: number, pointerId = 1): boolean =>
  canvas.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: y, pointerId, button: 0 }));

test('a finger draws, a palm does not, and what leaves the field stays at its edge', () => {
  const heard: (readonly Line[])[] = [];
  const field = new Field(canvas, [], (lines) => heard.push(lines.map((line) => [...line])));
  touch('pointerdown', 10, 20);
  touch('pointerdown', 200, 100, 2);
  touch('pointermove', 260, 120);
  touch('pointermove', 9000, 120);
  touch('pointerup', 200, 100, 2);
  touch('pointerup', 9000, 120);
  expect(heard).toEqual([
    [
      [
        [0, 0],
        [500, 200],
        [1000, 200],
      ],
    ],
  ]);
  field.clear();
  expect(heard[heard.length - 1]).toEqual([]);
  field.end();
});
