// What is here, what is on its way, what has been received; and taking it all along as a file.

import type { Bytes, Counts, Draft, Item, Person, Place, Reason } from '../outbox/item';
import { importAll } from '../outbox/portable';
import { reasonInWords } from '../outbox/reason';
import type { Store } from '../outbox/store';
import { _, formatBytes, formatDate, ngettext } from '../words';
import { part, type Shown, thumbnail, type View, write } from './page';

/** The strip in the header. `waits`: for Wi-Fi, or for a tap. */
export function drawStrip(body: HTMLElement, counts: Counts, waits: string): void {
  const { received, originals } = counts;
  const waiting = counts.here + counts.sending;
  const refused = counts.refused + counts.versions;
  part(body, 'tray').hidden = false;
  const left = part(body, 'here');
  const words = [
    originals && !waiting
      ? largeInWords(originals, waits)
      : ngettext('%(num)s on this phone', '%(num)s on this phone', waiting),
  ];
  if (refused) words.push(ngettext('%(num)s needs you', '%(num)s need you', refused));
  const line = words.join(' · ');
  if (left.querySelector('span')?.textContent !== line) write(left, line);
  left.classList.toggle('here', waiting + refused + originals > 0);
  const right = ngettext('%(num)s received', '%(num)s received', received);
  if (part(body, 'got').querySelector('span')?.textContent !== right) write(part(body, 'got'), right);
  const size = formatBytes(counts.originalBytes);
  part(body, 'want').textContent = ngettext(
    'Send %(num)s large picture now (%(size)s)',
    'Send %(num)s large pictures now (%(size)s)',
    originals,
    { size },
  );
  const send = part(body, 'send');
  const all = originals ? _('Send everything now (%(size)s)', { size }) : _('Send now');
  if (send.textContent !== all) write(send, all);
}

/** What the large pictures wait for: "" where nothing is known to hold them up. */
export function waitsFor(choice: Person['originals'], wifi: boolean | undefined): string {
  if (choice === 'always' || (choice === 'wifi' && wifi)) return '';
  return choice === 'wifi' && wifi === false ? 'wifi' : 'tap';
}

/** That the organisers ask for some of them. */
export function drawAsked(body: HTMLElement, { asked, askedBytes }: Counts): void {
  part(body, 'asks').textContent = ngettext(
    'The organisers ask for %(num)s large picture (%(size)s). Without Wi-Fi, sending it uses your mobile data.',
    'The organisers ask for %(num)s large pictures (%(size)s). Without Wi-Fi, sending them uses your mobile data.',
    asked,
    { size: formatBytes(askedBytes) },
  );
}

function largeInWords(count: number, waits: string): string {
  if (waits === 'wifi')
    return ngettext('%(num)s large picture waits for Wi-Fi', '%(num)s large pictures wait for Wi-Fi', count);
  if (waits)
    return ngettext('%(num)s large picture waits for a tap', '%(num)s large pictures wait for a tap', count);
  return ngettext('%(num)s large picture on this phone', '%(num)s large pictures on this phone', count);
}

export class Tray implements View {
  constructor(
    private readonly root: HTMLElement,
    private readonly store: Store,
    private readonly place: Place,
    private readonly person: () => Person,
    private readonly wifi: () => boolean | undefined,
  ) {
    const field = part<HTMLInputElement>(root, 'import');
    field.addEventListener('change', () => {
      const [file] = field.files ?? [];
      if (file) void this.bringBack(file);
      field.value = '';
    });
    part(root, 'originals').addEventListener('change', (event) => {
      const originals = (event.target as HTMLInputElement).value as Person['originals'];
      void store.savePerson({ ...this.person(), originals }).then(() => this.draw());
    });
  }

  async show(): Promise<Shown> {
    // Only now: drawn again while a choice is being saved, the old one would come back.
    const { originals } = (await this.store.person(this.person().id)) ?? this.person();
    for (const input of part(this.root, 'originals').querySelectorAll('input')) {
      input.checked = input.value === originals;
    }
    await this.draw();
    return { where: _('On this phone'), beside: this.place.title, back: '#home' };
  }

  async draw(): Promise<void> {
    const person = (await this.store.person(this.person().id)) ?? this.person();
    const [counts, items, bytes, last, words = 0] = await Promise.all([
      this.store.counts(person.id),
      this.store.items(person.id),
      this.store.allBytes(person.id),
      this.store.setting<string>(`last:${person.id}`),
      this.store.setting<number>(`words:${person.id}`),
    ]);
    const waiting = counts.here + counts.sending;
    part(this.root, 'sum').textContent =
      waiting + counts.refused
        ? ngettext(
            '%(num)s thing waits on this phone',
            '%(num)s things wait on this phone',
            waiting + counts.refused,
          )
        : counts.originals
          ? largeInWords(counts.originals, waitsFor(person.originals, this.wifi()))
          : _('Everything has been received');
    part(this.root, 'large').hidden = counts.originals === 0;
    part(this.root, 'last').textContent = last
      ? _('Last contact with the project: %(time)s. We try again by ourselves.', {
          time: formatDate(new Date(last), { timeStyle: 'short', dateStyle: 'short' }),
        })
      : _('We send by ourselves as soon as there is a signal.');
    part(this.root, 'versions').hidden = counts.versions === 0;
    part(this.root, 'words').hidden = words === 0;
    write(
      part(this.root, 'words'),
      ngettext(
        'Words for %(num)s photo of yours wait for you.',
        'Words for %(num)s photos of yours wait for you.',
        words,
      ),
    );
    part(this.root, 'shut').hidden = ![...items, ...bytes].some((row) => row.reason?.code === 'token');
    await this.drawItems(items, bytes);
    part(this.root, 'room').textContent = await roomInWords();
  }

