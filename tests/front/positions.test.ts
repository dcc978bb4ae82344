import { describe, expect, it } from 'vitest';
import { degrees, pair, placeOf, routeLength, written } from '../../static/src/walk/positions';

describe('a number of degrees', () => {
  it.each([
    ['50.09', 50.09],
    [' 50,09 ', 50.09],
    ['−12.5°', -12.5],
    ['14.4W', -14.4],
    ['50.0877258 n', 50.0877258],
  ])('%s is %d', (text, expected) => expect(degrees(text)).toBe(expected));

  it.each(['', 'here', '50.09, 14.42', '1e5', 'NaN', '50..1'])('is not “%s”', (text) => {
    expect(degrees(text)).toBeUndefined();
  });
});

describe('a pasted pair', () => {
  it.each([
    ['50.09, 14.42', 50.09, 14.42],
    ['50.09,14.42', 50.09, 14.42],
    ['50.09 14.42', 50.09, 14.42],
    ['50,09; 14,42', 50.09, 14.42],
    ['50.0877258N, 14.4211267E', 50.0877258, 14.4211267],
    ['33.9S 18.4E', -33.9, 18.4],
  ])('%s', (text, lat, lon) => expect(pair(text)).toEqual({ lat, lon }));

  it.each(['50,09', '50.09', '', 'a, b', '1 2 3'])('is not “%s”', (text) =>
    expect(pair(text)).toBeUndefined(),
  );
});

describe('a place', () => {
  it.each([
    ['91', '0'],
    ['0', '181'],
    ['0', '0'],
    ['50', ''],
  ])('is not %s, %s', (lat, lon) => expect(placeOf(lat, lon)).toBeUndefined());

  it('may lie at the edge of the world', () => expect(placeOf('-90', '180')).toEqual({ lat: -90, lon: 180 }));
});

describe('the length of a route', () => {
  it('is nothing for one stop', () => expect(routeLength([{ lat: 50, lon: 14 }])).toBe(0));

  it('is a degree of latitude in metres', () => {
    const metres = routeLength([
      { lat: 50, lon: 14 },
      { lat: 51, lon: 14 },
    ]);
    expect(Math.abs(metres - 111_195)).toBeLessThan(5);
  });

  it('is short over the date line', () => {
    const metres = routeLength([
      { lat: 0, lon: 179.9 },
      { lat: 0, lon: -179.9 },
    ]);
    expect(metres).toBeLessThan(23_000);
  });
});

describe('what the map gives', () => {
  it.each([
    [50.123456789, 374.5, '50.12346', '14.50000'],
    [95, -181, '90.00000', '179.00000'],
  ])('%d, %d is written as the form keeps it', (lat, lon, lat_, lon_) => {
    expect(written({ lat, lon })).toEqual({ lat: lat_, lon: lon_ });
  });
});
