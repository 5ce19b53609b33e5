/** A kernel in a CPython process: starts the worker, gives it steps, and turns what comes back into ordered events. */

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as setTimeoutPromise } from 'node:timers/promises';
import { assert } from '../core/assert.ts';
import {
  kernelDrainMillisecondsMax,
  kernelLastWordsCharactersMax,
  kernelStartSecondsMax,
  kernelStepsWaitingMax,
  kernelStopSecondsMax,
  survivorsLookMilliseconds,
} from '../limits.ts';
import { encodeWorkerFrame, WorkerFrameReader } from './channel.ts';
import { type Ending, explainEnd, explainStart } from './endings.ts';
import { hasEndedAs } from './expected-end.ts';
import type {
  Evaluation,
  ExpectedEnd,
  InterruptLevel,
  InterruptRequest,
  Kernel,
  KernelEvent,
  KernelOptions,
  StepNumber,
} from './kernel.ts';
import { type Attempt, Ladder } from './ladder.ts';
import { close, type Launched, launch } from './launch.ts';
import { residentBytes } from './memory.ts';
import { joinBundle, readMessage, type WorkerMessage } from './messages.ts';
import { OutputOrder, type PlacedEvent } from './output.ts';
import { OutputGate } from './output-gate.ts';
import { type SeenProcess, startedBy, stillRunning } from './processes.ts';
import type { Spare } from './spare.ts';
import type { StartKernel } from './start-kernel.ts';

export const startCPython: StartKernel = startCPythonBehind(new OutputGate());

/** Kernels whose output is read only while the gate is open. */
export function startCPythonBehind(gate: OutputGate): StartKernel {
  return (options, onEvent, spare) => new CPythonKernel(options, onEvent, spare, gate);
}

type Finished = Extract<KernelEvent, { type: 'finished' }>;

interface Sent {
  readonly evaluation: Evaluation;
  readonly after: ExpectedEnd | undefined;
}
/** Node reads no more than this at once; so much means that there is more. */
const floodedReadBytes = 64 * 1024;

class CPythonKernel implements Kernel {
  readonly #options: KernelOptions;
  readonly #onEvent: (event: KernelEvent) => void;
  readonly #gate: OutputGate;
  readonly #nonce = randomBytes(8).toString('hex');
  readonly #output: OutputOrder;
  readonly #frames = new WorkerFrameReader();
  readonly #waiting = new Set<StepNumber>();
  /** What the worker was sent and has not finished, by the tickets. */
  readonly #sent = new Map<number, Sent>();
  readonly #gone: Promise<void>;
  #announceGone: () => void = () => undefined;
  #launched: Launched | undefined;
  /** Interrupts of a Python that is only starting, which would die of the signal. */
  readonly #interruptedEarly = new Map<StepNumber, InterruptRequest>();
  readonly #ladders = new Map<StepNumber, Ladder>();
  /** What the kernel had started when it was killed by an interrupt. */
  #startedBefore: Promise<{ readonly step: StepNumber; readonly processes: readonly SeenProcess[] }> | undefined;
  /** For a worker that is not there yet. */
  #unsent: (() => void)[] = [];
  #isCorked = false;
  /** Streams that are not read for the rest of this turn. */
  readonly #resting = new Set<'stdout' | 'stderr'>();
  #startDeadline: NodeJS.Timeout | undefined;
  #hasStarted = false;
  #wasAsked = false;
  #isDead = false;
  /** Why we ended it ourselves, when we did. */
  #ourReason: string | undefined;
  #lastWords = '';
  /** The step whose interrupt was to kill the kernel. */
  #killedFor: StepNumber | undefined;

