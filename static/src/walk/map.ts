// The map of a walk's stops: route, names, and what happens when one clicks and drags.

import L from 'leaflet';
import { ground, onMap } from './ground';
import { MERCATOR, type Position } from './positions';

export interface Point extends Position {
  readonly number: number;
  readonly name: string;
}

export interface Listener {
  /** The map was clicked. */
  clicked(position: Position): void;
  /** The point with this index was dragged there. */
  moved(index: number, position: Position): void;
}

const CITY_ZOOM = 13;

export class StopsMap {
  private readonly map: L.Map;
  private readonly route = L.polyline([], { className: 'route', weight: 4 });
  private readonly markers: L.Marker[] = [];
  private seen = false;

  constructor(
    root: HTMLElement,
    private readonly listener: Listener,
    tiles: string,
    near: Position | undefined,
    plainly: () => void,
  ) {
    this.map = ground(root, tiles, plainly);
    this.route.addTo(this.map);
    this.map.setView(near ? [near.lat, near.lon] : [49, 15], near ? CITY_ZOOM : 4);
    this.map.on('click', (event) => {
      this.seen = true; // who clicks has found the place
      listener.clicked(position(event.latlng));
    });
  }

  /** Draws the stops; at first the map moves so that all are seen. */
  show(points: readonly Point[]): void {
    const places = points.map((point) => onMap(point));
    this.route.setLatLngs(places);
    while (this.markers.length > points.length) this.markers.pop()?.remove();
    for (const [index, point] of points.entries()) {
      const marker = this.markers[index] ?? this.addMarker(index, point);
      marker.setLatLng(onMap(point)).setIcon(stamp(point)).setTooltipContent(words(point));
    }
    if (!this.seen && places.length) {
      this.seen = true;
      this.map.fitBounds(L.latLngBounds(places), { maxZoom: 16, padding: [48, 48] });
    }
  }

  private addMarker(index: number, point: Point): L.Marker {
    // The rows below do the same by keyboard, so the markers need not stand in the way of Tab.
    const icon = stamp(point);
    const made = L.marker(onMap(point), { icon, draggable: true, keyboard: false, autoPan: true });
    made.on('dragend', () => this.listener.moved(index, position(made.getLatLng())));
    made.bindTooltip('', { permanent: true, direction: 'auto', offset: [22, 0], className: 'stopname' });
    this.markers.push(made.addTo(this.map));
    return made;
  }
}

function position(place: L.LatLng): Position {
  return { lat: Math.min(MERCATOR, Math.max(-MERCATOR, place.lat)), lon: place.lng };
}

function stamp(point: Point): L.DivIcon {
  const face = document.createElement('span');
  face.className = 'stamp done';
  face.textContent = String(point.number);
  return L.divIcon({ html: face, className: 'mapstamp', iconSize: [40, 48] });
}

// As an element: a name is words, never markup.
function words(point: Point): HTMLElement {
  const name = document.createElement('bdi');
  name.textContent = point.name || String(point.number);
  return name;
}
