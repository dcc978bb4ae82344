// Pages come from Jinja and work alone. An element with data-module="name" is bettered by the module
// of that name, which is fetched only when the page has such an element. Organisers' modules are in desk.ts.

interface Module {
  start(root: HTMLElement): void;
}

export type Modules = ReadonlyMap<string, () => Promise<Module>>;

const MODULES: Modules = new Map([
  ['cover', () => import('./phone/cover')],
  ['paint-phone', () => import('./paint/phone')],
  ['phone', () => import('./phone/app')],
  ['photo-preview', () => import('./photo/preview')],
  ['print', () => import('./walk/print')],
  ['recover', () => import('./phone/recover')],
  ['start', () => import('./phone/start')],
  ['versions', () => import('./phone/versions')],
]);

export async function startModules(page: ParentNode, modules: Modules = MODULES): Promise<void> {
  const waiting = page.querySelectorAll<HTMLElement>('[data-module]:not([data-state])');
  await Promise.all(Array.from(waiting, (root) => startOne(root, modules)));
}

// data-state says how far a module has come: starting, started or failed. Styles and tests read it.
async function startOne(root: HTMLElement, modules: Modules): Promise<void> {
  const name = root.dataset.module ?? '';
  const load = modules.get(name);
  if (!load) return;
  root.dataset.state = 'starting';
  try {
    (await load()).start(root);
    root.dataset.state = 'started';
  } catch (error) {
    // The page without the module is whole, so a module that could not be fetched stops nothing.
    root.dataset.state = 'failed';
    console.error(`Module ${name} did not start`, error);
  }
}

void startModules(document);
