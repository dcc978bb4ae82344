import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Modules, startModules } from '../../static/src/main';

const root = () => document.querySelector<HTMLElement>('[data-module]');

const modules = (start: (root: HTMLElement) => void): Modules =>
  new Map([['lamp', () => Promise.resolve({ start })]]);

beforeEach(() => {
  document.body.innerHTML = '<div data-module="lamp"></div>';
});

describe('a module', () => {
  it('starts once, also when asked twice', async () => {
    const start = vi.fn();
    await Promise.all([startModules(document, modules(start)), startModules(document, modules(start))]);
    await startModules(document, modules(start));
    expect(start).toHaveBeenCalledExactlyOnceWith(root());
    expect(root()?.dataset.state).toBe('started');
  });

  it('starts for every element that names it', async () => {
    document.body.innerHTML = '<div data-module="lamp"></div><p data-module="lamp"></p>';
    const start = vi.fn();
    await startModules(document, modules(start));
    expect(start).toHaveBeenCalledTimes(2);
  });

  it.each(['unknown', 'constructor', ''])('named "%s" is passed over', async (name) => {
    document.body.innerHTML = `<div data-module="${name}"></div><p data-module="lamp"></p>`;
    const start = vi.fn();
    await startModules(document, modules(start));
    expect(start).toHaveBeenCalledOnce();
    expect(root()?.dataset.state).toBeUndefined();
  });

  it('that breaks stops no other', async () => {
    const complaint = vi.spyOn(console, 'error').mockImplementation(() => {});
    document.body.innerHTML = '<div data-module="broken"></div><p data-module="lamp"></p>';
    const start = vi.fn();
    const broken = () => Promise.reject(new TypeError('no signal'));
    await startModules(document, new Map([...modules(start), ['broken', broken]]));
    expect(start).toHaveBeenCalledOnce();
    expect(root()?.dataset.state).toBe('failed');
    expect(complaint).toHaveBeenCalledOnce();
  });

  it('of the photo page is found by its own name', async () => {
    document.body.innerHTML = `<div data-module="photo-preview">
      <figure data-part="figure" hidden></figure><input type="file"><div data-part="says"></div></div>`;
    await startModules(document);
    expect(root()?.dataset.state).toBe('started');
  });
});