  private async bringBack(file: File): Promise<void> {
    const says = part(this.root, 'brought');
    try {
      const brought = await importAll(this.store, file);
      says.textContent = ngettext('%(num)s thing came back.', '%(num)s things came back.', brought);
    } catch {
      says.textContent = _('This is not a copy that was saved here, or it is damaged. Nothing was changed.');
    }
    await this.draw();
  }

  private async drawItems(items: readonly Item[], bytes: readonly Bytes[]): Promise<void> {
    const open = new Map<string, { state: string; reason?: Reason; bytes?: Bytes }>();
    for (const each of [...items, ...bytes]) {
      if (
        each.state === 'received' ||
        ('wanted' in each && each.part === 'original' && !each.wanted && each.state === 'saved')
      )
        continue;
      const before = open.get(each.record);
      if (before?.state === 'refused') continue;
      open.set(each.record, {
        state: each.state,
        ...(each.reason ? { reason: each.reason } : {}),
        ...('part' in each ? { bytes: each } : before?.bytes ? { bytes: before.bytes } : {}),
      });
    }
    const rows: HTMLElement[] = [];
    for (const [record, { state, reason, bytes: file }] of open) {
      rows.push(this.row(record, await this.store.draft(record), state, reason, file));
    }
    const list = part(this.root, 'items');
    // Who stands on a row with the keyboard stays on it, whatever is drawn anew; where it has gone, on the heading.
    const focused = list.contains(document.activeElement) ? document.activeElement : undefined;
    const at = focused?.closest<HTMLElement>('li')?.dataset.record;
    list.replaceChildren(...rows);
    list.hidden = rows.length === 0;
    if (!focused) return;
    const again = rows.find((row) => row.dataset.record === at);
    (again?.querySelector<HTMLElement>(focused.localName) ?? part(this.root, 'sum')).focus();
  }

  private async again(record: string): Promise<void> {
    const isRefused = (row: Item | Bytes): boolean => row.record === record && row.state === 'refused';
    await this.store.renew(this.person().id, isRefused);
    await this.draw();
  }

  private row(
    record: string,
    draft: Draft | undefined,
    state: string,
    reason?: Reason,
    file?: Bytes,
  ): HTMLElement {
    const row = document.createElement('li');
    row.dataset.record = record;
    const shown = document.createElement('div');
    if (draft?.thumb) shown.append(thumbnail(draft.thumb, ''));
    const said = document.createElement('div');
    said.className = 'stack tight';
    const badge = document.createElement('p');
    const look = state === 'refused' ? 'bad' : state === 'sending' ? 'way' : 'here';
    const template = document.querySelector<HTMLTemplateElement>(`template[data-badge="${look}"]`);
    badge.append(template?.content.cloneNode(true) ?? '');
    badge.querySelector('span span')?.append(stateInWords(state, file));
    const what = document.createElement('p');
    const isThere = draft?.kind === 'photo' && !draft.withdrawn;
    what.append(isThere ? link(`#photo/${record}`, whatInWords(draft)) : whatInWords(draft));
    said.append(badge, what);
    const why = reason && reasonInWords(reason);
    if (why) {
      const line = document.createElement('p');
      line.className = 'quiet';
      line.textContent = why;
      said.append(line);
    }
    row.append(shown, said);
    if (state === 'refused') {
      const again = document.createElement('button');
      again.type = 'button';
      again.className = 'btn wide';
      again.textContent = _('Try again');
      again.addEventListener('click', () => void this.again(record));
      row.append(again);
    }
    return row;
  }
}

function link(address: string, words: string): HTMLAnchorElement {
  return Object.assign(document.createElement('a'), { href: address, textContent: words });
}

function stateInWords(state: string, file?: Bytes): string {
  if (state === 'refused') return _('Needs you');
  if (state === 'sending' && file?.bytes) {
    return _('On its way, %(percent)s %%', { percent: Math.floor((100 * file.sent) / file.bytes) });
  }
  return state === 'sending' ? _('On its way') : _('On this phone');
}

function whatInWords(draft?: Draft): string {
  if (draft?.kind === 'photo') {
    const caption = Object.values((draft.body.caption as Record<string, string> | undefined) ?? {})[0];
    return caption || _('A photo without a caption');
  }
  if (draft?.kind === 'track') return _('Your recorded way');
  if (draft?.kind === 'release') return _('What somebody in a photo has signed');
  return draft?.kind === 'consent' ? _('A choice about what may be used') : _('Answers to a checklist');
}

async function roomInWords(): Promise<string> {
  const words: string[] = [];
  // How much is free, Chromium does not say truly.
  const { usage } = (await navigator.storage?.estimate?.()) ?? {};
  if (usage !== undefined) words.push(_('%(used)s used.', { used: formatBytes(usage) }));
  const promised = await navigator.storage?.persisted?.();
  words.push(
    promised
      ? _('The browser has promised to keep what is here.')
      : _('The browser may clear what is here when it runs out of room: send early.'),
  );
  return words.join(' ');
}
