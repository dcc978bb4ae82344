// stops: the rows of a walk's stops, bettered. A click on the map adds a stop, a marker can be dragged, buttons
// change the order and remove, and one can undo. The form (templates/desk/walk_form.html) works the same without it:
// what is sent are the rows' own fields.

import { _, formatNumber, loadWords, ngettext } from '../words';
import type { Listener, Point, StopsMap } from './map';
import { degrees, type Position, pair, placeOf, routeLength, written } from './positions';

/** The map, fetched only here; tests bring their own. */
export type DrawMap = (
  root: HTMLElement,
  listener: Listener,
  tiles: string,
  near: Position | undefined,
  plainly: () => void,
) => Promise<Pick<StopsMap, 'show'>>;

const drawMap: DrawMap = async (...means) => {
  const { StopsMap } = await import('./map');
  return new StopsMap(...means);
};

export function start(root: HTMLElement): void {
  void new Stops(root).start(drawMap);
}

export class Stops implements Listener {
  private readonly list: HTMLElement;
  private readonly blank: HTMLTemplateElement;
  private readonly says: HTMLElement;
  private readonly undoButton: HTMLButtonElement;
  private readonly removed: HTMLElement[] = [];
  private next: number;
  private placing: HTMLElement | undefined;
  private plain = false;
  private map: Pick<StopsMap, 'show'> | undefined;

  constructor(private readonly root: HTMLElement) {
    this.list = part(root, '[data-part=rows]');
    this.blank = part(root, 'template');
    this.says = part(root, '[data-part=says]');
    this.undoButton = part(root, '[data-do=undo]');
    this.next = 1 + Math.max(0, ...this.all().map(indexOf));
  }

  async start(draw: DrawMap): Promise<void> {
    for (const row of this.all()) {
      if (isEmpty(row)) row.remove();
      else this.prepare(row);
    }
    part<HTMLElement>(this.root, '[data-do=add]').hidden = false;
    this.root.addEventListener('click', (event) => this.press(event));
    this.root.addEventListener('input', (event) => this.written(event));
    this.number();
    await loadWords();
    const side = part<HTMLElement>(this.root, '[data-part=mapside]');
    side.hidden = false;
    try {
      const { tiles = 'none', near = '' } = this.root.dataset;
      this.map = await draw(part(side, '[data-part=map]'), this, tiles, pair(near), () =>
        this.drawnPlainly(),
      );
    } catch (error) {
      // Without its map the form is still whole.
      side.hidden = true;
      console.error('The map did not come', error);
    }
    this.number();
    this.hint();
  }

  clicked(position: Position): void {
    const row = this.placing ?? this.add();
    const placed = this.placing !== undefined;
    this.place(undefined);
    put(row, position);
    this.number();
    const number = this.rows().indexOf(row) + 1;
    this.say(
      placed
        ? _('Stop %(number)s is set.', { number })
        : _('Stop %(number)s added. Give it a name.', { number }),
    );
  }

  moved(index: number, position: Position): void {
    const row = this.placed()[index]?.row;
    if (row) put(row, position);
    this.number();
  }

