import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { start } from '../../static/src/export/files';

const page = (waiting: number, making: string, done: string) => `
  <div data-module="files" data-waiting="${waiting}"><p data-part="says"></p>
  <section data-part="being-made"${waiting ? '' : ' hidden'}><h2 tabindex="-1">Being made</h2><ul>${making}</ul></section>
  <section data-part="done"><h2 tabindex="-1">Ready</h2><ul>${done}</ul></section></div>`;
const making = (done: number) =>
  `<li data-export="a"><b>Panels</b><progress value="${done}" max="9"></progress><span class="num">${done} of 9</span><button>Stop</button></li>`;
const ready = '<li data-export="a"><b>Panels</b><a href="/file">Download</a></li>';

function find(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`nothing matches ${selector}`);
  return found;
}

let answers: string[];

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('fetch', () => Promise.resolve(new Response(answers.shift() ?? '', { status: 200 })));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  document.body.innerHTML = '';
});

describe('the page of files', () => {
  it('counts up, keeps the focus, and then shows what is ready', async () => {
    answers = [page(1, making(4), ''), page(0, '', ready)];
    document.body.innerHTML = page(1, making(1), '');
    start(find('[data-module]'));
    find('button').focus();
    await vi.advanceTimersByTimeAsync(1600);
    expect(find('.num').textContent).toBe('4 of 9');
    expect(document.activeElement?.textContent).toBe('Stop');
    await vi.advanceTimersByTimeAsync(1600);
    expect(find('[data-part=done] a').textContent).toBe('Download');
    expect(find('[data-part=being-made]').hidden).toBe(true);
    expect(find('[data-part=says]').textContent).toBe('Ready: Panels');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('asks nothing where nothing is being made', async () => {
    answers = [];
    document.body.innerHTML = page(0, '', ready);
    start(find('[data-module]'));
    expect(vi.getTimerCount()).toBe(0);
  });
});
