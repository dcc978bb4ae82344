// print: a button that opens the browser's print dialogue. Hidden where there are no scripts.

export function start(root: HTMLElement): void {
  root.hidden = false;
  root.addEventListener('click', () => window.print());
}
