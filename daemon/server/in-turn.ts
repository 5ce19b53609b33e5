/** Work on one file follows that which was begun on it before; on different ones it goes on side by side. */
export class InTurn {
  readonly #last = new Map<string, Promise<unknown>>();

  async do<T>(file: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(file);
    const done = before ? before.then(work, work) : work();
    this.#last.set(file, done);
    try {
      return await done;
    } finally {
      if (this.#last.get(file) === done) this.#last.delete(file);
    }
  }
}
