/** The interrupts of a kernel's steps: a ladder for each step, the signals that its rungs send, and the processes that they leave behind. */

import { setTimeout as setTimeoutPromise } from 'node:timers/promises';
import { survivorsLookMilliseconds } from '../limits.ts';
import type { InterruptChannel } from './interrupt-channel.ts';
import type { InterruptLevel, InterruptRequest, KernelEvent, StepNumber } from './kernel.ts';
import { type Attempt, Ladder, type WorkerAnswer } from './ladder.ts';
import { type SeenProcess, startedBy, stillRunning } from './processes.ts';

/** The process whose steps are interrupted. */
export interface InterruptedProcess {
  /** Undefined before it is there, and when all that it has said is told. */
  pid(): number | undefined;
  hasExited(): boolean;
  /** Whether the step was sent and has not ended. */
  waits(step: StepNumber): boolean;
  /** Whether no other step was sent: only then can what the process has started belong to this one alone. */
  isAlone(step: StepNumber): boolean;
  emit(event: KernelEvent): void;
  /** Ends it, with its values. */
  kill(): void;
}

export class Interrupts {
  readonly #process: InterruptedProcess;
  readonly #ladders = new Map<StepNumber, Ladder>();
  /** Those of a Python that is still starting: the signal would end it. */
  #early: Map<StepNumber, InterruptRequest> | undefined = new Map();
  #channel: InterruptChannel | undefined;
  /** What the kernel had started when an interrupt killed it. */
  #startedBefore: Promise<{ readonly step: StepNumber; readonly processes: readonly SeenProcess[] }> | undefined;
  #hasKilled = false;

  constructor(process: InterruptedProcess) {
    this.#process = process;
  }

  /** Whether an interrupt ended the process. */
  get hasKilled(): boolean {
    return this.#hasKilled;
  }

  listen(channel: InterruptChannel): void {
    this.#channel = channel;
    channel.onAnswer((step, answer: WorkerAnswer) => {
      if (this.#process.waits(step)) this.#ladders.get(step)?.answered(answer);
    });
  }

  /** The process can take signals. */
  processStarted(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const [step, request] of early) this.interrupt(step, request);
  }

  interrupt(step: StepNumber, request: InterruptRequest): void {
    if (!this.#process.waits(step)) return;
    if (this.#early && request.level !== 'kill') {
      this.#early.set(step, request);
      return;
    }
    const ladder = this.#ladders.get(step) ?? this.#newLadder(step);
    this.#ladders.set(step, ladder);
    ladder.ask(request);
  }

  /** SIGINT for the step, without a ladder. */
  signal(step: StepNumber): void {
    this.#askWorker(step, 'sigint', () => this.#signalFor(step));
  }

  stepEnded(step: StepNumber): void {
    const ladder = this.#ladders.get(step);
    if (ladder === undefined) return;
    ladder.end();
    this.#ladders.delete(step);
    void this.#tellSurvivors(step);
  }

  /** The process has ended: tells what is left of what it had started when an interrupt killed it. */
  async processEnded(): Promise<void> {
    const before = await this.#startedBefore;
    const processes = await stillRunning(before?.processes ?? []);
    if (before && processes.length > 0) this.#process.emit({ type: 'survivors', step: before.step, processes });
  }

  close(): void {
    for (const ladder of this.#ladders.values()) ladder.end();
  }

  #newLadder(step: StepNumber): Ladder {
    return new Ladder({
      send: (level, attempt) => this.#send(step, level, attempt),
      remind: () => this.#signalFor(step),
      report: (level, state) => this.#process.emit({ type: 'interrupt', step, level, state }),
    });
  }

  #send(step: StepNumber, level: InterruptLevel, { isRepeated, isUnanswered }: Attempt): void {
    if (level === 'kill') return void this.#killFor(step);
    this.#askWorker(step, level === 'soft' ? 'soft' : 'sigint', () => {
      // Where a signal has come already, the number beside it is enough.
      if (level !== 'group' && !isUnanswered) this.#signalFor(step);
      if (level === 'group') this.#signalGroupFor(step, isRepeated);
    });
  }

  /** The number must be there before the signal asks for it. */
  #askWorker(step: StepNumber, level: 'soft' | 'sigint', onWritten: () => void): void {
    this.#channel?.ask(step, level, onWritten);
  }

  #signalFor(step: StepNumber): void {
    const pid = this.#process.pid();
    if (pid !== undefined && this.#process.waits(step) && !this.#process.hasExited()) signalQuietly(pid, 'SIGINT');
  }

  /** The group is the worker's, too. The second time its children are killed. */
  #signalGroupFor(step: StepNumber, isRepeated: boolean): void {
    const pid = this.#process.pid();
    if (pid !== undefined && this.#isLast(step) && !isRepeated) signalQuietly(-pid, 'SIGINT');
    else this.#signalFor(step);
    if (isRepeated) void this.#killChildren(step);
  }

  /** Children know no step numbers: their group is signalled only where no later step can have started them. */
  #isLast(step: StepNumber): boolean {
    return this.#process.isAlone(step) && !this.#process.hasExited();
  }

  /** The group's, but for the kernel itself: its values stay. */
  async #killChildren(step: StepNumber): Promise<void> {
    const pid = this.#process.pid();
    if (pid === undefined) return;
    const children = await startedBy(pid);
    if (this.#isLast(step)) for (const child of children) signalQuietly(child.pid, 'SIGKILL');
  }

  async #killFor(step: StepNumber): Promise<void> {
    const pid = this.#process.pid();
    if (pid !== undefined) {
      this.#startedBefore = startedBy(pid).then((processes) => ({ step, processes }));
      await this.#startedBefore;
    }
    if (!this.#process.waits(step)) return;
    this.#hasKilled = true;
    this.#process.kill();
  }

  async #tellSurvivors(step: StepNumber): Promise<void> {
    const pid = this.#process.pid();
    // Looked at now, since what a later step starts is no survivor, and again when they have had time to leave.
    const before = pid === undefined ? [] : await startedBy(pid);
    if (before.length > 0) await setTimeoutPromise(survivorsLookMilliseconds);
    const processes = await stillRunning(before);
    if (processes.length > 0) this.#process.emit({ type: 'survivors', step, processes });
  }
}

/** To a process, or with a negative number to its group. */
export function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has gone already, which its 'exit' event tells.
  }
}
