/**
 * A process that has started and waits, so that a restarted kernel is there at once. It is a process of its own from the
 * beginning and has run nothing of the notebook's: all that holds for a fresh kernel holds for it. One that would start differently
 * now, because its surroundings, the interpreter or installed packages are others, is not used.
 */

import { isDeepStrictEqual } from 'node:util';
import { kernelStartSecondsMax, spareAnswerMilliseconds, spareDelayMilliseconds, spareIdleSeconds } from '../limits.ts';
import { encodeFrame, FrameReader } from './channel.ts';
import { close, hasExited, type Launched, launch, type Surroundings } from './launch.ts';

export class Spare {
  readonly #delayMilliseconds: number;
  #surroundings: Surroundings | undefined;
  #launching: Promise<Launched | undefined> | undefined;
  #delay: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(delayMilliseconds = spareDelayMilliseconds) {
    this.#delayMilliseconds = delayMilliseconds;
  }

  /** A kernel with these surroundings is in use: in a moment there will be a spare for the next one. */
  prepare(surroundings: Surroundings): void {
    this.#idle?.refresh();
    if (surroundings === this.#surroundings) return;
    this.close();
    this.#surroundings = surroundings;
    // The kernel that has just started comes first.
    this.#delay = setTimeout(() => {
      this.#launching = launchReady(surroundings);
    }, this.#delayMilliseconds).unref();
    this.#idle = setTimeout(() => this.close(), spareIdleSeconds * 1000).unref();
  }

  /** The process, if it is what a start would give now. From then on it is the caller's. */
  async take(surroundings: Surroundings): Promise<Launched | undefined> {
    const fits = isDeepStrictEqual(picked(this.#surroundings), picked(surroundings));
    const launching = fits ? this.#launching : undefined;
    if (launching) this.#launching = undefined;
    this.close();
    const spare = await launching;
    if (spare === undefined || (await isAsNew(spare, spareAnswerMilliseconds))) return spare;
    end(spare);
    return undefined;
  }

  /** The number of the process, once it is ready. */
  async pid(): Promise<number | undefined> {
    return (await this.#launching)?.pid;
  }

  /** Also what is about to be started is ended. */
  close(): void {
    clearTimeout(this.#delay);
    clearTimeout(this.#idle);
    void this.#launching?.then((spare) => spare && end(spare));
    this.#launching = undefined;
    this.#surroundings = undefined;
  }
}

/** Where none can be started, the next kernel says why. */
async function launchReady(surroundings: Surroundings): Promise<Launched | undefined> {
  const spare = await launch(surroundings).catch(() => undefined);
  // It answers when all that a worker needs is loaded.
  if (spare === undefined || (await isAsNew(spare, kernelStartSecondsMax * 1000))) return spare;
  end(spare);
  return undefined;
}

function picked(surroundings: Surroundings | undefined): Surroundings | undefined {
  if (surroundings === undefined) return undefined;
  const { python, directory, environment } = surroundings;
  return { python, directory, environment };
}

/** The process knows what it was started from, and looks at it again. */
async function isAsNew(spare: Launched, milliseconds: number): Promise<boolean> {
  if (hasExited(spare)) return false;
  const { data } = spare.channels;
  return await new Promise((resolve) => {
    const frames = new FrameReader();
    const answer = (isFresh: boolean): void => {
      clearTimeout(deadline);
      data.off('data', listen).off('close', fail).pause();
      resolve(isFresh);
    };
    const fail = (): void => answer(false);
    const deadline = setTimeout(fail, milliseconds);
    const listen = (chunk: Buffer): void => {
      const frame = frames.push(chunk)[0]?.json as { readonly isAsNew?: boolean } | undefined;
      if (frame) answer(frame.isAsNew === true);
    };
    data.on('data', listen).on('close', fail).resume();
    data.write(encodeFrame({ type: 'look' }));
  });
}

function end(spare: Launched): void {
  try {
    process.kill(-spare.pid, 'SIGKILL');
  } catch {
    // It has gone already.
  }
  close(spare);
}
