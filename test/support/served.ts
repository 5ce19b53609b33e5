/** A server in the test's own process, with connections in memory: as many clients as a test wants, each with a token of its own. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localPython } from '../../daemon/kernel/cpython-provider.ts';
import { loadParser } from '../../daemon/node/parser.ts';
import { askingBy } from '../../daemon/node/python/ask.ts';
import type { Sessions } from '../../daemon/session/sessions.ts';
import type { Blobs } from '../../daemon/store/blobs.ts';
import type { Connection } from '../../protocol/connection.ts';
import type { ParamsOf } from '../../protocol/methods.ts';
import type { Role } from '../../protocol/types.ts';
import { supportedVersions } from '../../protocol/version.ts';
import { memoryServer } from './memory-server.ts';

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
  const folder = await mkdtemp(join(tmpdir(), 'hw-served-'));
  const python = localPython({ keepsSpares: false });
  const server = memoryServer(
    folder,
    {
      incarnation: randomBytes(4).toString('hex'),
      parse: await loadParser(),
      provideKernels: python.provideKernels,
      now: Date.now,
      onError: (error) => console.error(error),
    },
    { askPython: askingBy() },
  );
  const { sessions, blobs, accept: connect } = server;
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
