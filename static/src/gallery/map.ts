// photo-map: the list of photos, bettered. Beside it stands a map; the list follows it, and each photo leads there.
// The page (templates/gallery/map.html) works without it: then the list has pages.

import { _, formatNumber, loadWords, ngettext } from '../words';
import type { Light, Listener, Photo, PhotosMap, Stop } from './photos';

/** A photo as the server sends it, short because there may be 5,000. */
type Row = readonly [
  number: number,
  id: string,
  lat: number,
  lon: number,
  accuracy: number | null,
  source: string,
  light: Light,
  caption: string,
  ready: boolean,
];

export interface Answer {
  readonly photos: readonly Row[];
  readonly stops: readonly Stop[];
}

/** The map, fetched only here; tests bring their own. */
export type DrawMap = (
  root: HTMLElement,
  listener: Listener,
  tiles: string,
  plainly: () => void,
) => Promise<Pick<PhotosMap, 'show' | 'light'>>;

const drawMap: DrawMap = async (...means) => {
  const { PhotosMap } = await import('./photos');
  return new PhotosMap(...means);
};

const LISTED = 60;
const ANYBODY = '00000000-0000-0000-0000-000000000000';

export function start(root: HTMLElement): void {
  void new MapAndList(root).start(drawMap);
}

export class MapAndList implements Listener {
  private readonly list: HTMLElement;
  private readonly says: HTMLElement;
  private readonly blank: HTMLTemplateElement;
  private readonly sources: Readonly<Record<string, string>>;
  private rows: readonly Row[] = [];
  private map: Pick<PhotosMap, 'show' | 'light'> | undefined;

  constructor(private readonly root: HTMLElement) {
    this.list = part(root, 'list');
    this.says = part(root, 'says');
    this.blank = part(root, 'item');
    this.sources = JSON.parse(root.dataset.sources ?? '{}') as Record<string, string>;
  }

  async start(draw: DrawMap): Promise<void> {
    const side = part(this.root, 'mapside');
    try {
      const [answer] = await Promise.all([this.fetched(), loadWords()]);
      this.rows = answer.photos;
      side.hidden = false;
      const { tiles = 'none' } = this.root.dataset;
      this.map = await draw(part(side, 'map'), this, tiles, () => {
        part(side, 'plainly').hidden = false;
      });
      this.list.addEventListener('click', (event) => this.press(event));
      for (const pager of this.root.querySelectorAll<HTMLElement>('[data-part=pager]')) pager.hidden = true;
      this.map.show(answer.photos.map(photoOf), answer.stops);
    } catch (error) {
      // Without its map the list is still whole.
      side.hidden = true;
      console.error('The map did not come', error);
    }
  }

  seen(indexes: readonly number[]): void {
    this.write(indexes, this.sentence(indexes.length));
  }

  chosen(indexes: readonly number[]): void {
    this.write(indexes, ngettext('%(num)s photo on one spot', '%(num)s photos on one spot', indexes.length));
    this.list.querySelector<HTMLElement>('a')?.focus();
  }

  private sentence(n: number): string {
    const here = ngettext(
      '%(num)s photo in this part of the map',
      '%(num)s photos in this part of the map',
      n,
    );
    if (n <= LISTED) return here;
    const more = _('The newest %(number)s are listed; go closer to see the others.', {
      number: formatNumber(LISTED),
    });
    return `${here}. ${more}`;
  }

  private async fetched(): Promise<Answer> {
    const answer = await fetch(this.root.dataset.points ?? '', { credentials: 'same-origin' });
    if (!answer.ok) throw new Error(`the photos did not come: ${answer.status}`);
    return (await answer.json()) as Answer;
  }

  private write(indexes: readonly number[], sentence: string): void {
    // Who has pressed a button of the list stays on it, though the list is written anew.
    const focus = this.list.contains(document.activeElement) ? document.activeElement : null;
    const held = focus?.closest<HTMLElement>('[data-index]')?.dataset.index;
    const again = focus?.tagName.toLowerCase() ?? '';
    this.list.replaceChildren(...indexes.slice(0, LISTED).map((index) => this.item(index)));
    if (held !== undefined) {
      const item = this.list.querySelector(`[data-index="${held}"]`);
      (item?.querySelector<HTMLElement>(again) ?? this.says).focus({ preventScroll: true });
    }
    if (this.says.textContent !== sentence) this.says.textContent = sentence;
  }

  private item(index: number): HTMLElement {
    const item = (this.blank.content.firstElementChild as HTMLElement).cloneNode(true) as HTMLElement;
    const row = this.rows[index];
    if (!row) return item;
    const [number, id, lat, lon, accuracy, source, , caption, ready] = row;
    item.dataset.index = String(index);
    const link = part<HTMLAnchorElement>(item, 'link');
    link.href = (this.root.dataset.photo ?? '').replace(ANYBODY, id);
    const picture = part<HTMLImageElement>(item, 'picture');
    if (ready) picture.src = (this.root.dataset.size ?? '').replace(ANYBODY, id);
    else picture.remove();
    part(item, 'number').textContent = _('No. %(number)s', { number: String(number) });
    part(item, 'caption').textContent = caption || _('Without a caption');
    const known = this.sources[source] ?? source;
    const within = accuracy === null ? '' : _('within %(metres)s m', { metres: Math.round(accuracy) });
    part(item, 'degrees').textContent = `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
    part(item, 'source').textContent = `(${[known, within].filter(Boolean).join(', ')})`;
    return item;
  }

  private press(event: Event): void {
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    const index = button?.closest<HTMLElement>('[data-index]')?.dataset.index;
    if (index === undefined) return;
    this.map?.light(Number(index));
    part(this.root, 'map').scrollIntoView({ block: 'nearest' });
  }
}

function photoOf([number, , lat, lon, accuracy, , light]: Row): Photo {
  return { number, lat, lon, accuracy, light };
}

function part<Found extends HTMLElement>(root: ParentNode, name: string): Found {
  const found = root.querySelector<Found>(`[data-part=${name}]`);
  if (!found) throw new Error(`the page lacks ${name}`);
  return found;
}
