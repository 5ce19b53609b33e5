import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bridge } from '../../../clients/node/bridge.ts';
import { createClient } from '../../../clients/node/client.ts';
import { createConnection } from '../../../protocol/connection.ts';
import { frameChannel } from '../../../protocol/node/frames.ts';
import { type FakeDaemon, startFakeDaemon } from './fake-daemon.ts';

let environment: NodeJS.ProcessEnv;
let daemon: FakeDaemon;

beforeEach(async () => {
  environment = { HEADWATER_RUNTIME_DIR: mkdtempSync(join(tmpdir(), 'headwater-bridge-')) };
  daemon = await startFakeDaemon(environment);
});
afterEach(async () => {
  await daemon.stop();
  rmSync(environment.HEADWATER_RUNTIME_DIR as string, { recursive: true });
});

function bridged(encoding: 'json' | 'msgpack') {
  const input = new PassThrough();
  const output = new PassThrough();
  const over = bridge(input, output, { environment, start: false });
  return { over, input, connection: createConnection(frameChannel({ input: output, output: input }, { encoding })) };
}

describe('standard input and output', () => {
  it.each(['json', 'msgpack'] as const)('are a connection that needs no token, in %s', async (encoding) => {
    const { over, connection } = bridged(encoding);
    const client = await createClient(connection, { clientName: 'far' });
    expect(client.server.incarnation).toBe(daemon.incarnation);
    expect((await client.request('session/open', { path: '/a.py' })).view.path).toBe('/a.py');
    const [seen] = daemon.connections;
    const left = new Promise<void>((resolve) => seen?.onClose(() => resolve()));
    client.close();
    await Promise.all([over, left]);
  });

  it('end when the daemon does', async () => {
    const { over, connection } = bridged('json');
    await createClient(connection, { clientName: 'far' });
    daemon.drop();
    await over;
  });

  it('leave it to the daemon to answer what cannot be read', async () => {
    const { over, connection } = bridged('json');
    await expect(connection.request('session/open', { path: 1 } as never)).rejects.toThrow('session/open: path: ');
    connection.dispose();
    await over;
  });
});
