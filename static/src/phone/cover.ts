// The way from the cover into the app, where the browser can hold it. Elsewhere the form leads to the plain pages.

export function start(form: HTMLElement): void {
  const address = form.dataset.app;
  if (!address || !canHold() || !(form instanceof HTMLFormElement)) return;
  form.action = address;
  // The page is written for browsers that cannot; those that can hear better news.
  for (const [name, hidden] of [
    ['online', true],
    ['offline', false],
  ] as const) {
    const note = document.querySelector<HTMLElement>(`[data-part="${name}"]`);
    if (note) note.hidden = hidden;
  }
  const recover = document.querySelector<HTMLAnchorElement>('a[href="/plain/recover"]');
  if (recover) recover.href = `${address}/recover`;
}

/** Whether this browser can keep a walk without a signal, and send it later. */
export function canHold(): boolean {
  return (
    window.isSecureContext &&
    'serviceWorker' in navigator &&
    'indexedDB' in window &&
    'caches' in window &&
    'locks' in navigator
  );
}
