import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { applyChange } from '../../../protocol/changes.ts';
import type { Connection } from '../../../protocol/connection.ts';
import { refusalName } from '../../../protocol/errors.ts';
import type { ParamsOf } from '../../../protocol/methods.ts';
import type { NotebookView } from '../../../protocol/types.ts';
import { provideFakes } from '../../support/fake-provider.ts';
import { type MemoryServer, memoryServer } from '../../support/memory-server.ts';

let folder: string;
const alive = new Set<object>();
/** Steps that are to end when the test says so; undefined where they end by themselves. */
let held: (() => void)[] | undefined;
/** The next copy does not come to be. */
let failure: string | undefined;
/** Copies come to be when it resolves. */
let copying: Promise<void> | undefined;
let server: MemoryServer;
let client: Connection;
let path: string;
const views = new Map<string, NotebookView>();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hw-fork-'));
  path = join(folder, 'notebook.py');
  alive.clear();
  held = undefined;
  failure = undefined;
  copying = undefined;
  const later = (act: () => void) => void (held ? held.push(act) : setImmediate(act));
  const onFork = async () => {
    if (failure !== undefined) throw new Error(failure);
    await (copying ?? turn());
  };
  server = memoryServer(folder, { provideKernels: provideFakes({ alive, later, onFork }), forksKernels: true });
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

const text = '# %%\nx = 1\n# %%\ny = x + 10\nprint(y)\n# %%\nz = 3\nprint(z)\n';

