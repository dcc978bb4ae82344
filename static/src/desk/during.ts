// The page of a walk that goes on follows by itself: it asks for a small mark, and for itself only where that has
// changed. What is the same stays where it is, and so does what somebody is looking at.

const PAUSE = 12_000;

export function start(root: HTMLElement): void {
  new During(root);
}

class During {
  private timer: number | undefined;
  private looking = false;

  constructor(private readonly root: HTMLElement) {
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) void this.look();
    });
    this.wait();
  }

  private wait(): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.look(), PAUSE);
  }

  private async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    try {
      if (!document.hidden) await this.follow();
      part(this.root, 'lost').hidden = true;
    } catch {
      // What is shown stands, with the time at which it was so.
      part(this.root, 'lost').hidden = false;
    } finally {
      this.looking = false;
      this.wait();
    }
  }

  private async follow(): Promise<void> {
    const { mark, at } = (await (await ask(this.root.dataset.address ?? '')).json()) as Record<
      string,
      string
    >;
    if (mark !== this.root.dataset.mark) {
      const page = new DOMParser().parseFromString(await (await ask(location.pathname)).text(), 'text/html');
      const fresh = page.querySelector<HTMLElement>('[data-module=during]');
      if (!fresh) throw new Error('This is not the page.');
      still(this.root, () => swap(part(this.root, 'all'), part(fresh, 'all')));
      this.root.dataset.mark = fresh.dataset.mark ?? '';
    }
    part(this.root, 'at').textContent = at ?? '';
  }
}

async function ask(address: string): Promise<Response> {
  const answer = await fetch(address, { redirect: 'error' });
  if (!answer.ok) throw new Error(`It is ${answer.status}.`);
  return answer;
}

function swap(now: HTMLElement, then: HTMLElement): void {
  const [says, fresh] = [part(now, 'says'), part(then, 'says')];
  if (says.innerHTML !== fresh.innerHTML) says.replaceChildren(...fresh.childNodes);
  const old = rows(now);
  for (const [name, row] of rows(then)) {
    const before = old.get(name);
    if (before?.innerHTML === row.innerHTML) row.replaceWith(before);
  }
  part(now, 'rest').replaceChildren(...part(then, 'rest').childNodes);
}

const rows = (of: ParentNode): Map<string | undefined, HTMLElement> =>
  new Map(Array.from(of.querySelectorAll<HTMLElement>('[data-row]'), (row) => [row.dataset.row, row]));

/** What is at the top of the window stays there, whatever grows above it. */
function still(root: HTMLElement, change: () => void): void {
  const top = (row?: Element | null): number => row?.getBoundingClientRect().top ?? 0;
  const seen = [...rows(root)].find(([, row]) => row.getBoundingClientRect().bottom > 0);
  const before = top(seen?.[1]);
  change();
  const after = root.querySelector(`[data-row="${seen?.[0]}"]`);
  if (scrollY > 0 && after) scrollBy(0, top(after) - before);
}

function part(of: ParentNode, name: string): HTMLElement {
  const found = of.querySelector<HTMLElement>(`[data-part=${name}]`);
  if (!found) throw new Error(`The page has no part ${name}.`);
  return found;
}
