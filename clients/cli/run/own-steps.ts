/** Which events of a session are about one run: other clients run cells of the notebook at the same time. */
import type { CellId, SessionEvent } from '../../../protocol/types.ts';

export class OwnSteps {
  readonly #run: number;
  readonly #steps = new Set<number>();
  /** Cells that another run has run for this one. */
  readonly #cached = new Set<CellId>();
  #running: number | undefined;

  constructor(run: number) {
    this.#run = run;
  }

  /** Of events in order. What is about the notebook as a whole concerns every run. */
  concerns(event: SessionEvent): boolean {
    if ('run' in event) return this.#hear(event);
    return !('step' in event) || event.step === undefined || this.#steps.has(event.step);
  }

  /** Whether a step of the run goes on. */
  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  hasCached(cell: CellId): boolean {
    return this.#cached.has(cell);
  }

  #hear(event: Extract<SessionEvent, { run: unknown }>): boolean {
    if ((typeof event.run === 'number' ? event.run : event.run.id) !== this.#run) return false;
    if (event.type === 'step.started') this.#steps.add(event.step);
    if (event.type === 'step.started') this.#running = event.step;
    if (event.type === 'step.finished') this.#running = undefined;
    if (event.type === 'step.skipped' && event.outcome === 'cached') this.#cached.add(event.cell);
    return true;
  }
}
