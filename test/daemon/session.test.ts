import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { TestNotebook } from '../support/daemon.ts';
import { sharedDaemon } from '../support/shared-daemon.ts';
import { until } from '../support/until.ts';

const daemon = sharedDaemon();

function open(text: string): Promise<TestNotebook> {
  return daemon.notebook(text);
}

const chain = '# %%\nx = 1\n# %%\ny = x * 2\ny\n# %%\nprint("y is", y)\n';

it('runs a cell with what follows from it, and shows results and prints', async () => {
  const notebook = await open(chain);
  expect(notebook.statuses).toEqual(['new', 'new', 'new']);
  expect((await notebook.run('reactive', 0)).outcome).toBe('ok');
  expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh']);
  expect([notebook.shown(1), notebook.shown(2)]).toEqual(['2', 'y is 2\n']);
});

it('runs the stale ancestors of a cell first', async () => {
  const notebook = await open(chain);
  const { steps } = await notebook.run('upstream', 2);
  expect(steps.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
});

it('says why a cell alone cannot run before its ancestors', async () => {
  const notebook = await open(chain);
  const { steps } = await notebook.run('only', 1);
  expect(steps).toMatchObject([{ outcome: 'skipped', reason: 'x comes from cell 1, which is not up to date' }]);
  expect(notebook.statuses).toEqual(['new', 'new', 'new']);
});

it('marks an edit and what follows stale at once, runs nothing, and takes it back when the edit is undone', async () => {
  const notebook = await open(chain);
  await notebook.run('all');
  await notebook.edit(chain.replace('x = 1', 'x = 5'));
  expect(notebook.statuses).toEqual(['stale', 'stale', 'stale']);
  expect(notebook.shown(1)).toBe('2');
  await notebook.edit(chain);
  expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh']);
  expect((await notebook.run('stale')).steps).toEqual([]);
});

it.each(['return x', 'nonlocal y', 'f(**a, *b)', 'break'])(
  'lets other branches go on where only the compiler refuses a cell: %s',
  async (code) => {
    const notebook = await open(`# %%\nx = 1\n# %%\n${code}\n# %%\nprint("x is", x)\n`);
    const { steps } = await notebook.run('all');
    expect(steps.map(({ outcome }) => outcome)).toEqual(['ok', 'raised', 'ok']);
    expect(notebook.shown(2)).toBe('x is 1\n');
  },
);

it('takes comments, blank lines and spacing for no change', async () => {
  const notebook = await open(chain);
  await notebook.run('all');
  await notebook.edit(chain.replace('x = 1', '# a comment\n\nx  =  1  # one'));
  expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh']);
});

it('gives a cell that is cut and pasted back its value', async () => {
  const notebook = await open(chain);
  await notebook.run('all');
  const { id } = notebook.cell(0);
  await notebook.edit(chain.replace('# %%\nx = 1\n', ''));
  expect(notebook.statuses).toEqual(['stale', 'stale']);
  await notebook.edit(chain);
  expect(notebook.cell(0).id).toBe(id);
  expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh']);
});

it('keeps a name out of the way once its definition is gone', async () => {
  const notebook = await open('# %%\nx = 1\n# %%\nprint("x" in globals())\n');
  await notebook.run('all');
  expect(notebook.shown(1)).toBe('True\n');
  await notebook.edit('# %%\ny = 1\n# %%\nprint("x" in globals())\n');
  await notebook.run('all');
  expect(notebook.shown(1)).toBe('False\n');
});

it('gives each reader of a percent notebook the last definition above it', async () => {
  const notebook = await open('# %%\nx = 1\n# %%\nprint(x)\n# %%\nx = 2\n# %%\nprint(x)\n');
  await notebook.run('all');
  expect([notebook.shown(1), notebook.shown(3)]).toEqual(['1\n', '2\n']);
  await notebook.run('reactive', 1);
  expect(notebook.shown(1)).toBe('1\n');
  expect(notebook.followed.view.problems.map(({ code, severity }) => [code, severity])).toEqual([
    ['multiple-definition', 'information'],
  ]);
});

it('runs a definition again before what changed its object in place runs again', async () => {
  const notebook = await open('# %%\nxs = []\n# %%\nxs.append(1)\n# %%\nprint(xs)\n');
  await notebook.run('all');
  const { steps } = await notebook.run('reactive', 1);
  expect(steps.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
  expect(notebook.shown(2)).toBe('[1]\n');
});

it('refuses to run cells in conflict in marimo notebooks, and what follows from them', async () => {
  const notebook = await open(
    'import marimo\napp = marimo.App()\n@app.cell\ndef _():\n    x = 1\n    return (x,)\n@app.cell\ndef _():\n    x = 2\n    return (x,)\n@app.cell\ndef _(x):\n    print(x)\n    return\n',
  );
  expect(notebook.followed.view.problems.map(({ severity }) => severity)).toEqual(['error', 'error']);
  expect((await notebook.run('all')).outcome).toBe('failed');
  expect(notebook.statuses).toEqual(['conflict', 'conflict', 'skipped']);
  expect(notebook.cell(2).reason).toBe('needs cell 1, which is in conflict');
});

it('skips what follows from an error with the reason, and runs the rest', async () => {
  const notebook = await open('# %% load\nx = 1 / 0\n# %%\ny = x\n# %%\nz = 3\nz\n');
  const { outcome } = await notebook.run('all');
  expect(outcome).toBe('failed');
  expect(notebook.statuses).toEqual(['failed', 'skipped', 'fresh']);
  expect(notebook.cell(1).reason).toBe('x comes from load, which failed');
  expect(notebook.cell(0).error).toMatchObject({
    name: 'ZeroDivisionError',
    frames: [{ file: notebook.path, line: 2, cellLine: 0 }],
  });
  expect(notebook.cell(0).error?.text).toContain(`File "${notebook.path}", line 2, in <module>`);
});

it('says where an error stands, also when the cell has run before, and when it has moved since', async () => {
  const notebook = await open('# %%\nx = 1\n# %%\n# comment\n1 / (x - 1)\n');
  const frame = async () => {
    await notebook.run('reactive', 1);
    return notebook.cell(1).error?.frames.at(-1);
  };
  const here = { cell: notebook.cell(1).id, cellLine: 1, text: '1 / (x - 1)' };
  expect(await frame()).toMatchObject({ ...here, line: 5 });
  expect(await frame()).toMatchObject({ ...here, line: 5 });
  await notebook.edit('# %%\n\nx = 1\n# %%\n# comment\n1 / (x - 1)\n');
  expect(await frame()).toMatchObject({ ...here, line: 6 });
});

it('skips what follows from a cell that stops itself, which is no failure', async () => {
  const text = '# %% gate\nimport headwater\nx = 1\nheadwater.stop(x == 1, "not yet")\n# %%\ny = x\n# %%\nz = y\n# %%\n4\n';
  const notebook = await open(text);
  const { outcome, steps } = await notebook.run('all');
  expect(outcome).toBe('ok');
  expect(steps.map(({ outcome }) => outcome)).toEqual(['stopped', 'skipped', 'skipped', 'ok']);
  expect(notebook.statuses).toEqual(['skipped', 'skipped', 'skipped', 'fresh']);
  expect([0, 1, 2].map((at) => notebook.cell(at).reason)).toEqual([
    'stopped',
    'x comes from gate, which stopped',
    'y comes from cell 2, which stopped',
  ]);
  expect(notebook.cell(0).error).toBeUndefined();
  expect(notebook.shown(0)).toBe("'not yet'");
  await notebook.edit(text.replace('x = 1', 'x = 2'));
  // As after a failure: what was skipped because of what was skipped says so until its giver has run.
  expect(notebook.statuses).toEqual(['stale', 'new', 'skipped', 'fresh']);
  expect((await notebook.run('stale')).outcome).toBe('ok');
  expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh', 'fresh']);
});

it.each(['sys.exit()', 'sys.exit(0)', 'sys.exit(None)'])('takes %s for a stop', async (exit) => {
  const notebook = await open(`# %% gate\nimport sys\nx = 1\n${exit}\n# %%\ny = x\n# %%\n4\n`);
  const { outcome, steps } = await notebook.run('all');
  expect(outcome).toBe('ok');
  expect(steps.map(({ outcome }) => outcome)).toEqual(['stopped', 'skipped', 'ok']);
  expect([0, 1].map((at) => notebook.cell(at).reason)).toEqual(['stopped', 'x comes from gate, which stopped']);
  expect(notebook.cell(0)).not.toHaveProperty('error');
});

it.each([
  ['sys.exit(3)', '3'],
  ['sys.exit("no data")', 'no data'],
])('takes %s for a failure', async (exit, message) => {
  const notebook = await open(`# %%\nimport sys\nx = 1\n${exit}\n# %%\ny = x\n`);
  expect((await notebook.run('all')).outcome).toBe('failed');
  expect(notebook.statuses).toEqual(['failed', 'skipped']);
  expect(notebook.cell(0).error).toMatchObject({ name: 'SystemExit', message });
});

it('ends a run that ends at failures with sys.exit(0), well', async () => {
  const notebook = await open('# %%\nimport sys\nsys.exit(0)\n# %%\n4\n');
  const { session } = notebook;
  const { run } = await notebook.client.request('run/start', { session, mode: 'all', stopAtFailure: true });
  const { outcome, steps } = await notebook.wait(run);
  expect({ outcome, ends: steps.map(({ outcome }) => outcome) }).toEqual({ outcome: 'ok', ends: ['stopped', 'skipped'] });
  expect(steps[1]?.reason).toBe('cell 1 ended the run with sys.exit()');
});

it('interrupts the running cell and cancels those that wait', async () => {
  const notebook = await open('# %%\nimport time\nprint("go", flush=True)\ntime.sleep(60)\n# %%\nprint(time)\n');
  const run = await notebook.start('all');
  await notebook.followed.waitFor(() => notebook.shown(0).includes('go'));
  await notebook.client.request('run/interrupt', { session: notebook.session });
  const { outcome, steps } = await notebook.wait(run);
  expect(outcome).toBe('interrupted');
  expect(steps.map(({ outcome }) => outcome)).toEqual(['interrupted', 'skipped']);
  await notebook.edit('# %%\ntime = 3\n# %%\nprint(time)\n');
  await notebook.run('all');
  expect(notebook.shown(1)).toBe('3\n');
});

it('tells each level of an interrupt as it happens, and kills only when asked by name', async () => {
  const notebook = await open('# %%\nx = 1\n# %%\nprint("go", flush=True)\nx += sum(range(10**15))\n');
  const told: string[] = [];
  notebook.client.onEvent(notebook.session, (event) => {
    if (event.type === 'step.interrupt') told.push(`${event.level} ${event.state}`);
  });
  const run = await notebook.start('all');
  await notebook.followed.waitFor(() => notebook.shown(1).includes('go'));
  await notebook.client.request('run/interrupt', { session: notebook.session, level: 'sigint', deadlineMs: 50 });
  await until(() => told.includes('sigint expired'), 'the level has expired');
  expect(notebook.statuses).toEqual(['fresh', 'running']);
  await notebook.client.request('run/interrupt', { session: notebook.session, level: 'kill' });
  expect((await notebook.wait(run)).outcome).toBe('interrupted');
  expect(told).toEqual(['sigint sent', 'sigint expired', 'kill sent']);
  expect(notebook.cell(1).error?.message).toBe('The kernel was killed on request; its values are gone.');
  expect(notebook.statuses).toEqual(['stale', 'stale']);
});

it('says so when the kernel is killed in mid-cell, and the next run works', async () => {
  const notebook = await open('# %%\nx = 1\n# %%\nprint("busy", flush=True)\nimport time; time.sleep(60)\n# %%\nprint(x)\n');
  await notebook.run('reactive', 2);
  const run = await notebook.start('reactive', 1);
  await notebook.followed.waitFor((view) => notebook.shown(1).includes('busy') && view.kernel.pid !== undefined);
  process.kill(notebook.followed.view.kernel.pid as number, 'SIGKILL');
  expect((await notebook.wait(run)).outcome).toBe('failed');
  expect(notebook.followed.view.kernel).toMatchObject({ phase: 'dead', reason: expect.stringContaining('SIGKILL') });
  expect(notebook.cell(1).error).toMatchObject({ name: 'KernelDied' });
  expect(notebook.statuses).toEqual(['stale', 'stale', 'stale']);
  expect(notebook.shown(2)).toBe('1\n');
  expect((await notebook.run('reactive', 2)).steps.map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
});

it('restarts into a process that waited, which goes with the session', async () => {
  const notebook = await open('# %%\nimport os\nos.getppid(), os.getpid()\n');
  await notebook.run('all');
  const { pid } = notebook.client.server;
  await until(() => pythonsOf(pid).length === pythonsOfSession, 'a spare waits');
  const spare = pythonsOf(pid).at(-1) as number;
  const parent = processes().find((one) => one.pid === spare)?.parent;
  await notebook.client.request('kernel/restart', { session: notebook.session });
  await notebook.run('all');
  expect(notebook.shown(0)).toBe(`(${parent}, ${spare})`);
  expect(notebook.followed.view.kernel.pid).toBe(spare);
  await until(() => pythonsOf(pid).length === pythonsOfSession, 'the next spare waits');
  await notebook.client.request('session/close', { session: notebook.session });
  await until(() => pythonsOf(pid).length === 0, 'kernel and spare are gone');
});

it('leaves no spare behind when the daemon is killed', async () => {
  const notebook = await open('# %%\n1\n');
  await notebook.run('all');
  const { pid } = notebook.client.server;
  await until(() => pythonsOf(pid).length === pythonsOfSession, 'a spare waits');
  const pythons = pythonsOf(pid);
  process.kill(pid, 'SIGKILL');
  await until(() => pythons.every((python) => !processes().some((one) => one.pid === python)), 'all are gone');
});

it('forgets values at a restart, and neither text nor outputs', async () => {
  const notebook = await open(chain);
  await notebook.run('all');
  await notebook.client.request('kernel/restart', { session: notebook.session });
  await notebook.followed.waitFor((view) => view.kernel.generation === 2 && view.kernel.phase === 'idle');
  expect(notebook.statuses).toEqual(['stale', 'stale', 'stale']);
  expect(notebook.shown(2)).toBe('y is 2\n');
});

it('puts a parameter in at its definition, and refuses one that does not fit before anything runs', async () => {
  const notebook = await open('# %%\na = 1\ntwice = a * 2\n# %%\nprint(a, twice)\n');
  const start = (parameters: Record<string, string>) =>
    notebook.client.request('run/start', { session: notebook.session, mode: 'all', parameters });
  await expect(start({ b: '1' })).rejects.toThrow('The notebook has no parameter b. Did you mean a?');
  await expect(start({ a: 'nine' })).rejects.toThrow('a must be an int such as 3, but nine is not.');
  expect(notebook.statuses).toEqual(['new', 'new']);
  await notebook.wait((await start({ a: '9' })).run);
  expect(notebook.shown(1)).toBe('9 18\n');
});

it('keeps session and values when the client goes, and shows them to the next one (P26)', async () => {
  const notebook = await open(chain);
  await notebook.run('all');
  notebook.client.close();
  const next = await daemon.open(notebook.path, undefined, await daemon.client());
  await until(() => next.statuses.join() === 'fresh,fresh,fresh', 'the values are there');
  expect(next.shown(1)).toBe('2');
});

it('falls back to the file when the client that owned the text goes', async () => {
  const notebook = await open(chain);
  await notebook.run('all');
  await notebook.edit(chain.replace('x = 1', 'x = 7'));
  const other = await daemon.open(notebook.path, undefined, await daemon.client());
  expect(other.statuses).toEqual(['stale', 'stale', 'stale']);
  notebook.client.close();
  await other.followed.waitFor(() => other.statuses.join() === 'fresh,fresh,fresh');
});

it('lets one client own the text, and refuses a second', async () => {
  const notebook = await open(chain);
  const other = await daemon.client();
  await expect(other.request('text/open', { session: notebook.session, version: 1, text: '' })).rejects.toThrow('owns its text');
});

it('loses nothing between what a client missed and what it hears, however much an edit makes stale (P26)', async () => {
  const many = ['# %%\nx = 1\n', ...Array.from({ length: 600 }, (_, at) => `# %%\ny${at} = x + ${at}\n`)].join('');
  const notebook = await open(many);
  await notebook.run('all');
  const { session, client } = notebook;
  const { incarnation, seq } = notebook.followed.view;
  const heard: number[] = [];
  await client.request('session/detach', { session });
  client.onEvent(session, (event) => heard.push(event.seq));
  const [, { events }] = await Promise.all([
    client.request('text/change', { session, version: 2, changes: [{ text: many.replace('x = 1', 'x = 2') }] }),
    client.request('session/attach', { session, since: { incarnation, seq } }),
  ]);
  const { view: last } = await (await daemon.client()).request('session/attach', { session });
  const told = () => [...(events ?? []).map((event) => event.seq), ...heard];
  await until(() => told().at(-1) === last?.seq, 'the client has heard of all');
  expect(told()).toEqual(Array.from({ length: (last?.seq ?? 0) - seq }, (_, at) => seq + 1 + at));
});

it('starts nothing in a session that is being closed', async () => {
  const quick = Array.from({ length: 300 }, (_, at) => `# %%\nx${at} = ${at === 0 ? 0 : `x${at - 1} + 1`}\n`).join('');
  const notebook = await open(quick);
  const { session, client, followed } = notebook;
  await client.request('run/start', { session, mode: 'all' });
  await followed.waitFor(({ runs }) => (runs[0]?.done ?? 0) > 20);
  const [closed, started, restarted] = await Promise.allSettled([
    client.request('session/close', { session }),
    client.request('run/start', { session, mode: 'all' }),
    client.request('kernel/restart', { session }),
  ]);
  expect([closed.status, started.status, restarted.status]).toEqual(['fulfilled', 'rejected', 'rejected']);
});

it('tells a client what it missed, or gives it a new snapshot: both fold to the same view (P20, P21, P26)', async () => {
  const notebook = await open(chain);
  const { seq, incarnation } = notebook.followed.view;
  await notebook.run('all');
  const other = await daemon.client();
  const { view } = await other.request('session/attach', { session: notebook.session });
  expect(notebook.followed.view).toEqual(view);
  const { events } = await other.request('session/attach', { session: notebook.session, since: { incarnation, seq } });
  expect(events?.map((event) => event.seq)).toEqual(Array.from({ length: (view?.seq ?? 0) - seq }, (_, at) => seq + 1 + at));
  const { view: anew } = await other.request('session/attach', {
    session: notebook.session,
    since: { incarnation: 'another life', seq },
  });
  expect(anew).toEqual(view);
});

it('loses no character of a flood of prints', async () => {
  const notebook = await open('# %%\nfor i in range(200_000):\n    print(i)\n');
  await notebook.run('all');
  const { text } = await notebook.client.request('output/get', { session: notebook.session, cell: notebook.cell(0).id });
  expect(text).toBe(Array.from({ length: 200_000 }, (_, i) => `${i}\n`).join(''));
});

it('gives the path of a plot, and of a text that follows the cell', async () => {
  const { readFile } = await import('node:fs/promises');
  const picture = 'class P:\n    def _repr_png_(self):\n        return b"\\x89PNG picture"\n';
  const notebook = await open(`# %%\nn = 1\nprint("n", n)\n# %%\n${picture}P()\n`);
  await notebook.run('all');
  const file = (at: number) => notebook.client.request('output/file', { session: notebook.session, cell: notebook.cell(at).id });
  const plot = await file(1);
  expect(plot).toMatchObject({ mime: 'image/png', path: expect.stringMatching(/\.png$/) });
  expect((await readFile(plot.path)).toString('latin1')).toBe('\x89PNG picture');
  const { path } = await file(0);
  expect(await readFile(path, 'utf8')).toBe('n 1\n');
  await notebook.edit(`# %%\nn = 2\nprint("n", n)\n# %%\n${picture}P()\n`);
  await notebook.run('reactive', 0);
  await until(async () => (await readFile(path, 'utf8')) === 'n 2\n', 'the file follows');
});

it('only marks what follows when the session is lazy, until an eager run or a run of stale cells takes it along', async () => {
  const notebook = await open(chain);
  await notebook.run('all');
  const { client, session } = notebook;
  await client.request('session/open', { path: notebook.path, options: { mode: 'lazy' } });
  await notebook.followed.waitFor(({ options }) => options.mode === 'lazy');
  await notebook.edit(chain.replace('x = 1', 'x = 3'));
  await notebook.run('reactive', 0);
  expect(notebook.statuses).toEqual(['fresh', 'stale', 'stale']);
  await client.request('session/configure', { session, options: { mode: 'eager' } });
  await notebook.run('stale');
  expect([notebook.statuses, notebook.shown(2)]).toEqual([['fresh', 'fresh', 'fresh'], 'y is 6\n']);
});

it('tells a while later what only Python and the folder can tell, and as long as it is so', async () => {
  const notebook = await open('# %%\nimport not_to_be_had\n# %%\nreturn 1\n');
  const codes = () => notebook.followed.view.problems.map(({ code, severity }) => `${severity} ${code}`);
  await notebook.followed.waitFor(() => codes().length === 2);
  expect(codes()).toEqual(['warning missing-import', 'error syntax-error']);
  await notebook.edit('# %%\nimport not_to_be_had\n# %%\n1\n');
  expect(codes()).toEqual(['warning missing-import']);
  await writeFile(join(daemon.folder, 'not_to_be_had.py'), '');
  await notebook.client.request('text/save', { session: notebook.session });
  await notebook.followed.waitFor(() => codes().length === 0);
});

it('switches off what the settings of the project say, also those that come later', async () => {
  const notebook = await open('# %%\nx = 1\n# %%\nx = 2\n# %%\nx\n');
  const severities = () => notebook.followed.view.problems.map(({ severity }) => severity);
  expect(severities()).toEqual(['information']);
  const settings = (text: string) => writeFile(join(daemon.folder, 'pyproject.toml'), `[tool.headwater]\n${text}\n`);
  await settings('disable = ["multiple-definition"]');
  await notebook.client.request('text/save', { session: notebook.session });
  await notebook.followed.waitFor(() => severities().length === 0);
  await settings('strict = true');
  await notebook.client.request('text/save', { session: notebook.session });
  await notebook.followed.waitFor(() => severities().join() === 'error,error');
});

interface OneProcess {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function processes(): readonly OneProcess[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,command=']).toString().split('\n');
  const found = lines.map((line) => /^\s*(\d+)\s+(\d+)\s+([^Z\s]\S*)\s+(.*)$/.exec(line)).filter((match) => match !== null);
  return found.map(([, pid, parent, , command]) => ({ pid: Number(pid), parent: Number(parent), command: command ?? '' }));
}

/** A kernel and a spare, and what the spare is forked from, where it is. */
const pythonsOfSession = process.platform === 'linux' ? 3 : 2;

/** The kernels and spares of a daemon, and what they were forked from; the newest last. */
function pythonsOf(daemonPid: number): readonly number[] {
  const workers = processes().filter(({ command }) => command.includes('start.py'));
  const own = workers.filter(({ parent }) => parent === daemonPid).map(({ pid }) => pid);
  return [...own, ...workers.filter(({ parent }) => own.includes(parent)).map(({ pid }) => pid)];
}
