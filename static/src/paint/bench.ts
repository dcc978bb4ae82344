// Marks over a picture, drawn by pointer or keys: at the desk, and on the phone. What is marked is painted over when it
// is saved, and not before.

import { _, ngettext } from '../words';
import {
  type Corner,
  drawn,
  moved,
  type Point,
  pulled,
  type Region,
  type Shape,
  type Stroke,
  sized,
  tapped,
} from './regions';

type Tool = 'ellipse' | 'box' | 'brush' | 'hand';
type Drag =
  | { kind: 'new'; from: Point; shape: Shape['shape'] }
  | { kind: 'stroke' }
  | { kind: 'move'; last: Point }
  | { kind: 'corner'; corner: Corner };

const SVG = 'http://www.w3.org/2000/svg';
const ZOOMS = [1, 1.5, 2, 3, 4, 6];
const BRUSH = 0.035; // of the long edge
const STEP = 0.01;
const TAP = 0.012; // shorter than that, a drag was a tap
const HANDLE = 11; // pixels of the screen
const SMALL = 56;
const CORNERS: readonly Corner[] = ['nw', 'ne', 'sw', 'se'];

/** Where faces may be; undefined where nobody could look. */
type Find = () => Promise<readonly Shape[] | undefined>;

export class Bench {
  private suggested: Shape[] = [];
  private before: (readonly Region[])[] = [];
  private chosen = -1;
  private tool: Tool = 'ellipse';
  private zoom = 0;
  private drag: Drag | undefined;
  private saved = false;
  private readonly marks: SVGSVGElement;

