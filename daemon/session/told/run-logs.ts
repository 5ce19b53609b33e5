/** What became of the steps of each run, for those who wait for its end. */
import { refusal } from '../../../protocol/errors.ts';
import type { ErrorView, Outcome } from '../../../protocol/types.ts';
import type { CellId } from '../../core/notebook/notebook.ts';
import { runsRememberedMax } from '../../limits.ts';

export interface StepLog {
  readonly cell: CellId;
  readonly outcome: Outcome;
  readonly error?: ErrorView;
  /** Why it was skipped. */
  readonly reason?: string;
}

export interface FinishedRun {
  readonly outcome: 'ok' | 'failed' | 'interrupted';
  readonly steps: readonly StepLog[];
  /** Number of the event that sealed it. */
  readonly seq: number;
}

interface RunLog {
  readonly steps: StepLog[];
  readonly waiting: ((finished: FinishedRun) => void)[];
  finished: FinishedRun | undefined;
}

export class RunLogs {
  readonly #runs = new Map<number, RunLog>();

  accept(run: number): void {
    this.#runs.set(run, { steps: [], waiting: [], finished: undefined });
    for (const [old, log] of this.#runs) if (this.#runs.size > runsRememberedMax && log.finished) this.#runs.delete(old);
  }

  add(run: number, step: StepLog): void {
    this.#runs.get(run)?.steps.push(step);
  }

  seal(run: number, outcome: FinishedRun['outcome'], seq: number): void {
    const log = this.#runs.get(run);
    if (!log) return;
    log.finished = { outcome, steps: log.steps, seq };
    for (const resolve of log.waiting.splice(0)) resolve(log.finished);
  }

  /** Resolves when the run is sealed. Throws a refusal for a run that is not known, or not any more. */
  wait(run: number): Promise<FinishedRun> {
    const log = this.require(run);
    return log.finished ? Promise.resolve(log.finished) : new Promise((resolve) => log.waiting.push(resolve));
  }

  /** Throws a refusal for a run that is not known, or not any more. */
  require(run: number): RunLog {
    const log = this.#runs.get(run);
    if (!log) throw refusal('no-such-run', `Run ${run} is not known; the last ${runsRememberedMax} are.`);
    return log;
  }
}
