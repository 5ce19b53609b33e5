/** Starts the process of a worker, with the pipes and channels to it. It waits for its first frame, which makes it a kernel. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { packageVersion } from '../../protocol/version.ts';
import { assert } from '../core/assert.ts';
import { End } from './end.ts';
import { explainStart } from './endings.ts';
import { InterruptChannel } from './interrupt-channel.ts';
import type { StartPlace } from './kernel-options.ts';
import type { WorkerLink } from './link.ts';
import { localMachine } from './local-machine.ts';
import { packageRoot } from './package-root.ts';
import { closeWriters, makePipes } from './pipes.ts';
import { TicketPipe } from './ticket-pipe.ts';
import { Tickets } from './tickets.ts';

/** Rejects with a sentence where there is no such interpreter or folder. */
export async function launch(place: StartPlace): Promise<WorkerLink> {
  try {
    return await launchThere(place);
  } catch (error) {
    throw new Error(explainStart(place, error as NodeJS.ErrnoException, existsSync(place.directory)));
  }
}

async function launchThere({ python, directory, environment, input }: StartPlace): Promise<WorkerLink> {
  const { output: pipes, tickets } = await makePipes();
  const [stdout, stderr] = pipes;
  try {
    // A process group of its own: ending it takes along what it started.
    const child = spawn(python, [workerScript()], {
      cwd: directory,
      env: { ...environment },
      detached: true,
      stdio: [input ?? 'ignore', stdout.writer, stderr.writer, 'pipe', 'pipe', 'pipe', tickets],
    });
    if (child.pid === undefined) throw (await once(child, 'error'))[0];
    child.on('error', () => undefined);
    const end = new End();
    child.on('exit', (code, signal) => end.tell({ code, signal }));
    // Node types the further pipes as one-way; they are sockets.
    const [, , , data, lifeline, interrupts] = child.stdio as unknown as readonly (Duplex | undefined)[];
    assert(data && lifeline && interrupts, 'a process was started without its channels');
    for (const pipe of pipes) pipe.reader.on('error', () => undefined);
    return localLink({
      pid: child.pid,
      end,
      sockets: [data, lifeline, interrupts],
      tickets,
      output: [stdout.reader, stderr.reader],
    });
  } catch (error) {
    for (const pipe of pipes) pipe.reader.destroy();
    closeSync(tickets);
    throw error;
  } finally {
    closeWriters(pipes);
  }
}

const root = packageRoot();

/** A daemon goes on while its package is updated, and what stands there then need not fit it. */
function workerScript(): string {
  if (versionAt(root) !== packageVersion)
    throw new Error(
      `Headwater ${packageVersion} was updated or removed while this daemon was running; run "headwater daemon stop"`,
    );
  return join(root, 'daemon', 'worker', 'start.py');
}

function versionAt(folder: string): unknown {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;
  } catch {
    return undefined;
  }
}

interface LocalWorker extends Pick<WorkerLink, 'pid' | 'end' | 'output'> {
  readonly sockets: readonly [data: Duplex, lifeline: Duplex, interrupts: Duplex];
  /** Descriptor of the pipe. */
  readonly tickets: number;
}

/** To a worker of this machine that has all of its descriptors. */
export function localLink({
  pid,
  end,
  output,
  sockets: [data, lifeline, interrupts],
  tickets: descriptor,
}: LocalWorker): WorkerLink {
  for (const channel of [data, lifeline]) channel.on('error', () => undefined);
  lifeline.resume();
  const tickets = new Tickets(new TicketPipe(descriptor));
  const link = { pid, machine: localMachine, end, data, lifeline, interrupts: new InterruptChannel(interrupts), tickets, output };
  const close = (): void => {
    for (const stream of [...output, data, lifeline, interrupts]) stream.destroy();
    tickets.close();
  };
  return { ...link, close };
}
