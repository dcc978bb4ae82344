import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { start } from '../../static/src/photo/preview';
import { useWords } from '../../static/src/words';

const page = `
  <div data-module="photo-preview" data-max-bytes="5000000">
    <figure data-part="figure" hidden></figure>
    <input type="file" name="file">
    <div data-part="says" role="status"></div>
  </div>`;

const open = new Set<string>();

beforeEach(() => {
  let count = 0;
  open.clear();
  vi.spyOn(URL, 'createObjectURL').mockImplementation(() => {
    const address = `blob:picture-${++count}`;
    open.add(address);
    return address;
  });
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((address) => void open.delete(address));
  useWords({ language: 'en', strings: {}, plural: {} });
  document.body.innerHTML = page;
  start(find('[data-module]'));
});

afterEach(() => {
  document.body.innerHTML = '';
});

function find<Found extends HTMLElement>(selector: string): Found {
  const found = document.querySelector<Found>(selector);
  if (!found) throw new Error(`nothing matches ${selector}`);
  return found;
}

const input = () => find<HTMLInputElement>('input');
const figure = () => find('figure');
const says = () => find('[data-part=says]').textContent;

function pick(...files: File[]): void {
  Object.defineProperty(input(), 'files', { value: files, configurable: true });
  input().dispatchEvent(new Event('change'));
}

function picture(size: number, name = 'bench.jpg'): File {
  const file = new File(['x'], name, { type: 'image/jpeg' });
  Object.defineProperty(file, 'size', { value: size });
  return file;
}

// The document here decodes nothing, so the test plays the browser. The image that a choice makes is
// caught before it stands on the page.
function catchImages(): HTMLImageElement[] {
  const caught: HTMLImageElement[] = [];
  const create = document.createElement.bind(document);
  vi.spyOn(document, 'createElement').mockImplementation((tag: string) => {
    const element = create(tag);
    if (element instanceof HTMLImageElement) caught.push(element);
    return element;
  });
  return caught;
}

function decode(image: HTMLImageElement | undefined, width: number, height: number): void {
  if (!image) throw new Error('no image was made');
  Object.defineProperty(image, 'naturalWidth', { value: width });
  Object.defineProperty(image, 'naturalHeight', { value: height });
  image.dispatchEvent(new Event('load'));
}

describe('a picture that the browser can show', () => {
  it('is shown with its size and pixels', () => {
    const images = catchImages();
    pick(picture(3_400_000));
    expect(figure().hidden).toBe(true);
    decode(images[0], 4032, 3024);
    expect(figure().hidden).toBe(false);
    expect(figure().querySelector('img')?.src).toBe('blob:picture-1');
    expect(figure().querySelector('img')?.alt).toBe('The picture you have chosen');
    expect(says()).toBe('3.4\u00a0MB · 4,032 × 3,024 pixels');
    expect(input().validationMessage).toBe('');
  });

  it('gives its address back once it is decoded', () => {
    const images = catchImages();
    pick(picture(1000));
    expect(open.size).toBe(1);
    decode(images[0], 10, 10);
    expect(open.size).toBe(0);
  });

  it('speaks the language of the page', () => {
    useWords({
      language: 'cs',
      strings: { '%(width)s × %(height)s pixels': ['%(width)s × %(height)s bodů'] },
      plural: {},
    });
    const images = catchImages();
    pick(picture(3_400_000));
    decode(images[0], 4032, 3024);
    expect(says()?.replace(/\u00a0/g, ' ')).toBe('3,4 MB · 4 032 × 3 024 bodů');
  });
});

describe('a picture that the browser cannot show', () => {
  it('is drawn, and will be sent as it is', () => {
    const images = catchImages();
    pick(picture(2_000_000, 'bench.heic'));
    images[0]?.dispatchEvent(new Event('error'));
    expect(figure().hidden).toBe(false);
    expect(figure().querySelector('svg')?.getAttribute('aria-hidden')).toBe('true');
    expect(figure().querySelector('img')).toBeNull();
    expect(says()).toBe('2\u00a0MBThis browser cannot show this kind of picture. It will be sent as it is.');
    expect(input().validationMessage).toBe('');
    expect(open.size).toBe(0);
  });
});

describe('a picture over the limit', () => {
  const words = 'This picture has 5.2\u00a0MB; at most 5\u00a0MB can be sent. Please choose a smaller one.';

  it('says so at once and holds the form back', () => {
    pick(picture(5_200_000));
    expect(says()).toBe(words);
    expect(find('.err svg').getAttribute('aria-hidden')).toBe('true');
    expect(input().validationMessage).toBe(words);
    expect(input().getAttribute('aria-invalid')).toBe('true');
  });

  it('does not promise to be sent when it cannot be shown either', () => {
    const images = catchImages();
    pick(picture(5_200_000, 'bench.heic'));
    images[0]?.dispatchEvent(new Event('error'));
    expect(says()).toBe(words);
  });

  it('is forgotten when a smaller one is chosen', () => {
    pick(picture(5_200_000));
    const images = catchImages();
    pick(picture(5_000_000));
    decode(images[0], 100, 100);
    expect(says()).toBe('5\u00a0MB · 100 × 100 pixels');
    expect(input().validationMessage).toBe('');
    expect(input().hasAttribute('aria-invalid')).toBe(false);
  });
});

describe('another choice', () => {
  it('that is empty clears everything', () => {
    const images = catchImages();
    pick(picture(5_200_000));
    decode(images[0], 10, 10);
    pick();
    expect(figure().hidden).toBe(true);
    expect(figure().childElementCount).toBe(0);
    expect(says()).toBe('');
    expect(input().validationMessage).toBe('');
  });

  it('gives the first address back, and the first picture comes too late', () => {
    const images = catchImages();
    pick(picture(1000));
    pick(picture(2000));
    expect([...open]).toEqual(['blob:picture-2']);
    decode(images[0], 1, 1);
    expect(figure().hidden).toBe(true);
    decode(images[1], 20, 20);
    expect(says()).toBe('2\u00a0kB · 20 × 20 pixels');
    expect(open.size).toBe(0);
  });
});
