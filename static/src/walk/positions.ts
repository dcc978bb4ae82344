// Positions on earth: as people write them, and how far apart they are.

export interface Position {
  readonly lat: number;
  readonly lon: number;
}

/** The web map ends here: beyond, Mercator has no place. */
export const MERCATOR = 85.0511;
const RADIUS = 6_371_008.8; // metres, mean radius of the earth (IUGG)
const NUMBER = '[+-]?\\d{1,3}(?:\\.\\d{1,15})?';
const COMMA = '[+-]?\\d{1,3},\\d{1,15}';
const ONE = new RegExp(`^(${NUMBER})\\s*([NSEW]?)$`);
const POINTS = new RegExp(`^(${NUMBER})\\s*([NSEW]?)(?:\\s*[,;]\\s*|\\s+)(${NUMBER})\\s*([NSEW]?)$`);
const COMMAS = new RegExp(`^(${COMMA})\\s*([NSEW]?)(?:\\s*;\\s*|,\\s+|\\s+)(${COMMA})\\s*([NSEW]?)$`);

/** A latitude or longitude: comma or point, with ° and N, S, E or W if one likes. The server reads the same. */
export function degrees(text: string): number | undefined {
  const found = ONE.exec(tidy(text).replace(',', '.'));
  return found?.[1] === undefined ? undefined : signed(found[1], found[2]);
}

/** Both, pasted into one field as maps copy them: "50.09, 14.42". */
export function pair(text: string): Position | undefined {
  const whole = tidy(text);
  if (/^[+-]?\d+,\d+$/.test(whole)) return undefined; // one number with a decimal comma
  const found = COMMAS.exec(whole) ?? POINTS.exec(whole);
  if (found?.[1] === undefined || found[3] === undefined) return undefined;
  return {
    lat: signed(found[1].replace(',', '.'), found[2]),
    lon: signed(found[3].replace(',', '.'), found[4]),
  };
}

function tidy(text: string): string {
  return text.trim().replace(/−/g, '-').replace(/°/g, '').toUpperCase();
}

function signed(number: string, side: string | undefined): number {
  const value = Number(number);
  return side === 'S' || side === 'W' ? -Math.abs(value) : value;
}

/** What two fields say together, if it is a place on earth. 0, 0 is what broken devices say. */
export function placeOf(lat: string, lon: string): Position | undefined {
  const [y, x] = [degrees(lat), degrees(lon)];
  if (y === undefined || x === undefined || (y === 0 && x === 0)) return undefined;
  return Math.abs(y) <= 90 && Math.abs(x) <= 180 ? { lat: y, lon: x } : undefined;
}

/** Metres along the great circles from each to the next. */
export function routeLength(route: readonly Position[]): number {
  let metres = 0;
  for (const [index, here] of route.entries()) {
    const before = route[index - 1];
    if (before) metres += distance(before, here);
  }
  return metres;
}

// The haversine formula.
function distance(a: Position, b: Position): number {
  const radians = Math.PI / 180;
  const lat = ((b.lat - a.lat) * radians) / 2;
  const lon = ((b.lon - a.lon) * radians) / 2;
  const h = Math.sin(lat) ** 2 + Math.cos(a.lat * radians) * Math.cos(b.lat * radians) * Math.sin(lon) ** 2;
  return 2 * RADIUS * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** A position of the map as the form keeps it: once around the world at most, to about a metre. */
export function written(position: Position): { lat: string; lon: string } {
  const lat = Math.min(90, Math.max(-90, position.lat));
  const lon = ((((position.lon + 180) % 360) + 360) % 360) - 180;
  return { lat: lat.toFixed(5), lon: lon.toFixed(5) };
}
