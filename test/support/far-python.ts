/**
 * Python at the far end of a child process that has three standard streams and nothing else, as `ssh HOST python relay.py` has. All that a kernel and
 * its worker have of each other goes over these; relay.py says how.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { Duplex, type Readable, type Writable } from 'node:stream';
import { CPythonKernel } from '../../daemon/kernel/cpython.ts';
import { End } from '../../daemon/kernel/end.ts';
import { explainStart } from '../../daemon/kernel/endings.ts';
import { InterruptChannel } from '../../daemon/kernel/interrupt-channel.ts';
import type { KernelOptions, StartPlace } from '../../daemon/kernel/kernel-options.ts';
import type { Machine, WorkerLink } from '../../daemon/kernel/link.ts';
import { bytesFromPs, psMemory } from '../../daemon/kernel/memory.ts';
import { OutputGate } from '../../daemon/kernel/output-gate.ts';
import { packageRoot } from '../../daemon/kernel/package-root.ts';
import { type ProcessRow, psTable, rowsFromPs } from '../../daemon/kernel/processes.ts';
import type { ProvideKernels } from '../../daemon/kernel/provider.ts';
import type { StartKernel } from '../../daemon/kernel/start-kernel.ts';
import { Tickets } from '../../daemon/kernel/tickets.ts';

export interface FarOptions {
  readonly gate?: OutputGate;
  /** What stands for the connection. */
  readonly onRelay?: (relay: ChildProcess) => void;
}

export function startFar({ gate = new OutputGate(), onRelay }: FarOptions = {}): StartKernel {
  return (options: KernelOptions, onEvent) => {
    const connect = () => connectFar(options, onRelay);
    return new CPythonKernel({ program: options, connect, gate, sendsAhead: false, onEvent });
  };
}

export function provideFar(python: string, options: FarOptions = {}): ProvideKernels {
  const start = startFar(options);
  return ({ file, isScript, surroundings }) => ({
    prepare: async () => {
      const { arguments: args, environment, directory = '/' } = surroundings();
      const own = { python, directory, environment, file, arguments: args, isScript };
      return { python, source: 'the far end of a pipe', start: (onEvent) => start(own, onEvent) };
    },
    close: () => undefined,
  });
}

