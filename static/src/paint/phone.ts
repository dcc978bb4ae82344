// Painting over a photo that lies on this phone, before anything of its picture has left it (templates/phone/paint.html).

import type { Person } from '../outbox/item';
import { NoRoom } from '../outbox/store';
import { part } from '../phone/page';
import { _, formatBytes, loadWords } from '../words';
import { Bench } from './bench';
import type { Burnt } from './burn';
import { readExif } from './exif';
import { asShape, type Face } from './maps';
import type { Region, Shape } from './regions';
import { Repainter } from './repaint';

const BURNING = 120_000; // ms in which a slow phone has painted and written 48 megapixels
const FINDING = 180_000;
const FACES = 'pohled-faces';

export function start(body: HTMLElement): void {
  void loadWords().then(() => new Page(body).start());
}

interface Subject {
  readonly id: string;
  readonly person: Person;
  /** SHA-256 of the picture. */
  readonly sha256: string;
  readonly picture: Blob;
}

class Page {
  private store!: Repainter;
  private subject: Subject | undefined;
  private bench: Bench | undefined;

  constructor(private readonly body: HTMLElement) {}

  async start(): Promise<void> {
    const id = location.hash.slice(1);
    for (const link of this.body.querySelectorAll<HTMLAnchorElement>('[data-photo]'))
      link.href = `${this.body.dataset.app}#photo/${id}`;
    addEventListener('hashchange', () => location.reload());
    try {
      this.store = await Repainter.begin();
      this.tell(await this.open(id));
    } catch (error) {
      console.error(error);
      this.tell('broken');
    }
  }

  /** Which of the page's sentences is true. */
  private async open(id: string): Promise<string> {
    const [draft, current] = await Promise.all([this.store.draft(id), this.store.current()]);
    const person = current ? await this.store.person(current) : undefined;
    // A phone may be shared: nobody sees another person's photo by its address.
    if (!person || draft?.kind !== 'photo' || draft.person !== current || draft.withdrawn) return 'gone';
    const rows = await this.store.pictures(id);
    if (rows.some((row) => row.state === 'received')) return 'sent';
    const sum = String(draft.body.sha256);
    const data = await this.store.whole(sum);
    if (!data) return 'gone';
    const preview = await this.store.data(rows.find((row) => row.part === 'preview')?.sha256 ?? '');
    if (!preview || typeof OffscreenCanvas === 'undefined') return 'unseen';
    this.subject = { id, person, sha256: sum, picture: new Blob([data], { type: String(draft.body.type) }) };
    const image = part<HTMLImageElement>(this.body, 'picture');
    image.src = URL.createObjectURL(new Blob([preview], { type: 'image/jpeg' }));
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    part(this.body, 'marks').setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.bench = new Bench(part(this.body, 'painting'), width, height, () => this.find());
    part(this.body, 'save').addEventListener('click', () => void this.save());
    await this.offerFaces();
    return 'bench';
  }

  private tell(which: string): void {
    for (const each of this.body.querySelectorAll<HTMLElement>('[data-says]'))
      each.hidden = each.dataset.says !== which;
    // What is hidden has no width, by which the marks' corners are drawn.
    this.bench?.draw();
  }

  // --- faces

  /** Where the server has the model: what it takes, or that it is here. */
  private async offerFaces(): Promise<void> {
    const { faces, facesBytes } = this.body.dataset;
    const offer = this.body.querySelector('[data-part="offer"]');
    if (!faces || !offer || typeof WebAssembly === 'undefined') return;
    part(this.body, 'faces').hidden = false;
    if (await isHeld(JSON.parse(faces) as string[])) {
      offer.textContent = _('Faces are looked for on this phone. The picture does not leave it.');
      return;
    }
    offer.textContent = _(
      'Faces are looked for on this phone. The picture does not leave it. What finds them is fetched once: %(size)s.',
      { size: formatBytes(Number(facesBytes)) },
    );
  }

