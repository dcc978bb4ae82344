// The page of files looks again by itself while something is being made: it asks for itself, and takes over what has
// changed. Whoever is at a button keeps it.

const PAUSE = 1500;
const PARTS = ['being-made', 'done'];

export function start(root: HTMLElement): void {
  new Files(root);
}

class Files {
  constructor(private readonly root: HTMLElement) {
    this.wait();
  }

  private wait(): void {
    if (Number(this.root.dataset.waiting) > 0) setTimeout(() => void this.look(), PAUSE);
  }

  private async look(): Promise<void> {
    if (document.hidden) return this.wait();
    try {
      const answer = await fetch(location.pathname, { headers: { Accept: 'text/html' }, redirect: 'error' });
      if (answer.ok) this.take(new DOMParser().parseFromString(await answer.text(), 'text/html'));
    } catch {
      // No line: what is shown stands until the next look.
    }
    this.wait();
  }

  private take(page: Document): void {
    const fresh = page.querySelector<HTMLElement>('[data-module=files]');
    if (!fresh) return;
    if (fresh.dataset.waiting !== this.root.dataset.waiting) this.say(fresh);
    for (const name of PARTS) {
      const now = part(this.root, name);
      const then = part(fresh, name);
      if (now && then && now.innerHTML !== then.innerHTML) swap(now, then);
    }
    this.root.dataset.waiting = fresh.dataset.waiting ?? '0';
  }

  // One sentence when a file is done, not one for every photo.
  private say(fresh: HTMLElement): void {
    const says = part(this.root, 'says');
    const done = part(fresh, 'done');
    const words = ['h2', 'li b'].map((each) => done?.querySelector(each)?.textContent);
    if (says) says.textContent = words.join(': ');
  }
}

function part(of: ParentNode, name: string): HTMLElement | null {
  return of.querySelector<HTMLElement>(`[data-part=${name}]`);
}

// Items are replaced one by one, so that the focus stays where it is.
function swap(now: HTMLElement, then: HTMLElement): void {
  now.hidden = then.hidden;
  const items = (of: HTMLElement) => Array.from(of.querySelectorAll<HTMLElement>('li[data-export]'));
  const list = now.querySelector('ul');
  if (!list || !items(then).length) {
    now.replaceChildren(...then.childNodes);
    return;
  }
  const old = new Map(items(now).map((item) => [item.dataset.export, item]));
  const kept = items(then).map((item) => {
    const before = old.get(item.dataset.export);
    if (!before) return item;
    if (before.contains(document.activeElement)) update(before, item);
    return before.contains(document.activeElement) || before.innerHTML === item.innerHTML ? before : item;
  });
  const focused = document.activeElement;
  const stays = kept.some((item) => item.contains(focused));
  for (const [id, item] of old) if (!kept.some((each) => each.dataset.export === id)) item.remove();
  kept.forEach((item, place) => {
    if (list.children[place] !== item) list.insertBefore(item, list.children[place] ?? null);
  });
  for (const item of Array.from(list.children).slice(kept.length)) item.remove();
  // What had the focus has moved to the other list: there it goes on.
  if (!stays && focused && !focused.isConnected) now.querySelector('h2')?.focus();
}

// Somebody is at its button: only the numbers move.
function update(now: HTMLElement, then: HTMLElement): void {
  for (const selector of ['progress', '.num']) {
    const shown = now.querySelector(selector);
    const fresh = then.querySelector(selector);
    if (shown && fresh && !shown.contains(document.activeElement)) shown.replaceWith(fresh.cloneNode(true));
  }
}
