/** Named pipes, for the tickets of steps and for the worker's standard output and error: with Node's own, which are sockets, `> /dev/stdout` would fail. */

import { execFile } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Pipe {
  readonly reader: Socket;
  /** To be given to a process and then closed here. */
  readonly writer: number;
}

export interface Pipes {
  readonly output: readonly [stdout: Pipe, stderr: Pipe];
  /** Both ends of a pipe that does not wait. */
  readonly tickets: number;
}

/** Makes the pipes. Their names are gone when this returns: the open ends are enough. */
export async function makePipes(): Promise<Pipes> {
  const folder = await mkdtemp(join(tmpdir(), 'headwater-'));
  try {
    const paths = [join(folder, 'stdout'), join(folder, 'stderr'), join(folder, 'tickets')] as const;
    await promisify(execFile)('mkfifo', ['-m', '600', ...paths]);
    return {
      output: [openPipe(paths[0]), openPipe(paths[1])],
      tickets: openSync(paths[2], constants.O_RDWR | constants.O_NONBLOCK),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function openPipe(path: string): Pipe {
  // A reader that does not wait comes first; then the writer has one and does not wait either.
  const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY);
  return { reader: new Socket({ fd: readEnd, readable: true, writable: false }), writer };
}

export function closeWriters(pipes: readonly Pipe[]): void {
  for (const pipe of pipes) closeSync(pipe.writer);
}
