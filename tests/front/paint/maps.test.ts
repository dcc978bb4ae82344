import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { type Face, type Maps, read, together } from '../../../static/src/paint/maps';

interface Said extends Maps {
  readonly width: number;
  readonly height: number;
  readonly likely: readonly number[];
  readonly faces: readonly (readonly number[])[];
}

it('finds in maps what the server finds', () => {
  const said = JSON.parse(readFileSync('tests/photo/maps.json', 'utf8')) as Said;
  const found = read(said, said.width, said.height);
  expect(found.map((face) => face.likely)).toEqual(said.likely);
  const boxes = together(found).map(({ x, y, w, h }: Face) => [x, y, w, h]);
  expect(boxes.length).toBe(said.faces.length);
  for (const [at, box] of boxes.entries())
    for (const [side, value] of box.entries()) expect(value).toBeCloseTo(said.faces[at]?.[side] ?? 9, 3);
});
