/** Starts kernels in Python processes of this machine. */

import { CPythonKernel } from './cpython.ts';
import type { KernelEvent } from './kernel.ts';
import type { KernelOptions } from './kernel-options.ts';
import { launch } from './launch.ts';
import type { WaitingProcess } from './link.ts';
import { OutputGate } from './output-gate.ts';

/** Starts a kernel, in the process that waits where it fits. */
export type StartKernel = (
  options: KernelOptions,
  onEvent: (event: KernelEvent) => void,
  waiting?: WaitingProcess,
) => CPythonKernel;

export const startCPython: StartKernel = startCPythonBehind(new OutputGate());

/** Kernels whose output is read only while the gate is open. */
export function startCPythonBehind(gate: OutputGate, early?: WaitingProcess): StartKernel {
  return (options, onEvent, waiting = early) => {
    const connect = async () => (await waiting?.take(options)) ?? (await launch(options));
    return new CPythonKernel({ program: options, connect, gate, sendsAhead: true, onEvent });
  };
}
