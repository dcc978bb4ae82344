// Opens the same person here, by the code of another phone, or of this one after it was shut out. The page is fetched when
// it is needed: nobody can go on without a signal.

import type { Person } from '../outbox/item';
import { Store } from '../outbox/store';
import { ask, type Joined, joinAlso, newDevice, Refusal } from './api';
import { part, placeOf } from './page';
import { restore } from './restore';

export function start(body: HTMLElement): void {
  const form = part<HTMLFormElement>(body, 'recover');
  const device = newDevice(); // asked for again after a lost answer, it is the same one
  let going = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (going) return;
    going = true; // and stays so: another page comes
    goOn(body, device).catch((error: unknown) => {
      going = false;
      const line = error instanceof Refusal ? `${error.title}. ${error.detail}` : body.dataset.unreached;
      part(body, 'says').hidden = false;
      part(body, 'why').textContent = line ?? '';
    });
  });
}

async function goOn(body: HTMLElement, device: string): Promise<void> {
  part(body, 'says').hidden = true;
  const field = part<HTMLInputElement>(body, 'code');
  const place = placeOf(body);
  const store = await Store.open();
  const said = await ask<Joined>('/api/v1/recover', {
    method: 'POST',
    body: { recovery: field.value, device },
  });
  const fresh = {
    key: '',
    recovery: '',
    sequence: 0,
    originals: 'wifi',
    joined: new Date().toISOString(),
  } as const;
  // Who was shut out and comes back finds the walks and the unsent things that are still here.
  const known = await store.person(said.participant);
  const places = (known?.places ?? []).filter((each) => each.id !== place.id);
  const person: Person = {
    ...fresh,
    ...known,
    id: said.participant,
    token: said.token,
    device,
    places: [...places, place],
  };
  await store.savePerson(person);
  const joined = await joinAlso(store, person, place);
  await restore(store, joined, place, versionsOn(body));
  location.replace(`${body.dataset.app}#home`);
}

/** Which versions of checklists the walk's page holds. */
const versionsOn = (body: HTMLElement): ReadonlyMap<string, string> =>
  new Map(
    Array.from(body.querySelectorAll<HTMLElement>('[data-checklist]'), ({ dataset }) => [
      `${dataset.checklist} ${dataset.number}`,
      dataset.version ?? '',
    ]),
  );
