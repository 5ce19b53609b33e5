/**
 * A process that kernels are forked from, with the notebook's first imports done. Only where the system can fork; see
 * worker/headwater_worker/zygote.py. It outlives what was forked from it, because nobody else learns how that ended.
 */

import { once } from 'node:events';
import { closeSync, constants, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, Socket } from 'node:net';
import { constants as systemConstants, tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { forkMillisecondsMax, preloadedImportsMax, preloadSecondsMax, spareAnswerMilliseconds } from '../limits.ts';
import { encodeWorkerFrame, WorkerFrameReader } from './channel.ts';
import { End } from './end.ts';
import type { KernelOptions } from './kernel-options.ts';
import { launch, localLink } from './launch.ts';
import { kill, type WorkerLink } from './link.ts';
import { localMachine } from './local-machine.ts';

interface Child {
  readonly end: End;
  data?: Socket;
}

const prepared = z.object({ type: z.literal('prepared'), imports: z.number(), problem: z.string().nullable() });
const looked = z.object({ type: z.literal('looked'), isAsNew: z.boolean() });
const forked = z.object({ type: z.literal('forked'), pid: z.number().nullable() });
const ended = z.object({ type: z.literal('ended'), pid: z.number(), code: z.number().nullable(), signal: z.number().nullable() });
const reply = z.discriminatedUnion('type', [prepared, looked, forked]);
const said = z.discriminatedUnion('type', [prepared, looked, forked, ended]);

/** How a process ended whose parent was gone. */
const unseen = { code: null, signal: null } as const;

type Reply = z.infer<typeof reply>;

/** Tries to have a process with the imports in which nothing is that a fork cannot have. The last one does no imports. */
const attemptsMax = 4;

export class Zygote {
  readonly #launched: WorkerLink;
  readonly #frames = new WorkerFrameReader();
  readonly #children = new Map<number, Child>();
  #waiting: ((reply: Reply | undefined) => void) | undefined;
  /** One thing at a time. */
  #asked: Promise<unknown> = Promise.resolve();
  #isClosing = false;
  #isLost = false;
  /** An answer did not come in time: what still comes belongs to no question, and no other is asked. */
  #isLate = false;

  private constructor(launched: WorkerLink) {
    this.#launched = launched;
    launched.data.on('data', (chunk: Buffer) => this.#hear(chunk)).on('close', () => this.#lose());
    for (const reader of launched.output) reader.resume();
  }

  /** With the first imports of these cells, as far as they are safe. `undefined` where no process can be had that others are forked from. */
  static async launch(options: KernelOptions, codes: readonly string[]): Promise<Zygote | undefined> {
    let importsMax = preloadedImportsMax;
    for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
      const launched = await launch(options).catch(() => undefined);
      if (launched === undefined) return undefined;
      const zygote = new Zygote(launched);
      const answer = await zygote.#prepare(options, codes, importsMax);
      if (answer?.problem === null) return zygote;
      zygote.close();
      // Those before the one that cannot be done beforehand were in order.
      importsMax = answer === undefined || attempt + 1 === attemptsMax ? 0 : answer.imports;
    }
    return undefined;
  }

  /** Whether one that is launched now for these cells would be the same. */
  async isAsNew(codes: readonly string[]): Promise<boolean> {
    const answer = await this.#ask({ type: 'look', codes }, spareAnswerMilliseconds);
    return answer?.type === 'looked' && answer.isAsNew;
  }

  /** A process that waits to be a kernel. `undefined` where none comes of it. */
  async fork(): Promise<WorkerLink | undefined> {
    try {
      const folder = await mkdtemp(join(tmpdir(), 'headwater-'));
      return await this.#forkIn(folder).finally(() => rm(folder, { recursive: true, force: true }));
    } catch {
      return undefined;
    } finally {
      if (this.#isClosing) this.close();
    }
  }

  /** No process comes of it any more. */
  get isOver(): boolean {
    return this.#isLost || this.#isLate;
  }

  /** No more is forked. The process ends with the last one that was. */
  close(): void {
    this.#isClosing = true;
    // A process that is being forked right now is not among them yet.
    if (this.#children.size === 0 && this.#waiting === undefined) kill(this.#launched);
  }

  async #forkIn(folder: string): Promise<WorkerLink | undefined> {
    const server = createServer();
    try {
      server.listen(join(folder, 'channels'));
      await once(server, 'listening');
      const connected = connections(server, 3);
      const answer = await this.#ask({ type: 'fork', folder }, forkMillisecondsMax);
      return answer?.type === 'forked' && answer.pid !== null ? await this.#meet(answer.pid, folder, connected) : undefined;
    } finally {
      server.close();
    }
  }

  async #prepare(options: KernelOptions, codes: readonly string[], importsMax: number) {
    const { file, arguments: args, isScript = false } = options;
    const message = { type: 'prepare', file, arguments: args, isScript, codes, importsMax };
    const answer = await this.#ask(message, preloadSecondsMax * 1000);
    return answer?.type === 'prepared' ? answer : undefined;
  }

  /** The new process waits for readers of its output, and then connects. */
  async #meet(pid: number, folder: string, connected: Promise<readonly Socket[]>): Promise<WorkerLink | undefined> {
    const end = new End();
    const child: Child = { end };
    this.#children.set(pid, child);
    const stdout = openReader(join(folder, 'stdout'));
    const stderr = openReader(join(folder, 'stderr'));
    const tickets = openSync(join(folder, 'tickets'), constants.O_RDWR | constants.O_NONBLOCK);
    const [data, lifeline, interrupts] = await connected;
    if (!data || !lifeline || !interrupts) {
      for (const descriptor of [stdout, stderr, tickets]) closeSync(descriptor);
      // Where it has not ended, nobody else has its number.
      if (!end.hasCome && !this.#isLost) localMachine.signal(pid, 'SIGKILL');
      return undefined;
    }
    child.data = data;
    data.on('close', () => this.#isLost && end.tell(unseen));
    return localLink({ pid, end, sockets: [data, lifeline, interrupts], tickets, output: [readerOf(stdout), readerOf(stderr)] });
  }

  #ask(message: unknown, milliseconds: number): Promise<Reply | undefined> {
    const answer = this.#asked.then(() => this.#askNow(message, milliseconds));
    this.#asked = answer;
    return answer;
  }

  #askNow(message: unknown, milliseconds: number): Promise<Reply | undefined> {
    if (this.isOver) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const deadline = setTimeout(() => {
        this.#isLate = true;
        this.#waiting?.(undefined);
      }, milliseconds);
      this.#waiting = (answer) => {
        clearTimeout(deadline);
        this.#waiting = undefined;
        resolve(answer);
      };
      this.#launched.data.write(encodeWorkerFrame(message));
    });
  }

  #hear(chunk: Buffer): void {
    const { frames, isBroken } = this.#frames.push(chunk);
    // An import wrote to the channel itself.
    if (isBroken) return kill(this.#launched);
    for (const { json } of frames) {
      const message = said.safeParse(json).data;
      if (message?.type === 'ended') this.#tellEnd(message);
      else if (this.#waiting) this.#waiting(message);
      // It would wait for ever for whoever wanted it.
      else if (message?.type === 'forked' && message.pid !== null) localMachine.signal(message.pid, 'SIGKILL');
    }
  }

  #tellEnd({ pid, code, signal }: z.infer<typeof ended>): void {
    this.#children.get(pid)?.end.tell({ code, signal: signal === null ? null : nameOfSignal(signal) });
    this.#children.delete(pid);
    if (this.#isClosing) this.close();
  }

  /** The process is gone; nobody will learn how its forks end. */
  #lose(): void {
    this.#isLost = true;
    this.#waiting?.(undefined);
    for (const { end, data } of this.#children.values()) if (data === undefined || data.destroyed) end.tell(unseen);
  }
}

/** So many, or none where they do not come in time. */
function connections(server: Server, count: number): Promise<readonly Socket[]> {
  const sockets: Socket[] = [];
  return new Promise((resolve) => {
    const deadline = setTimeout(() => {
      for (const socket of sockets) socket.destroy();
      resolve([]);
    }, forkMillisecondsMax);
    server.on('connection', (socket) => {
      sockets.push(socket);
      if (sockets.length < count) return;
      clearTimeout(deadline);
      resolve(sockets);
    });
  });
}

function openReader(path: string): number {
  return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
}

function readerOf(descriptor: number): Socket {
  return new Socket({ fd: descriptor, readable: true, writable: false });
}

function nameOfSignal(number: number): string {
  const found = Object.entries(systemConstants.signals).find(([, each]) => each === number);
  return found?.[0] ?? String(number);
}
