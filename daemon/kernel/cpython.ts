/** A kernel in a CPython process: starts the worker, gives it steps, and turns what comes back into ordered events. */

import assert from 'node:assert';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import {
  kernelDrainMillisecondsMax,
  kernelLastWordsCharactersMax,
  kernelStartSecondsMax,
  kernelStepsWaitingMax,
  kernelStopSecondsMax,
} from '../limits.ts';
import { encodeFrame, FrameReader } from './channel.ts';
import { type Ending, explainEnd, explainStart } from './endings.ts';
import type { Evaluation, Kernel, KernelEvent, KernelOptions, StartKernel, StepNumber } from './kernel.ts';
import { residentBytes } from './memory.ts';
import { joinBundle, readMessage, type WorkerMessage } from './messages.ts';
import { Output, type Placed } from './output.ts';
import { packageRoot } from './package-root.ts';
import { closeWriters, makePipes, type Pipe } from './pipes.ts';

export const startCPython: StartKernel = (options, onEvent) => new CPythonKernel(options, onEvent);

interface Channels {
  readonly data: Duplex;
  readonly lifeline: Duplex;
  readonly interrupts: Duplex;
}

class CPythonKernel implements Kernel {
  readonly #options: KernelOptions;
  readonly #onEvent: (event: KernelEvent) => void;
  readonly #nonce = randomBytes(8).toString('hex');
  readonly #output: Output;
  readonly #frames = new FrameReader();
  readonly #waiting = new Set<StepNumber>();
  readonly #gone: Promise<void>;
  #announceGone: () => void = () => undefined;
  #child: ChildProcess | undefined;
  #channels: Channels | undefined;
  #pipes: readonly Pipe[] = [];
  readonly #interruptedEarly = new Set<StepNumber>();
  /** Frames for a worker that is not there yet. */
  #unsent: Buffer[] = [];
  #startDeadline: NodeJS.Timeout | undefined;
  #hasStarted = false;
  #wasAsked = false;
  #isDead = false;
  /** Why we ended it ourselves, when we did. */
  #ourReason: string | undefined;
  #lastWords = '';

