/**
 * The climb of one interrupted step: cancel where it awaits, SIGINT, SIGINT for the whole process group, kill. Each rung has a
 * deadline. By itself it climbs to the process group, and stops where the worker says that KeyboardInterrupt was raised: the
 * program has heard it, and may be saving its work. Who asks again gets the next rung at once. Killing loses all values, so
 * it is done only when asked for by name.
 */

import {
  interruptGroupMilliseconds,
  interruptKillMilliseconds,
  interruptRepeatMilliseconds,
  interruptSigintMilliseconds,
  interruptSoftMilliseconds,
} from '../limits.ts';
import type { InterruptLevel, InterruptRequest, InterruptState } from './kernel.ts';

/** What the worker answers: the step's task was cancelled; nothing awaits; KeyboardInterrupt is raised. */
export type WorkerAnswer = 'cancelled' | 'nothing-to-cancel' | 'raised';

export interface Attempt {
  /** That rung was tried before. */
  readonly isRepeated: boolean;
  /** The signal of the rung below was not answered: a program with a handler of its own is not to hear it twice. */
  readonly isUnanswered: boolean;
}

export interface LadderActions {
  send(level: InterruptLevel, attempt: Attempt): void;
  /** The signal again: while the program was deaf to it (`os.system`) it was lost. */
  remind(): void;
  report(level: InterruptLevel, state: InterruptState): void;
}

const deadlines: Readonly<Record<InterruptLevel, number>> = {
  soft: interruptSoftMilliseconds,
  sigint: interruptSigintMilliseconds,
  group: interruptGroupMilliseconds,
  kill: interruptKillMilliseconds,
};

const above: Readonly<Record<InterruptLevel, InterruptLevel | undefined>> = {
  soft: 'sigint',
  sigint: 'group',
  group: undefined,
  kill: undefined,
};

export class Ladder {
  readonly #actions: LadderActions;
  readonly #tried = new Set<InterruptLevel>();
  #level: InterruptLevel | undefined;
  #deadlineMs: number | undefined;
  #isClimbing = false;
  #isRaised = false;
  #isAnswered = true;
  #deadline: NodeJS.Timeout | undefined;
  #reminder: NodeJS.Timeout | undefined;

  constructor(actions: LadderActions) {
    this.#actions = actions;
  }

  ask({ level, deadlineMs }: InterruptRequest): void {
    this.#deadlineMs = deadlineMs;
    this.#isClimbing = level === undefined;
    this.#enter(level ?? this.#next(), false);
  }

  answered(answer: WorkerAnswer): void {
    clearInterval(this.#reminder);
    // Numbers that lay unread are answered one by one.
    if (this.#level === undefined || this.#isRaised) return;
    // Late, when the next rung is reached already: its number may have come after the handler looked.
    if (answer !== 'raised' && this.#level !== 'soft') return this.#actions.remind();
    this.#isAnswered = true;
    this.#isRaised = answer === 'raised';
    this.#actions.report(this.#level, answer === 'nothing-to-cancel' ? answer : 'taken');
    if (answer === 'nothing-to-cancel') this.#leave();
  }

  /** The step is over. */
  end(): void {
    clearTimeout(this.#deadline);
    clearInterval(this.#reminder);
  }

  #next(): InterruptLevel {
    if (this.#level === undefined) return 'soft';
    return above[this.#level] ?? 'group';
  }

  #enter(level: InterruptLevel, isUnanswered: boolean): void {
    this.end();
    const isRepeated = this.#tried.has(level);
    this.#tried.add(level);
    this.#level = level;
    this.#isRaised = false;
    this.#isAnswered = false;
    this.#actions.report(level, 'sent');
    this.#deadline = setTimeout(() => this.#expire(level), this.#deadlineMs ?? deadlines[level]);
    if (level === 'group') this.#reminder = setInterval(() => this.#actions.remind(), interruptRepeatMilliseconds);
    this.#actions.send(level, { isRepeated, isUnanswered });
  }

  #expire(level: InterruptLevel): void {
    this.end();
    this.#actions.report(level, 'expired');
    if (!this.#isRaised) this.#leave();
  }

  #leave(): void {
    this.end();
    const next = this.#level && above[this.#level];
    if (this.#isClimbing && next) this.#enter(next, !this.#isAnswered);
  }
}