async function open(given = text): Promise<string> {
  writeFileSync(path, given);
  return follow((await client.request('session/open', { path, text: given, version: 1 })).view);
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

it('is a capability of a server whose kernels can be copied, and of no other (P19)', async () => {
  const capabilitiesOf = async (options: Parameters<typeof memoryServer>[1]) => {
    const other = memoryServer(folder, options);
    const { capabilities } = (await other.introduce()).answer;
    await other.stop();
    return capabilities;
  };
  expect(await capabilitiesOf({ provideKernels: provideFakes(), forksKernels: true })).toEqual({ fork: true });
  expect(await capabilitiesOf({ provideKernels: provideFakes() })).toEqual({});
});

it('goes on from where a session is, with its values, outputs and generation (P51)', async () => {
  const session = await open();
  await run(session);
  const copy = await fork(session, 'copy');
  const [first, second] = [await seen(session), await seen(copy)];
  expect(second.cells).toEqual(first.cells);
  expect([second.variant, second.kernel.generation, second.kernel.phase]).toEqual(['copy', first.kernel.generation, 'idle']);
  expect([second.kernel.python, second.kernel.version]).toEqual(['little Python', '3.14.0']);
  expect(await run(copy, 'stale')).toEqual([]);
  expect(await run(copy, 'only', ['c2'])).toEqual(['c2']);
  expect(await shown(copy)).toEqual(['', '11\n', '3\n']);
});

it('runs what follows from other values, and nothing else (P51)', async () => {
  const session = await open();
  await run(session);
  const copy = await fork(session, 'copy', { x: '2' });
  expect([await statuses(copy), await statuses(session)]).toEqual(['stale stale fresh', 'fresh fresh fresh']);
  expect(await run(copy, 'stale')).toEqual(['c1', 'c2']);
  expect([await shown(copy), await shown(session)]).toEqual([
    ['', '12\n', '3\n'],
    ['', '11\n', '3\n'],
  ]);
});

it('goes its own way from there, and so does the other (P51)', async () => {
  const session = await open();
  await run(session);
  const copy = await fork(session, 'copy');
  await client.request('parameters/set', { session, parameters: { x: '5' } });
  await client.request('text/change', { session, version: 2, changes: [{ text: text.replace('z = 3', 'z = 4') }] });
  await run(session, 'stale');
  expect([await shown(session), await shown(copy)]).toEqual([
    ['', '15\n', '4\n'],
    ['', '11\n', '3\n'],
  ]);
  await client.request('parameters/set', { session: copy, parameters: { x: '6' } });
  await run(copy, 'stale');
  expect([await shown(session), await shown(copy)]).toEqual([
    ['', '15\n', '4\n'],
    ['', '16\n', '3\n'],
  ]);
  expect((await seen(copy)).cells['c3']?.code).toBe('z = 3\nprint(z)');
});

it('changes its own copy of an object in place (P51)', async () => {
  const session = await open('# %%\nxs = [1]\n# %%\nxs.append(2)\nprint(xs)\n');
  await run(session);
  const copy = await fork(session, 'copy');
  await run(copy, 'reactive', ['c2']);
  await run(session, 'reactive', ['c2']);
  expect([await shown(session), await shown(copy)]).toEqual([
    ['', '[1, 2]\n'],
    ['', '[1, 2]\n'],
  ]);
});

it('takes the parameters of the session along, and the options that clients asked for', async () => {
  const session = await open();
  await client.request('parameters/set', { session, parameters: { x: '4' } });
  await client.request('session/configure', { session, options: { mode: 'lazy' } });
  await run(session, 'stale');
  const copy = await fork(session, 'copy', { z: '8' });
  await run(copy, 'stale');
  expect([await shown(copy), (await seen(copy)).options.mode]).toEqual([['', '14\n', '8\n'], 'lazy']);
});

it('knows where the code of the steps stood whose values it has, whatever the other forgets', async () => {
  const session = await open();
  await run(session);
  const original = server.sessions.byId(session);
  const beginning = await original?.fork('copy', {});
  for (let times = 0; times < 3; times++) await run(session);
  expect(beginning?.copied?.files.cellOf(1)).toBe('c1');
});

it('can itself be forked, and restarted, which forgets its values alone', async () => {
  const session = await open();
  await run(session);
  const copy = await fork(session, 'copy', { x: '2' });
  await run(copy, 'stale');
  const second = await fork(copy, 'of the copy');
  expect(await shown(second)).toEqual(['', '12\n', '3\n']);
  await client.request('session/close', { session: copy });
  await client.request('kernel/stop', { session: second });
  expect([await statuses(second), await statuses(session)]).toEqual(['stale stale stale', 'fresh fresh fresh']);
  expect(alive.size).toBe(1);
  await run(second);
  expect(await shown(second)).toEqual(['', '12\n', '3\n']);
});

it('reads of a stream what the view has, and says what is cut', async () => {
  const session = await open(`# %%\nprint('${'a'.repeat(100_000)}')\n`);
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

it('is refused while a cell runs, before there is a kernel, and where the kernel cannot (P51)', async () => {
  const session = await open();
  const early = await refused(fork(session, 'copy'));
  expect([early.name, early.message]).toEqual(['not-at-rest', expect.stringContaining('no kernel to copy')]);
  await run(session);
  held = [];
  const { run: waiting } = await client.request('run/start', { session, mode: 'all' });
  const busy = await refused(fork(session, 'copy'));
  expect([busy.name, busy.message]).toEqual(['not-at-rest', expect.stringContaining('wait until this run has ended')]);
  for (const end of held) end();
  held = undefined;
  await client.request('run/wait', { session, run: waiting });
  failure = 'No memory is left.';
  const failed = await refused(fork(session, 'copy'));
  expect([failed.name, failed.message]).toEqual(['cannot-fork', expect.stringContaining('No memory is left.')]);
  expect(server.sessions.all).toHaveLength(1);
});

it('is refused where the variant is open, and where values do not fit, without a copy of the kernel (P51)', async () => {
  const session = await open();
  await run(session);
  await fork(session, 'copy');
  const [again, wrong] = [await refused(fork(session, 'copy')), await refused(fork(session, 'other', { x: 'one' }))];
  expect([again.name, wrong.name, alive.size]).toEqual(['variant-exists', 'bad-parameter', 2]);
  const two = await Promise.all([refused(fork(session, 'twice')), refused(fork(session, 'twice'))]);
  expect(two.map(({ name }) => name).toSorted()).toEqual(['variant-exists', undefined]);
  expect([alive.size, server.sessions.all.length]).toEqual([3, 3]);
});

it('is of the moment at which it was asked for, whatever the session does meanwhile (P51)', async () => {
  const session = await open();
  await run(session);
  let go = () => {};
  copying = new Promise((resolve) => {
    go = resolve;
  });
  const forking = fork(session, 'copy');
  await client.request('parameters/set', { session, parameters: { x: '5' } });
  await run(session, 'stale');
  go();
  const copy = await forking;
  expect([await statuses(copy), await shown(copy)]).toEqual(['fresh fresh fresh', ['', '11\n', '3\n']]);
});
