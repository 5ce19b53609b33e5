import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { readDiscovery } from '../../clients/node/daemon.ts';
import { TestDaemon } from '../support/daemon.ts';
import { isAlive } from '../support/processes.ts';
import { until } from '../support/until.ts';

let daemon: TestDaemon;

afterEach(() => daemon.stop());

it('starts once, however many clients come first', async () => {
  daemon = await TestDaemon.create();
  const clients = await Promise.all(Array.from({ length: 6 }, () => daemon.client()));
  expect(new Set(clients.map(({ server }) => server.incarnation)).size).toBe(1);
  const status = await clients[0]?.request('server/status', {});
  expect(status).toMatchObject({ clients: 6, sessions: 0, pid: clients[0]?.server.pid });
});

it('leaves a discovery file and a socket folder that only its user can read, and writes a log', async () => {
  daemon = await TestDaemon.create();
  const client = await daemon.client();
  const { log } = await client.request('server/status', {});
  const folder = join(daemon.folder, 'run');
  const discovery = join(folder, 'v1-0.1.0.json');
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(discovery).mode & 0o777).toBe(0o600);
  expect(readFileSync(log as string, 'utf8')).toContain('listens at');
});

it('lets nobody in without the token', async () => {
  daemon = await TestDaemon.create();
  await daemon.client();
  const { connect } = await import('node:net');
  const { createConnection } = await import('../../protocol/connection.ts');
  const discovery = await readDiscovery(join(daemon.folder, 'run', 'v1-0.1.0.json'));
  const connection = createConnection(connect(discovery?.socket as string));
  await expect(connection.request('session/list', {})).rejects.toThrow('Send initialize before session/list.');
  await expect(connection.request('initialize', { versions: [1], client: { name: 'stranger' }, token: 'guess' })).rejects.toThrow(
    'token',
  );
  await expect(
    connection.request('initialize', { versions: [99], client: { name: 'newer' }, token: discovery?.token }),
  ).rejects.toThrow('speaks protocol 1 and the client 99');
  connection.dispose();
});

it('ends by itself when no client is there and no kernel holds values', async () => {
  daemon = await TestDaemon.create({ HEADWATER_IDLE_SECONDS: '0.2' });
  const client = await daemon.client();
  const { pid } = client.server;
  client.close();
  await until(() => !isAlive(pid), 'the daemon is gone');
  expect(existsSync(join(daemon.folder, 'run', 'v1-0.1.0.json'))).toBe(false);
});

it('stays while a kernel holds values, and ends once it is stopped', async () => {
  daemon = await TestDaemon.create({ HEADWATER_IDLE_SECONDS: '0.2' });
  const notebook = await daemon.notebook('# %%\nx = 1\n');
  await notebook.run('all');
  const { pid } = notebook.client.server;
  notebook.client.close();
  await idlePeriods(4, 0.2);
  expect(isAlive(pid)).toBe(true);
  const next = await daemon.client();
  expect(next.server.pid).toBe(pid);
  await next.request('session/close', { session: notebook.path });
  next.close();
  await until(() => !isAlive(pid), 'the daemon is gone');
});

it('says that a session is closed to those who follow it', async () => {
  daemon = await TestDaemon.create();
  const notebook = await daemon.notebook('# %%\nx = 1\n');
  const other = await daemon.client();
  const told = new Promise((resolve) => notebook.followed.onState((state, reason) => resolve([state, reason])));
  await other.request('session/close', { session: notebook.path });
  expect(await told).toEqual(['closed', 'The notebook was closed.']);
});

it('starts anew after it was killed, and clients learn that it is another life', async () => {
  daemon = await TestDaemon.create();
  const notebook = await daemon.notebook('# %%\nx = 1\n');
  await notebook.run('all');
  const { incarnation, pid } = notebook.client.server;
  const kernel = notebook.followed.view.kernel.pid as number;
  process.kill(pid, 'SIGKILL');
  await until(() => !isAlive(kernel), 'the kernel is gone with its daemon');
  const client = await daemon.client();
  expect(client.server.incarnation).not.toBe(incarnation);
  const again = await daemon.open(notebook.path, undefined, client);
  expect(again.statuses).toEqual(['new']);
});

/** Lets a number of idle periods pass: that the daemon does *not* end cannot be waited for as an event. */
function idlePeriods(periods: number, seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, periods * seconds * 1000));
}
