/** A server in the test's own process, with connections in memory: as many clients as a test wants, each with a token of its own. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localPython } from '../../daemon/kernel/cpython-provider.ts';
import { nodeHost } from '../../daemon/node/host.ts';
import { outputFolderAt } from '../../daemon/node/output-folder.ts';
import { loadParser } from '../../daemon/node/parser.ts';
import { askingBy } from '../../daemon/node/python/ask.ts';
import { Server } from '../../daemon/server/server.ts';
import { OutputFiles } from '../../daemon/session/output-files.ts';
import { Sessions } from '../../daemon/session/sessions.ts';
import { Blobs } from '../../daemon/store/blobs.ts';
import { Spools } from '../../daemon/store/spools.ts';
import { memoryPair } from '../../daemon/transport/memory.ts';
import { type Connection, createConnection } from '../../protocol/connection.ts';
import type { ParamsOf } from '../../protocol/methods.ts';
import type { Role } from '../../protocol/types.ts';
import { supportedVersions } from '../../protocol/version.ts';

export interface Served {
  readonly folder: string;
  readonly sessions: Sessions;
  readonly blobs: Blobs;
  /** A client that has not introduced itself. */
  connect(): Connection;
  /** Introduced with this token, or as the process itself. */
  client(token?: string): Promise<Connection>;
  token(role: Role, session?: string): Promise<string>;
  stop(): Promise<void>;
}

export async function serve(): Promise<Served> {
  const incarnation = randomBytes(4).toString('hex');
  const folder = await mkdtemp(join(tmpdir(), 'hw-served-'));
  const blobs = new Blobs(nodeHost.hashes);
  const python = localPython({ keepsSpares: false });
  const onError = (error: Error) => console.error(error);
  const sessions = new Sessions({
    ...nodeHost,
    incarnation,
    parse: await loadParser(),
    blobs,
    spools: new Spools({ bytes: nodeHost.bytes }),
    provideKernels: python.provideKernels,
    plainFileNames: false,
    keepsReturns: false,
    now: Date.now,
    onError,
  });
  const server = new Server({
    ...nodeHost,
    incarnation,
    token: undefined,
    sessions,
    blobs,
    outputFiles: new OutputFiles({ ...nodeHost, folder: outputFolderAt(join(folder, 'outputs')), blobs }),
    askPython: askingBy(),
    socket: undefined,
    log: undefined,
    now: Date.now,
    onError,
    onStop: () => {},
    onClients: () => {},
  });
  const connect = () => {
    const [ours, theirs] = memoryPair(nodeHost.timers);
    server.accept(ours);
    return createConnection(theirs);
  };
  const client = async (token?: string) => {
    const connection = connect();
    await connection.request('initialize', introduction(token));
    return connection;
  };
  const root = await client();
  return {
    folder,
    sessions,
    blobs,
    connect,
    client,
    token: async (role, session) => {
      const params = { role, lifetimeSeconds: 60, ...(session !== undefined && { session }) };
      return (await root.request('token/create', params)).token;
    },
    stop: async () => {
      await Promise.all([server.stop(), python.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function introduction(token?: string): ParamsOf<'initialize'> {
  return { versions: supportedVersions, client: { name: 'test' }, ...(token !== undefined && { token }) };
}