/** Rejects with a sentence where nothing can be started over there. */
async function connectFar(place: StartPlace, onRelay: FarOptions['onRelay']): Promise<WorkerLink> {
  const script = join(packageRoot(), 'test', 'support', 'relay.py');
  const relay = spawn('python3', ['-I', script], {
    env: { ...place.environment },
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  onRelay?.(relay);
  return await new FarMachine(relay).launch(place);
}

interface Launched {
  readonly pid?: number;
  /** As Python has it. */
  readonly problem?: { readonly code: string | null; readonly message: string };
  readonly hasDirectory?: boolean;
}

class FarMachine implements Machine {
  readonly #wire: Wire;
  readonly #channels = new Map<string, FarChannel>();
  readonly #questions = new Map<number, (text: string) => void>();
  readonly #end = new End();
  #asked = 0;
  #isLost = false;
  #hearLaunched: (launched: Launched) => void = () => undefined;

  constructor(relay: ChildProcess) {
    this.#wire = new Wire(relay.stdin as Writable, relay.stdout as Readable, (letter, content) => this.#take(letter, content));
    relay.on('error', () => undefined).on('close', () => this.#lose());
  }

  async launch(place: StartPlace): Promise<WorkerLink> {
    const { python, directory, environment } = place;
    const start = join(packageRoot(), 'daemon', 'worker', 'start.py');
    const launched = new Promise<Launched>((resolve) => {
      this.#hearLaunched = resolve;
    });
    this.#wire.tell('L', { python, directory, environment, start });
    const { pid, problem, hasDirectory = false } = await launched;
    if (pid !== undefined) return this.#link(pid);
    this.#wire.close();
    const error = Object.assign(new Error(problem?.message ?? 'the connection was lost'), {
      ...(problem?.code && { code: problem.code, path: python, syscall: 'spawn' }),
    });
    throw new Error(explainStart(place, error, hasDirectory || problem === undefined));
  }

  signal(pid: number, signal: NodeJS.Signals): void {
    this.#wire.tell('s', { pid, signal });
  }

  async residentBytes(pid: number): Promise<number | undefined> {
    return bytesFromPs(await this.#ask(psMemory(pid)));
  }

  async processes(): Promise<readonly ProcessRow[]> {
    return rowsFromPs(await this.#ask(psTable));
  }

  /** Lost, or let go: what is not known by now never will be. */
  #lose(): void {
    this.#isLost = true;
    this.#hearLaunched({});
    for (const answer of this.#questions.values()) answer('');
    for (const channel of this.#channels.values()) channel.hear(nothing);
    this.#end.tell({ code: null, signal: null });
  }

  #link(pid: number): WorkerLink {
    const [data, lifeline, interrupts] = [this.#channel('d'), this.#channel('v'), this.#channel('i')];
    const [stdout, stderr] = [this.#channel('o'), this.#channel('e')];
    const tickets = { write: (bytes: Uint8Array) => this.#wire.send('t', bytes), close: () => undefined };
    return {
      pid,
      machine: this,
      end: this.#end,
      data,
      lifeline,
      interrupts: new InterruptChannel(interrupts),
      tickets: new Tickets(tickets),
      output: [stdout, stderr],
      close: () => {
        for (const channel of this.#channels.values()) channel.destroy();
        this.#wire.close();
      },
    };
  }

  #channel(letter: string): FarChannel {
    const channel = new FarChannel(this.#wire, letter);
    this.#channels.set(letter, channel);
    return channel;
  }

  #ask(what: readonly string[]): Promise<string> {
    if (this.#isLost) return Promise.resolve('');
    const question = ++this.#asked;
    const answer = new Promise<string>((resolve) => this.#questions.set(question, resolve));
    this.#wire.tell('q', { question, arguments: what });
    return answer;
  }

  #take(letter: string, content: Buffer): void {
    const channel = this.#channels.get(letter);
    if (channel) return channel.hear(content);
    const message = JSON.parse(content.toString());
    if (letter === 'l') this.#hearLaunched(message);
    else if (letter === 'x') this.#end.tell(message);
    else if (letter === 'a') this.#hearAnswer(message);
  }

  #hearAnswer({ question, text }: { readonly question: number; readonly text: string }): void {
    this.#questions.get(question)?.(text);
    this.#questions.delete(question);
  }
}

/** One of the worker's channels. What nobody reads here is not read over there either. */
class FarChannel extends Duplex {
  readonly #wire: Wire;
  readonly #letter: string;
  #rests = false;

  constructor(wire: Wire, letter: string) {
    super();
    this.#wire = wire;
    this.#letter = letter;
    this.on('error', () => undefined);
  }

  /** Nothing is its end. */
  hear(bytes: Buffer): void {
    if (!this.push(bytes.length > 0 ? bytes : null)) this.#rest(true);
  }

  override _read(): void {
    this.#rest(false);
  }

  override _write(bytes: Buffer, _: BufferEncoding, done: () => void): void {
    this.#wire.send(this.#letter, bytes, done);
  }

  #rest(rests: boolean): void {
    if (rests === this.#rests) return;
    this.#rests = rests;
    this.#wire.tell('p', { channel: this.#letter, rests });
  }
}

const nothing = Buffer.alloc(0);
const headBytes = 5;

/** The messages that go over the pipe. */
class Wire {
  readonly #to: Writable;
  readonly #take: (letter: string, content: Buffer) => void;
  #received: Buffer = nothing;

  constructor(to: Writable, from: Readable, take: (letter: string, content: Buffer) => void) {
    this.#to = to.on('error', () => undefined);
    this.#take = take;
    from.on('data', (chunk: Buffer) => this.#receive(chunk));
  }

  tell(letter: string, message: unknown): void {
    this.send(letter, Buffer.from(JSON.stringify(message)));
  }

  send(letter: string, content: Uint8Array, done?: () => void): void {
    const head = Buffer.alloc(headBytes);
    head.write(letter);
    head.writeUInt32BE(content.length, 1);
    if (this.#to.writable) this.#to.write(Buffer.concat([head, content]), done);
    else done?.();
  }

  close(): void {
    this.#to.end();
  }

  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    while (this.#received.length >= headBytes) {
      const end = headBytes + this.#received.readUInt32BE(1);
      if (this.#received.length < end) return;
      const [letter, content] = [String.fromCharCode(this.#received[0] as number), this.#received.subarray(headBytes, end)];
      this.#received = this.#received.subarray(end);
      this.#take(letter, content);
    }
  }
}
