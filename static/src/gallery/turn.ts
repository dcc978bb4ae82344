// The arrow keys lead to the next photo, as the links beside it do: towards the end of the line is the older one.

class Turn {
  constructor(private readonly root: HTMLElement) {
    document.addEventListener('keydown', (event) => this.press(event));
  }

  private press(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target instanceof Element && event.target.closest('input, select, textarea, audio')) return;
    const forwards = document.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    const way = event.key === forwards ? 'next' : 'prev';
    this.root.querySelector<HTMLAnchorElement>(`a[rel=${way}]`)?.click();
  }
}

export function start(root: HTMLElement): void {
  new Turn(root);
}
