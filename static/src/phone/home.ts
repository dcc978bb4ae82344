// The walk or call itself: how far one is, and whether everything for it is on this phone.

import type { Person, Place } from '../outbox/item';
import type { Store } from '../outbox/store';
import { _ } from '../words';
import { type Asking, goOn } from './ask';
import { fetchLater, fetchPack, type Held, LIVE, NEXT, useNext } from './pack';
import { part, type Shown, type View, write } from './page';

const FIRST = 1000; // ms that belong to whoever has just come in: what may come later waits so long

interface InstallPrompt extends Event {
  prompt(): Promise<void>;
}

export class Home implements View {
  private checking = false;
  private install: InstallPrompt | undefined;
  private isPrivate = false;

  constructor(
    private readonly body: HTMLElement,
    private readonly root: HTMLElement,
    private readonly store: Store,
    private readonly place: Place,
    private readonly person: () => Person,
    private readonly asking: Asking | undefined,
  ) {
    void navigator.serviceWorker.register('/sw.js');
    // Firefox and Safari refuse this to a private window. Chromium does not let a page know.
    navigator.storage?.getDirectory?.().catch(() => {
      this.isPrivate = true;
      this.drawInstall();
    });
    addEventListener('beforeinstallprompt', (event) => {
      event.preventDefault();
      this.install = event as InstallPrompt;
      this.drawInstall();
    });
    addEventListener('appinstalled', () => {
      this.install = undefined;
      part(root, 'install').hidden = true;
    });
    root.querySelector('[data-do="install"]')?.addEventListener('click', () => void this.install?.prompt());
    body.querySelector('[data-do="renew"]')?.addEventListener('click', () => void this.renew());
  }

  async show(): Promise<Shown> {
    const open = this.asking?.drawStops();
    const all = this.asking?.stops.filter((each) => each.number > 0).length ?? 0;
    if (this.asking) {
      const on = part<HTMLAnchorElement>(this.body, 'go');
      on.href = open ? `#stop/${open.number}` : '#photos';
      write(on, open ? goOn(open) : _('My photos'));
    }
    this.drawReady(await this.held());
    this.drawInstall();
    return {
      where: this.place.title,
      beside: open?.number ? _('Stop %(number)s of %(all)s', { number: open.number, all }) : '',
      back: `/start/${document.documentElement.lang}?all`,
    };
  }

  /** Looks for what is not on this phone yet; a newer version waits until the person asks for it. */
  async check(): Promise<void> {
    if (this.checking) return;
    this.checking = true;
    try {
      const held = await this.held();
      const wanted = {
        kind: this.place.kind,
        id: this.place.id,
        language: this.place.language,
        token: this.person().token,
      };
      const found = await fetchPack(wanted, held ? NEXT : LIVE, held, (done, all) => {
        if (!held) write(part(this.root, 'ready'), _('Getting ready: %(done)s of %(all)s', { done, all }));
      });
      const note = found && held ? 'next' : 'pack';
      const known = found ?? held;
      if (found) await this.store.setSetting(this.name(note), found);
      if (found && held) part(this.body, 'newer').hidden = false;
      else if (found) this.drawReady(found);
      if (!known || known.later) return;
      if (found && !held) await new Promise((done) => setTimeout(done, FIRST));
      await fetchLater(wanted, note === 'next' ? NEXT : LIVE);
      await this.store.setSetting(this.name(note), { ...known, later: true });
    } catch {
      this.drawReady(await this.held());
    } finally {
      this.checking = false;
    }
  }

  private async renew(): Promise<void> {
    const next = await this.store.setting<Held>(this.name('next'));
    await useNext();
    await this.store.setSetting(this.name('pack'), next);
    const worker = (await navigator.serviceWorker.getRegistration())?.waiting;
    worker?.postMessage('use');
    location.reload();
  }

  // The browser may have thrown the pages away; then nothing is held, whatever was noted.
  private async held(): Promise<Held | undefined> {
    const noted = await this.store.setting<Held>(this.name('pack'));
    const page = noted && (await (await caches.open(LIVE)).match(location.pathname));
    return page ? noted : undefined;
  }

  private drawReady(held: Held | undefined): void {
    const badge = part(this.root, 'ready');
    badge.classList.toggle('got', held !== undefined);
    badge.classList.toggle('here', held === undefined);
    const words = held
      ? _('Ready offline: %(done)s of %(all)s', { done: held.parts, all: held.parts })
      : _('Not ready offline yet. It goes on as soon as there is a signal.');
    if (badge.querySelector('span')?.textContent !== words) write(badge, words);
  }

  private drawInstall(): void {
    const note = part(this.root, 'install');
    const words = this.howToInstall();
    note.hidden = words === '';
    const line = note.querySelector('p');
    if (line) line.textContent = words;
    const button = note.querySelector<HTMLElement>('[data-do="install"]');
    if (button) button.hidden = !this.install;
  }

  private howToInstall(): string {
    if (this.isPrivate)
      return _(
        'This seems to be a private window: it forgets everything when it is closed. Open this page in an ordinary one.',
      );
    if (matchMedia('(display-mode: standalone)').matches) return '';
    if (this.install)
      return _('Put Pohled among your apps: it opens faster, and the phone keeps your data more safely.');
    if (isInside())
      return _(
        'You are inside another app. Open this page in your browser (Safari, Chrome, Firefox): here your answers could be lost.',
      );
    if (isApple()) {
      return _(
        'On an iPhone: tap Share, then “Add to Home Screen”. The app there starts empty: open it with your recovery code, after everything here has been received.',
      );
    }
    return '';
  }

  private name(what: string): string {
    return `${what}:${this.place.id}:${this.place.language}`;
  }
}

function isApple(): boolean {
  return /iPhone|iPad|iPod/.test(navigator.userAgent);
}

// Facebook, Instagram, Line, WeChat, Zalo, Viber and others show pages in a window of their own, and forget them.
function isInside(): boolean {
  return /FBAN|FBAV|Instagram|Line\/|MicroMessenger|Zalo|Viber|TikTok|; wv\)/.test(navigator.userAgent);
}
