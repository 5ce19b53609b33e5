import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { TestDaemon, type TestNotebook } from '../support/daemon.ts';
import { isAlive } from '../support/processes.ts';
import { until } from '../support/until.ts';

let daemon: TestDaemon;

afterEach(() => daemon.stop());

const picture = 'class P:\n    def _repr_png_(self):\n        return b"\\x89PNG" + b"p" * 100_000\nP()';
const cells = ['x = 1\nprint("x is", x)', 'x + 1', picture, 'print("before")\n1 / 0', 'y = 2'];
const text = cells.map((cell) => `# %%\n${cell}\n`).join('');

const kept = () => join(daemon.folder, 'run', 'state', 'outputs');
const keptFiles = () =>
  (existsSync(kept()) ? readdirSync(kept()) : []).filter((name) => name.endsWith('.json')).map((name) => join(kept(), name));
const keptText = () =>
  keptFiles()
    .map((path) => readFileSync(path, 'utf8'))
    .join('');

async function ran(): Promise<TestNotebook> {
  daemon = await TestDaemon.create();
  const notebook = await daemon.notebook(text);
  await notebook.run('all');
  return notebook;
}

/** Another daemon, after the first was killed with no time to say goodbye. */
async function begunAnew({ client, path }: TestNotebook, written = '1 / 0', next = text): Promise<TestNotebook> {
  await until(() => keptText().includes(written), 'the outputs are kept');
  // It would start a daemon again and open the notebook there with its text of before.
  client.close();
  process.kill(client.server.pid, 'SIGKILL');
  await until(() => !isAlive(client.server.pid), 'the daemon is gone');
  writeFileSync(path, next);
  return daemon.open(path, next, await daemon.client());
}

it('shows outputs and errors of an earlier life again, as of then, and runs nothing (P44)', async () => {
  const first = await ran();
  const view = cells.map((_, at) => first.cell(at));
  const again = await begunAnew(first);
  expect(again.statuses).toEqual(cells.map(() => 'new'));
  expect(again.followed.view.kernel.phase).toBe('none');
  for (const [at, before] of view.entries()) {
    const { outputs, error, asOf, lastStep } = again.cell(at);
    expect(outputs).toEqual(before.outputs);
    expect(error?.text).toBe(before.error?.text);
    expect(error?.frames).toEqual(before.error?.frames.map((frame) => ({ ...frame, cell: again.cell(at).id })));
    const endedAt = (before.lastStep?.startedAt ?? 0) + (before.lastStep?.durationMs ?? 0);
    expect(asOf === undefined || Math.abs(asOf - endedAt) < 10_000).toBe(true);
    expect([asOf !== undefined, lastStep]).toEqual([before.outputs.length > 0, undefined]);
  }
  const { client, session } = again;
  const { path } = await client.request('output/file', { session, cell: again.cell(2).id });
  expect(readFileSync(path).length).toBe(100_004);
  expect(await client.request('output/get', { session, cell: again.cell(0).id })).toMatchObject({
    text: 'x is 1\n',
    asOf: again.cell(0).asOf,
  });
  // A run shows what it gives, and the mark is gone.
  await again.run('only', 0);
  expect([again.cell(0).asOf, again.shown(0), again.statuses[0]]).toEqual([undefined, 'x is 1\n', 'fresh']);
});

it('shows them by the code that gave them: elsewhere on the page, with other comments, and not for other code (P44)', async () => {
  const again = await begunAnew(await ran(), '1 / 0', '# %%\nx + 1  # moved\n# %%\nx = 1\nprint("x was", x)\n');
  expect([again.shown(0), again.shown(1)]).toEqual(['2', '']);
  await again.edit('# %%\nx + 1\n# %%\nx = 1\nprint("x is", x)\n');
  expect([again.shown(1), again.cell(1).asOf !== undefined]).toEqual(['x is 1\n', true]);
});

it('shows nothing of them while there is no code, and shows them again when it is back', async () => {
  const again = await begunAnew(await ran());
  await again.edit(text.replace('1 / 0', '# 1 / 0').replace('print("before")', '# print("before")'));
  expect([again.shown(3), again.cell(3).error, again.cell(3).asOf]).toEqual(['', undefined, undefined]);
  await again.edit(text);
  expect([again.shown(3), again.cell(3).error?.name]).toEqual(['before\n', 'ZeroDivisionError']);
});

