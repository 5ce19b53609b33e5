/** What the kernel says: shown at its cell, or an event for the loop. */
import type { KernelEvent } from '../../kernel/kernel.ts';
import { observedIn } from '../running/observed.ts';
import type { StepFiles } from '../running/step-files.ts';
import { isFailedExit, type ShownSteps } from '../shown/shown-steps.ts';
import type { WatchedInputs } from '../sources/watched-inputs.ts';
import type { Told } from '../told/told.ts';
import type { Loop } from './loop.ts';

export interface KernelEventsOptions {
  /** Of the notebook. */
  readonly path: string;
  readonly loop: Loop;
  readonly told: Told;
  readonly shown: ShownSteps;
  readonly files: StepFiles;
  readonly inputs: WatchedInputs;
  readonly onError: (error: Error) => void;
}

type Heard<T extends KernelEvent['type']> = Extract<KernelEvent, { type: T }>;

export class KernelEvents {
  readonly #options: KernelEventsOptions;

  constructor(options: KernelEventsOptions) {
    this.#options = options;
  }

  hearDeath(generation: number, reason: string): void {
    const { loop, shown } = this.#options;
    const wasAsked = loop.state.kernel.phase === 'stopping';
    shown.kernelDied(wasAsked ? undefined : reason);
    loop.take({ type: 'kernel-died', generation });
  }

  hear(generation: number, event: Exclude<KernelEvent, { type: 'died' }>): void {
    try {
      this.#hear(generation, event);
    } catch (error) {
      this.#options.onError(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #hear(generation: number, event: Exclude<KernelEvent, { type: 'died' }>): void {
    const { loop, shown } = this.#options;
    switch (event.type) {
      case 'started':
        return void loop.take({ type: 'kernel-started', generation });
      case 'stream':
        return shown.text(event);
      case 'display':
        return shown.display(event);
      case 'clear':
        return shown.clear(event);
      case 'input':
        return shown.ask(event);
      case 'input-withdrawn':
        return shown.input.withdraw(event.input);
      case 'finished':
        return this.#hearFinished(generation, event);
      case 'interrupt':
      case 'survivors':
        return this.#hearInterrupt(event);
    }
  }

  #hearInterrupt(event: Heard<'interrupt' | 'survivors'>): void {
    const { files, told } = this.#options;
    const { step } = event;
    const cell = files.cellOf(step);
    if (cell === undefined && !told.placelessStep(step)) return;
    const place = { step, ...(cell !== undefined && { cell }) };
    if (event.type === 'interrupt') told.publish({ type: 'step.interrupt', ...place, level: event.level, state: event.state });
    else told.publish({ type: 'kernel.survivors', ...place, processes: event.processes });
  }

  #hearFinished(generation: number, event: Heard<'finished'>): void {
    const { path, loop, shown, files, inputs } = this.#options;
    if (!shown.finish(event)) return;
    const outcome = isFailedExit(event.outcome) ? 'raised' : event.outcome.type;
    const { step, isPlain, written, deleted, untouched, unchanged } = event;
    const observed = observedIn(event, path, files);
    const { aside, unwatched, states } = event.observed;
    const statesSet = states?.map(([names, allowsSelfLoops]) => ({ names, allowsSelfLoops }));
    const names = { written, deleted, untouched, unchanged, aside, unwatched, statesSet };
    loop.take({ type: 'finished', generation, step, outcome, isPlain, observed, ...names });
    const cell = files.cellOf(step);
    if (cell === undefined) return;
    if (event.modules?.length) {
      const loaded = new Map(event.modules);
      inputs.know(loaded);
      loop.take({ type: 'files-loaded', cell, step, files: loaded });
    }
    if (event.files) inputs.use(cell, step, event.files);
  }
}