  private all(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>('[data-part=row]')];
  }

  private rows(): HTMLElement[] {
    return this.all().filter((row) => !row.hidden);
  }

  private placed(): { row: HTMLElement; point: Point }[] {
    const found: { row: HTMLElement; point: Point }[] = [];
    for (const [index, row] of this.rows().entries()) {
      const place = placeOf(input(row, 'lat').value, input(row, 'lon').value);
      if (place) found.push({ row, point: { ...place, number: index + 1, name: nameOf(row, this.root) } });
    }
    return found;
  }

  // Without the script, order is a number and removing a tick; with it, both are buttons.
  private prepare(row: HTMLElement): void {
    part<HTMLElement>(row, '[data-part=order]').hidden = true;
    part<HTMLElement>(row, '[data-part=tools]').hidden = false;
    const tick = row.querySelector<HTMLElement>('[data-part=remove]');
    if (tick) tick.hidden = true;
    if (removal(row)?.checked) this.hide(row);
  }

  private add(): HTMLElement {
    const made = document.createElement('div');
    made.innerHTML = this.blank.innerHTML.replace(/__N__/g, String(this.next));
    this.next += 1;
    const row = part<HTMLElement>(made, '[data-part=row]');
    this.list.append(row);
    this.prepare(row);
    return row;
  }

  private press(event: Event): void {
    const button = (event.target as Element).closest<HTMLButtonElement>('[data-do]');
    if (!button) return;
    const row = button.closest<HTMLElement>('[data-part=row]');
    const what = button.dataset.do;
    if (what === 'add') this.addByButton();
    else if (what === 'undo') this.undo();
    else if (row && (what === 'up' || what === 'down')) this.shift(row, what, button);
    else if (row && what === 'remove') this.remove(row);
    else if (row && what === 'place') this.place(row === this.placing ? undefined : row);
  }

  private addByButton(): void {
    const row = this.add();
    this.number();
    input(row, 'name').focus();
  }

  private shift(row: HTMLElement, way: 'up' | 'down', button: HTMLButtonElement): void {
    const rows = this.rows();
    const other = rows[rows.indexOf(row) + (way === 'up' ? -1 : 1)];
    if (!other) return;
    if (way === 'up') other.before(row);
    else other.after(row);
    this.number();
    // A row that moved has lost the focus; at an end its button rests, and the other takes over.
    const next = button.disabled
      ? row.querySelector<HTMLButtonElement>(`[data-do=${way === 'up' ? 'down' : 'up'}]`)
      : button;
    next?.focus();
    const number = this.rows().indexOf(row) + 1;
    this.say(_('Now stop %(number)s of %(all)s.', { number, all: rows.length }));
  }

  private remove(row: HTMLElement): void {
    const number = this.rows().indexOf(row) + 1;
    const tick = removal(row);
    if (!tick) return;
    tick.checked = true;
    if (this.placing === row) this.place(undefined);
    this.hide(row);
    this.number();
    this.say(_('Stop %(number)s removed.', { number }));
    this.undoButton.focus();
  }

  private hide(row: HTMLElement): void {
    row.hidden = true;
    this.removed.push(row);
    this.undoButton.hidden = false;
  }

  private undo(): void {
    const row = this.removed.pop();
    this.undoButton.hidden = this.removed.length === 0;
    if (!row) return;
    const tick = removal(row);
    if (tick) tick.checked = false;
    row.hidden = false;
    this.number();
    this.say(_('Stop %(number)s is back.', { number: this.rows().indexOf(row) + 1 }));
    input(row, 'name').focus();
  }

  private place(row: HTMLElement | undefined): void {
    this.placing = row;
    for (const each of this.all()) {
      part(each, '[data-do=place]').setAttribute('aria-pressed', String(each === row));
    }
    this.hint();
  }

  private written(event: Event): void {
    const field = event.target as HTMLInputElement;
    const row = field.closest<HTMLElement>('[data-part=row]');
    const both =
      field.dataset.part === 'lat' && degrees(field.value) === undefined ? pair(field.value) : undefined;
    if (row && both) {
      input(row, 'lat').value = String(both.lat);
      input(row, 'lon').value = String(both.lon);
    }
    this.number();
  }

  // Numbers, buttons, map and length, as the rows now stand.
  private number(): void {
    const rows = this.rows();
    for (const [index, row] of rows.entries()) {
      const number = String(index + 1);
      part(row, '[data-part=number]').textContent = number;
      part<HTMLInputElement>(row, '[data-part=order] input').value = number;
      part(row, '[data-part=group]').setAttribute('aria-label', _('Stop %(number)s', { number }));
      part<HTMLButtonElement>(row, '[data-do=up]').disabled = index === 0;
      part<HTMLButtonElement>(row, '[data-do=down]').disabled = index === rows.length - 1;
      part<HTMLElement>(row, '[data-do=place]').hidden = this.map === undefined;
    }
    const points = this.placed().map((each) => each.point);
    this.map?.show(points);
    part(this.root, '[data-part=length]').textContent = length(points);
  }

  private drawnPlainly(): void {
    this.plain = true;
    this.hint();
  }

  private hint(): void {
    const act = this.placing
      ? _('Click the map where this stop is.')
      : _('Click the map to add a stop; drag a stamp to move it.');
    const plainly = this.plain ? _('The map cannot be reached, so this is a plain drawing.') : '';
    part(this.root, '[data-part=hint]').textContent = this.map ? `${plainly} ${act}`.trim() : plainly;
  }

  private say(text: string): void {
    this.says.textContent = text;
  }
}

function part<Part extends Element>(root: ParentNode, selector: string): Part {
  const found = root.querySelector<Part>(selector);
  if (!found) throw new Error(`stops needs ${selector}`);
  return found;
}

function input(row: HTMLElement, name: string): HTMLInputElement {
  return part(row, `input[data-part=${name}]`);
}

function removal(row: HTMLElement): HTMLInputElement | null {
  return row.querySelector('[data-part=remove] input');
}

function indexOf(row: HTMLElement): number {
  return Number(/^stop\.(\d+)\./.exec(input(row, 'lat').name)?.[1] ?? 0);
}

function isEmpty(row: HTMLElement): boolean {
  const fields = row.querySelectorAll<HTMLInputElement>('input[data-part], input[name$=".id"]');
  return [...fields].every((field) => field.value.trim() === '');
}

// The name in the project's first language, else in any.
function nameOf(row: HTMLElement, root: HTMLElement): string {
  const names = [...row.querySelectorAll<HTMLInputElement>('input[data-part=name]')];
  const first = names.find((each) => each.lang === root.dataset.language && each.value.trim());
  return (first ?? names.find((each) => each.value.trim()))?.value.trim() ?? '';
}

function put(row: HTMLElement, position: Position): void {
  const { lat, lon } = written(position);
  input(row, 'lat').value = lat;
  input(row, 'lon').value = lon;
}

function length(points: readonly Point[]): string {
  if (points.length < 2) return '';
  const metres = formatNumber(Math.round(routeLength(points)));
  const stops = ngettext('%(num)s stop', '%(num)s stops', points.length);
  const straight = _('%(metres)s m in straight lines', { metres });
  return `${stops}, ${straight}`;
}