  constructor(options: KernelOptions, onEvent: (event: KernelEvent) => void) {
    this.#options = options;
    this.#onEvent = onEvent;
    this.#output = new Output(this.#nonce, (event) => this.#emit(event));
    this.#gone = new Promise((resolve) => {
      this.#announceGone = resolve;
    });
    this.#send({ type: 'start', nonce: this.#nonce, file: options.file, arguments: options.arguments });
    this.#start().catch((error: unknown) => this.#failToStart(error));
  }

  get pid(): number | undefined {
    return this.#isDead ? undefined : this.#child?.pid;
  }

  evaluate(evaluation: Evaluation): void {
    if (this.#isDead) return;
    assert(
      this.#waiting.size < kernelStepsWaitingMax,
      `${this.#waiting.size} steps wait for a kernel that takes them one by one`,
    );
    this.#waiting.add(evaluation.step);
    this.#send({ type: 'evaluate', ...evaluation });
  }

  interrupt(step: StepNumber): void {
    if (!this.#waiting.has(step)) return;
    const pid = this.pid;
    // A Python that is only starting would die of the signal.
    if (!this.#hasStarted || pid === undefined || this.#channels === undefined) {
      this.#interruptedEarly.add(step);
      return;
    }
    const record = Buffer.alloc(8);
    record.writeBigUInt64BE(BigInt(step));
    // The number must be there before the signal asks for it.
    this.#channels.interrupts.write(record, () => {
      if (this.#waiting.has(step) && !this.#hasExited()) signalQuietly(pid, 'SIGINT');
    });
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
    for (const step of this.#waiting) this.interrupt(step);
    const deadline = setTimeout(() => this.kill(), kernelStopSecondsMax * 1000);
    await this.#gone;
    clearTimeout(deadline);
  }

  kill(): void {
    this.#wasAsked = true;
    this.#killGroup();
  }

  async #start(): Promise<void> {
    this.#pipes = await makePipes();
    if (this.#wasAsked) {
      closeWriters(this.#pipes);
      this.#die({ code: null, signal: null });
      return;
    }
    const channels = this.#spawn();
    if (channels === undefined) return;
    this.#startDeadline = setTimeout(
      () => this.#end(`Python was not ready after ${kernelStartSecondsMax} seconds.`),
      kernelStartSecondsMax * 1000,
    );
    this.#listen(channels);
    this.#channels = channels;
    for (const frame of this.#unsent) channels.data.write(frame);
    this.#unsent = [];
  }

  #spawn(): Channels | undefined {
    const [stdout, stderr] = this.#pipes;
    assert(stdout !== undefined && stderr !== undefined, 'a process is started before its pipes are there');
    const { python, directory, environment } = this.#options;
    try {
      // A process group of its own: ending it takes along what it started.
      const child = spawn(python, [join(packageRoot(), 'daemon', 'worker', 'start.py')], {
        cwd: directory,
        env: { ...environment },
        detached: true,
        stdio: ['ignore', stdout.writer, stderr.writer, 'pipe', 'pipe', 'pipe'],
      });
      this.#child = child;
      child.on('error', (error) => this.#failToStart(error));
      child.on('exit', (code, signal) => void this.#drain({ code, signal }));
      // Node types the further pipes as one-way; they are sockets.
      const [, , , data, lifeline, interrupts] = child.stdio as unknown as readonly (Duplex | undefined)[];
      if (child.pid === undefined || data === undefined || lifeline === undefined || interrupts === undefined) return undefined;
      return { data, lifeline, interrupts };
    } finally {
      closeWriters(this.#pipes);
    }
  }

  #listen(channels: Channels): void {
    const [stdout, stderr] = this.#pipes;
    for (const channel of Object.values(channels)) channel.on('error', () => undefined);
    channels.data.on('data', (chunk: Buffer) => this.#receive(chunk));
    channels.lifeline.resume();
    channels.interrupts.resume();
    stdout?.reader.on('data', (chunk) => this.#hear('stdout', chunk, stdout.reader));
    stderr?.reader.on('data', (chunk) => this.#hear('stderr', chunk, stderr.reader));
    for (const pipe of this.#pipes) pipe.reader.on('error', () => undefined);
  }

  #hear(stream: 'stdout' | 'stderr', chunk: Buffer | string, reader: Socket): void {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    this.#output.text(stream, bytes);
    if (stream === 'stdout' && this.#output.isHeld) reader.pause();
  }

  #receive(chunk: Buffer): void {
    for (const { message, attachments } of this.#read(chunk)) this.#handle(message, attachments);
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

  #place(number: number, placed: Placed): void {
    this.#output.place(number, placed);
    if (!this.#output.isHeld) this.#pipes[0]?.reader.resume();
  }

  #started(version: string, executable: string): void {
    clearTimeout(this.#startDeadline);
    const pid = this.pid;
    assert(pid !== undefined, 'a worker without a process said that it has started');
    this.#hasStarted = true;
    this.#emit({ type: 'started', pid, version, executable });
    for (const step of this.#interruptedEarly) this.interrupt(step);
    this.#interruptedEarly.clear();
  }

  #emit(event: KernelEvent): void {
    if (this.#isDead) return;
    if (event.type === 'finished') this.#waiting.delete(event.step);
    if (event.type === 'stream' && event.stream === 'stderr') {
      this.#lastWords = (this.#lastWords + event.text).slice(-kernelLastWordsCharactersMax);
    }
    this.#onEvent(event);
  }

  #send(message: unknown): void {
    const frame = encodeFrame(message);
    if (this.#channels === undefined) this.#unsent.push(frame);
    else this.#channels.data.write(frame);
  }

  /** The process has ended; what it said before is still in the pipes. */
  async #drain(ending: Ending): Promise<void> {
    // What it started and left behind would hold the pipes open.
    this.#killGroup();
    const ends = this.#pipes.map((pipe) => ended(pipe.reader));
    if (this.#channels !== undefined) ends.push(ended(this.#channels.data));
    await within(kernelDrainMillisecondsMax, Promise.all(ends));
    // Where we were busy all that time ourselves, what waits is read in this turn.
    await new Promise(setImmediate);
    this.#output.end('stdout');
    this.#output.end('stderr');
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
    if (this.#child?.pid !== undefined && !this.#isDead) signalQuietly(-this.#child.pid, 'SIGKILL');
  }

  #hasExited(): boolean {
    return this.#child === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  #die(ending: Ending): void {
    if (this.#isDead) return;
    const reason = this.#ourReason ?? explainEnd(ending, this.#wasAsked, this.#hasStarted, this.#options.python, this.#lastWords);
    this.#onEvent({ type: 'died', ...ending, wasAsked: this.#wasAsked, reason });
    this.#isDead = true;
    clearTimeout(this.#startDeadline);
    this.#waiting.clear();
    this.#unsent = [];
    for (const pipe of this.#pipes) pipe.reader.destroy();
    for (const channel of Object.values(this.#channels ?? {}) as Duplex[]) channel.destroy();
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

async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, deadline]);
  clearTimeout(timer);
}
