// What every map lies on: tiles where they can be reached, else a plain drawing with scale and north.

import L from 'leaflet';
import 'leaflet/dist/leaflet.css';
import { _ } from '../words';
import { MERCATOR, type Position } from './positions';

const OSM = 'tile.openstreetmap.org';
export const CLOSEST = 19;
const WORLD: L.LatLngBoundsLiteral = [
  [-MERCATOR, -180],
  [MERCATOR, 180],
];

/** An empty map. `tiles` is an address with {z}, {x}, {y}, or "none"; `plainly` is told when there are none. */
export function ground(root: HTMLElement, tiles: string, plainly: () => void): L.Map {
  const map = L.map(root, {
    zoomControl: false,
    maxBounds: WORLD,
    maxZoom: CLOSEST,
    minZoom: 1,
    zoomAnimation: false,
    markerZoomAnimation: false,
    fadeAnimation: false,
  });
  map.attributionControl.setPrefix('');
  L.control.zoom({ zoomInTitle: _('Closer'), zoomOutTitle: _('Farther') }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  if (tiles === 'none') drawPlainly(map, root, plainly);
  else addTiles(map, root, tiles, plainly);
  new ResizeObserver(() => map.invalidateSize()).observe(root);
  return map;
}

export function onMap(point: Position): L.LatLng {
  return L.latLng(Math.min(MERCATOR, Math.max(-MERCATOR, point.lat)), point.lon);
}

function addTiles(map: L.Map, root: HTMLElement, address: string, plainly: () => void): void {
  const attribution = address.includes(OSM)
    ? '© <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a>'
    : new URL(address.replace(/[{}]/g, '')).host;
  const tiles = L.tileLayer(address, { attribution, maxZoom: CLOSEST });
  let loaded = false;
  tiles.on('tileload', () => {
    loaded = true;
  });
  tiles.on('tileerror', () => {
    if (loaded || root.classList.contains('plain')) return;
    tiles.remove();
    drawPlainly(map, root, plainly);
  });
  tiles.addTo(map);
}

function drawPlainly(map: L.Map, root: HTMLElement, plainly: () => void): void {
  root.classList.add('plain');
  const north = new L.Control({ position: 'topright' });
  north.onAdd = () => {
    const arrow = L.DomUtil.create('div', 'north');
    arrow.textContent = _('North');
    return arrow;
  };
  north.addTo(map);
  plainly();
}