  /** The picture's width and height, of which only the ratio counts. */
  constructor(
    private readonly root: HTMLElement,
    private readonly width: number,
    private readonly height: number,
    private readonly find: Find,
    public regions: readonly Region[] = [],
  ) {
    this.marks = part(root, 'marks') as Element as SVGSVGElement;
    part(root, 'plain').hidden = true;
    part(root, 'bench').hidden = false;
    root.addEventListener('click', (event) => this.click(event));
    this.marks.addEventListener('pointerdown', (event) => this.down(event));
    this.marks.addEventListener('pointermove', (event) => this.move(event));
    this.marks.addEventListener('pointerup', (event) => this.up(event));
    this.marks.addEventListener('pointercancel', () => this.give());
    this.marks.addEventListener('keydown', (event) => this.key(event));
    this.marks.addEventListener('focusin', (event) => this.choose(indexOf(event.target)));
    root.addEventListener('keydown', (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === 'z') {
        event.preventDefault();
        this.undo();
      }
    });
    window.addEventListener('beforeunload', (event) => {
      if (this.before.length && !this.saved) event.preventDefault();
    });
    this.draw();
  }

  /** From now on nothing is lost by leaving. */
  done(): void {
    this.saved = true;
  }

  private click(event: MouseEvent): void {
    const button = (event.target as Element).closest<HTMLElement>('button[data-tool], [data-do]');
    if (!button) return;
    if (button.dataset.tool) {
      this.take(button.dataset.tool as Tool, event.detail === 0);
      return;
    }
    const acts: Record<string, () => void> = {
      undo: () => this.undo(),
      remove: () => this.remove(),
      closer: () => this.scale(1),
      farther: () => this.scale(-1),
      after: () => this.after(button),
      look: () => void this.look(),
      all: () => this.confirm(this.suggested),
      none: () => {
        this.suggested = [];
        this.draw();
      },
    };
    acts[button.dataset.do ?? '']?.();
  }

  /** With a key, an ellipse or a box comes into the middle of what is seen: there is nothing to point with. */
  private take(tool: Tool, byKey: boolean): void {
    this.tool = tool;
    for (const each of this.root.querySelectorAll<HTMLElement>('button[data-tool]'))
      each.setAttribute('aria-pressed', String(each.dataset.tool === tool));
    part(this.root, 'stage').dataset.tool = tool;
    if (!byKey || tool === 'brush' || tool === 'hand') return;
    const seen = part(this.root, 'stage').getBoundingClientRect();
    const at = this.at(seen.left + seen.width / 2, seen.top + seen.height / 2);
    this.add(tapped(tool, at, this.width, this.height));
    this.focus();
  }

  private add(region: Region): void {
    this.keep();
    this.regions = [...this.regions, region];
    this.chosen = this.regions.length - 1;
    this.draw();
  }

  private keep(): void {
    this.before.push(this.regions);
  }

  private undo(): void {
    const last = this.before.pop();
    if (!last) return;
    this.regions = last;
    this.chosen = -1;
    this.draw();
  }

  private remove(index = this.chosen): void {
    if (!this.regions[index]) return;
    this.keep();
    this.regions = this.regions.filter((_each, at) => at !== index);
    this.chosen = Math.min(index, this.regions.length - 1);
    this.draw();
    this.focus();
  }

  private change(region: Region): void {
    this.regions = this.regions.map((each, at) => (at === this.chosen ? region : each));
    this.draw();
  }

  private confirm(taken: readonly Shape[]): void {
    if (!taken.length) return;
    this.keep();
    this.regions = [...this.regions, ...taken];
    this.suggested = this.suggested.filter((each) => !taken.includes(each));
    this.chosen = -1;
    this.draw();
  }

  async look(): Promise<void> {
    this.say(_('Looking for faces …'));
    try {
      const found = await this.find();
      if (!found) throw new Error('Nobody looked.');
      this.suggested = [...found];
      this.draw();
      if (!found.length)
        this.say(_('No face was found. Look yourself: small ones and those turned away are missed.'));
    } catch {
      this.say(_('Faces could not be looked for. Mark them yourself.'));
    }
  }

  private scale(step: number): void {
    const stage = part(this.root, 'stage');
    const old = ZOOMS[this.zoom] ?? 1;
    this.zoom = Math.min(ZOOMS.length - 1, Math.max(0, this.zoom + step));
    const now = ZOOMS[this.zoom] ?? 1;
    const [x, y] = [stage.scrollLeft + stage.clientWidth / 2, stage.scrollTop + stage.clientHeight / 2];
    part(this.root, 'sheet').style.inlineSize = `${now * 100}%`;
    stage.scrollTo((x * now) / old - stage.clientWidth / 2, (y * now) / old - stage.clientHeight / 2);
    this.draw();
  }

  private after(button: HTMLElement): void {
    const shown = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(shown));
    this.root.toggleAttribute('data-after', shown);
  }

  private down(event: PointerEvent): void {
    if (event.button !== 0 || this.tool === 'hand' || this.drag) return;
    const target = event.target as Element;
    const suggestion =
      this.suggested[Number(target.closest('[data-suggestion]')?.getAttribute('data-suggestion') ?? -1)];
    if (suggestion && this.tool !== 'brush') {
      event.preventDefault();
      this.confirm([suggestion]);
      return;
    }
    const at = this.at(event.clientX, event.clientY);
    this.marks.setPointerCapture(event.pointerId);
    event.preventDefault();
    const [corner, index] = [target.getAttribute('data-corner') as Corner | null, indexOf(target)];
    if (this.tool === 'brush') {
      this.add({ shape: 'stroke', points: [at], width: BRUSH / (ZOOMS[this.zoom] ?? 1) });
      this.drag = { kind: 'stroke' };
    } else if (corner && index >= 0) {
      this.keep();
      this.drag = { kind: 'corner', corner };
    } else if (index >= 0) {
      this.choose(index);
      this.keep();
      this.drag = { kind: 'move', last: at };
    } else {
      this.add(tapped(this.tool, at, this.width, this.height));
      this.drag = { kind: 'new', from: at, shape: this.tool };
    }
    this.focus();
  }

  private move(event: PointerEvent): void {
    const region = this.regions[this.chosen];
    if (!this.drag || !region) return;
    const at = this.at(event.clientX, event.clientY);
    if (this.drag.kind === 'stroke')
      this.change({ ...(region as Stroke), points: [...(region as Stroke).points, at] });
    else if (this.drag.kind === 'corner') this.change(pulled(region as Shape, this.drag.corner, at));
    else if (this.drag.kind === 'move') {
      this.change(moved(region, at[0] - this.drag.last[0], at[1] - this.drag.last[1]));
      this.drag = { kind: 'move', last: at };
    } else if (Math.hypot(at[0] - this.drag.from[0], at[1] - this.drag.from[1]) > TAP)
      this.change(drawn(this.drag.shape, this.drag.from, at));
  }

  private up(event: PointerEvent): void {
    if (!this.drag) return;
    this.move(event);
    this.drag = undefined;
    // What was only chosen has not changed: there is nothing to undo.
    if (JSON.stringify(this.before[this.before.length - 1]) === JSON.stringify(this.regions))
      this.before.pop();
    this.draw();
    this.focus();
  }

  private give(): void {
    if (!this.drag) return;
    this.drag = undefined;
    this.undo();
  }

  private key(event: KeyboardEvent): void {
    const target = event.target as Element;
    const offered = this.suggested[Number(target.getAttribute('data-suggestion') ?? -1)];
    if (offered && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault();
      this.confirm([offered]);
      this.chosen = this.regions.length - 1;
      this.draw();
      this.focus();
      return;
    }
    if (offered && (event.key === 'Delete' || event.key === 'Backspace')) {
      event.preventDefault();
      this.suggested = this.suggested.filter((each) => each !== offered);
      this.draw();
      this.marks.querySelector<SVGElement>('g')?.focus({ preventScroll: true });
      return;
    }
    const region = this.regions[indexOf(target)];
    if (!region) return;
    if (event.key === 'Delete' || event.key === 'Backspace') {
      event.preventDefault();
      this.remove(indexOf(target));
      return;
    }
    const ways: Record<string, Point> = {
      ArrowLeft: [-STEP, 0],
      ArrowRight: [STEP, 0],
      ArrowUp: [0, -STEP],
      ArrowDown: [0, STEP],
    };
    const way = ways[event.key];
    if (!way) return;
    event.preventDefault();
    this.keep();
    this.change(event.shiftKey ? sized(region, way[0], -way[1]) : moved(region, way[0], way[1]));
    this.focus();
  }

  private choose(index: number): void {
    if (index === this.chosen || index < 0) return;
    this.chosen = index;
    this.draw();
    this.focus();
  }

  private at(clientX: number, clientY: number): Point {
    const box = this.marks.getBoundingClientRect();
    const inside = (value: number): number => Math.min(1, Math.max(0, value));
    return [inside((clientX - box.left) / box.width), inside((clientY - box.top) / box.height)];
  }

  private focus(): void {
    this.marks.querySelector<SVGElement>(`[data-index="${this.chosen}"]`)?.focus({ preventScroll: true });
  }

  draw(): void {
    const found = this.regions.map((region, at) => this.mark(region, at));
    const offered = this.suggested.map((region, at) => {
      const group = this.group(region, _('A suggestion: Enter takes it, Delete drops it'));
      group.setAttribute('data-suggestion', String(at));
      return group;
    });
    this.marks.replaceChildren(...offered, ...found);
    button(this.root, 'undo').disabled = !this.before.length;
    button(this.root, 'remove').disabled = !this.regions[this.chosen];
    button(this.root, 'closer').disabled = this.zoom === ZOOMS.length - 1;
    button(this.root, 'farther').disabled = this.zoom === 0;
    for (const name of ['all', 'none']) {
      const each = this.root.querySelector<HTMLButtonElement>(`[data-do=${name}]`);
      if (each) each.hidden = !this.suggested.length;
    }
    const marked = ngettext('%(num)s place is marked.', '%(num)s places are marked.', this.regions.length);
    const waiting = this.suggested.length
      ? ngettext(
          '%(num)s suggestion waits for you: tap it, or take all.',
          '%(num)s suggestions wait for you: tap them, or take all.',
          this.suggested.length,
        )
      : '';
    if (!this.drag) this.say(`${marked} ${waiting}`);
  }

  private mark(region: Region, at: number): SVGElement {
    const names = { ellipse: _('Ellipse'), box: _('Box'), stroke: _('Brush stroke') };
    const group = this.group(region, `${names[region.shape]} ${at + 1}`);
    group.setAttribute('data-index', String(at));
    group.setAttribute('aria-describedby', 'paint-keys');
    if (at === this.chosen) {
      group.classList.add('chosen');
      if (region.shape !== 'stroke')
        group.append(...this.corners(region).map((corner) => this.corner(region, corner)));
    }
    return group;
  }

  private group(region: Region, words: string): SVGElement {
    const group = element('g', { tabindex: 0, role: 'button', 'aria-label': words });
    group.append(this.outline(region));
    return group;
  }

  private outline(region: Region): SVGElement {
    const [wide, high] = [this.width, this.height];
    if (region.shape === 'stroke') {
      const points = region.points.map(([x, y]) => `${x * wide},${y * high}`);
      if (points.length === 1) points.push(points[0] ?? '');
      return element('polyline', {
        class: 'stroke',
        points: points.join(' '),
        'stroke-width': region.width * Math.max(wide, high),
      });
    }
    const { x, y, w, h } = region;
    if (region.shape === 'box')
      return element('rect', { x: x * wide, y: y * high, width: w * wide, height: h * high });
    const [rx, ry] = [(w * wide) / 2, (h * high) / 2];
    return element('ellipse', { cx: x * wide + rx, cy: y * high + ry, rx, ry });
  }

  /** Of a mark that is small on the screen only one, or they would hide it. */
  private corners(region: Shape): readonly Corner[] {
    const box = this.marks.getBoundingClientRect();
    const small = Math.min(region.w * box.width, region.h * box.height) < SMALL;
    return small ? ['se'] : CORNERS;
  }

  /** As large under the finger at every zoom, and beside the mark. */
  private corner(region: Shape, corner: Corner): SVGElement {
    const radius = (HANDLE * this.width) / (this.marks.getBoundingClientRect().width || this.width);
    const [east, south] = [corner.endsWith('e'), corner.startsWith('s')];
    return element('circle', {
      'data-corner': corner,
      cx: (region.x + (east ? region.w : 0)) * this.width + (east ? radius : -radius) / 2,
      cy: (region.y + (south ? region.h : 0)) * this.height + (south ? radius : -radius) / 2,
      r: radius,
    });
  }

  say(words: string): void {
    part(this.root, 'said').textContent = words;
  }
}

function indexOf(target: EventTarget | null): number {
  return Number((target as Element | null)?.closest('[data-index]')?.getAttribute('data-index') ?? -1);
}

function element(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = document.createElementNS(SVG, name) as SVGElement;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

function button(of: ParentNode, name: string): HTMLButtonElement {
  const found = of.querySelector<HTMLButtonElement>(`[data-do=${name}]`);
  if (!found) throw new Error(`The page has no button ${name}.`);
  return found;
}

export function part(of: ParentNode, name: string): HTMLElement {
  const found = of.querySelector<HTMLElement>(`[data-part=${name}]`);
  if (!found) throw new Error(`The page has no part ${name}.`);
  return found;
}
