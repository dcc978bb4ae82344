// The map of a project's photos: bunches of them, single ones with the circle in which they lie, and the stops.

import L from 'leaflet';
import { CLOSEST, ground, onMap } from '../walk/ground';
import type { Position } from '../walk/positions';
import { _, ngettext } from '../words';
import { bunches } from './bunches';

export type Light = 'up' | 'down' | 'both' | '';

export interface Photo extends Position {
  readonly number: number;
  /** Metres, or null where nobody knows. */
  readonly accuracy: number | null;
  readonly light: Light;
}

export interface Stop extends Position {
  readonly number: number;
  readonly name: string;
}

export interface Listener {
  /** Another part of the map is seen: the photos in it, by their indexes. */
  seen(indexes: readonly number[]): void;
  /** Photos that lie on one spot were asked for. */
  chosen(indexes: readonly number[]): void;
}

const REACH = 44; // pixels between two marks
const NEAR = 17; // the zoom at which one photo is shown
const STREETS = 15; // the zoom from which stops are told apart
const SIGNS: Readonly<Record<Light, string>> = { up: '▲', down: '▼', both: '◆', '': '●' };

export class PhotosMap {
  private readonly map: L.Map;
  private readonly marks = L.layerGroup();
  private readonly stops = L.layerGroup();
  private photos: readonly Photo[] = [];
  private lit: number | undefined;

  constructor(
    root: HTMLElement,
    private readonly listener: Listener,
    tiles: string,
    plainly: () => void,
  ) {
    this.map = ground(root, tiles, plainly);
    this.marks.addTo(this.map);
    this.map.setView([49, 15], 4);
    this.map.on('moveend', () => this.draw());
  }

  /** Draws everything, moved so that all of it is seen. */
  show(photos: readonly Photo[], stops: readonly Stop[]): void {
    this.photos = photos;
    for (const stop of stops) {
      const icon = L.divIcon({ html: stamp(stop), className: 'mapstamp', iconSize: [34, 40] });
      const options = { icon, keyboard: false, interactive: false, zIndexOffset: -1000 };
      L.marker(onMap(stop), options).addTo(this.stops);
    }
    const places = (photos.length ? photos : stops).map(onMap);
    if (places.length)
      this.map.fitBounds(L.latLngBounds(places), {
        maxZoom: NEAR,
        paddingTopLeft: [80, 32],
        paddingBottomRight: [80, 48],
      });
    this.draw();
  }

  /** Moves to one photo and marks it. */
  light(index: number): void {
    const photo = this.photos[index];
    if (!photo) return;
    this.lit = index;
    this.map.setView(onMap(photo), Math.max(this.map.getZoom(), NEAR));
    this.draw();
  }

  private draw(): void {
    const view = this.map.getBounds();
    const inside = [...this.photos.keys()].filter((index) => {
      const photo = this.photos[index];
      return photo && view.contains(onMap(photo));
    });
    this.marks.clearLayers();
    const zoom = this.map.getZoom();
    // From farther away the stops would only lie on one another.
    if (zoom < STREETS) this.stops.remove();
    else this.stops.addTo(this.map);
    const dots = inside.map((index) => this.map.project(onMap(this.photos[index] as Photo), zoom));
    for (const bunch of bunches(dots, REACH)) this.mark(bunch.map((at) => inside[at] as number));
    this.listener.seen(inside);
  }

  private mark(indexes: readonly number[]): void {
    const photos = indexes.map((index) => this.photos[index] as Photo);
    const [first] = photos;
    if (!first) return;
    const lit = this.lit !== undefined && indexes.includes(this.lit);
    if (photos.length === 1 && first.accuracy) this.doubt(first, first.accuracy);
    const face = document.createElement('span');
    face.className = photos.length === 1 ? `shot ${first.light}` : 'bunch';
    face.classList.toggle('lit', lit);
    face.textContent = photos.length === 1 ? SIGNS[first.light] : String(photos.length);
    const icon = L.divIcon({ html: face, className: 'photomark', iconSize: [44, 44] });
    // The list beside it does the same by keyboard, so the marks need not stand in the way of Tab.
    const made = L.marker(onMap(first), { icon, keyboard: false, title: words(photos) });
    made.on('click', () => this.open(indexes));
    made.addTo(this.marks);
  }

  private doubt(photo: Photo, metres: number): void {
    L.circle(onMap(photo), { radius: metres, className: 'doubt', interactive: false, weight: 2 }).addTo(
      this.marks,
    );
  }

  private open(indexes: readonly number[]): void {
    const area = L.latLngBounds(indexes.map((index) => onMap(this.photos[index] as Photo)));
    const spot = area.getNorthEast().equals(area.getSouthWest());
    if (!spot && this.map.getZoom() < CLOSEST) this.map.fitBounds(area, { padding: [32, 32] });
    else this.listener.chosen(indexes);
  }
}

function words(photos: readonly Photo[]): string {
  const [first] = photos;
  if (photos.length === 1 && first) return _('Photo %(number)s', { number: String(first.number) });
  return ngettext('%(num)s photo', '%(num)s photos', photos.length);
}

// As elements: a name is words, never markup.
function stamp(stop: Stop): HTMLElement {
  const face = document.createElement('span');
  face.className = 'stamp done';
  face.textContent = String(stop.number);
  face.title = stop.name;
  return face;
}
