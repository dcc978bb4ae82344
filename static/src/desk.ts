// What organisers' pages have besides; phones never fetch it.

import { type Modules, startModules } from './main';

const MODULES: Modules = new Map([
  ['board', () => import('./meeting/board')],
  ['during', () => import('./desk/during')],
  ['files', () => import('./export/files')],
  ['light-table', () => import('./exhibition/table')],
  ['paint', () => import('./gallery/paint')],
  ['photo-map', () => import('./gallery/map')],
  ['show', () => import('./meeting/show')],
  ['shortlist', () => import('./exhibition/shortlist')],
  ['stops', () => import('./walk/stops')],
  ['turn', () => import('./gallery/turn')],
]);

void startModules(document, MODULES);
