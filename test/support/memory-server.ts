// A server in the test's own process, with the kernels that the test gives, and a client of it.
import { join } from 'node:path';
import { nodeHost } from '../../daemon/node/host.ts';
import { outputFolderAt } from '../../daemon/node/output-folder.ts';
import type { ServerOptions } from '../../daemon/server/context.ts';
import { Server } from '../../daemon/server/server.ts';
import { OutputFiles } from '../../daemon/session/output-files.ts';
import { Sessions, type SessionsOptions } from '../../daemon/session/sessions.ts';
import { Blobs } from '../../daemon/store/blobs.ts';
import { Spools } from '../../daemon/store/spools.ts';
import { memoryPair } from '../../daemon/transport/memory.ts';
import { type Connection, createConnection } from '../../protocol/connection.ts';
import type { ResultOf } from '../../protocol/methods.ts';
import { supportedVersions } from '../../protocol/version.ts';
import { parse } from '../core/analysis/support.ts';

export interface MemoryServer {
  readonly sessions: Sessions;
  readonly blobs: Blobs;
  /** A client that has not introduced itself. */
  accept(): Connection;
  connect(): Promise<Connection>;
  /** As `connect`, with what the server says of itself. */
  introduce(): Promise<{ readonly connection: Connection; readonly answer: ResultOf<'initialize'> }>;
  stop(): Promise<void>;
}

export function memoryServer(
  folder: string,
  options: Pick<SessionsOptions, 'provideKernels'> & Partial<SessionsOptions>,
  more: Pick<ServerOptions, 'askPython'> = {},
): MemoryServer {
  const { incarnation = 'test', now = () => 0, onError = fail } = options;
  const blobs = new Blobs(nodeHost.hashes);
  const sessions = new Sessions({
    ...nodeHost,
    incarnation,
    parse,
    blobs,
    spools: new Spools({ bytes: nodeHost.bytes }),
    plainFileNames: false,
    keepsReturns: false,
    now,
    onError,
    ...options,
  });
  const server = new Server({
    ...nodeHost,
    incarnation,
    token: undefined,
    sessions,
    blobs,
    outputFiles: new OutputFiles({ ...nodeHost, folder: outputFolderAt(join(folder, 'outputs')), blobs }),
    socket: undefined,
    log: undefined,
    now,
    onError,
    onStop: () => {},
    onClients: () => {},
    ...more,
  });
  const accept = () => {
    const [ours, theirs] = memoryPair(nodeHost.timers);
    server.accept(ours);
    return createConnection(theirs, { checkAnswers: true, onError });
  };
  const introduce = async () => {
    const connection = accept();
    const answer = await connection.request('initialize', { versions: [...supportedVersions], client: { name: 'test' } });
    return { connection, answer };
  };
  return {
    sessions,
    blobs,
    accept,
    connect: async () => (await introduce()).connection,
    introduce,
    stop: () => server.stop(),
  };
}

function fail(error: Error): never {
  throw error;
}
