/** A server inside the caller's process, for commands that need no daemon and leave none. */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, createConnection } from '../protocol/connection.ts';
import { assemble } from './assemble.ts';
import { type CPythonOptions, type LocalPython, localPython } from './kernel/cpython-provider.ts';
import { nodeHost, printedBytes } from './node/host.ts';
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
  const python = localPython({ keepsSpares: false, early, input });
  const folder = join(tmpdir(), `headwater-${incarnation}`);
  const { server } = await assemble({
    incarnation,
    token: undefined,
    outputs: folder,
    sessions: {
      // It runs once: nobody is told that a file has changed since.
      watchedFiles: undefined,
      spools: new Spools({ bytes: printedBytes }),
      provideKernels: python.provideKernels,
      plainFileNames: true,
      keepsReturns: true,
    },
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
