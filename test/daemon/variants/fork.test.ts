import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { applyChange } from '../../../protocol/changes.ts';
import type { Connection } from '../../../protocol/connection.ts';
import { refusalName } from '../../../protocol/errors.ts';
import type { ParamsOf } from '../../../protocol/methods.ts';
import type { NotebookView } from '../../../protocol/types.ts';
import { type KernelMaker, kernelMaker } from '../../support/forking-kernel.ts';
import { type MemoryServer, memoryServer } from '../../support/memory-server.ts';

let folder: string;
let kernels: KernelMaker;
let server: MemoryServer;
let client: Connection;
let path: string;
const views = new Map<string, NotebookView>();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hw-fork-'));
  path = join(folder, 'notebook.py');
  kernels = kernelMaker();
  server = memoryServer(folder, { startKernel: kernels.start });
  client = await server.connect();
  views.clear();
  client.onNotification('session/event', (event) => {
    const view = views.get(event.session);
    if (view) views.set(event.session, applyChange(view, event));
  });
});

afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true });
});

const text = '# %%\nx = 1\n# %%\ny = x * 10\nprint(y)\n# %%\nz = 3\nprint(z)\n';

async function open(given = text): Promise<string> {
  writeFileSync(path, given);
  const environment = { PATH: process.env['PATH'] ?? '' };
  return follow((await client.request('session/open', { path, text: given, version: 1, environment })).view);
}

async function fork(session: string, variant: string, parameters?: ParamsOf<'session/fork'>['parameters']): Promise<string> {
  return follow((await client.request('session/fork', { session, variant, ...(parameters && { parameters }) })).view);
}

function follow(view: NotebookView): string {
  views.set(view.session, structuredClone(view) as NotebookView);
  return view.session;
}

async function run(
  session: string,
  mode: ParamsOf<'run/start'>['mode'] = 'all',
  roots: readonly string[] = [],
): Promise<string[]> {
  const { run } = await client.request('run/start', { session, mode, roots });
  return (await client.request('run/wait', { session, run })).steps.map(({ cell }) => cell);
}

/** What a client that attaches now sees. It is what one that has followed from the start has. */
async function seen(session: string): Promise<NotebookView> {
  const { view } = await client.request('session/attach', { session });
  if (!view) throw new Error('attached without a view');
  expect(views.get(session)).toEqual(view);
  return view;
}

async function shown(session: string): Promise<string[]> {
  const { cells } = await seen(session);
  return Object.values(cells).map(({ outputs }) =>
    outputs.map((output) => (output.type === 'stream' ? output.text : '')).join(''),
  );
}

async function statuses(session: string): Promise<string> {
  return Object.values((await seen(session)).cells)
    .map(({ status }) => status)
    .join(' ');
}

async function refused(work: Promise<unknown>): Promise<{ name: string | undefined; message: string }> {
  return work.then(
    () => ({ name: undefined, message: 'It was not refused.' }),
    (error: unknown) => ({ name: refusalName(error), message: (error as Error).message }),
  );
}

it('goes on from where a session is, with its values, outputs and generation (P49)', async () => {
  const session = await open();
  await run(session);
  const copy = await fork(session, 'copy');
  const [first, second] = [await seen(session), await seen(copy)];
  expect(second.cells).toEqual(first.cells);
  expect([second.variant, second.kernel.generation, second.kernel.phase]).toEqual(['copy', first.kernel.generation, 'idle']);
  expect([second.kernel.python, second.kernel.version]).toEqual([first.kernel.python, '3.13.0']);
  expect(second.kernel.pid).not.toBe(first.kernel.pid);
  expect(await run(copy, 'stale')).toEqual([]);
  expect(await run(copy, 'only', ['c2'])).toEqual(['c2']);
  expect(await shown(copy)).toEqual(['', '10\n', '3\n']);
});

it('runs what follows from other values, and nothing else (P49)', async () => {
  const session = await open();
  await run(session);
  const copy = await fork(session, 'copy', { x: '2' });
  expect([await statuses(copy), await statuses(session)]).toEqual(['stale stale fresh', 'fresh fresh fresh']);
  expect(await run(copy, 'stale')).toEqual(['c1', 'c2']);
  expect([await shown(copy), await shown(session)]).toEqual([
    ['', '20\n', '3\n'],
    ['', '10\n', '3\n'],
  ]);
});

