// Changes that the page shows already and the server has not confirmed yet: whoever leaves before is asked first.

export class Unsent {
  private count = 0;

  constructor(private readonly root: HTMLElement) {
    addEventListener('beforeunload', (event) => {
      if (this.count > 0) event.preventDefault();
    });
  }

  /** How many changes are not confirmed yet. */
  get pending(): number {
    return this.count;
  }

  /** The same promise, and nobody leaves unasked until it has ended. */
  async hold<T>(work: Promise<T>): Promise<T> {
    this.tell(1);
    try {
      return await work;
    } finally {
      this.tell(-1);
    }
  }

  private tell(more: number): void {
    this.count += more;
    this.root.dataset.unsent = String(this.count);
  }
}
