import type { Kernel, KernelEvent, KernelOptions } from './kernel.ts';
import type { Launched } from './launch.ts';

/** A process that has started already and waits for its kernel. */
export interface WaitingProcess {
  /** Nothing where it is not what a start would give now. */
  take(options: KernelOptions): Promise<Launched | undefined>;
}

/** Starts a kernel, in the process that waits where it fits. Failure to start is a `died` event, never an exception. */
export type StartKernel = (options: KernelOptions, onEvent: (event: KernelEvent) => void, waiting?: WaitingProcess) => Kernel;