it('goes its own way from there, and so does the other (P49)', async () => {
  const session = await open();
  await run(session);
  const copy = await fork(session, 'copy');
  await client.request('parameters/set', { session, parameters: { x: '5' } });
  await client.request('text/change', { session, version: 2, changes: [{ text: text.replace('z = 3', 'z = 4') }] });
  await run(session, 'stale');
  expect([await shown(session), await shown(copy)]).toEqual([
    ['', '50\n', '4\n'],
    ['', '10\n', '3\n'],
  ]);
  await client.request('parameters/set', { session: copy, parameters: { x: '6' } });
  await run(copy, 'stale');
  expect([await shown(session), await shown(copy)]).toEqual([
    ['', '50\n', '4\n'],
    ['', '60\n', '3\n'],
  ]);
  expect((await seen(copy)).cells['c3']?.code).toBe('z = 3\nprint(z)');
});

it('changes its own copy of an object in place (P49)', async () => {
  const session = await open('# %%\nxs = [1]\n# %%\nxs.append(2)\nprint(xs)\n');
  await run(session);
  const copy = await fork(session, 'copy');
  await run(copy, 'reactive', ['c2']);
  await run(session, 'reactive', ['c2']);
  expect([await shown(session), await shown(copy)]).toEqual([
    ['', '1,2\n'],
    ['', '1,2\n'],
  ]);
});

it('takes the parameters of the session along, and the options that clients asked for', async () => {
  const session = await open();
  await client.request('parameters/set', { session, parameters: { x: '4' } });
  await client.request('session/configure', { session, options: { mode: 'lazy' } });
  await run(session, 'stale');
  const copy = await fork(session, 'copy', { z: '8' });
  await run(copy, 'stale');
  expect([await shown(copy), (await seen(copy)).options.mode]).toEqual([['', '40\n', '8\n'], 'lazy']);
});

it('can itself be forked, and restarted, which forgets its values alone', async () => {
  const session = await open();
  await run(session);
  const copy = await fork(session, 'copy', { x: '2' });
  await run(copy, 'stale');
  const second = await fork(copy, 'of the copy');
  expect(await shown(second)).toEqual(['', '20\n', '3\n']);
  await client.request('session/close', { session: copy });
  await client.request('kernel/stop', { session: second });
  expect([await statuses(second), await statuses(session)]).toEqual(['stale stale stale', 'fresh fresh fresh']);
  expect(kernels.alive.size).toBe(1);
  await run(second);
  expect(await shown(second)).toEqual(['', '20\n', '3\n']);
});

it('reads of a stream what the view has, and says what is cut', async () => {
  const session = await open(`# %%\nprint("a".repeat(100000))\n`);
  await run(session);
  const copy = await fork(session, 'copy');
  const part = { cell: 'c1', index: 0, offset: 65_530, max: 100 };
  expect((await client.request('output/read', { session, ...part })).cut).toBeUndefined();
  expect(await client.request('output/read', { session: copy, ...part })).toEqual({
    from: 65_530,
    text: 'aaaaaa',
    length: 100_001,
    cut: { from: 65_536, to: 100_001 },
  });
});

it('is refused while a cell runs, before there is a kernel, and where the kernel cannot (P49)', async () => {
  const session = await open();
  const early = await refused(fork(session, 'copy'));
  expect([early.name, early.message]).toEqual(['not-at-rest', expect.stringContaining('no kernel to copy')]);
  await run(session);
  kernels.hold();
  const { run: waiting } = await client.request('run/start', { session, mode: 'all' });
  const busy = await refused(fork(session, 'copy'));
  expect([busy.name, busy.message]).toEqual(['not-at-rest', expect.stringContaining('wait until this run has ended')]);
  kernels.release();
  await client.request('run/wait', { session, run: waiting });
  kernels.failNext('No memory is left.');
  const failed = await refused(fork(session, 'copy'));
  expect([failed.name, failed.message]).toEqual(['cannot-fork', expect.stringContaining('No memory is left.')]);
  expect(server.sessions.all).toHaveLength(1);
});

it('is refused where the variant is open, and where values do not fit, without a copy of the kernel (P49)', async () => {
  const session = await open();
  await run(session);
  await fork(session, 'copy');
  const [again, wrong] = [await refused(fork(session, 'copy')), await refused(fork(session, 'other', { x: 'one' }))];
  expect([again.name, wrong.name, kernels.alive.size]).toEqual(['variant-exists', 'bad-parameter', 2]);
  const two = await Promise.all([refused(fork(session, 'twice')), refused(fork(session, 'twice'))]);
  expect(two.map(({ name }) => name).toSorted()).toEqual(['variant-exists', undefined]);
  expect([kernels.alive.size, server.sessions.all.length]).toEqual([3, 3]);
});

it('is of the moment at which it was asked for, whatever the session does meanwhile (P49)', async () => {
  const session = await open();
  await run(session);
  const forking = fork(session, 'copy');
  await client.request('parameters/set', { session, parameters: { x: '5' } });
  const copy = await forking;
  await run(session, 'stale');
  expect([await statuses(copy), await shown(copy)]).toEqual(['fresh fresh fresh', ['', '10\n', '3\n']]);
});
