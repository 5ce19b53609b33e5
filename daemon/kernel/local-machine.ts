/** This machine, for the kernels that run on it. */

import type { Machine } from './link.ts';
import { residentBytes } from './memory.ts';
import { processTable } from './processes.ts';

export const localMachine: Machine = {
  signal: (pid, signal) => {
    try {
      process.kill(pid, signal);
    } catch {
      // It has gone already, which its 'exit' event tells.
    }
  },
  residentBytes,
  processes: processTable,
};
