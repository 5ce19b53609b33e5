/** What became of the steps of each run, for those who wait for its end: folded from the events. */
import { refusal } from '../../../protocol/errors.ts';
import type { ErrorView, Outcome, SessionEvent } from '../../../protocol/types.ts';
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

  fold(event: SessionEvent): void {
    switch (event.type) {
      case 'run.accepted':
        return this.#accept(event.run.id);
      case 'step.finished':
      case 'step.skipped':
        return this.#add(event.run, stepLog(event));
      case 'run.sealed':
        return this.#seal(event);
    }
  }

  /** Resolves when the run is sealed. Throws a refusal for a run that is not known, or not any more. */
  wait(run: number): Promise<FinishedRun> {
    const log = this.require(run);
    return log.finished ? Promise.resolve(log.finished) : new Promise((resolve) => log.waiting.push(resolve));
  }

  /** Throws a refusal for a run that is not known, or not any more. */
  require(run: number): RunLog {
    const log = this.#runs.get(run);
    if (!log) throw refusal('no-such-run', `There is no run ${run}; only the last ${runsRememberedMax} runs are kept.`);
    return log;
  }

  #accept(run: number): void {
    this.#runs.set(run, { steps: [], waiting: [], finished: undefined });
    for (const [old, log] of this.#runs) if (this.#runs.size > runsRememberedMax && log.finished) this.#runs.delete(old);
  }

  #add(run: number, step: StepLog): void {
    this.#runs.get(run)?.steps.push(step);
  }

  #seal({ run, outcome, seq }: Extract<SessionEvent, { type: 'run.sealed' }>): void {
    const log = this.#runs.get(run);
    if (!log) return;
    log.finished = { outcome, steps: log.steps, seq };
    for (const resolve of log.waiting.splice(0)) resolve(log.finished);
  }
}

function stepLog(event: Extract<SessionEvent, { type: 'step.finished' | 'step.skipped' }>): StepLog {
  const { cell, outcome } = event;
  if (event.type === 'step.skipped') return { cell, outcome, reason: event.reason };
  return { cell, outcome, ...(event.error && { error: event.error }) };
}
