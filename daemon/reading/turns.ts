/** Long work in slices: what has come in meanwhile has its turn between them. */
import type { Timers } from '../host.ts';
import { sliceMilliseconds } from '../limits.ts';

export class Turns {
  readonly #timers: Pick<Timers, 'defer' | 'elapsed'>;
  #since: number;

  constructor(timers: Pick<Timers, 'defer' | 'elapsed'>) {
    this.#timers = timers;
    this.#since = timers.elapsed();
  }

  get isOver(): boolean {
    return this.#timers.elapsed() - this.#since >= sliceMilliseconds;
  }

  async next(): Promise<void> {
    await new Promise<void>((resolve) => this.#timers.defer(resolve));
    this.#since = this.#timers.elapsed();
  }
}
