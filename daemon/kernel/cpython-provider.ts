/** Kernels in Python processes of this machine: which Python, in which folder, and a process that waits for the next restart. */

import { dirname } from 'node:path';
import { spareLookMilliseconds } from '../limits.ts';
import type { EarlyWorker } from './early.ts';
import { guessInterpreter } from './interpreter.ts';
import type { KernelEvent } from './kernel.ts';
import type { KernelOptions } from './kernel-options.ts';
import { OutputGate } from './output-gate.ts';
import { findPlace } from './place.ts';
import type { KernelNotebook, KernelPlace, KernelProvider, NoKernel, PreparedKernel, ProvideKernels } from './provider.ts';
import { Spare } from './spare.ts';
import { type StartKernel, startCPythonBehind } from './start-kernel.ts';

export interface CPythonOptions {
  /** A process waits for the next kernel. Where there is none, a restart takes as long as a start. */
  readonly keepsSpares: boolean;
  /** For the first kernel, where it fits. */
  readonly early?: EarlyWorker | undefined;
  /** A descriptor of this process that is the standard input of each kernel. */
  readonly input?: number | undefined;
}

/** Python on this machine. */
export interface LocalPython {
  readonly provideKernels: ProvideKernels;
  /** What kernels print waits while it is shut. */
  readonly gate: Pick<OutputGate, 'shut' | 'open'>;
  /** Ends what no kernel came of. */
  close(): Promise<void>;
}

export function localPython({ keepsSpares, early, input }: CPythonOptions): LocalPython {
  const gate = new OutputGate();
  const startIn = startCPythonBehind(gate, early);
  const start: StartKernel = (options, ...how) => startIn({ ...options, input }, ...how);
  return {
    provideKernels: (notebook) =>
      new CPythonProvider(notebook, start, keepsSpares && notebook.isWorkedOn ? new Spare() : undefined),
    gate,
    close: async () => early?.close(),
  };
}

type Preparation = Promise<PreparedKernel | NoKernel>;

class CPythonProvider implements KernelProvider {
  readonly #notebook: KernelNotebook;
  readonly #start: StartKernel;
  readonly #spare: Spare | undefined;
  /** What the next kernel is started with, found out while the one before it ends. */
  #expected: { readonly preparation: Preparation; readonly until: number } | undefined;
  #isClosed = false;

  constructor(notebook: KernelNotebook, start: StartKernel, spare: Spare | undefined) {
    this.#notebook = notebook;
    this.#start = start;
    this.#spare = spare;
  }

  prepare(): Preparation {
    const expected = this.#expected;
    this.#expected = undefined;
    return expected !== undefined && performance.now() < expected.until ? expected.preparation : this.#prepare();
  }

  async guess(): Promise<KernelPlace | NoKernel> {
    const { file, surroundings } = this.#notebook;
    const { environment, python } = surroundings();
    return guessInterpreter({ environment, notebookDirectory: dirname(file), ...(python !== undefined && { python }) });
  }

  expectNext(): void {
    this.#spare?.expect();
    const preparation = this.#prepare();
    // Where it comes to nothing, the start says why.
    preparation.catch(() => undefined);
    this.#expected = { preparation, until: performance.now() + spareLookMilliseconds };
  }

  close(): void {
    this.#isClosed = true;
    this.#spare?.close();
  }

  async #prepare(): Preparation {
    const { file, isScript, surroundings } = this.#notebook;
    const { arguments: args, ...asked } = surroundings();
    const found = await findPlace({ file, ...asked });
    if ('problem' in found) return found;
    const { source, ...place } = found;
    const options = { ...place, file, isScript, arguments: args };
    return { python: place.python, source, start: (onEvent) => this.#startWith(options, onEvent) };
  }

  #startWith(options: KernelOptions, onEvent: (event: KernelEvent) => void): ReturnType<StartKernel> {
    const hear = (event: KernelEvent): void => {
      onEvent(event);
      if (event.type === 'started' || event.type === 'finished') this.#keepReady(options);
    };
    return this.#start(options, hear, this.#spare);
  }

  #keepReady(options: KernelOptions): void {
    const { leadingCodes, isBusy } = this.#notebook;
    if (!this.#isClosed) this.#spare?.prepare({ ...options, leadingCodes, isBusy });
  }
}
