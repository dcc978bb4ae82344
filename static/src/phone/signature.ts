// A signature: lines drawn with a finger, kept as SVG path data in whole numbers.

export type Point = readonly [x: number, y: number];
export type Line = readonly Point[];

/** The box in which it is kept, whatever the field's size. */
export const WIDE = 1000;
export const HIGH = 400;
const LONGEST = 20_000; // characters
const FINEST = 1.5; // units, in which nobody sees a difference

/** SVG path data of M and L: as fine as fits. A dot is a line to itself. "" where nothing was drawn. */
export function pathOf(lines: readonly Line[]): string {
  const drawn = lines.filter((line) => line.length);
  for (let fine = FINEST; ; fine *= 2) {
    const path = drawn.map((line) => written(simpler(line, fine))).join('');
    if (path.length <= LONGEST) return path;
    if (fine > WIDE) return path.slice(0, path.lastIndexOf('M', LONGEST)); // whole lines
  }
}

function written(line: Line): string {
  const points = line.map(([x, y]) => `${Math.round(x)} ${Math.round(y)}`);
  const [first = '', ...rest] = points.filter((point, at) => point !== points[at - 1]);
  return `M${first}${(rest.length ? rest : [first]).map((point) => `L${point}`).join('')}`;
}

/**
 * The line without points that lie nearer than `fine` units to what is left of it.
 *
 * Ramer 1972, "An iterative procedure for the polygonal approximation of plane curves"; Douglas and Peucker 1973.
 */
export function simpler(line: Line, fine: number): Line {
  const kept = new Set([0, line.length - 1]);
  const open: [number, number][] = [[0, line.length - 1]];
  for (let span = open.pop(); span; span = open.pop()) {
    const [from, to] = span;
    let [furthest, at] = [fine, -1];
    for (let each = from + 1; each < to; each += 1) {
      const away = distance(line[each] as Point, line[from] as Point, line[to] as Point);
      if (away > furthest) [furthest, at] = [away, each];
    }
    if (at < 0) continue;
    kept.add(at);
    open.push([from, at], [at, to]);
  }
  return line.filter((_, at) => kept.has(at));
}

/** Of a point from the stretch between two others. */
function distance([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const along = length ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length)) : 0;
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
}

/** A canvas to sign on. `drawn` is told after each line. */
export class Field {
  private lines: Point[][] = [];
  private readonly watching: ResizeObserver;
  private pen: number | undefined; // the finger that draws; a second one is a palm

  constructor(
    private readonly canvas: HTMLCanvasElement,
    lines: readonly Line[],
    private readonly drawn: (lines: readonly Line[]) => void,
  ) {
    this.lines = lines.map((line) => [...line]);
    canvas.addEventListener('pointerdown', (event) => {
      if (this.pen !== undefined || event.button !== 0) return;
      event.preventDefault();
      this.pen = event.pointerId;
      canvas.setPointerCapture?.(event.pointerId);
      this.lines.push([this.at(event)]);
      this.draw();
    });
    canvas.addEventListener('pointermove', (event) => {
      if (event.pointerId !== this.pen) return;
      // Between two frames a finger has been in many places.
      const all = event.getCoalescedEvents?.() ?? [];
      for (const each of all.length ? all : [event]) this.lines[this.lines.length - 1]?.push(this.at(each));
      this.draw();
    });
    for (const name of ['pointerup', 'pointercancel'] as const)
      canvas.addEventListener(name, (event) => {
        if (event.pointerId !== this.pen) return;
        this.pen = undefined;
        this.lines.push([...simpler(this.lines.pop() ?? [], FINEST)]);
        this.drawn(this.lines);
      });
    this.watching = new ResizeObserver(() => this.draw());
    this.watching.observe(canvas);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', this.again);
  }

  clear(): void {
    this.lines = [];
    this.draw();
    this.drawn(this.lines);
  }

  end(): void {
    this.watching.disconnect();
    matchMedia('(prefers-color-scheme: dark)').removeEventListener('change', this.again);
  }

  private readonly again = (): void => this.draw();

  private at({ clientX, clientY }: MouseEvent): Point {
    const box = this.canvas.getBoundingClientRect();
    const within = (share: number, most: number): number =>
      Math.round(Math.max(0, Math.min(1, share)) * most * 10) / 10;
    return [
      within((clientX - box.left) / (box.width || 1), WIDE),
      within((clientY - box.top) / (box.height || 1), HIGH),
    ];
  }

  private draw(): void {
    const { canvas } = this;
    const sharp = window.devicePixelRatio || 1;
    const [wide, high] = [canvas.clientWidth * sharp, canvas.clientHeight * sharp].map(Math.round);
    if (!wide || !high) return;
    if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
    const pen = canvas.getContext('2d');
    if (!pen) return;
    pen.setTransform(wide / WIDE, 0, 0, high / HIGH, 0, 0);
    pen.clearRect(0, 0, WIDE, HIGH);
    pen.strokeStyle = getComputedStyle(canvas).color;
    pen.lineWidth = 8;
    pen.lineCap = pen.lineJoin = 'round';
    for (const line of this.lines) {
      const [first] = line;
      if (!first) continue;
      pen.beginPath();
      pen.moveTo(...first);
      for (const point of line.length > 1 ? line : [first]) pen.lineTo(...point);
      pen.stroke();
    }
  }
}
