// A question's card and the answer that it shows. Pure: a card in, an answer out, and back.

export type Value = number | boolean | string | string[] | null;

/** One question's answer, as the API takes it. */
export interface Answer {
  value: Value;
  cant_tell?: boolean;
  remark?: string;
  photos?: string[];
  /** The SHA-256 of what was spoken. */
  sound?: string;
}

const CANT_TELL = '?';

type Field = HTMLInputElement | HTMLTextAreaElement;

/** What the card says now: without what hangs on the question and is not on the card. */
export function readCard(card: HTMLFormElement): Answer {
  const chosen = fields(card).flatMap((field) => (given(field) ? [field.value.trim()] : []));
  const cantTell = chosen.includes(CANT_TELL);
  const remark = remarkOf(card)?.value.trim();
  return {
    value: cantTell ? null : valueFrom(card.dataset.kind ?? '', chosen),
    ...(cantTell ? { cant_tell: true } : {}),
    ...(remark ? { remark } : {}),
  };
}

/** Shows an answer on the card; none empties it. */
export function showAnswer(card: HTMLFormElement, answer?: Answer): void {
  const wanted = answer?.cant_tell ? [CANT_TELL] : strings(answer?.value ?? null);
  for (const field of fields(card)) {
    if (field instanceof HTMLInputElement && isPick(field)) field.checked = wanted.includes(field.value);
    else field.value = wanted[0] === CANT_TELL ? '' : (wanted[0] ?? '');
  }
  const remark = remarkOf(card);
  if (remark) remark.value = answer?.remark ?? '';
}

/** Whether something was said: a value, "can't tell", a remark, a photo or a sound. */
export function isAnswered(answer?: Answer): boolean {
  return (
    answer !== undefined &&
    ((answer.value !== null && answer.value !== undefined) ||
      answer.cant_tell === true ||
      Boolean(answer.remark) ||
      Boolean(answer.photos?.length) ||
      Boolean(answer.sound))
  );
}

/** Whether one tap says all there is to say, so that the next question may come by itself. */
export function isOneTap(card: HTMLFormElement): boolean {
  const all = fields(card);
  return all.length > 0 && all.every((field) => field.type === 'radio');
}

/** What is wrong with a number that was typed; nothing where it is right or absent. */
export function isWrongNumber(card: HTMLFormElement, answer: Answer): boolean {
  return card.dataset.kind === 'number' && typeof answer.value === 'string';
}

function fields(card: HTMLFormElement): Field[] {
  const all = Array.from(card.querySelectorAll<Field>('input, textarea'));
  return all.filter((field) => field.name === card.dataset.question);
}

function remarkOf(card: HTMLFormElement): HTMLTextAreaElement | null {
  return card.querySelector<HTMLTextAreaElement>('textarea[name="remark"]');
}

function isPick(field: Field): boolean {
  return field.type === 'radio' || field.type === 'checkbox';
}

function given(field: Field): boolean {
  return isPick(field)
    ? (field as HTMLInputElement).checked && field.value !== ''
    : field.value.trim() !== '';
}

function valueFrom(kind: string, chosen: string[]): Value {
  const [first] = chosen;
  if (first === undefined) return null;
  switch (kind) {
    case 'many':
      return chosen;
    case 'yes_no':
      return first === 'yes';
    case 'agree':
    case 'observed':
    case 'compass':
      return Number(first);
    case 'number':
      return numberOf(first);
    default:
      return first;
  }
}

// People write 1 250,5 and 1250.5; what is no number stays as it was written, so that nothing is lost.
function numberOf(text: string): number | string {
  const tidy = text.replace(/[\s\u00a0\u202f]/g, '').replace(',', '.');
  const number = Number(tidy);
  return tidy !== '' && Number.isFinite(number) ? number : text;
}

function strings(value: Value): string[] {
  if (value === null) return [];
  if (Array.isArray(value)) return value;
  if (typeof value === 'boolean') return [value ? 'yes' : 'no'];
  return [String(value)];
}
