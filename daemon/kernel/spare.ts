/**
 * A process that has started and waits, so that a restarted kernel is there at once. It is a process of its own and has run nothing of the
 * notebook's but, where it is forked from a zygote, its first imports: all that holds for a fresh kernel holds for it. One that would start
 * differently now, because its surroundings, the interpreter, installed packages or these imports are others, is not used.
 */

import { isDeepStrictEqual } from 'node:util';
import {
  kernelStartSecondsMax,
  spareAnswerMilliseconds,
  spareBusySeconds,
  spareDelayMilliseconds,
  spareIdleSeconds,
  spareLookMilliseconds,
} from '../limits.ts';
import { encodeWorkerFrame, WorkerFrameReader } from './channel.ts';
import type { KernelOptions } from './kernel-options.ts';
import { launch } from './launch.ts';
import { kill, type WorkerLink } from './link.ts';
import { Zygote } from './zygote.ts';

/** What the next kernel would be started with. */
export interface NextKernel extends KernelOptions {
  /** The code of the notebook's first cells, in the order in which they run: its first imports are done beforehand. */
  readonly leadingCodes: () => readonly string[];
  /** Steps are under way. */
  readonly isBusy: () => boolean;
}

interface Options {
  readonly delayMilliseconds?: number;
  /** Kernels are forked from a zygote. Elsewhere a process of its own waits, without imports. */
  readonly forks?: boolean;
}

/** What spares come from. */
interface Source {
  codes: readonly string[];
  readonly launching: Promise<Zygote | undefined>;
  isReady: boolean;
  /** Once it is there, if one can be had. */
  zygote?: Zygote | undefined;
  /** The spare. */
  next?: Promise<WorkerLink | undefined> | undefined;
}

/** What a spare found when it looked whether it still fits. */
interface Look {
  readonly next: Promise<WorkerLink | undefined>;
  readonly fits: Promise<boolean>;
  /** From then on it has to look again. */
  readonly until: number;
}

