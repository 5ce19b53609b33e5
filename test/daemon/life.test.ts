import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { readDiscovery } from '../../clients/node/daemon.ts';
import { refusalName } from '../../protocol/errors.ts';
import { TestDaemon } from '../support/daemon.ts';
import { isAlive } from '../support/processes.ts';
import { until } from '../support/until.ts';

let daemon: TestDaemon;

afterEach(() => daemon.stop());

it('starts once, however many clients come first, and claims no capability (P19)', async () => {
  daemon = await TestDaemon.create();
  const clients = await Promise.all(Array.from({ length: 6 }, () => daemon.client()));
  expect(new Set(clients.map(({ server }) => server.incarnation)).size).toBe(1);
  const status = await clients[0]?.request('server/status', {});
  expect(status).toMatchObject({ clients: 6, sessions: 0, pid: clients[0]?.server.pid });
  expect(clients.map(({ server }) => server.capabilities)).toEqual(clients.map(() => ({})));
});

it('leaves a discovery file and a socket folder that only its user can read, and writes a log (P15)', async () => {
  daemon = await TestDaemon.create();
  const client = await daemon.client();
  const { log } = await client.request('server/status', {});
  const folder = join(daemon.folder, 'run');
  const discovery = join(folder, 'v1-0.1.0.json');
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  expect(statSync(discovery).mode & 0o777).toBe(0o600);
  expect(readFileSync(log as string, 'utf8')).toContain('listens at');
});

it('lets nobody in without the token (P18)', async () => {
  daemon = await TestDaemon.create();
  await daemon.client();
  const { connect } = await import('node:net');
  const { createConnection } = await import('../../protocol/connection.ts');
  const { frameChannel } = await import('../../protocol/node/frames.ts');
  const discovery = await readDiscovery(join(daemon.folder, 'run', 'v1-0.1.0.json'));
  const connection = createConnection(frameChannel(connect(discovery?.socket as string)));
  const refused = (request: Promise<unknown>) => request.catch((error) => [refusalName(error), error.message]);
  const introduced = (version: number, token?: string) =>
    refused(connection.request('initialize', { versions: [version], client: { name: 'stranger' }, token }));
  expect(await refused(connection.request('session/list', {}))).toEqual([
    'not-initialized',
    'Send initialize before session/list.',
  ]);
  expect(await introduced(1, 'guess')).toEqual(['not-allowed', expect.stringContaining('token')]);
  expect(await introduced(99, discovery?.token)).toEqual([
    'incompatible-version',
    expect.stringContaining('speaks protocol 1, the client 99'),
  ]);
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

it('says that a session is closed to those who follow it (P29)', async () => {
  daemon = await TestDaemon.create();
  const notebook = await daemon.notebook('# %%\nwhile True:\n    print("on and on")\n');
  const { client, session } = notebook;
  const heard: string[] = [];
  client.onEvent(session, ({ type }) => heard.push(type));
  client.onClosed(session, () => heard.push('session/closed'));
  const told = new Promise((resolve) => notebook.followed.onState((state, reason) => resolve([state, reason])));
  await notebook.start('all');
  await notebook.followed.waitFor(() => notebook.shown(0) !== '');
  await (await daemon.client()).request('session/close', { session: notebook.path });
  expect(await told).toEqual(['closed', 'The notebook was closed.']);
  // What was sent before this answer has been heard.
  await client.request('session/list', {});
  expect(heard.filter((type) => type === 'session/closed')).toHaveLength(1);
  expect(heard.at(-1)).toBe('session/closed');
});

it('starts anew after it was killed, counts anew, and clients learn that it is another life (P20)', async () => {
  daemon = await TestDaemon.create();
  const notebook = await daemon.notebook('# %%\nx = 1\n');
  await notebook.run('all');
  const { seq } = notebook.followed.view;
  const { incarnation, pid } = notebook.client.server;
  const kernel = notebook.followed.view.kernel.pid as number;
  process.kill(pid, 'SIGKILL');
  await until(() => !isAlive(kernel), 'the kernel is gone with its daemon');
  const client = await daemon.client();
  expect(client.server.incarnation).not.toBe(incarnation);
  const again = await daemon.open(notebook.path, undefined, client);
  expect(again.statuses).toEqual(['new']);
  expect(again.followed.view.seq).toBeLessThan(seq);
});

/** Lets a number of idle periods pass: that the daemon does *not* end cannot be waited for as an event. */
function idlePeriods(periods: number, seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, periods * seconds * 1000));
}