it('lets cells with the same code take turns', async () => {
  daemon = await TestDaemon.create();
  const same = 'import random, time\nprint(time.perf_counter_ns())';
  const twice = `# %%\n${same}\n# %%\n${same}\n`;
  const notebook = await daemon.notebook(twice);
  await notebook.run('all');
  const shown = [notebook.shown(0), notebook.shown(1)];
  expect(shown[0]).not.toBe(shown[1]);
  const again = await begunAnew(notebook, (shown[1] as string).trim(), twice);
  expect([again.shown(0), again.shown(1)]).toEqual(shown);
});

it('keeps the outputs of a cell that is run anew, and does not keep those of a run with parameters', async () => {
  const notebook = await ran();
  await notebook.edit(text.replace('x = 1', 'x = 3'));
  await notebook.run('only', 0);
  const again = await begunAnew(notebook, 'x is 3', text.replace('x = 1', 'x = 3'));
  expect(again.shown(0)).toBe('x is 3\n');
  const { client, session } = again;
  const { run } = await client.request('run/start', { session, mode: 'all', parameters: { x: '7' } });
  await again.wait(run);
  expect(again.shown(0)).toBe('x is 7\n');
  await client.request('session/close', { session });
  expect(keptText()).not.toContain('x is 7');
});

it('is for this user alone, and never in the folder of the notebook (P44)', async () => {
  const notebook = await ran();
  await notebook.client.request('session/close', { session: notebook.session });
  const [file] = keptFiles();
  expect(statSync(kept()).mode & 0o777).toBe(0o700);
  expect(statSync(file as string).mode & 0o777).toBe(0o600);
  expect(readdirSync(daemon.folder).toSorted()).toEqual(['notebook.py', 'run']);
});

it.each([
  ['cut', (content: string) => content.slice(0, content.length / 2)],
  ['foreign', () => '{"a": 1}'],
  ['of a newer version', (content: string) => content.replace('"version":1', '"version":99')],
  ['changed in its content', (content: string) => content.replace('cHBw', 'cXBw')],
  ['binary', () => '\u0000\u0001'],
])('takes a file that is %s for no outputs, says so in its log, and goes on (P44)', async (_, damage) => {
  const notebook = await ran();
  await until(() => keptText().includes('1 / 0'), 'the outputs are kept');
  process.kill(notebook.client.server.pid, 'SIGKILL');
  await until(() => !isAlive(notebook.client.server.pid), 'the daemon is gone');
  const [file] = keptFiles() as [string];
  const damaged = damage(readFileSync(file, 'utf8'));
  writeFileSync(file, damaged);
  const client = await daemon.client();
  const again = await daemon.open(notebook.path, text, client);
  expect(cells.map((_cell, at) => again.shown(at)).join('')).toBe('');
  const { log } = await client.request('server/status', {});
  expect(readFileSync(log as string, 'utf8')).toContain('cannot be read and are ignored');
  await again.run('all');
  expect(again.shown(0)).toBe('x is 1\n');
  await until(() => keptText() !== damaged, 'the outputs are kept again');
  expect((await begunAnew(again)).shown(0)).toBe('x is 1\n');
});

it('shows the outputs of a removed cell again when the removal is undone', async () => {
  const notebook = await ran();
  await notebook.edit(text.replace(`# %%\n${cells[1]}\n`, ''));
  await notebook.edit(text);
  expect([notebook.shown(1), notebook.statuses[1]]).toEqual(['2', 'fresh']);
});

it('tells a person that outputs cannot be kept, and when that is over; the run goes on', async () => {
  daemon = await TestDaemon.create();
  mkdirSync(join(daemon.folder, 'run'), { mode: 0o700 });
  chmodSync(join(daemon.folder, 'run'), 0o700);
  writeFileSync(join(daemon.folder, 'run', 'state'), 'a file where a folder should be');
  const notebook = await daemon.notebook(text);
  expect((await notebook.run('only', 0)).outcome).toBe('ok');
  const { notice } = await notebook.followed.waitFor((view) => view.notice !== undefined);
  expect(notice).toMatch(/the outputs of notebook\.py cannot be kept for the next start of the daemon: (ENOTDIR|EEXIST)/);
  expect(notebook.shown(0)).toBe('x is 1\n');
});

it('an error stands at its line, also where comments have come before it', async () => {
  const first = await ran();
  const next = text.replace('print("before")', '# one\n# two\nprint("before")');
  const again = await begunAnew(first, '1 / 0', next);
  const { code, error } = again.cell(3);
  expect(error?.frames.map(({ cellLine = -1 }) => code.split('\n')[cellLine])).toEqual(['1 / 0']);
});