  constructor(options: KernelOptions, onEvent: (event: KernelEvent) => void, spare: Spare | undefined, gate: OutputGate) {
    this.#options = options;
    this.#onEvent = onEvent;
    this.#gate = gate;
    this.#output = new OutputOrder(this.#nonce, (event) => this.#emit(event));
    this.#gone = new Promise((resolve) => {
      this.#announceGone = resolve;
    });
    const { file, arguments: args, isScript = false } = options;
    this.#send({ type: 'start', nonce: this.#nonce, file, arguments: args, isScript });
    this.#start(spare).catch((error: unknown) => this.#failToStart(error));
  }

  get pid(): number | undefined {
    return this.#isDead ? undefined : this.#launched?.pid;
  }

  evaluate(evaluation: Evaluation, after?: ExpectedEnd): void {
    if (this.#isDead) return;
    assert(this.#waiting.size < kernelStepsWaitingMax, `${this.#waiting.size} steps wait for one kernel`);
    this.#waiting.add(evaluation.step);
    this.#whenThere((to) => this.#sendStep(to, { evaluation, after }));
  }

  takeBack(): ReadonlySet<StepNumber> {
    const steps = new Set<StepNumber>();
    if (this.#launched === undefined) return steps;
    // Nothing is before it any more: if it has not begun, its ticket was only in the way.
    const [due] = this.#sent.keys();
    for (const ticket of this.#launched.channels.tickets.takeBack()) {
      const sent = this.#sent.get(ticket);
      if (sent === undefined) continue;
      this.#sent.delete(ticket);
      if (ticket === due) this.#sendStep(this.#launched, sent);
      else {
        steps.add(sent.evaluation.step);
        this.#waiting.delete(sent.evaluation.step);
      }
    }
    return steps;
  }

  interrupt(step: StepNumber, request: InterruptRequest = {}): void {
    if (!this.#waiting.has(step)) return;
    if (!this.#hasStarted && request.level !== 'kill') {
      this.#interruptedEarly.set(step, request);
      return;
    }
    const ladder = this.#ladders.get(step) ?? this.#newLadder(step);
    this.#ladders.set(step, ladder);
    ladder.ask(request);
  }

  answer(input: number, text: string | undefined): void {
    if (!this.#isDead) this.#send({ type: 'answer', input, text: text ?? null });
  }

  async memoryBytes(): Promise<number | undefined> {
    const pid = this.pid;
    return pid === undefined ? undefined : await residentBytes(pid);
  }

  async stop(): Promise<void> {
    if (this.#isDead) return;
    this.#wasAsked = true;
    this.#send({ type: 'stop' });
    for (const step of this.#waiting) this.#askWorker(step, 'sigint', () => this.#signalFor(step));
    const deadline = setInterval(() => {
      // What it says at its end waits for a slow reader, and so does its end.
      if (!this.#gate.isShut) this.kill();
    }, kernelStopSecondsMax * 1000);
    await this.#gone;
    clearInterval(deadline);
  }

  kill(): void {
    this.#wasAsked = true;
    this.#killGroup();
  }

  #newLadder(step: StepNumber): Ladder {
    return new Ladder({
      send: (level, attempt) => this.#sendInterrupt(step, level, attempt),
      remind: () => this.#signalFor(step),
      report: (level, state) => this.#emit({ type: 'interrupt', step, level, state }),
    });
  }

  #sendInterrupt(step: StepNumber, level: InterruptLevel, { isRepeated, isUnanswered }: Attempt): void {
    if (level === 'kill') return void this.#killFor(step);
    this.#askWorker(step, level === 'soft' ? 'soft' : 'sigint', () => {
      // Where a signal has come already, the number beside it is enough.
      if (level !== 'group' && !isUnanswered) this.#signalFor(step);
      if (level === 'group') this.#signalGroupFor(step, isRepeated);
    });
  }

  /** The number must be there before the signal asks for it. */
  #askWorker(step: StepNumber, level: 'soft' | 'sigint', onWritten: () => void): void {
    this.#launched?.channels.interrupts.ask(step, level, onWritten);
  }

  #signalFor(step: StepNumber): void {
    const pid = this.pid;
    if (pid !== undefined && this.#waiting.has(step) && !this.#hasExited()) signalQuietly(pid, 'SIGINT');
  }

  /** The group is the worker's, too. The second time its children are killed. */
  #signalGroupFor(step: StepNumber, isRepeated: boolean): void {
    if (this.#isLast(step) && this.#launched && !isRepeated) signalQuietly(-this.#launched.pid, 'SIGINT');
    else this.#signalFor(step);
    if (isRepeated) void this.#killChildren(step);
  }

  /** Children know no numbers: their group is signalled only where no later step can have started them. */
  #isLast(step: StepNumber): boolean {
    return this.#waiting.size === 1 && this.#waiting.has(step) && !this.#hasExited();
  }

  /** The group's, but for the kernel itself: its values stay. */
  async #killChildren(step: StepNumber): Promise<void> {
    const pid = this.pid;
    if (pid === undefined) return;
    const children = await startedBy(pid);
    if (this.#isLast(step)) for (const child of children) signalQuietly(child.pid, 'SIGKILL');
  }

  async #killFor(step: StepNumber): Promise<void> {
    const pid = this.pid;
    if (pid !== undefined) {
      this.#startedBefore = startedBy(pid).then((processes) => ({ step, processes }));
      await this.#startedBefore;
    }
    if (!this.#waiting.has(step)) return;
    this.#killedFor = step;
    this.kill();
  }

  async #start(spare: Spare | undefined): Promise<void> {
    const launched = (await spare?.take(this.#options)) ?? (await launch(this.#options));
    this.#launched = launched;
    launched.end.onCome((ending) => void this.#drain(ending));
    this.#startDeadline = setTimeout(
      () => this.#end(`Python was not ready after ${kernelStartSecondsMax} seconds.`),
      kernelStartSecondsMax * 1000,
    );
    this.#listen(launched);
    for (const send of this.#unsent.splice(0)) send();
    if (this.#wasAsked) this.#killGroup();
  }

  #listen({ channels, output: [stdout, stderr] }: Launched): void {
    channels.data.on('data', (chunk: Buffer) => this.#receive(chunk)).resume();
    channels.interrupts.onAnswer((step, answer) => {
      if (this.#waiting.has(step)) this.#ladders.get(step)?.answered(answer);
    });
    stdout.on('data', (chunk) => this.#hear('stdout', chunk, stdout));
    stderr.on('data', (chunk) => this.#hear('stderr', chunk, stderr));
    const listening = this.#gate.onOpen(() => this.#resumeReading());
    void this.#gone.then(() => listening.dispose());
  }

  #hear(stream: 'stdout' | 'stderr', chunk: Buffer | string, reader: Socket): void {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    this.#output.text(stream, bytes);
    if (this.#output.isHeld(stream) || this.#gate.isShut) reader.pause();
    else if (bytes.length >= floodedReadBytes) this.#rest(stream, reader);
    this.#resumeReading();
  }

  /** Until the next turn: a flood would be read on and on, and interrupts would wait. */
  #rest(stream: 'stdout' | 'stderr', reader: Socket): void {
    reader.pause();
    this.#resting.add(stream);
    setImmediate(() => {
      this.#resting.delete(stream);
      this.#resumeReading();
    });
  }

  #resumeReading(): void {
    if (this.#launched === undefined || this.#gate.isShut) return;
    const [stdout, stderr] = this.#launched.output;
    if (this.#launched.channels.data.isPaused()) this.#launched.channels.data.resume();
    this.#resumeStream('stdout', stdout);
    this.#resumeStream('stderr', stderr);
  }

  #resumeStream(stream: 'stdout' | 'stderr', reader: Socket): void {
    if (reader.isPaused() && !this.#output.isHeld(stream) && !this.#resting.has(stream)) reader.resume();
  }

  #receive(chunk: Buffer): void {
    for (const { message, attachments } of this.#read(chunk)) this.#handle(message, attachments);
    if (this.#gate.isShut) this.#launched?.channels.data.pause();
    this.#resumeReading();
  }

  #read(chunk: Buffer): readonly { readonly message: WorkerMessage; readonly attachments: Buffer }[] {
    if (this.#ourReason !== undefined) return [];
    try {
      return this.#frames.push(chunk).map((frame) => ({ message: readMessage(frame.json), attachments: frame.attachments }));
    } catch {
      this.#end("The kernel was ended, because something other than its worker wrote to the worker's own channel.");
      return [];
    }
  }

  #handle(message: WorkerMessage, attachments: Buffer): void {
    switch (message.type) {
      case 'started':
        this.#started(message.version, message.executable);
        break;
      case 'display': {
        const { displayId, isUpdate, isResult } = message;
        const bundle = joinBundle(message.bundle, attachments);
        this.#place(message.number, { type: 'display', bundle, displayId, isUpdate, isResult });
        break;
      }
      case 'clear':
        this.#place(message.number, { type: 'clear', waits: message.waits });
        break;
      case 'input': {
        const { number: input, prompt, isPassword } = message;
        this.#place(input, { type: 'input', input, prompt, isPassword });
        break;
      }
      case 'input-withdrawn':
        this.#place(message.number, { type: 'input-withdrawn', input: message.input });
        break;
      case 'finished':
        this.#output.finished(message);
    }
  }

  #place(number: number, placed: PlacedEvent): void {
    this.#output.place(number, placed);
  }

  #started(version: string, executable: string): void {
    clearTimeout(this.#startDeadline);
    const pid = this.pid;
    assert(pid !== undefined, 'a worker without a process said that it has started');
    this.#hasStarted = true;
    this.#emit({ type: 'started', pid, version, executable });
    for (const [step, request] of this.#interruptedEarly) this.interrupt(step, request);
    this.#interruptedEarly.clear();
  }

  #emit(event: KernelEvent): void {
    if (this.#isDead) return;
    if (event.type === 'finished') this.#endStep(event);
    if (event.type === 'stream' && event.stream === 'stderr') {
      this.#lastWords = (this.#lastWords + event.text).slice(-kernelLastWordsCharactersMax);
    }
    this.#onEvent(event);
  }

  #endStep(event: Finished): void {
    const { step } = event;
    this.#waiting.delete(step);
    this.#settleSent(event);
    const ladder = this.#ladders.get(step);
    if (ladder === undefined) return;
    ladder.end();
    this.#ladders.delete(step);
    void this.#tellSurvivors(step);
  }

  async #tellSurvivors(step: StepNumber): Promise<void> {
    const pid = this.pid;
    // Looked at now, for what a later step starts is no survivor, and again when they have had time to leave.
    const before = pid === undefined ? [] : await startedBy(pid);
    if (before.length > 0) await setTimeoutPromise(survivorsLookMilliseconds);
    const processes = await stillRunning(before);
    if (processes.length > 0) this.#emit({ type: 'survivors', step, processes });
  }

  #send(message: unknown): void {
    this.#whenThere((to) => {
      this.#cork(to);
      to.channels.data.write(encodeWorkerFrame(message));
    });
  }

  #whenThere(send: (to: Launched) => void): void {
    if (this.#launched) send(this.#launched);
    else this.#unsent.push(() => this.#launched && send(this.#launched));
  }

  #sendStep(to: Launched, { evaluation, after }: Sent): void {
    const ticket = to.channels.tickets.issue();
    this.#sent.set(ticket, { evaluation, after });
    // The worker waits for it.
    if (after === undefined) to.channels.tickets.write();
    else this.#cork(to);
    to.channels.data.write(encodeWorkerFrame({ type: 'evaluate', ...evaluation, ticket, after: after ?? null }));
  }

  /** What else is sent in one turn goes out in one piece: each write would wake the worker. */
  #cork({ channels: { data, tickets } }: Launched): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    data.cork();
    process.nextTick(() => {
      this.#isCorked = false;
      tickets.write();
      data.uncork();
    });
  }

  /** What was sent ahead never begins where the step before it ended otherwise. */
  #settleSent(finished: Finished): void {
    for (const [ticket, { evaluation, after }] of this.#sent) {
      if (evaluation.step === finished.step) this.#sent.delete(ticket);
      else if (after === undefined || hasEndedAs(finished, after)) return;
      else this.#dropSent();
    }
  }

  #dropSent(): void {
    this.#launched?.channels.tickets.takeBack();
    for (const { evaluation } of this.#sent.values()) this.#waiting.delete(evaluation.step);
    this.#sent.clear();
  }

  /** The process has ended; what it said before is still in the pipes. */
  async #drain(ending: Ending): Promise<void> {
    // What it started and left behind would hold the pipes open.
    this.#killGroup();
    if (this.#launched) {
      const { output, channels } = this.#launched;
      const ends = Promise.all([...output, channels.data].map(ended));
      do await this.#gate.passable();
      while (!(await within(kernelDrainMillisecondsMax, ends)) && this.#gate.isShut);
    }
    // Where we were busy all that time ourselves, what waits is read in this turn.
    await new Promise(setImmediate);
    this.#output.end('stdout');
    this.#output.end('stderr');
    const before = await this.#startedBefore;
    const processes = await stillRunning(before?.processes ?? []);
    if (before && processes.length > 0) this.#emit({ type: 'survivors', step: before.step, processes });
    this.#die(ending);
  }

  #failToStart(error: unknown): void {
    this.#ourReason ??= explainStart(this.#options, error as NodeJS.ErrnoException, existsSync(this.#options.directory));
    this.#die({ code: null, signal: null });
  }

  #end(reason: string): void {
    this.#ourReason ??= reason;
    this.#killGroup();
  }

  #killGroup(): void {
    if (this.#launched && !this.#isDead) signalQuietly(-this.#launched.pid, 'SIGKILL');
  }

  #hasExited(): boolean {
    return this.#launched === undefined || this.#launched.end.hasCome;
  }

  #reason(ending: Ending): string {
    if (this.#killedFor !== undefined) return 'The kernel was killed, as was asked for; its values are gone.';
    return this.#ourReason ?? explainEnd(ending, this.#wasAsked, this.#hasStarted, this.#options.python, this.#lastWords);
  }

  #die(ending: Ending): void {
    if (this.#isDead) return;
    const reason = this.#reason(ending);
    this.#onEvent({ type: 'died', ...ending, wasAsked: this.#wasAsked, reason });
    this.#isDead = true;
    clearTimeout(this.#startDeadline);
    for (const ladder of this.#ladders.values()) ladder.end();
    this.#waiting.clear();
    this.#unsent = [];
    this.#sent.clear();
    if (this.#launched) close(this.#launched);
    this.#announceGone();
  }
}

function signalQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has gone already, which is what its 'exit' event tells.
  }
}

function ended(stream: Duplex): Promise<void> {
  return new Promise((resolve) => {
    if (stream.readableEnded || stream.destroyed) resolve();
    stream.once('end', resolve).once('close', resolve);
  });
}

/** Whether the work was done in this time. */
async function within(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const isDone = await Promise.race([work.then(() => true), deadline]);
  clearTimeout(timer);
  return isDone;
}
