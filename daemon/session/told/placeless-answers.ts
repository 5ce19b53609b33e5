/** Whoever asked for a placeless step is answered when it has ended. */
import type { ResultOf } from '../../../protocol/methods.ts';
import type { PlacelessView } from '../../../protocol/types.ts';
import type { PlacelessFinished } from '../../core/scheduler/effects.ts';
import type { StepNumber } from '../../core/scheduler/state.ts';

export type PlacelessAnswer = ResultOf<'code/evaluate'>;

/** What has been told. */
interface Told {
  readonly events: { readonly seq: number };
  placelessStep(step: StepNumber): PlacelessView | undefined;
}

export class PlacelessAnswers {
  readonly #waiting = new Map<number, (answer: PlacelessAnswer) => void>();

  /** The step is accepted, and has not ended. */
  wait(id: number): Promise<PlacelessAnswer> {
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  /** The end has been told. */
  settle(finished: PlacelessFinished, told: Told): void {
    const { placeless } = finished;
    this.#waiting.get(placeless.id)?.(answerOf(finished, told));
    this.#waiting.delete(placeless.id);
  }
}

function answerOf({ step, outcome, stale, defined, deleted, changed }: PlacelessFinished, told: Told): PlacelessAnswer {
  const view = step === undefined ? undefined : told.placelessStep(step);
  return {
    ...(step !== undefined && { step }),
    outcome,
    outputs: view?.outputs ?? [],
    ...(view?.error && { error: view.error }),
    names: { stale, defined, deleted, changed },
    seq: told.events.seq,
  };
}
