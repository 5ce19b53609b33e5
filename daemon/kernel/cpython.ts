/** A kernel in a CPython process, wherever that is: gives the worker steps, and turns what comes back into ordered events. */

import { randomBytes } from 'node:crypto';
import { assert } from '../core/assert.ts';
import { kernelLastWordsCharactersMax, kernelStartSecondsMax, kernelStopSecondsMax } from '../limits.ts';
import { type Pushed, WorkerFrameReader } from './channel.ts';
import { drained } from './drained.ts';
import { type Ending, explainEnd } from './endings.ts';
import { Interrupts } from './interrupts.ts';
import type {
  Answered,
  Evaluation,
  InterruptRequest,
  Kernel,
  KernelEvent,
  Question,
  StepNumber,
  StepsSentAhead,
} from './kernel.ts';
import type { KernelOptions } from './kernel-options.ts';
import type { WorkerLink } from './link.ts';
import { joinBundle, messageIn, type WorkerMessage } from './messages.ts';
import { OutputOrder, type PlacedEvent } from './output.ts';
import type { OutputGate } from './output-gate.ts';
import { Questions } from './questions.ts';
import { Sending } from './sending.ts';
import { StreamReading } from './stream-reading.ts';

export interface CPythonKernelOptions {
  readonly program: Pick<KernelOptions, 'python' | 'file' | 'arguments' | 'isScript' | 'input'>;
  /** To the process of a worker that waits for its first frame. Rejects with a sentence where there can be none. */
  readonly connect: () => Promise<WorkerLink>;
  /** Output is read only while it is open. */
  readonly gate: OutputGate;
  /** Steps can be taken back over the link. */
  readonly sendsAhead: boolean;
  readonly onEvent: (event: KernelEvent) => void;
}

type Finished = Extract<KernelEvent, { type: 'finished' }>;

export class CPythonKernel implements Kernel {
  readonly ahead: StepsSentAhead | undefined;
  readonly #program: CPythonKernelOptions['program'];
  readonly #onEvent: (event: KernelEvent) => void;
  readonly #gate: OutputGate;
  readonly #nonce = randomBytes(8).toString('hex');
  readonly #output: OutputOrder;
  readonly #frames = new WorkerFrameReader();
  readonly #sending = new Sending();
  readonly #gone: Promise<void>;
  #announceGone: () => void = () => undefined;
  #link: WorkerLink | undefined;
  readonly #interrupts: Interrupts;
  readonly #questions: Questions;
  #streams: StreamReading | undefined;
  #startDeadline: NodeJS.Timeout | undefined;
  #hasStarted = false;
  #wasAsked = false;
  #isDead = false;
  /** Why we ended it ourselves, when we did. */
  #ourReason: string | undefined;
  #lastWords = '';

