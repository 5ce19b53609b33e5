import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Client, type ConnectOptions, connect, createClient } from '../../../clients/node/client.ts';
import { packageRoot } from '../../../daemon/kernel/package-root.ts';
import { nodeHost } from '../../../daemon/node/host.ts';
import { pathsFrom } from '../../../daemon/paths.ts';
import { memoryPair } from '../../../daemon/transport/memory.ts';
import { createConnection } from '../../../protocol/connection.ts';
import { type FakeDaemon, startFakeDaemon } from './fake-daemon.ts';

const fakeMain = join(packageRoot(), 'test', 'clients', 'node', 'fake-main.mjs');
const cleanups: (() => unknown)[] = [];
let environment: NodeJS.ProcessEnv;

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'headwater-client-'));
  environment = { PATH: process.env.PATH, HEADWATER_RUNTIME_DIR: folder };
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function client(options: Partial<ConnectOptions> = {}): Promise<Client> {
  const connected = await connect({ clientName: 'test', environment, daemonMain: fakeMain, ...options });
  cleanups.push(() => connected.close());
  return connected;
}

/** A client may start a process; it ends with the test. */
async function starting(options: Partial<ConnectOptions> = {}): Promise<Client> {
  const connected = await client(options);
  cleanups.push(() => kill(connected.server.pid));
  return connected;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function daemon(version?: string): Promise<FakeDaemon> {
  const started = await startFakeDaemon(environment, version);
  cleanups.push(() => started.stop());
  return started;
}

describe('connecting', () => {
  it('finds the daemon that runs', async () => {
    const { incarnation } = await daemon();
    expect((await client({ start: false })).server).toMatchObject({ incarnation, pid: process.pid, role: 'editor' });
  });

  it('speaks MessagePack when told to', async () => {
    await daemon();
    const { server } = await client({ start: false, encoding: 'msgpack' });
    expect(server.server.name).toBe('fake');
  });

  it('starts a daemon where there is none', async () => {
    const { server } = await starting();
    expect(server.pid).not.toBe(process.pid);
    expect((await client({ start: false })).server.incarnation).toBe(server.incarnation);
  });

  it('starts one daemon for all clients that come at once (P17)', async () => {
    const clients = await Promise.all([starting(), starting(), starting()]);
    expect(new Set(clients.map(({ server }) => server.incarnation)).size).toBe(1);
  });

  it('passes over what a killed daemon left', async () => {
    const first = await starting();
    const gone = new Promise((resolve) => first.onDisconnect(resolve));
    kill(first.server.pid);
    await gone;
    expect((await starting()).server.incarnation).not.toBe(first.server.incarnation);
  });
});

describe('what the daemon says', () => {
  it.each([
    ['of this version is believed', '0.1.0', {}, ['weather', 'lazy']],
    ['of another version is checked', '0.0.9', {}, ['lazy']],
    ['of this version is checked, too, when told to', '0.1.0', { checkAnswers: true }, ['lazy']],
  ])('%s', async (_, version, options, heard) => {
    const running = await daemon(version);
    const connected = await client(options);
    await connected.request('session/open', { path: '/notebook.py' });
    const modes: string[] = [];
    const last = new Promise<void>((resolve) =>
      connected.onAnyEvent((event) => {
        if (event.type === 'options') modes.push(event.options.mode);
        if (event.type === 'options' && event.options.mode === 'lazy') resolve();
      }),
    );
    running.emit('weather' as never);
    running.emit('lazy');
    await last;
    expect(modes).toEqual(heard);
  });
});

describe('a daemon that cannot be reached', () => {
  it('is not started for a client that does not want it', async () => {
    await expect(client({ start: false })).rejects.toThrow(
      /^No daemon is running: .*\.json does not name one\. Any headwater command that needs a daemon starts it\.$/,
    );
  });

  it('is explained by its log, as far as it is about this start', async () => {
    writeFileSync(pathsFrom(environment).log, 'an old story\n');
    const failing = client({ environment: { ...environment, FAKE_FAILS: '1' } });
    await expect(failing).rejects.toThrow(
      /^The daemon did not start: it exited with code 3\. The log .* ends with:\nthe disk is made of cheese$/,
    );
  });

  it('is waited for no longer than the deadline', async () => {
    const silent = join(environment.HEADWATER_RUNTIME_DIR as string, 'silent.mjs');
    writeFileSync(silent, '');
    await expect(client({ daemonMain: silent, startDeadlineMs: 300 })).rejects.toThrow(
      /^The daemon did not answer within 0\.3 s\. The log .* says nothing\.$/,
    );
  });

  it('is not believed in a folder that others can open (P16)', async () => {
    await daemon();
    chmodSync(environment.HEADWATER_RUNTIME_DIR as string, 0o777);
    await expect(client()).rejects.toThrow(/^Others can open .* \(mode 777\)\. Run: chmod 700/);
  });

  it('says so when it refuses the client', async () => {
    await daemon();
    const { discovery } = pathsFrom(environment);
    writeFileSync(discovery, JSON.stringify({ ...JSON.parse(readFileSync(discovery, 'utf8')), token: 'forged' }));
    await expect(client({ start: false })).rejects.toThrow(
      'The daemon (Headwater 0.1.0; this is 0.1.0) refused this client: The token is wrong; read the discovery file again.',
    );
  });
});

describe('a dropped connection', () => {
  it('is told, and can be made again by several at once', async () => {
    const running = await daemon();
    const connected = await client();
    const dropped = new Promise((resolve) => connected.onDisconnect(resolve));
    running.drop();
    await dropped;
    expect(connected.isConnected).toBe(false);
    await Promise.all([connected.reconnect(), connected.reconnect()]);
    expect(connected.isConnected).toBe(true);
    expect(running.asked.get('initialize')).toBe(2);
  });

  it('is not told to the client that closed it', async () => {
    const running = await daemon();
    const connected = await client();
    let isTold = false;
    connected.onDisconnect(() => {
      isTold = true;
    });
    const [seen] = running.connections;
    const gone = new Promise<void>((resolve) => seen?.onClose(() => resolve()));
    connected.close();
    await gone;
    expect(isTold).toBe(false);
    await expect(connected.reconnect()).rejects.toThrow(/^Disconnected/);
  });

  it('ends after some attempts in a clear "disconnected", and starts no daemon by itself', async () => {
    const running = await daemon();
    const connected = await client({ reconnectTries: 2 });
    const dropped = new Promise((resolve) => connected.onDisconnect(resolve));
    await running.stop();
    await dropped;
    await expect(connected.reconnect()).rejects.toThrow('Disconnected: the daemon was not found again in 2 attempts.');
  });
});

describe('a client over a connection that is there', () => {
  it('introduces itself, and knows no way back', async () => {
    const [near, far] = memoryPair(nodeHost.timers);
    const server = createConnection(far);
    server.handle('initialize', ({ client, token }) => ({
      version: 1,
      server: { name: `met ${client.name} with ${token}`, version: '0' },
      incarnation: 'i',
      pid: 1,
      role: 'editor',
      capabilities: {},
    }));
    const made = await createClient(createConnection(near), { clientName: 'test', token: 't' });
    expect(made.server.server.name).toBe('met test with t');
    const dropped = new Promise((resolve) => made.onDisconnect(resolve));
    server.dispose();
    await dropped;
    await expect(made.reconnect()).rejects.toThrow('Disconnected: this client was closed, or cannot reconnect.');
  });
});