  private async find(): Promise<readonly Shape[] | undefined> {
    const { faces, model = '', finder = '' } = this.body.dataset;
    if (!this.subject) return undefined;
    try {
      await hold(JSON.parse(faces ?? '[]') as string[]);
    } catch {
      throw new Error('There is no signal to fetch what finds faces.');
    }
    await this.offerFaces();
    const wanted = { picture: this.subject.picture, model, cache: FACES };
    return (await inWorker<Face[]>(finder, wanted, FINDING))?.map(asShape);
  }

  // --- saving

  private async save(): Promise<void> {
    const { bench, subject } = this;
    if (!bench || !subject) return;
    const [wrong, save] = [part(this.body, 'wrong'), part<HTMLButtonElement>(this.body, 'save')];
    wrong.hidden = true;
    if (!bench.regions.length) {
      bench.say(_('Nothing is marked yet.'));
      return;
    }
    save.disabled = true;
    bench.say(_('Painting over …'));
    try {
      const done = await this.burn(subject, bench.regions);
      if (done) {
        bench.done();
        location.replace(`${this.body.dataset.app}#photo/${subject.id}`);
        return;
      }
      this.tell('sent');
    } catch (error) {
      console.error(error);
      wrong.textContent = inWords(error);
      wrong.hidden = false;
      bench.draw();
    }
    save.disabled = false;
  }

  private async burn(
    { id, person, picture, sha256: was }: Subject,
    regions: readonly Region[],
  ): Promise<boolean> {
    const made = await inWorker<Burnt>(this.body.dataset.burner ?? '', { picture, regions }, BURNING);
    if (!made) throw new TooLarge();
    const said = readExif(await picture.arrayBuffer());
    const begun = await this.store.repaint(id, was, made, said);
    // What was begun of the unpainted picture goes at once where there is a signal; else with the new record.
    for (const address of begun ?? []) void giveUp(address, person.token);
    return begun !== undefined;
  }
}

class TooLarge extends Error {}

function inWords(error: unknown): string {
  if (error instanceof TooLarge)
    return _(
      'This phone has too little memory to paint over so large a picture. Nothing was changed. The organisers can paint it over once it is sent; or take it back.',
    );
  if (error instanceof NoRoom)
    return _(
      'There is no room left on this phone. Nothing was changed. Delete something else, and save again.',
    );
  return _(
    'The phone could not save this. Nothing was changed, and what you marked is still here. Try again.',
  );
}

function giveUp(address: string, token: string): Promise<unknown> {
  const headers = { Authorization: `Bearer ${token}`, 'Tus-Resumable': '1.0.0' };
  const isOurs = new URL(address, location.href).origin === location.origin;
  const gone = {
    method: 'DELETE',
    headers,
    keepalive: true,
    credentials: 'omit',
    redirect: 'error',
  } as const;
  return isOurs ? fetch(address, gone).catch(() => undefined) : Promise.resolve();
}

/** One answer of a worker, which then ends: else it keeps its memory. Undefined where it fails, or takes too long. */
function inWorker<T>(address: string, wanted: unknown, patience: number): Promise<T | undefined> {
  return new Promise((resolve) => {
    const worker = new Worker(address, { type: 'module' });
    const settle = (made?: T): void => {
      clearTimeout(timer);
      worker.terminate();
      resolve(made);
    };
    const timer = setTimeout(settle, patience);
    worker.onmessage = ({ data }: MessageEvent<T | undefined>) => settle(data);
    worker.onerror = () => settle();
    worker.postMessage(wanted);
  });
}

async function isHeld(addresses: readonly string[]): Promise<boolean> {
  const cache = await caches.open(FACES);
  const held = await Promise.all(addresses.map((address) => cache.match(address)));
  return held.every(Boolean);
}

/** Fetches what is not here; what an older version used goes once all has come. */
async function hold(addresses: readonly string[]): Promise<void> {
  const cache = await caches.open(FACES);
  for (const address of addresses) {
    if (await cache.match(address)) continue;
    const answer = await fetch(address, { redirect: 'error' });
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    await cache.put(address, answer);
  }
  for (const request of await cache.keys())
    if (!addresses.includes(new URL(request.url).pathname)) await cache.delete(request);
}
