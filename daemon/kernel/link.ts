/**
 * What a kernel has of its worker's process. On this machine these are sockets, pipes and signals (launch.ts, zygote.ts); where the process is on
 * another one, all of it can travel over one connection.
 */

import type { Duplex, Readable } from 'node:stream';
import type { End } from './end.ts';
import type { InterruptChannel } from './interrupt-channel.ts';
import type { KernelOptions } from './kernel-options.ts';
import type { ProcessRow } from './processes.ts';
import type { Tickets } from './tickets.ts';

export interface WorkerLink {
  /** On its machine. */
  readonly pid: number;
  readonly machine: Machine;
  readonly end: End;
  /** Frames both ways. What the worker sends waits there while this is paused, as what it prints does. */
  readonly data: Duplex;
  /** Frames both ways: questions while a step runs. Its end is the end of the worker. */
  readonly lifeline: Duplex;
  readonly interrupts: InterruptChannel;
  readonly tickets: Tickets;
  readonly output: readonly [stdout: Readable, stderr: Readable];
  /** Lets go of all of it. With it goes the lifeline, and a worker that still runs ends. */
  close(): void;
}

/** The machine that a worker runs on. What it is told arrives in the order in which it was told, and after what was written to the worker. */
export interface Machine {
  /** To a process, or with a negative number to its group. One that is gone hears nothing. */
  signal(pid: number, signal: NodeJS.Signals): void;
  /** Resident memory. Undefined where the system does not tell. */
  residentBytes(pid: number): Promise<number | undefined>;
  /** All that run there. Empty where the system does not tell. */
  processes(): Promise<readonly ProcessRow[]>;
}

/** A process that has started already and waits for its kernel. */
export interface WaitingProcess {
  /** Nothing where it is not what a start would give now. */
  take(options: KernelOptions): Promise<WorkerLink | undefined>;
}

/** Ends the process and all that it started. */
export function kill(link: WorkerLink): void {
  if (!link.end.hasCome) link.machine.signal(-link.pid, 'SIGKILL');
  link.close();
}
