// "Take photo" and "Choose photos", from anywhere in the walk.

import type { Person, Place } from '../outbox/item';
import type { Store } from '../outbox/store';
import { addFix, addPhoto, type Fix, fixNow, NotKept } from '../photo/take';
import { ngettext } from '../words';
import type { Asking } from './ask';
import { part } from './page';

export class Shutter {
  private readonly most: number;
  private held = 0; // photos of this person here, as of the last click
  private fix: Promise<Fix | undefined> = Promise.resolve(undefined);

  constructor(
    body: HTMLElement,
    private readonly store: Store,
    private readonly place: Place,
    private readonly person: () => Person,
    private readonly asking: () => Asking | undefined,
    private readonly failed: (error: unknown) => void,
  ) {
    const taken = part<HTMLInputElement>(body, 'taken');
    const chosen = part<HTMLInputElement>(body, 'chosenfiles');
    body.addEventListener('click', (event) => {
      const what = (event.target as Element).closest<HTMLElement>('[data-do]')?.dataset.do;
      if (what === 'take' || what === 'choose') void this.count();
      if (what === 'take') {
        this.fix = fixNow();
        void this.asking()?.keep().catch(this.failed);
        taken.click();
      }
      if (what === 'choose') {
        void this.asking()?.keep().catch(this.failed);
        chosen.click();
      }
    });
    this.most = Number(body.dataset.most ?? Number.POSITIVE_INFINITY);
    for (const field of [taken, chosen]) {
      field.addEventListener('change', () => {
        const adding = this.add(Array.from(field.files ?? []), field === taken);
        field.value = ''; // so that the same picture can be chosen once more
        void adding.catch(this.failed);
      });
    }
  }

  private async count(): Promise<void> {
    const drafts = await this.store.drafts(this.person().id, this.place.id);
    this.held = drafts.filter((each) => each.kind === 'photo' && !each.withdrawn).length;
  }

  private async add(files: readonly File[], isTaken: boolean): Promise<void> {
    if (this.held + files.length > this.most) {
      throw new NotKept(
        ngettext(
          'Only one photo of each is wanted here. Take yours back first.',
          'At most %(num)s photos of each are wanted here. Take one back first.',
          this.most,
        ),
      );
    }
    const asking = this.asking();
    const at = asking?.at;
    const stop = asking?.here;
    const more = stop?.id && stop.photos ? { stop: stop.id } : {};
    // All bytes are asked for in this same task: a picked file may become unreadable later.
    const adding = files.map((file) =>
      addPhoto(this.store, this.person(), this.place, file, isTaken ? 'taken' : 'chosen', more),
    );
    const done = await Promise.allSettled(adding);
    const added = done.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    for (const each of done) if (each.status === 'rejected') this.failed(each.reason);
    for (const id of added) {
      if (at) await asking?.attach(id);
      if (isTaken) {
        const fix = await Promise.race([this.fix, new Promise<undefined>((done) => setTimeout(done, 0))]);
        if (fix) await addFix(this.store, id, fix);
        else void this.fix.then((late) => late && addFix(this.store, id, late));
      }
    }
    if (added.length === 1) location.hash = `#photo/${added[0]}`;
    else if (added.length) location.hash = '#photos';
  }
}
