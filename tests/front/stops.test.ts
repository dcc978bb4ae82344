import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Listener, Point } from '../../static/src/walk/map';
import { type DrawMap, Stops } from '../../static/src/walk/stops';

const row = (n: number | string, name = '', lat = '', lon = '', id = '') => `
<li data-part="row"><input type="hidden" name="stop.${n}.id" value="${id}"><span data-part="number"></span>
<div data-part="group"><input data-part="name" lang="en" name="stop.${n}.name.en" value="${name}">
<input data-part="lat" name="stop.${n}.lat" value="${lat}"><input data-part="lon" name="stop.${n}.lon" value="${lon}">
<div data-part="order"><input name="stop.${n}.order"></div>
<label data-part="remove"><input type="checkbox" name="stop.${n}.remove" value="yes"></label>
<div data-part="tools" hidden><button type="button" data-do="up">Up</button>
<button type="button" data-do="down">Down</button><button type="button" data-do="place">Set</button>
<button type="button" data-do="remove">Remove</button></div></div></li>`;

const PAGE = `<form><section data-language="en" data-tiles="none">
<div data-part="mapside" hidden><p data-part="hint"></p><div data-part="map"></div><p data-part="length"></p></div>
<ol data-part="rows">${row(1, 'Square', '50', '14', 'a')}${row(2, 'Bridge', '51', '14', 'b')}${row(3)}${row(4)}</ol>
<button type="button" data-do="add" hidden>Add</button><div data-part="says"></div>
<button type="button" data-do="undo" hidden>Undo</button><template data-part="blank">${row('__N__')}</template>
</section></form>`;

let shown: readonly Point[] = [];
let map: Listener;
let stops: Stops;

const draw: DrawMap = async (_root, listener) => {
  map = listener;
  return {
    show: (points) => {
      shown = points;
    },
  };
};

const find = <Found extends HTMLElement>(selector: string): Found => {
  const found = document.querySelector<Found>(selector);
  if (!found) throw new Error(`nothing is ${selector}`);
  return found;
};
const rows = () =>
  [...document.querySelectorAll<HTMLElement>('ol > [data-part=row]')].filter((each) => !each.hidden);
const names = () => rows().map((each) => each.querySelector<HTMLInputElement>('[data-part=name]')?.value);
const button = (index: number, what: string): HTMLButtonElement => {
  const found = rows()[index]?.querySelector<HTMLButtonElement>(`[data-do=${what}]`);
  if (!found) throw new Error(`row ${index} has no button ${what}`);
  return found;
};
const sent = () => Object.fromEntries(new FormData(find<HTMLFormElement>('form')));
const type = (field: HTMLInputElement, value: string) => {
  field.value = value;
  field.dispatchEvent(new Event('input', { bubbles: true }));
};

beforeEach(async () => {
  document.body.innerHTML = PAGE;
  stops = new Stops(find('section'));
  await stops.start(draw);
});

describe('the rows', () => {
  it('lose the empty ones, which the button replaces', () => {
    expect(names()).toEqual(['Square', 'Bridge']);
    find('[data-do=add]').click();
    expect(names()).toEqual(['Square', 'Bridge', '']);
    expect(sent()).toHaveProperty(['stop.5.lat'], '');
    expect(document.activeElement?.getAttribute('name')).toBe('stop.5.name.en');
  });

  it('show what they say on the map, with the length of the way', () => {
    expect(shown.map(({ number, name, lat }) => [number, name, lat])).toEqual([
      [1, 'Square', 50],
      [2, 'Bridge', 51],
    ]);
    expect(find('[data-part=length]').textContent).toContain('111,195 m');
  });

  it('move by buttons, which keep the focus, and carry their order', () => {
    button(1, 'up').click();
    expect(names()).toEqual(['Bridge', 'Square']);
    expect(sent()).toMatchObject({ 'stop.2.order': '1', 'stop.1.order': '2' });
    expect(button(0, 'up').disabled).toBe(true);
    expect(document.activeElement).toBe(button(0, 'down'));
    expect(find('[data-part=says]').textContent).toBe('Now stop 1 of 2.');
    expect(shown[0]?.name).toBe('Bridge');
  });

  it('are removed by their tick, and come back', () => {
    button(0, 'remove').click();
    expect(names()).toEqual(['Bridge']);
    expect(sent()).toMatchObject({ 'stop.1.remove': 'yes', 'stop.2.order': '1' });
    expect(shown).toHaveLength(1);
    expect(document.activeElement).toBe(find('[data-do=undo]'));
    find('[data-do=undo]').click();
    expect(names()).toEqual(['Square', 'Bridge']);
    expect(sent()).not.toHaveProperty(['stop.1.remove']);
    expect(find('[data-do=undo]').hidden).toBe(true);
  });

  it('split a pair that is pasted into the latitude', () => {
    const lat = rows()[0]?.querySelector<HTMLInputElement>('[data-part=lat]');
    if (lat) type(lat, '50.5, 14.25');
    expect(sent()).toMatchObject({ 'stop.1.lat': '50.5', 'stop.1.lon': '14.25' });
    expect(shown[0]).toMatchObject({ lat: 50.5, lon: 14.25 });
  });

  it('without a place stay off the map', () => {
    const lat = rows()[0]?.querySelector<HTMLInputElement>('[data-part=lat]');
    if (lat) type(lat, 'somewhere');
    expect(shown.map((point) => point.name)).toEqual(['Bridge']);
    expect(shown[0]?.number).toBe(2);
  });
});

describe('the map', () => {
  it('adds a stop where it is clicked', () => {
    map.clicked({ lat: 50.5, lon: 374.5 });
    expect(rows()).toHaveLength(3);
    expect(sent()).toMatchObject({ 'stop.5.lat': '50.50000', 'stop.5.lon': '14.50000', 'stop.5.order': '3' });
    expect(find('[data-part=says]').textContent).toBe('Stop 3 added. Give it a name.');
  });

  it('moves a stop that is dragged', () => {
    map.moved(1, { lat: 52, lon: 15 });
    expect(sent()).toMatchObject({ 'stop.2.lat': '52.00000', 'stop.2.lon': '15.00000', 'stop.1.lat': '50' });
  });

  it('sets the place of a row that waits for it', () => {
    button(0, 'place').click();
    expect(button(0, 'place').getAttribute('aria-pressed')).toBe('true');
    map.clicked({ lat: 49, lon: 13 });
    expect(rows()).toHaveLength(2);
    expect(sent()).toMatchObject({ 'stop.1.lat': '49.00000' });
    expect(button(0, 'place').getAttribute('aria-pressed')).toBe('false');
  });
});

describe('without its map', () => {
  it('the form is whole', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    document.body.innerHTML = PAGE;
    await new Stops(find('section')).start(async () => Promise.reject(new TypeError('no signal')));
    expect(find('[data-part=mapside]').hidden).toBe(true);
    button(1, 'up').click();
    expect(names()).toEqual(['Bridge', 'Square']);
    expect(button(0, 'place').hidden).toBe(true);
  });
});
