/**
 * Where the kernels of a notebook come from. A session knows them by this and by kernel.ts, and by nothing else: so they may be processes of this
 * machine or of another, or run in a page.
 */

import type { Kernel, KernelEvent } from './kernel.ts';

/** What whoever opened the notebook says of the surroundings of its code. */
export interface CodeSurroundings {
  readonly environment: Readonly<Record<string, string>>;
  /** What the person named: a path, or a command to look for. */
  readonly python: string | undefined;
  readonly arguments: readonly string[];
  /** The notebook's own folder where it is undefined. */
  readonly directory: string | undefined;
}

/** A notebook that kernels are for. What can change is asked when it is needed. */
export interface KernelNotebook {
  /** Absolute path, symbolic links followed. */
  readonly file: string;
  /** It runs once, from top to bottom. */
  readonly isScript: boolean;
  /** Somebody edits it and restarts its kernels, so that the next one is worth being kept ready. */
  readonly isWorkedOn: boolean;
  /** A kernel that runs keeps those that it was prepared with. */
  readonly surroundings: () => CodeSurroundings;
  /** The code of its first cells, in the order in which they run: the imports in it may be done before they are asked for. */
  readonly leadingCodes: () => readonly string[];
  /** Steps are under way. */
  readonly isBusy: () => boolean;
}

/** The interpreter, and why it was chosen: what clients are shown of it. */
export interface KernelPlace {
  readonly python: string;
  readonly source: string;
}

/** A kernel that can be started. */
export interface PreparedKernel extends KernelPlace {
  /** Failure to start is a `died` event, never an exception. */
  start(onEvent: (event: KernelEvent) => void): Kernel;
}

/** A sentence that says why there can be no kernel, and what to do. */
export interface NoKernel {
  readonly problem: string;
}

/** The kernels of one notebook, one after the other. It may keep the next one ready while one is in use. */
export interface KernelProvider {
  /** What a kernel would be now. */
  prepare(): Promise<PreparedKernel | NoKernel>;
  /** Which Python the next kernel would have, for someone who only asks: nothing of the notebook's folder is started. Default: as prepared. */
  guess?(): Promise<KernelPlace | NoKernel>;
  /** The kernel is about to end, and the next one is prepared and started right after it. */
  expectNext?(): void;
  /** No kernel follows: what is kept ready is ended. A kernel that runs is stopped by itself. */
  close(): void;
}

export type ProvideKernels = (notebook: KernelNotebook) => KernelProvider;
