/**
 * A worker that is started before it is known what exactly its kernel is for: Python loads while the rest of the program does, and waits for its
 * first frame. It serves the first kernel that is to run in the same place.
 */

import { isDeepStrictEqual } from 'node:util';
import type { KernelOptions, StartPlace } from './kernel-options.ts';
import { launch } from './launch.ts';
import { kill, type WorkerLink } from './link.ts';
import { findPlace, type PlaceRequest } from './place.ts';

export type { PlaceRequest };

interface Early extends StartPlace {
  readonly launched: WorkerLink;
}

export class EarlyWorker {
  #starting: Promise<Early | undefined>;

  /** Where nothing can be started, the kernel says why. */
  constructor(request: PlaceRequest, input?: number) {
    this.#starting = start(request, input).catch(() => undefined);
  }

  /** Resolves when the process is on its way, or none will be. */
  async launched(): Promise<void> {
    await this.#starting;
  }

  /** The process, if it is what a start would give now. From then on it is the caller's. */
  async take(options: KernelOptions): Promise<WorkerLink | undefined> {
    const early = await this.#release();
    if (early === undefined || isDeepStrictEqual(placeOf(early), placeOf(options))) return early?.launched;
    kill(early.launched);
    return undefined;
  }

  /** Ends what nobody took. */
  async close(): Promise<void> {
    const early = await this.#release();
    if (early) kill(early.launched);
  }

  #release(): Promise<Early | undefined> {
    const starting = this.#starting;
    this.#starting = Promise.resolve(undefined);
    return starting;
  }
}

async function start(request: PlaceRequest, input: number | undefined): Promise<Early | undefined> {
  const found = await findPlace(request);
  if ('problem' in found) return undefined;
  const place = { ...found, input };
  return { ...place, launched: await launch(place) };
}

function placeOf({ python, directory, environment, input }: StartPlace): StartPlace {
  return { python, directory, environment, input };
}
