/** The kernel of a session, from its preparation to its end. What it says is told with its generation, so that late words are known as such. */

import type { ForkedKernel, Kernel, KernelEvent } from '../../kernel/kernel.ts';
import type { NextKernel, Spare } from '../../kernel/spare.ts';
import type { StartKernel } from '../../kernel/start-kernel.ts';
import { spareLookMilliseconds } from '../../limits.ts';
import type { KernelDetails } from '../told/view.ts';

export interface KernelPreparation {
  readonly python: string;
  readonly source: string;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly arguments: readonly string[];
}

export interface KernelHostOptions {
  /** The notebook. */
  readonly file: string;
  readonly isScript: boolean;
  /** Chooses the interpreter and the surroundings; rejects with a sentence where there is none. */
  readonly prepare: () => Promise<KernelPreparation>;
  readonly start: StartKernel;
  /** A process waits for the next kernel. Where there is none, a restart takes as long as a start. */
  readonly spare: Spare | undefined;
  /** The code of the first cells, in the order in which they run. */
  readonly leadingCodes: () => readonly string[];
  readonly isBusy: () => boolean;
  /** It is known which interpreter is started, which may take a while. */
  readonly onPrepared: () => void;
  /** All but the end. */
  readonly onEvent: (generation: number, event: Exclude<KernelEvent, { type: 'died' }>) => void;
  /** Once for each generation that was started, also where no process came of it. */
  readonly onDied: (generation: number, reason: string) => void;
}

export class KernelHost {
  readonly #options: KernelHostOptions;
  #generation = 0;
  #kernel: Kernel | undefined;
  #surroundings: NextKernel | undefined;
  /** What the next kernel is started with, found out while the one before it ends. */
  #expected: { readonly preparation: Promise<KernelPreparation>; readonly until: number } | undefined;
  details: KernelDetails = {};

  constructor(options: KernelHostOptions) {
    this.#options = options;
  }

  get kernel(): Kernel | undefined {
    return this.#kernel;
  }

  /** A kernel that is there already. */
  adopt(generation: number, kernel: ForkedKernel, details: KernelDetails): void {
    this.#generation = generation;
    this.#kernel = kernel((event) => this.#hear(generation, event));
    const { pid } = this.#kernel;
    this.details = { ...details, ...(pid !== undefined && { pid }) };
  }

  async start(generation: number): Promise<void> {
    this.#generation = generation;
    this.details = {};
    try {
      const expected = this.#expected;
      this.#expected = undefined;
      const isExpected = expected !== undefined && performance.now() < expected.until;
      const { source, ...options } = await (isExpected ? expected.preparation : this.#options.prepare());
      if (this.#generation !== generation) return;
      this.details = { python: options.python, source };
      const { file, isScript, start, spare, leadingCodes, isBusy } = this.#options;
      this.#surroundings = { ...options, file, isScript, leadingCodes, isBusy };
      this.#kernel = start({ ...options, file, isScript }, (event) => this.#hear(generation, event), spare);
      this.#options.onPrepared();
    } catch (error) {
      this.#end(generation, error instanceof Error ? error.message : String(error));
    }
  }

  /** Another kernel follows this one. */
  expectNext(): void {
    this.#options.spare?.expect();
    const preparation = this.#options.prepare();
    // Where it comes to nothing, the start says why.
    preparation.catch(() => undefined);
    this.#expected = { preparation, until: performance.now() + spareLookMilliseconds };
  }

  /** Resolves when the process is gone. One that is still being prepared never comes to be. */
  async stop(generation: number): Promise<void> {
    if (this.#generation !== generation) return;
    if (this.#kernel) await this.#kernel.stop();
    else this.#end(generation, 'The kernel was stopped before it started.');
  }

  /** No kernel follows. */
  close(): void {
    this.#surroundings = undefined;
    this.#options.spare?.close();
  }

  #hear(generation: number, event: KernelEvent): void {
    if (event.type === 'died') return this.#end(generation, event.reason);
    if (event.type === 'started') this.details = { ...this.details, pid: event.pid, version: event.version };
    this.#options.onEvent(generation, event);
    if ((event.type === 'started' || event.type === 'finished') && this.#surroundings)
      this.#options.spare?.prepare(this.#surroundings);
  }

  #end(generation: number, reason: string): void {
    if (this.#generation !== generation) return;
    this.#generation = 0;
    this.#kernel = undefined;
    const { pid: _, ...details } = this.details;
    this.details = { ...details, reason };
    this.#options.onDied(generation, reason);
  }
}
