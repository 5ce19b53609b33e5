/** The kernel of a session, from its preparation to its end. What it says is told with its generation, so that late words are known as such. */

import { refusal } from '../../../protocol/errors.ts';
import type { ForkedKernel, Kernel, KernelEvent } from '../../kernel/kernel.ts';
import type { KernelPlace, KernelProvider, PreparedKernel } from '../../kernel/provider.ts';
import type { KernelDetails } from '../told/view.ts';

export interface KernelHostOptions {
  readonly provider: KernelProvider;
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
  details: KernelDetails = {};

  constructor(options: KernelHostOptions) {
    this.#options = options;
  }

  get kernel(): Kernel | undefined {
    return this.#kernel;
  }

  /** A kernel that is there already; it says itself which process it is. */
  adopt(generation: number, kernel: ForkedKernel, { pid: _, ...details }: KernelDetails): void {
    this.#generation = generation;
    this.details = details;
    this.#kernel = kernel((event) => this.#hear(generation, event));
  }

  /** Rejects with a refusal where there can be no kernel. */
  async prepare(): Promise<PreparedKernel> {
    const prepared = await this.#options.provider.prepare();
    if ('problem' in prepared) throw refusal('no-interpreter', prepared.problem);
    return prepared;
  }

  /** Rejects with a refusal where there can be no kernel. Nothing of the notebook's folder is started. */
  async guess(): Promise<KernelPlace> {
    const { provider } = this.#options;
    const place = await (provider.guess?.() ?? provider.prepare());
    if ('problem' in place) throw refusal('no-interpreter', place.problem);
    return place;
  }

  async start(generation: number): Promise<void> {
    this.#generation = generation;
    this.details = {};
    try {
      const prepared = await this.prepare();
      if (this.#generation !== generation) return;
      this.details = { python: prepared.python, source: prepared.source };
      this.#kernel = prepared.start((event) => this.#hear(generation, event));
      this.#options.onPrepared();
    } catch (error) {
      this.#end(generation, error instanceof Error ? error.message : String(error));
    }
  }

  /** Another kernel follows this one. */
  expectNext(): void {
    this.#options.provider.expectNext?.();
  }

  /** Resolves when the process is gone. One that is still being prepared never comes to be. */
  async stop(generation: number): Promise<void> {
    if (this.#generation !== generation) return;
    if (this.#kernel) await this.#kernel.stop();
    else this.#end(generation, 'The kernel was stopped before it started.');
  }

  /** No kernel follows. */
  close(): void {
    this.#options.provider.close();
  }

  #hear(generation: number, event: KernelEvent): void {
    if (event.type === 'died') return this.#end(generation, event.reason);
    if (event.type === 'started') this.#learn(event);
    this.#options.onEvent(generation, event);
  }

  #learn({ pid, version }: Extract<KernelEvent, { type: 'started' }>): void {
    this.details = { ...this.details, version, ...(pid !== undefined && { pid }) };
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
