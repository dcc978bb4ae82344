import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { start } from '../../static/src/desk/during';

const page = (mark: string, says: string, rows: string[]) => `
  <div data-module="during" data-address="/during.json" data-mark="${mark}">
  <p><span data-part="lost" hidden>No line.</span> <b data-part="at">14:05</b></p>
  <div data-part="all"><div data-part="says">${says}</div><div data-part="rest"><ul>
  ${rows.map((row, at) => `<li data-row="person-${at + 1}">${row}</li>`).join('')}</ul></div></div></div>`;

let asked: string[];
let answers: (string | undefined)[];

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  answers = [];
  vi.stubGlobal('fetch', (address: string) => {
    asked.push(address);
    const answer = answers.shift();
    return answer === undefined
      ? Promise.reject(new TypeError('Failed to fetch'))
      : Promise.resolve(new Response(answer));
  });
  document.body.innerHTML = page('a', 'Nobody waits.', ['Anna', 'Boris']);
  start(find('[data-module]'));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  document.body.innerHTML = '';
});

function find(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`nothing matches ${selector}`);
  return found;
}

const mark = (mark: string, at: string): string => JSON.stringify({ mark, at });

test('what has not changed is not fetched, and its time goes on', async () => {
  answers = [mark('a', '14:06')];
  await vi.advanceTimersByTimeAsync(12_000);
  expect(asked).toEqual(['/during.json']);
  expect(find('[data-part=at]').textContent).toBe('14:06');
});

test('what has changed is taken over, and the rest stays the same', async () => {
  const anna = find('[data-row=person-1]');
  const says = find('[data-part=says]');
  answers = [mark('b', '14:06'), page('b', 'A photo waits.', ['Anna', 'Boris: 1 photo', 'Chi'])];
  await vi.advanceTimersByTimeAsync(12_000);
  expect(find('[data-row=person-1]')).toBe(anna);
  expect(find('[data-part=says]')).toBe(says);
  expect(says.textContent).toBe('A photo waits.');
  expect(Array.from(document.querySelectorAll('li'), (row) => row.textContent)).toEqual([
    'Anna',
    'Boris: 1 photo',
    'Chi',
  ]);
  answers = [mark('b', '14:07')];
  await vi.advanceTimersByTimeAsync(12_000);
  expect(asked).toHaveLength(3);
});

test('without a line it says so, keeps the time at which it was so, and asks again', async () => {
  await vi.advanceTimersByTimeAsync(12_000);
  expect([find('[data-part=lost]').hidden, find('[data-part=at]').textContent]).toEqual([false, '14:05']);
  answers = [mark('a', '14:06')];
  await vi.advanceTimersByTimeAsync(12_000);
  expect([find('[data-part=lost]').hidden, find('[data-part=at]').textContent]).toEqual([true, '14:06']);
});
