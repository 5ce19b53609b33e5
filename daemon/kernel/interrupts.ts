/** The interrupts of a kernel's steps: a ladder for each step, the signals that its rungs send, and the processes that they leave behind. */

import { setTimeout as setTimeoutPromise } from 'node:timers/promises';
import { survivorsLookMilliseconds } from '../limits.ts';
import type { InterruptLevel, InterruptRequest, KernelEvent, StepNumber } from './kernel.ts';
import { type Attempt, Ladder } from './ladder.ts';
import type { Machine, WorkerLink } from './link.ts';
import { type SeenProcess, startedBy, stillRunning } from './processes.ts';

/** The process whose steps are interrupted. */
export interface InterruptedProcess {
  /** Undefined before it is there, and when all that it has said is told. */
  link(): WorkerLink | undefined;
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
  /** What the kernel had started when an interrupt killed it. */
  #startedBefore: Promise<Started> | undefined;
  #hasKilled = false;

  constructor(process: InterruptedProcess) {
    this.#process = process;
  }

  /** Whether an interrupt ended the process. */
  get hasKilled(): boolean {
    return this.#hasKilled;
  }

  listen({ interrupts }: WorkerLink): void {
    interrupts.onAnswer((step, answer) => {
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
    if (before) await this.#tellStillRunning(before);
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
    this.#process.link()?.interrupts.ask(step, level, onWritten);
  }

  #signalFor(step: StepNumber): void {
    const link = this.#process.link();
    if (link && this.#process.waits(step) && !link.end.hasCome) link.machine.signal(link.pid, 'SIGINT');
  }

  /** The group is the worker's, too. The second time its children are killed. */
  #signalGroupFor(step: StepNumber, isRepeated: boolean): void {
    const link = this.#process.link();
    if (link && this.#isLast(link, step) && !isRepeated) link.machine.signal(-link.pid, 'SIGINT');
    else this.#signalFor(step);
    if (isRepeated) void this.#killChildren(step);
  }

  /** Children know no step numbers: their group is signalled only where no later step can have started them. */
  #isLast({ end }: WorkerLink, step: StepNumber): boolean {
    return this.#process.isAlone(step) && !end.hasCome;
  }

  /** The group's, but for the kernel itself: its values stay. */
  async #killChildren(step: StepNumber): Promise<void> {
    const link = this.#process.link();
    if (link === undefined) return;
    const { processes } = await startedFor(step, link);
    if (this.#isLast(link, step)) for (const child of processes) link.machine.signal(child.pid, 'SIGKILL');
  }

  async #killFor(step: StepNumber): Promise<void> {
    const link = this.#process.link();
    if (link) {
      this.#startedBefore = startedFor(step, link);
      await this.#startedBefore;
    }
    if (!this.#process.waits(step)) return;
    this.#hasKilled = true;
    this.#process.kill();
  }

  async #tellSurvivors(step: StepNumber): Promise<void> {
    const link = this.#process.link();
    if (link === undefined) return;
    // Looked at now, since what a later step starts is no survivor, and again when they have had time to leave.
    const started = await startedFor(step, link);
    if (started.processes.length === 0) return;
    await setTimeoutPromise(survivorsLookMilliseconds);
    await this.#tellStillRunning(started);
  }

  async #tellStillRunning({ step, machine, processes: before }: Started): Promise<void> {
    const processes = before.length > 0 ? stillRunning(before, await machine.processes()) : [];
    if (processes.length > 0) this.#process.emit({ type: 'survivors', step, processes });
  }
}

/** What a kernel had started at a moment of a step, and where it runs. */
interface Started {
  readonly step: StepNumber;
  readonly machine: Machine;
  readonly processes: readonly SeenProcess[];
}

async function startedFor(step: StepNumber, { pid, machine }: WorkerLink): Promise<Started> {
  return { step, machine, processes: startedBy(pid, await machine.processes()) };
}
