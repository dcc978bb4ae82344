// Painting over a photo at the desk. Nothing happens to the picture before the server has painted it over in every size.

import { Bench, part } from '../paint/bench';
import type { Region, Shape } from '../paint/regions';
import { _, loadWords } from '../words';

export function start(root: HTMLElement): void {
  void loadWords().then(() => new Painter(root as HTMLFormElement));
}

class Painter {
  private readonly bench: Bench;

  constructor(private readonly root: HTMLFormElement) {
    const { regions, width, height, look } = root.dataset;
    const marked = JSON.parse(regions ?? '[]') as Region[];
    this.bench = new Bench(root, Number(width), Number(height), () => this.find(), marked);
    root.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.save();
    });
    if (look !== undefined) void this.bench.look();
  }

  private async find(): Promise<readonly Shape[] | undefined> {
    const answer = await fetch(this.root.dataset.faces ?? '', { redirect: 'error' });
    if (!answer.ok) throw new Error(`It is ${answer.status}.`);
    const { faces } = (await answer.json()) as { faces: Shape[] | null };
    return faces?.map(({ x, y, w, h }) => ({ shape: 'ellipse', x, y, w, h }));
  }

  private async save(): Promise<void> {
    const wrong = part(this.root, 'wrong');
    const save = part(this.root, 'save') as HTMLButtonElement;
    (part(this.root, 'regions') as HTMLInputElement).value = JSON.stringify(this.bench.regions);
    wrong.hidden = true;
    save.disabled = true;
    this.bench.say(_('Painting over …'));
    try {
      const body = new URLSearchParams(new FormData(this.root) as unknown as Record<string, string>);
      const answer = await fetch(this.root.action, { method: 'POST', body, redirect: 'error' });
      const said = (await answer.json()) as { address?: string; sentence?: string };
      if (answer.ok && said.address) {
        this.bench.done();
        location.assign(said.address);
        return;
      }
      wrong.textContent = said.sentence ?? '';
    } catch {
      wrong.textContent = _(
        'Not saved: there is no connection, or you are logged out. What you marked is still here.',
      );
    }
    this.bench.draw();
    save.disabled = false;
    wrong.hidden = false;
  }
}
