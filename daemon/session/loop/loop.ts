/**
 * One event at a time: the core decides what it means, and that is performed. While a step runs, those that follow are decided and sent
 * ahead of their turn.
 */
import type { Effect, Evaluate, Step } from '../../core/scheduler/effects.ts';
import type { Event } from '../../core/scheduler/events.ts';
import type { Run, State, StepNumber } from '../../core/scheduler/state.ts';
import { step as decide } from '../../core/scheduler/step.ts';
import type { Timers } from '../../host.ts';
import { StepsAhead } from '../running/steps-ahead.ts';

/** Why a step is performed: an event, or the end of a step that was foreseen. */
export type Cause = Event | 'foreseen';

/** Where what was decided is done. */
export interface Deeds {
  perform(step: Step, cause: Cause): void;
  /** With `after` ahead of its turn: it begins when that step has come to a plain end. */
  evaluate(effect: Evaluate, after?: StepNumber): void;
  /** Whether the kernel can be sent steps ahead of their turn. */
  readonly sendsAhead: boolean;
  /** What was sent ahead and has not begun, if there is a kernel. */
  takeBack(): ReadonlySet<StepNumber> | undefined;
  /** These were sent, or decided, and never come to be. */
  forget(steps: readonly StepNumber[]): void;
  /** Tells how cells stand: those of foreseen steps, which are told together, and those that were too many to be told at once. */
  tellStandings(state: State): void;
  /** So much of it as keeps nobody waiting. */
  tellSomeStandings(state: State): void;
  /** Whether more of it waits. */
  readonly hasUntold: boolean;
}

export class Loop {
  readonly #deeds: Deeds;
  readonly #timers: Timers;
  readonly #queue: Event[] = [];
  readonly #ahead = new StepsAhead();
  #state: State;
  /** Who waits until it is known how the steps that have begun have come to begin. */
  #waiting: (() => void)[] = [];
  /** How much is being done that clients asked for. */
  #asking = 0;
  #isTaking = false;
  #isExtending = false;
  #isTelling = false;

  constructor(state: State, deeds: Deeds, timers: Timers) {
    this.#state = state;
    this.#deeds = deeds;
    this.#timers = timers;
  }

  get state(): State {
    return this.#state;
  }

  /** Whether a cell or a placeless step runs. */
  get isBusy(): boolean {
    const { phase } = this.#state.kernel;
    return phase === 'busy' || phase === 'evaluating';
  }

  /** What came of it. What happens while an event is taken waits for its turn, and nothing has come of it yet. */
  take(event: Event): readonly Effect[] {
    if (!isOfKernel(event)) this.#catchUp();
    this.#queue.push(event);
    if (this.#isTaking) return [];
    this.#isTaking = true;
    let own: readonly Effect[] = [];
    try {
      for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
        const effects = this.#takeOne(next);
        if (next === event) own = effects;
      }
    } finally {
      this.#isTaking = false;
    }
    return own;
  }

  /** The run that comes of a request for one. */
  accept(event: Extract<Event, { type: 'run-requested' | 'control-moved' }>): Run {
    const accepted = this.take(event).find((effect) => effect.type === 'run-accepted');
    if (!accepted) throw new Error('A run that is asked for is accepted at once.');
    return accepted.run;
  }

  /**
   * Does what a client asks for, which is meant for what runs now: when no step has begun but the one that is told to run. What was sent
   * ahead is taken back, what of it has begun is heard of in a moment, and nothing is sent ahead until the work is done. Where nothing
   * is ahead, the work begins at once.
   */
  async calmly<T>(work: () => Promise<T>): Promise<T> {
    this.#asking += 1;
    try {
      this.#takeBack();
      while (!this.#ahead.isEmpty) {
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
        this.#takeBack();
      }
      return await work();
    } finally {
      this.#asking -= 1;
      this.#sendAheadSoon();
    }
  }

  /** Tells what waits to be told of how cells stand. */
  tellStandings(): void {
    this.#deeds.tellStandings(this.#state);
  }

  #takeOne(event: Event): readonly Effect[] {
    const foreseen = event.type === 'finished' ? this.#ahead.take(event) : undefined;
    const step = foreseen ?? this.#decide(event);
    this.#advance(step, foreseen ? 'foreseen' : event);
    if (this.#ahead.isEmpty) for (const resolve of this.#waiting.splice(0)) resolve();
    this.#sendAheadSoon();
    return step.effects;
  }

  #decide(event: Event): Step {
    this.#deeds.forget(this.#ahead.drop(() => true));
    this.#deeds.tellSomeStandings(this.#state);
    return decide(this.#state, event);
  }

  /** The one way from a state to the next. */
  #advance(step: Step, cause: Cause): void {
    this.#state = step.state;
    this.#deeds.perform(step, cause);
    if (cause === 'foreseen' && this.#ahead.isEmpty) this.#deeds.tellSomeStandings(this.#state);
    this.#tellStandingsSoon();
  }

  #tellStandingsSoon(): void {
    if (this.#isTelling || !this.#deeds.hasUntold) return;
    this.#isTelling = true;
    this.#timers.defer(() => {
      this.#isTelling = false;
      this.#deeds.tellSomeStandings(this.#state);
      this.#tellStandingsSoon();
    });
  }

  /** Whoever waits for what is going on goes first. */
  #sendAheadSoon(): void {
    if (this.#isExtending || !this.#maySendAhead || !this.#ahead.isShort) return;
    this.#isExtending = true;
    this.#timers.defer(() => {
      this.#isExtending = false;
      if (!this.#maySendAhead) return;
      for (const { evaluate, after } of this.#ahead.extend(this.#state)) this.#deeds.evaluate(evaluate, after);
    });
  }

  get #maySendAhead(): boolean {
    return this.isBusy && this.#asking === 0 && this.#deeds.sendsAhead;
  }

  #takeBack(): void {
    if (this.#ahead.isEmpty) return;
    const taken = this.#deeds.takeBack();
    this.#deeds.forget(this.#ahead.drop((step) => taken?.has(step) ?? true));
  }

  /** What has begun counts as told, where something is to be done at once. Its last words are heard late. */
  #catchUp(): void {
    this.#takeBack();
    for (let next = this.#ahead.shift(); next; next = this.#ahead.shift()) this.#advance(next, 'foreseen');
  }
}

/** What the kernel does by itself: it is in order with what was sent ahead. */
function isOfKernel({ type }: Event): boolean {
  return type === 'finished' || type === 'kernel-started' || type === 'kernel-died';
}
