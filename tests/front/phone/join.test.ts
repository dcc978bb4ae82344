import { expect, it } from 'vitest';
import { readChoices, showChoices } from '../../../static/src/phone/join';

function form(said: string): HTMLElement {
  const radio = (value: string): string =>
    `<input type="radio" name="contact" value="${value}"${value === said ? ' checked' : ''}>`;
  document.body.innerHTML = `<fieldset data-purpose="contact" data-text="t" data-language="en">${radio('yes')}${radio('no')}
    <input class="input" value="jana@example.org"></fieldset>`;
  return document.body;
}

const field = (): string | undefined => document.querySelector<HTMLInputElement>('.input')?.value;

it.each([
  ['yes', ['jana@example.org'], 'jana@example.org'],
  ['no', [undefined], ''],
  ['', [], ''],
])('Where one may be contacted goes with a yes to it alone: %s', (said, reach, then) => {
  const choices = readChoices(form(said));
  expect(choices.map((each) => each.reach)).toEqual(reach);
  showChoices(document.body, choices);
  expect(field()).toBe(then);
});
