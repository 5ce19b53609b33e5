/**
 * Whether whoever takes the output of kernels in the end keeps up. While the gate is shut nothing more of it is read, and a program that prints
 * waits once the pipe is full, as it does where it writes to that reader itself. Nothing is lost, and nothing piles up.
 */
export class OutputGate {
  readonly #listeners = new Set<() => void>();
  #isShut = false;

  get isShut(): boolean {
    return this.#isShut;
  }

  shut(): void {
    this.#isShut = true;
  }

  open(): void {
    if (!this.#isShut) return;
    this.#isShut = false;
    for (const listener of [...this.#listeners]) listener();
  }

  /** Called each time that it opens. */
  onOpen(listener: () => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  /** Resolves when it is open. */
  passable(): Promise<void> {
    if (!this.#isShut) return Promise.resolve();
    return new Promise((resolve) => {
      const listening = this.onOpen(() => {
        listening.dispose();
        resolve();
      });
    });
  }
}