export class Spare {
  readonly #delayMilliseconds: number;
  readonly #forks: boolean;
  #surroundings: NextKernel | undefined;
  #source: Source | undefined;
  #look: Look | undefined;
  #delay: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor({ delayMilliseconds = spareDelayMilliseconds, forks = process.platform === 'linux' }: Options = {}) {
    this.#delayMilliseconds = delayMilliseconds;
    this.#forks = forks;
  }

  /** A kernel with these surroundings is in use: in a moment there will be a spare for the next one. */
  prepare(surroundings: NextKernel): void {
    if (!isSame(this.#surroundings, surroundings)) this.close();
    this.#surroundings = surroundings;
    this.#idle = this.#idle?.refresh() ?? setTimeout(() => this.close(), spareIdleSeconds * 1000).unref();
    // The kernel that has just started comes first.
    this.#delay ??= this.#later(performance.now() + spareBusySeconds * 1000);
  }

  /** The process will be asked for in a moment: it looks already whether it still fits. */
  expect(): void {
    const next = this.#source?.next;
    const codes = this.#surroundings?.leadingCodes() ?? [];
    const fits = next?.then(async (spare) => spare !== undefined && (await isAsNew(spare, codes, spareAnswerMilliseconds)));
    this.#look = next && fits && { next, fits, until: performance.now() + spareLookMilliseconds };
  }

  /** The process, if it is what a start would give now. From then on it is the caller's. */
  async take(options: KernelOptions): Promise<WorkerLink | undefined> {
    const surroundings = this.#surroundings;
    if (surroundings === undefined || !isSame(surroundings, options)) {
      this.close();
      return undefined;
    }
    const source = this.#source;
    const next = source?.next ?? source?.zygote?.fork();
    if (source) source.next = undefined;
    const launched = await next;
    if (launched === undefined) return undefined;
    const look = this.#look;
    const hasLooked = look !== undefined && look.next === next && performance.now() < look.until;
    const fits = hasLooked ? look.fits : isAsNew(launched, surroundings.leadingCodes(), spareAnswerMilliseconds);
    if (await fits) return launched;
    kill(launched);
    this.close();
    return undefined;
  }

  /** The number of the process, once it is ready. */
  async pid(): Promise<number | undefined> {
    await this.#source?.launching;
    return (await this.#source?.next)?.pid;
  }

  /** Also what is about to be started is ended. */
  close(): void {
    clearTimeout(this.#delay);
    clearTimeout(this.#idle);
    this.#delay = this.#idle = undefined;
    this.#surroundings = undefined;
    this.#endSource();
  }

  /** Imports take long, too, so that steps come first; but not for ever, for it may be one of them that a restart is to end. */
  #later(until: number): NodeJS.Timeout {
    return setTimeout(() => {
      const waits = this.#source === undefined && this.#surroundings?.isBusy() === true && performance.now() < until;
      this.#delay = waits ? this.#later(until) : undefined;
      if (!waits) void this.#renew();
    }, this.#delayMilliseconds).unref();
  }

  async #renew(): Promise<void> {
    const surroundings = this.#surroundings;
    if (surroundings === undefined) return;
    const codes = this.#forks ? surroundings.leadingCodes() : [];
    const source = this.#source;
    if (source && !isDeepStrictEqual(source.codes, codes)) {
      if (await source.zygote?.isAsNew(codes)) source.codes = codes;
      else if (source === this.#source) this.#endSource();
    }
    if (source?.zygote?.isOver && source === this.#source) this.#endSource();
    // Where another kernel has started meanwhile, it is looked at in its turn.
    if (!isSame(this.#surroundings, surroundings)) return;
    const now = this.#source;
    if (now === undefined) this.#startSource(surroundings, codes);
    else if (now.isReady) now.next ??= launchNext(surroundings, now.zygote);
  }

  #startSource(surroundings: NextKernel, codes: readonly string[]): void {
    const launching = this.#forks ? Zygote.launch(surroundings, codes) : Promise.resolve(undefined);
    const source: Source = { codes, launching, isReady: false };
    this.#source = source;
    void launching.then((zygote) => {
      if (this.#source !== source) return zygote?.close();
      source.isReady = true;
      source.zygote = zygote;
      source.next ??= launchNext(surroundings, zygote);
    });
  }

  #endSource(): void {
    this.#source?.zygote?.close();
    void this.#source?.next?.then((spare) => spare && kill(spare));
    this.#source = undefined;
  }
}

/** Where none can be had, the next kernel says why. */
async function launchNext(surroundings: NextKernel, zygote: Zygote | undefined): Promise<WorkerLink | undefined> {
  if (zygote) return await zygote.fork();
  const spare = await launch(surroundings).catch(() => undefined);
  // It answers when all that a worker needs is loaded.
  if (spare === undefined || (await isAsNew(spare, [], kernelStartSecondsMax * 1000))) return spare;
  kill(spare);
  return undefined;
}

function isSame(one: KernelOptions | undefined, other: KernelOptions): boolean {
  return one !== undefined && isDeepStrictEqual(picked(one), picked(other));
}

function picked({ python, directory, environment, file, arguments: args, isScript = false }: KernelOptions): KernelOptions {
  return { python, directory, environment, file, arguments: args, isScript };
}

/** The process knows what it was started from, and looks at it again. */
async function isAsNew(spare: WorkerLink, codes: readonly string[], milliseconds: number): Promise<boolean> {
  if (spare.end.hasCome) return false;
  const { data } = spare;
  return await new Promise((resolve) => {
    const frames = new WorkerFrameReader();
    const answer = (isFresh: boolean): void => {
      clearTimeout(deadline);
      data.off('data', listen).off('close', fail).pause();
      resolve(isFresh);
    };
    const fail = (): void => answer(false);
    const deadline = setTimeout(fail, milliseconds);
    const listen = (chunk: Buffer): void => {
      const said = frames.push(chunk);
      const frame = said.frames[0]?.json as { readonly isAsNew?: boolean } | undefined;
      if (said.isBroken || frame) answer(frame?.isAsNew === true);
    };
    data.on('data', listen).on('close', fail).resume();
    data.write(encodeWorkerFrame({ type: 'look', codes }));
  });
}
