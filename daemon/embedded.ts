/** A server inside the caller's process, for commands that need no daemon and leave none. */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, createConnection } from '../protocol/connection.ts';
import { type CPythonOptions, type LocalPython, localPython } from './kernel/cpython-provider.ts';
import { nodeHost, utf16 } from './node/host.ts';
import { outputFolderAt } from './node/output-folder.ts';
import { loadParser } from './node/parser.ts';
import { askingBy } from './node/python/ask.ts';
import { Server } from './server/server.ts';
import { OutputFiles } from './session/output-files.ts';
import { Sessions } from './session/sessions.ts';
import { Blobs } from './store/blobs.ts';
import { Spools } from './store/spools.ts';
import { memoryPair } from './transport/memory.ts';

export interface EmbeddedServer {
  connect(): Promise<Connection>;
  /** For a client that keeps up with its own reader: what its kernels print waits while this is shut. */
  readonly gate: LocalPython['gate'];
  /** Ends its kernels. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** For the first kernel, where it fits. */
  readonly early?: CPythonOptions['early'];
  /** A descriptor of this process that is the standard input of its kernels. */
  readonly input?: number | undefined;
  readonly onError: (error: Error) => void;
}

export async function startEmbedded({ early, input, onError }: EmbeddedOptions): Promise<EmbeddedServer> {
  const incarnation = randomBytes(8).toString('hex');
  const blobs = new Blobs(nodeHost.hashes);
  const python = localPython({ keepsSpares: false, early, input });
  const folder = join(tmpdir(), `headwater-${incarnation}`);
  const sessions = new Sessions({
    ...nodeHost,
    // It runs once: nobody is told that a file has changed since.
    watchedFiles: undefined,
    incarnation,
    parse: await loadParser(),
    blobs,
    spools: new Spools({ bytes: utf16 }),
    provideKernels: python.provideKernels,
    plainFileNames: true,
    keepsReturns: true,
    now: Date.now,
    onError,
  });
  const server = new Server({
    ...nodeHost,
    incarnation,
    token: undefined,
    sessions,
    blobs,
    outputFiles: new OutputFiles({ ...nodeHost, folder: outputFolderAt(folder), blobs }),
    askPython: askingBy(),
    socket: undefined,
    log: undefined,
    now: Date.now,
    onError,
    onStop: () => void server.stop(),
    onClients: () => {},
  });
  return {
    gate: python.gate,
    connect: async () => {
      const [ours, theirs] = memoryPair(nodeHost.timers);
      server.accept(ours);
      return createConnection(theirs, { checkAnswers: false, onError });
    },
    stop: async () => {
      await Promise.all([server.stop(), python.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