  constructor({ program, connect, gate, sendsAhead, onEvent }: CPythonKernelOptions) {
    this.#program = program;
    this.#onEvent = onEvent;
    this.#gate = gate;
    this.ahead = sendsAhead ? this.#newAhead() : undefined;
    const { waiting } = this.#sending;
    this.#output = new OutputOrder(this.#nonce, (event) => this.#emit(event));
    this.#interrupts = new Interrupts({
      link: () => this.#openLink,
      waits: (step) => waiting.has(step),
      isAlone: (step) => waiting.size === 1 && waiting.has(step),
      emit: (event) => this.#emit(event),
      kill: () => this.kill(),
    });
    this.#questions = new Questions({ isIdle: () => waiting.size === 0, send: (message) => this.#sending.message(message) });
    this.#gone = new Promise((resolve) => {
      this.#announceGone = resolve;
    });
    const { file, arguments: args, isScript = false, input } = program;
    const hasInput = input !== undefined;
    this.#sending.message({ type: 'start', nonce: this.#nonce, file, arguments: args, isScript, hasInput });
    this.#start(connect).catch((error: unknown) => this.#failToStart(error));
  }

  /** Undefined until the process is there. */
  get pid(): number | undefined {
    return this.#openLink?.pid;
  }

  evaluate(evaluation: Evaluation): void {
    if (!this.#isDead) this.#sending.step({ evaluation, after: undefined });
  }

  interrupt(step: StepNumber, request: InterruptRequest = {}): void {
    this.#interrupts.interrupt(step, request);
  }

  answer(input: number, text: string | undefined): void {
    if (!this.#isDead) this.#sending.message({ type: 'answer', input, text: text ?? null });
  }

  ask(question: Question): Promise<Answered> {
    return this.#questions.ask(question);
  }

  async memoryBytes(): Promise<number | undefined> {
    const link = this.#openLink;
    return await link?.machine.residentBytes(link.pid);
  }

  async stop(): Promise<void> {
    if (this.#isDead) return;
    this.#wasAsked = true;
    this.#sending.message({ type: 'stop' });
    for (const step of this.#sending.waiting) this.#interrupts.signal(step);
    const deadline = setInterval(() => {
      // What it says at its end waits for a slow reader, and so does its end.
      if (!this.#gate.isShut) this.kill();
    }, kernelStopSecondsMax * 1000);
    await this.#gone;
    clearInterval(deadline);
  }

  /** By force, at once. */
  kill(): void {
    this.#wasAsked = true;
    this.#killGroup();
  }

  /** Until all that it has said is told. */
  get #openLink(): WorkerLink | undefined {
    return this.#isDead ? undefined : this.#link;
  }

  #newAhead(): StepsSentAhead {
    return {
      evaluate: (evaluation, after) => this.#isDead || this.#sending.step({ evaluation, after }),
      takeBack: () => this.#sending.takeBack(),
    };
  }

  async #start(connect: () => Promise<WorkerLink>): Promise<void> {
    const link = await connect();
    this.#link = link;
    link.end.onCome((ending) => void this.#drain(ending));
    this.#startDeadline = setTimeout(
      () => this.#end(`Python was not ready after ${kernelStartSecondsMax} seconds.`),
      kernelStartSecondsMax * 1000,
    );
    this.#listen(link);
    this.#sending.begin(link);
    if (this.#wasAsked) this.#killGroup();
  }

  #listen(link: WorkerLink): void {
    link.data.on('data', (chunk: Buffer) => this.#receive(chunk)).resume();
    this.#interrupts.listen(link);
    this.#questions.listen(link.lifeline);
    this.#streams = new StreamReading(this.#output, this.#gate, link.output);
    const listening = this.#gate.onOpen(() => this.#resumeReading());
    void this.#gone.then(() => listening.dispose());
  }

  #resumeReading(): void {
    if (this.#link === undefined || this.#gate.isShut) return;
    if (this.#link.data.isPaused()) this.#link.data.resume();
    this.#streams?.resume();
  }

  #receive(chunk: Buffer): void {
    if (this.#ourReason === undefined) this.#hear(this.#frames.push(chunk));
    if (this.#gate.isShut) this.#link?.data.pause();
    this.#resumeReading();
  }

  /** What the worker said before something else wrote to its channel still counts. */
  #hear({ frames, isBroken }: Pushed): void {
    for (const { json, attachments } of frames) {
      const message = messageIn(json);
      if (!message) return this.#endOfChannel();
      this.#handle(message, attachments);
    }
    if (isBroken) this.#endOfChannel();
  }

  #endOfChannel(): void {
    this.#end("The kernel was ended, because something other than its worker wrote to the worker's own channel.");
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
        break;
      case 'answered':
        this.#questions.hear(message);
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
    this.#interrupts.processStarted();
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
    this.#sending.stepEnded(event);
    this.#interrupts.stepEnded(step);
    this.#questions.stepEnded();
  }

  /** The process has ended; what it said before is still in the pipes. */
  async #drain(ending: Ending): Promise<void> {
    // What it started and left behind would hold the pipes open.
    this.#killGroup();
    if (this.#link) await drained([...this.#link.output, this.#link.data], this.#gate);
    // Where we were busy all that time ourselves, what waits is read in this turn.
    await new Promise(setImmediate);
    this.#output.end('stdout');
    this.#output.end('stderr');
    await this.#interrupts.processEnded();
    this.#die(ending);
  }

  #failToStart(error: unknown): void {
    this.#ourReason ??= error instanceof Error ? error.message : String(error);
    this.#die({ code: null, signal: null });
  }

  #end(reason: string): void {
    this.#ourReason ??= reason;
    this.#killGroup();
  }

  #killGroup(): void {
    const link = this.#openLink;
    link?.machine.signal(-link.pid, 'SIGKILL');
  }

  #reason(ending: Ending): string {
    if (this.#interrupts.hasKilled) return 'The kernel was killed on request; its values are gone.';
    return this.#ourReason ?? explainEnd(ending, this.#wasAsked, this.#hasStarted, this.#program.python, this.#lastWords);
  }

  #die(ending: Ending): void {
    if (this.#isDead) return;
    const reason = this.#reason(ending);
    this.#onEvent({ type: 'died', ...ending, wasAsked: this.#wasAsked, reason });
    this.#isDead = true;
    clearTimeout(this.#startDeadline);
    this.#interrupts.close();
    this.#questions.close();
    this.#sending.close();
    this.#link?.close();
    this.#announceGone();
  }
}
