/** The daemon is killed in the midst of a run, with no time to say goodbye. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import { isAlive } from '../support/processes.ts';
import { until } from '../support/until.ts';

let daemon: TestDaemon;

afterEach(() => daemon.stop());

const cells = [
  'with open("ran.txt", "a") as ran: print("first", file=ran)\nprint("first", 1)',
  '1 / 0',
  'import time\nwith open("ran.txt", "a") as ran: print("third", file=ran)\nprint("third")\ntime.sleep(1000)',
  'print("fourth")',
];
/** Whether a file of outputs has been written to its end. */
function isKept(): boolean {
  const folder = join(daemon.folder, 'run', 'state', 'outputs');
  return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.json'));
}

const text = cells.map((cell) => `# %%\n${cell}\n`).join('');

it('starts clean: the socket is taken over, the kernel is gone, outputs are shown as of then, and nothing runs again (P28)', async () => {
  daemon = await TestDaemon.create();
  const notebook = await daemon.notebook(text);
  await notebook.start('all');
  await notebook.followed.waitFor(() => notebook.shown(2) === 'third\n');
  await until(isKept, 'outputs are kept');
  const { client, path } = notebook;
  const kernel = notebook.followed.view.kernel.pid as number;
  const socket = (await client.request('server/status', {})).socket as string;
  process.kill(client.server.pid, 'SIGKILL');
  await until(() => !isAlive(client.server.pid) && !isAlive(kernel), 'daemon and kernel are gone');

  // Several come at once, as after a crash.
  const clients = await Promise.all([daemon.client(), daemon.client(), daemon.client()]);
  expect(new Set(clients.map(({ server }) => server.incarnation)).size).toBe(1);
  const [next] = clients;
  const again = await daemon.open(path, text, next);
  expect((await next.request('server/status', {})).socket).not.toBe(socket);
  expect(again.statuses).toEqual(['new', 'new', 'new', 'new']);
  expect(again.followed.view.kernel.phase).toBe('none');
  expect([again.shown(0), again.cell(1).error?.name]).toEqual(['first 1\n', 'ZeroDivisionError']);
  expect([again.cell(0), again.cell(1)].map(({ asOf }) => typeof asOf)).toEqual(['number', 'number']);
  // What had not ended is not shown as if it had.
  expect([again.shown(2), again.cell(2).asOf]).toEqual(['', undefined]);

  const ran = () => readFileSync(join(daemon.folder, 'ran.txt'), 'utf8');
  expect(ran()).toBe('first\nthird\n');
  await again.run('only', 0);
  expect([again.statuses[0], again.cell(0).asOf, ran()]).toEqual(['fresh', undefined, 'first\nthird\nfirst\n']);
});

it('lets those who followed it follow the next one, with the outputs of then', async () => {
  daemon = await TestDaemon.create();
  const notebook = await daemon.notebook('# %%\nprint("kept")\n');
  await notebook.run('all');
  await until(isKept, 'outputs are kept');
  const { incarnation } = notebook.followed.view;
  process.kill(notebook.client.server.pid, 'SIGKILL');
  const other = await daemon.client();
  const view = await notebook.followed.waitFor((now) => now.incarnation !== incarnation);
  expect(view.incarnation).toBe(other.server.incarnation);
  expect([notebook.shown(0), notebook.statuses, notebook.cell(0).asOf !== undefined]).toEqual(['kept\n', ['new'], true]);
});
