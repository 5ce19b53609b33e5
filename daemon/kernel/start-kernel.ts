import type { Kernel, KernelEvent, KernelOptions } from './kernel.ts';
import type { Spare } from './spare.ts';

/** Starts a kernel, in the spare process where one fits. Failure to start is a `died` event, never an exception. */
export type StartKernel = (options: KernelOptions, onEvent: (event: KernelEvent) => void, spare?: Spare) => Kernel;
