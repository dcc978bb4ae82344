// photo-preview: shows the chosen picture before it is sent. The form works the same without it.
//
//   <div class="preview" data-module="photo-preview" data-max-bytes="41943040">
//     <figure class="shot" data-part="figure" hidden></figure>
//     <div class="file">
//       <input type="file" id="file" name="file" required aria-describedby="file-says"
//              accept="image/*,.heic,.heif">
//       <label class="btn main big wide" for="file">Choose a photo</label>
//     </div>
//     <div class="says" id="file-says" role="status" data-part="says"></div>
//   </div>
//
// figure  is empty and hidden; it gets the picture, or a drawing when the browser cannot decode it.
// says    is empty and there from the start, because screen readers follow only live regions that
//         they have met. It gets the size and the pixels, and what is in the way.
// data-max-bytes may be missing: then the size is not judged. The policy must allow img-src blob:.

import { _, formatBytes, loadWords } from '../words';

const SVG = 'http://www.w3.org/2000/svg';

type Sight =
  | { readonly kind: 'looking' }
  | { readonly kind: 'seen'; readonly width: number; readonly height: number }
  | { readonly kind: 'undecodable' };

export function start(root: HTMLElement): void {
  new PhotoPreview(root).start();
}

class PhotoPreview {
  private readonly input: HTMLInputElement;
  private readonly figure: HTMLElement;
  private readonly says: HTMLElement;
  private readonly maxBytes: number;
  private file: File | undefined;
  private sight: Sight = { kind: 'looking' };
  private release = (): void => {};

  constructor(root: HTMLElement) {
    this.input = part(root, 'input[type=file]');
    this.figure = part(root, '[data-part=figure]');
    this.says = part(root, '[data-part=says]');
    this.maxBytes = Number(root.dataset.maxBytes) || Number.POSITIVE_INFINITY;
  }

  start(): void {
    this.input.addEventListener('change', () => this.choose());
    // A browser may have kept the choice over a reload or a step back.
    this.choose();
    // Words that come late replace the English ones already on the page.
    void loadWords().then(() => this.write());
  }

  private choose(): void {
    this.release();
    this.file = this.input.files?.[0];
    this.sight = { kind: 'looking' };
    this.figure.hidden = true;
    this.figure.replaceChildren();
    if (this.file) this.look(this.file);
    this.write();
  }

  private look(file: File): void {
    const address = URL.createObjectURL(file);
    const image = document.createElement('img');
    let current = true;
    this.release = () => {
      if (current) URL.revokeObjectURL(address);
      current = false;
    };
    const settle = (sight: Sight, picture: Element): void => {
      if (!current) return;
      this.release();
      this.sight = sight;
      this.figure.replaceChildren(picture);
      this.figure.hidden = false;
      this.write();
    };
    image.addEventListener('load', () => {
      settle({ kind: 'seen', width: image.naturalWidth, height: image.naturalHeight }, image);
    });
    image.addEventListener('error', () => settle({ kind: 'undecodable' }, drawing()));
    image.src = address;
  }

  private write(): void {
    const image = this.figure.querySelector('img');
    if (image) image.alt = _('The picture you have chosen');
    const tooBig = this.tooBig();
    this.input.setCustomValidity(tooBig);
    if (tooBig) this.input.setAttribute('aria-invalid', 'true');
    else this.input.removeAttribute('aria-invalid');
    this.say(this.lines(tooBig));
  }

  private tooBig(): string {
    if (!this.file || this.file.size <= this.maxBytes) return '';
    return _('This picture has %(size)s; at most %(limit)s can be sent. Please choose a smaller one.', {
      size: formatBytes(this.file.size),
      limit: formatBytes(this.maxBytes),
    });
  }

  private lines(tooBig: string): HTMLElement[] {
    if (tooBig) return [line('err', warning(), tooBig)];
    // Said once, when the picture is seen or known to stay unseen.
    if (!this.file || this.sight.kind === 'looking') return [];
    const facts = line('num', this.facts(this.file));
    if (this.sight.kind === 'seen') return [facts];
    return [facts, line('', _('This browser cannot show this kind of picture. It will be sent as it is.'))];
  }

  // The same text written again would be read out again.
  private say(lines: readonly HTMLElement[]): void {
    const text = lines.map((each) => each.textContent).join('');
    if (this.says.textContent !== text) this.says.replaceChildren(...lines);
  }

  private facts(file: File): string {
    const size = formatBytes(file.size);
    if (this.sight.kind !== 'seen') return size;
    const { width, height } = this.sight;
    const pixels = _('%(width)s × %(height)s pixels', { width, height });
    return `${size} · ${pixels}`;
  }
}

function part<Part extends HTMLElement>(root: HTMLElement, selector: string): Part {
  const found = root.querySelector<Part>(selector);
  if (!found) throw new Error(`photo-preview needs ${selector}`);
  return found;
}

function line(className: string, ...content: (Node | string)[]): HTMLElement {
  const paragraph = document.createElement('p');
  paragraph.className = className;
  paragraph.append(...content);
  return paragraph;
}

// A picture on a postcard, behind a dashed edge: it is there, but cannot be seen here.
function drawing(): SVGElement {
  return svg('pic unseen', '0 0 96 64', [
    'M14 8h68v48H14z',
    'M14 45l18-17 14 13 9-8 27 23',
    'M64 17a5 5 0 1 0 .1 0z',
    'M4 60L92 4',
  ]);
}

function warning(): SVGElement {
  return svg('i', '0 0 24 24', ['M12 3.5l9.5 17h-19zM12 10v4.5M12 17.6v.1']);
}

function svg(className: string, viewBox: string, paths: readonly string[]): SVGElement {
  const drawn = document.createElementNS(SVG, 'svg');
  drawn.setAttribute('class', className);
  drawn.setAttribute('viewBox', viewBox);
  drawn.setAttribute('aria-hidden', 'true');
  for (const d of paths) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', d);
    drawn.append(path);
  }
  return drawn;
}
