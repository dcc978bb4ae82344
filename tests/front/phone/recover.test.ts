import 'fake-indexeddb/auto';
import { expect, it, vi } from 'vitest';
import { start } from '../../../static/src/phone/recover';

it('However often somebody taps, and whatever is lost on the way, one code makes one device', async () => {
  document.body.innerHTML = `<div data-part="says" hidden><p data-part="why"></p></div>
    <form data-part="recover"><input data-part="code" value="ABCD-EFGH"></form>`;
  const asked: { device: string }[] = [];
  let fail: (error: Error) => void = () => undefined;
  vi.stubGlobal('fetch', (_: string, { body }: { body: string }) => {
    asked.push(JSON.parse(body));
    return new Promise((_done, failed) => {
      fail = failed;
    });
  });
  start(document.body);
  const tap = (): boolean =>
    (document.querySelector('form') as HTMLFormElement).dispatchEvent(
      new Event('submit', { cancelable: true }),
    );
  tap();
  tap();
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  fail(new TypeError('Failed to fetch'));
  await vi.waitFor(() => expect(document.querySelector<HTMLElement>('[data-part=says]')?.hidden).toBe(false));
  tap();
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  expect(asked[1]?.device).toBe(asked[0]?.device);
});
