import { expect, it } from 'vitest';
import { readChoices, showChoices } from '../../../static/src/phone/join';

const purpose = (name: string, more = ''): string =>
  `<fieldset data-purpose="${name}" data-text="t-${name}" data-language="en"><input type="radio" name="${name}"
    value="yes"><input type="radio" name="${name}" value="no">${more}</fieldset>`;

it('Where one may be contacted goes with the yes to it, and with nothing else', () => {
  document.body.innerHTML = purpose('keep') + purpose('contact', '<input class="input">');
  const tap = (name: string, value: string): void =>
    document.querySelector<HTMLInputElement>(`[name=${name}][value=${value}]`)?.click();
  const field = document.querySelector<HTMLInputElement>('.input') as HTMLInputElement;
  const read = (): (string | undefined)[] => readChoices(document.body).map((each) => each.reach);
  field.value = 'jana@example.org';
  expect(read()).toEqual([]);
  tap('keep', 'yes');
  tap('contact', 'yes');
  expect(read()).toEqual([undefined, 'jana@example.org']);
  const before = readChoices(document.body);
  tap('contact', 'no');
  expect(read()).toEqual([undefined, undefined]);
  showChoices(document.body, readChoices(document.body));
  expect(field.value).toBe('');
  showChoices(document.body, before);
  expect(read()).toEqual([undefined, 'jana@example.org']);
});
