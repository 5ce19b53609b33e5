/** Starts the process of a worker, with the pipes and channels to it. It waits for its first frame, which makes it a kernel. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { assert } from '../core/assert.ts';
import { End } from './end.ts';
import { InterruptChannel } from './interrupt-channel.ts';
import type { KernelOptions, StartPlace } from './kernel-options.ts';
import { packageRoot } from './package-root.ts';
import { closeWriters, makePipes } from './pipes.ts';
import { Tickets } from './tickets.ts';

export interface Channels {
  readonly data: Duplex;
  readonly lifeline: Duplex;
  readonly interrupts: InterruptChannel;
  readonly tickets: Tickets;
}

export interface Launched {
  readonly pid: number;
  readonly end: End;
  readonly channels: Channels;
  readonly output: readonly [stdout: Socket, stderr: Socket];
}

/** A process that has started already and waits for its kernel. */
export interface WaitingProcess {
  /** Nothing where it is not what a start would give now. */
  take(options: KernelOptions): Promise<Launched | undefined>;
}

/** Rejects with the system's reason where there is no such interpreter or folder. */
export async function launch({ python, directory, environment }: StartPlace): Promise<Launched> {
  const { output: pipes, tickets } = await makePipes();
  const [stdout, stderr] = pipes;
  try {
    // A process group of its own: ending it takes along what it started.
    const child = spawn(python, [join(packageRoot(), 'daemon', 'worker', 'start.py')], {
      cwd: directory,
      env: { ...environment },
      detached: true,
      stdio: ['ignore', stdout.writer, stderr.writer, 'pipe', 'pipe', 'pipe', tickets],
    });
    if (child.pid === undefined) throw (await once(child, 'error'))[0];
    child.on('error', () => undefined);
    const end = new End();
    child.on('exit', (code, signal) => end.tell({ code, signal }));
    // Node types the further pipes as one-way; they are sockets.
    const [, , , data, lifeline, interrupts] = child.stdio as unknown as readonly (Duplex | undefined)[];
    assert(data && lifeline && interrupts, 'a process was started without its channels');
    for (const channel of [data, lifeline]) channel.on('error', () => undefined);
    for (const pipe of pipes) pipe.reader.on('error', () => undefined);
    lifeline.resume();
    const channels = { data, lifeline, interrupts: new InterruptChannel(interrupts), tickets: new Tickets(tickets) };
    return { pid: child.pid, end, channels, output: [stdout.reader, stderr.reader] };
  } catch (error) {
    for (const pipe of pipes) pipe.reader.destroy();
    closeSync(tickets);
    throw error;
  } finally {
    closeWriters(pipes);
  }
}

/** Ends the process and all that it started. */
export function kill(launched: Launched): void {
  try {
    if (!launched.end.hasCome) process.kill(-launched.pid, 'SIGKILL');
  } catch {
    // It has gone already.
  }
  close(launched);
}

export function close({ channels, output }: Launched): void {
  for (const reader of output) reader.destroy();
  channels.data.destroy();
  channels.lifeline.destroy();
  channels.interrupts.close();
  channels.tickets.close();
}
