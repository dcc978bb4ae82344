// Where the installed app begins: at the walk or call that was used last, else with a list of them.

import { Store } from '../outbox/store';
import { part } from './page';

export function start(body: HTMLElement): void {
  void go(body);
}

async function go(body: HTMLElement): Promise<void> {
  const store = await Store.open();
  const last = await store.setting<string>('last-page');
  const places = (await store.people()).flatMap((person) => person.places);
  // Without a signal, this page stands in for those that no phone holds.
  const isAway = /^\/w\/.*\/(recover|versions)$/.test(location.pathname);
  part(body, 'away').hidden = !isAway;
  const asked = isAway || new URLSearchParams(location.search).has('all');
  if (last && !asked && places.length) {
    location.replace(last);
    return;
  }
  const rows = places.map((place) => {
    const row = document.createElement('li');
    const link = document.createElement('a');
    link.className = 'btn wide';
    link.href = `/w/${place.code}/${place.language}`;
    link.textContent = place.title;
    row.append(link);
    return row;
  });
  part(body, 'places').replaceChildren(...rows);
  part(body, 'none').hidden = rows.length > 0;
}
