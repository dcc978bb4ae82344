// The release of somebody in a photo. Its code and its pages come after "ready offline": until they are here, the view
// says so.

import type { Person } from '../outbox/item';
import type { Store } from '../outbox/store';
import { pictureOf } from '../photo/form';
import { seal } from '../photo/take';
import { _ } from '../words';
import type { Shown, View } from './page';

export class Later implements View {
  private view: View | undefined;

  constructor(
    private readonly root: HTMLElement,
    private readonly store: Store,
    private readonly person: () => Person,
  ) {}

  async show(args: readonly string[]): Promise<Shown> {
    this.view ??= await this.load();
    return (await this.view?.show(args)) ?? { where: _('Photo'), back: `#photo/${args[0] ?? ''}` };
  }

  async leave(): Promise<void> {
    await this.view?.leave?.();
  }

  // The page first: a browser may remember for ever that a module could not be fetched.
  private async load(): Promise<View | undefined> {
    try {
      if (!(await fetch(`${location.pathname}/release`)).ok) return undefined;
      const { Releasing } = await import('./release');
      return new Releasing(this.root, this.store, this.person, { pictureOf, seal });
    } catch {
      return undefined;
    }
  }
}
