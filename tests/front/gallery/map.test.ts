import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Answer, type DrawMap, MapAndList } from '../../../static/src/gallery/map';
import type { Listener, Photo } from '../../../static/src/gallery/photos';

const NOBODY = '00000000-0000-0000-0000-000000000000';
const ITEM = `<li><a data-part="link"><img data-part="picture" alt=""><b data-part="number"></b><span data-part="caption">
</span></a><p><bdi data-part="degrees"></bdi> <span data-part="source"></span></p><button type="button">Show</button></li>`;
const PAGE = `<div data-points="/points" data-photo="/photos/${NOBODY}?light=up" data-size="/photos/${NOBODY}/320"
data-sources='{"pin": "set by hand", "phone": "by the phone"}'><section data-part="mapside" hidden><div data-part="map">
</div><p data-part="plainly" hidden></p></section><p data-part="says" tabindex="-1"></p><ol data-part="list"><li>From the
server</li></ol><nav data-part="pager"></nav><template data-part="item">${ITEM}</template></div>`;

const row = (number: number): Answer['photos'][number] => [
  number,
  `id-${number}`,
  50.1,
  14.4,
  number === 2 ? 300.4 : null,
  number === 2 ? 'phone' : 'pin',
  'up',
  number === 1 ? '' : '<b>Bench</b>',
  number !== 1,
];

let listener: Listener;
let shown: readonly Photo[];
let lit: number[];

const draw: DrawMap = async (_root, given, _tiles, plainly) => {
  listener = given;
  plainly();
  return {
    show: (photos) => {
      shown = photos;
      listener.seen([...photos.keys()]);
    },
    light: (index) => {
      lit.push(index);
      listener.seen([index]);
    },
  };
};

const root = () => document.body.firstElementChild as HTMLElement;
const items = () => [...document.querySelectorAll<HTMLElement>('[data-part=list] > li')];
const says = () => document.querySelector('[data-part=says]')?.textContent;

async function begin(photos: Answer['photos'], status = 200): Promise<void> {
  const answer = new Response(JSON.stringify({ photos, stops: [] }), { status });
  vi.stubGlobal('fetch', async () => answer);
  await new MapAndList(root()).start(draw);
}

beforeEach(() => {
  document.body.innerHTML = PAGE;
  lit = [];
  Element.prototype.scrollIntoView = () => {};
});
afterEach(() => vi.unstubAllGlobals());

describe('the list beside the map', () => {
  it('follows the map and says of each photo where it was taken and how that is known', async () => {
    await begin([row(2), row(1)]);
    expect(shown.map((photo) => photo.accuracy)).toEqual([300.4, null]);
    expect(items().map((item) => item.querySelector('[data-part=number]')?.textContent)).toEqual([
      'No. 2',
      'No. 1',
    ]);
    const [two, one] = items();
    expect(two?.querySelector('a')?.getAttribute('href')).toBe('/photos/id-2?light=up');
    expect(two?.querySelector('img')?.getAttribute('src')).toBe('/photos/id-2/320');
    expect(two?.querySelector('[data-part=caption]')?.textContent).toBe('<b>Bench</b>');
    expect(two?.querySelector('[data-part=degrees]')?.textContent).toBe('50.10000, 14.40000');
    expect(two?.querySelector('[data-part=source]')?.textContent).toBe('(by the phone, within 300 m)');
    expect(one?.querySelector('[data-part=source]')?.textContent).toBe('(set by hand)');
    expect(one?.querySelector('img')).toBeNull();
    expect(one?.querySelector('[data-part=caption]')?.textContent).toBe('Without a caption');
    expect(says()).toBe('2 photos in this part of the map');
    expect(document.querySelector<HTMLElement>('[data-part=pager]')?.hidden).toBe(true);
    listener.seen([1]);
    expect(items()).toHaveLength(1);
    expect(says()).toBe('1 photo in this part of the map');
  });

  it('leads to the map, and who pressed stays where they were', async () => {
    await begin([row(3), row(2)]);
    const button = items()[1]?.querySelector('button');
    button?.focus();
    button?.click();
    expect(lit).toEqual([1]);
    expect(items()).toHaveLength(1);
    expect(document.activeElement).toBe(items()[0]?.querySelector('button'));
  });

  it('lists the newest sixty of many, and says so', async () => {
    await begin(Array.from({ length: 100 }, (_, at) => row(at + 3)));
    expect(items()).toHaveLength(60);
    expect(says()).toContain('100 photos in this part of the map. The newest 60 are listed');
  });

  it('of photos on one spot is their list, and its first is focused', async () => {
    await begin([row(3), row(2)]);
    listener.chosen([0, 1]);
    expect(says()).toBe('2 photos on one spot');
    expect(document.activeElement).toBe(items()[0]?.querySelector('a'));
  });

  it('stays as the server made it where the map does not come', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    await begin([], 500);
    expect(error).toHaveBeenCalledOnce();
    expect(items()[0]?.textContent).toContain('From the');
    expect(document.querySelector<HTMLElement>('[data-part=mapside]')?.hidden).toBe(true);
    expect(document.querySelector<HTMLElement>('[data-part=pager]')?.hidden).toBe(false);
  });
});
