// The way from the cover into the app, where the browser can hold it. Elsewhere the form leads to the plain pages.

export function start(form: HTMLElement): void {
  const address = form.dataset.app;
  if (address && canHold() && form instanceof HTMLFormElement) form.action = `${address}#agree`;
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
