// What the views share: the page's parts, and the place that it is about.

import type { Place } from '../outbox/item';

/** The element of that name inside the root; the template and the code must agree, so a missing one is a fault. */
export function part<T extends Element = HTMLElement>(root: ParentNode, name: string): T {
  const found = root.querySelector<T>(`[data-part="${name}"]`);
  if (!found) throw new Error(`The page has no part ${name}.`);
  return found;
}

export function placeOf(body: HTMLElement): Place {
  const { kind, place, code, title } = body.dataset;
  return {
    kind: kind === 'call' ? 'call' : 'walk',
    id: place ?? '',
    code: code ?? '',
    title: title ?? '',
    language: document.documentElement.lang,
  };
}

/** Puts words beside an icon: into the element's span. */
export function write(element: Element, text: string): void {
  const span = element.querySelector('span:not(.vh)');
  (span ?? element).textContent = text;
}

/** A photo's small picture; without one, an empty picture with its words. */
export function thumbnail(thumb: ArrayBuffer | undefined, alt: string): HTMLImageElement {
  const picture = document.createElement('img');
  picture.alt = alt;
  if (thumb) {
    picture.src = URL.createObjectURL(new Blob([thumb], { type: 'image/jpeg' }));
    picture.addEventListener('load', () => URL.revokeObjectURL(picture.src));
  }
  return picture;
}

/** One view of the page, shown alone. */
export interface View {
  /** What stands behind the view's name in the address: `#ask/2/belonging.03` gives ["2", "belonging.03"]. */
  show(args: readonly string[]): Promise<Shown> | Shown;
  /** Before another view takes its place. */
  leave?(): Promise<void>;
}

/** What the header says of a view, or where it sends on to. */
export interface Shown {
  readonly to?: string;
  readonly where?: string;
  readonly beside?: string;
  readonly stamp?: string;
  readonly back?: string;
}
