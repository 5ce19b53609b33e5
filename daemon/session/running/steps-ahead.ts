/**
 * The steps that follow where those before them come to a plain end: decided, and sent to the kernel, before their turn. A chain of quick cells
 * then runs without a round trip for each. Nothing of it counts before the plain end has come.
 */
import type { Evaluate, Step } from '../../core/scheduler/effects.ts';
import { foreseeEnd, type StepEnd } from '../../core/scheduler/on/foresight.ts';
import type { State, StepNumber } from '../../core/scheduler/state.ts';
import { step as decide } from '../../core/scheduler/step.ts';
import { stepsAheadMax } from '../../limits.ts';

interface Foreseen {
  readonly end: StepEnd;
  /** What the end leads to. */
  readonly next: Step;
  readonly evaluate: Evaluate;
}

export class StepsAhead {
  #foreseen: Foreseen[] = [];
  /** How many are worth to be foreseen: few, where ends come that are not plain, and all would be foreseen again after each. */
  #reach = stepsAheadMax;

  get isEmpty(): boolean {
    return this.#foreseen.length === 0;
  }

  /** Whether many of them have run, so that more should be sent. */
  get isShort(): boolean {
    return this.#foreseen.length < this.#reach / 2;
  }

  /** Steps that are to be sent, each with the one whose plain end it counts on. */
  *extend(state: State): Iterable<{ readonly evaluate: Evaluate; readonly after: StepNumber }> {
    let last = this.#foreseen.at(-1)?.next.state ?? state;
    while (this.#foreseen.length < this.#reach) {
      const end = foreseeEnd(last);
      if (end === undefined) return;
      const next = decide(last, end);
      const evaluate = next.effects.find((effect) => effect.type === 'evaluate');
      if (evaluate === undefined) return;
      this.#foreseen.push({ end, next, evaluate });
      last = next.state;
      yield { evaluate, after: end.step };
    }
  }

  /** What follows if it was foreseen. If not, nothing of what was foreseen comes to be. */
  take({ generation, step, isPlain }: StepEnd): Step | undefined {
    const end = this.#foreseen[0]?.end;
    const isForeseen = isPlain && end?.step === step && end.generation === generation;
    if (end) this.#reach = isForeseen ? Math.min(this.#reach * 2, stepsAheadMax) : 1;
    return isForeseen ? this.shift() : undefined;
  }

  /** The next one that has begun, though the end before it has not been heard. */
  shift(): Step | undefined {
    return this.#foreseen.shift()?.next;
  }

  /** These do not come to be. Gives their steps, and those of what was foreseen behind them. */
  drop(isDropped: (step: StepNumber) => boolean): readonly StepNumber[] {
    const at = this.#foreseen.findIndex(({ evaluate }) => isDropped(evaluate.step));
    return at < 0 ? [] : this.#foreseen.splice(at).map(({ evaluate }) => evaluate.step);
  }
}
