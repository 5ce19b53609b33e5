/**
 * A viewer beside an editor through a busy session of a real daemon: not one byte that reaches the viewer holds a word that stands in
 * the source, in names, values, paths, tracebacks or answers, and everything that cells show is there. SEED=… makes other sessions.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Client, createClient } from '../../clients/node/client.ts';
import { reachDaemon } from '../../clients/node/daemon.ts';
import { followSession, type Notebook } from '../../clients/node/notebook.ts';
import { seenResult } from '../../daemon/server/seen.ts';
import { createConnection } from '../../protocol/connection.ts';
import type { Encoding } from '../../protocol/encoding.ts';
import { refusalName } from '../../protocol/errors.ts';
import { frameChannel } from '../../protocol/node/frames.ts';
import type { NotebookView, Role, SessionEvent } from '../../protocol/types.ts';
import type { TestNotebook } from '../support/daemon.ts';
import { howMany } from '../support/histories.ts';
import { pick, type Roll, random } from '../support/random.ts';
import { sharedDaemon } from '../support/shared-daemon.ts';

const seed = Number(process.env['SEED'] ?? 17);
const daemon = sharedDaemon();

interface Watcher {
  readonly role: Role;
  readonly client: Client;
  readonly notebook: Notebook;
  readonly events: SessionEvent[];
  /** Every byte that the daemon sent it. */
  readonly bytes: () => Buffer;
}

async function watch(editor: TestNotebook, role: Role, encoding: Encoding): Promise<Watcher> {
  const { client: own, session } = editor;
  const { token } = await own.request('token/create', { role, session, lifetimeSeconds: 600 });
  const { socket } = await reachDaemon({ environment: daemon.environment, start: false });
  const pieces: Buffer[] = [];
  const connection = createConnection(frameChannel(socket, { encoding }));
  socket.on('data', (piece: Buffer) => pieces.push(piece));
  const client = await createClient(connection, { clientName: role, token });
  const events: SessionEvent[] = [];
  client.onAnyEvent((event) => events.push(event));
  const notebook = await followSession(client, session);
  return { role, client, notebook, events, bytes: () => Buffer.concat(pieces) };
}

function seenView(role: Role, view: NotebookView): unknown {
  return seenResult(role, 'session/attach', { view }).view;
}

/** What they see of the notebook is what the rules say of the view that the editor has at the same event. */
async function agree({ session, followed }: TestNotebook, other: Client, watchers: readonly Watcher[]): Promise<void> {
  for (const { role, notebook } of watchers) {
    let isCompared = false;
    while (!isCompared) {
      const { seq } = (await other.request('session/attach', { session })).view as NotebookView;
      await Promise.all([followed, notebook].map((one) => one.waitFor((view) => view.seq >= seq)));
      isCompared = followed.view.seq === notebook.view.seq;
    }
    expect(notebook.view).toEqual(seenView(role, followed.view));
  }
}

const outputsOf = (events: readonly SessionEvent[], from: number) =>
  events.filter(({ type, seq }) => seq > from && type.startsWith('output.') && type !== 'output.unattributed');

/** Words that only an editor may see begin with `hush`, and what cells show with `shown`. */
const programs: readonly ((n: number) => string)[] = [
  (n) => `hush_name = ${n}  # hush_comment\nprint("shown", ${n})`,
  () => 'print("shown", len([*"hush_text"]))',
  (n) => `hush_parameter: int = ${n}\nhush_parameter * 2`,
  () => 'raise ValueError("hush_message")',
  () => 'hush_missing',
  () => 'def hush_function():\n    raise KeyError("hush_key")\nhush_function()',
  () => 'class HushError(Exception):\n    """hush_class"""\nraise HushError("hush")',
  () => 'import hush_module',
  () => 'hush_broken = (',
  () => 'import sys\nsys.exit("hush_exit")',
  () => 'open("/tmp/hush_file")',
  (n) =>
    `class P:\n    def __repr__(self):\n        return "shown picture"\n    def _repr_png_(self):\n        return b"shown\\x89PNG" + bytes([${n % 200}])\nP()`,
  (n) => `for _hush in range(${n % 50}):\n    print("shown line", _hush)`,
  () => 'import sys\nprint("shown error", file=sys.stderr)',
  (n) => `display("shown display ${n}")\nhush_late = 1`,
  (n) => `hush_name.append(${n})`,
  () => 'import time\nhush_slow = 1\ntime.sleep(0.05)\nprint("shown slowly")',
  () => 'len(input("shown question? "))',
  () => 'import getpass\nlen(getpass.getpass("hush_prompt "))',
  () => 'import os\nos._exit(3)  # hush_death',
];

const titles = ['', ' hush_title', ' hush_other tags=["hush_tag"]'];

function cellText(roll: Roll): string {
  return `# %%${pick(roll, titles)}\n${pick(roll, programs)(roll(1000))}\n`;
}

async function answered({ client, session, followed }: TestNotebook, over: Promise<unknown>): Promise<void> {
  let isOver = false;
  const listening = followed.onChange(({ input }) => {
    if (input) void client.request('input/reply', { session, input: input.input, text: 'hush_answer' }).catch(() => {});
  });
  void over.finally(() => {
    isOver = true;
  });
  const { input } = followed.view;
  if (input && !isOver) await client.request('input/reply', { session, input: input.input, text: 'hush_answer' }).catch(() => {});
  await over;
  listening.dispose();
}

async function act(roll: Roll, editor: TestNotebook, cells: string[]): Promise<void> {
  const { client, session } = editor;
  switch (roll(9)) {
    case 0:
    case 1:
      cells[roll(cells.length)] = cellText(roll);
      return editor.edit(cells.join(''));
    case 2:
      cells.splice(roll(cells.length + 1), cells.length > 6 ? 1 : 0, cellText(roll));
      return editor.edit(cells.join(''));
    case 3:
      await client.request('kernel/restart', { session });
      return;
    case 4: {
      const { parameters } = await client.request('parameters/list', { session });
      const found = parameters.find(({ name, type }) => name.startsWith('hush') && type === 'int');
      if (!found) return;
      const { run } = await client.request('parameters/set', { session, parameters: { [found.name]: '7654321' } });
      return answered(editor, editor.wait(run));
    }
    case 5: {
      const run = await editor.start('all');
      const over = editor.wait(run);
      await client.request('run/interrupt', { session });
      return answered(editor, over);
    }
    default:
      return answered(editor, editor.run('all'));
  }
}

/** What it may ask for itself: the answers are among its bytes. */
async function askAll({ client, notebook }: Watcher): Promise<void> {
  const { session } = notebook;
  await client.request('session/list', {});
  await client.request('session/attach', { session });
  for (const { id: cell } of notebook.view.layout) {
    const { files } = await client.request('output/get', { session, cell });
    for (const { blob } of files) await client.request('blob/read', { blob });
    await client.request('output/read', { session, cell, index: 0, offset: 0, max: 100 }).catch(() => {});
  }
  for (const run of [1, 2, 3]) await client.request('run/wait', { session, run }).catch(() => {});
}

async function notebookIn(name: string, text: string): Promise<TestNotebook> {
  await mkdir(join(daemon.folder, 'hush_folder'), { recursive: true });
  return daemon.notebook(text, join('hush_folder', name));
}

describe('a busy session', () => {
  const sessions = howMany(8, 'HISTORIES');

  it.each(Array.from({ length: sessions }, (_, n) => seed + n))(
    'shows others than editors what cells show and nothing else (SEED=%i) (P53, P54)',
    { timeout: 120_000 },
    async (seed) => {
      const roll = random(seed);
      const cells = Array.from({ length: 4 }, () => cellText(roll));
      const editor = await notebookIn('notebook.py', cells.join(''));
      const other = await daemon.client();
      const all: SessionEvent[] = [];
      editor.client.onEvent(editor.session, (event) => all.push(event));
      const viewers = [await watch(editor, 'viewer', 'json'), await watch(editor, 'viewer', 'msgpack')];
      const watchers = [...viewers, await watch(editor, 'interactor', 'json')];
      const from = Math.max(...watchers.map(({ notebook }) => notebook.view.seq));
      for (let action = 0; action < 25; action++) {
        await act(roll, editor, cells);
        await agree(editor, other, watchers);
      }
      await editor.edit('# %%\nhush_end = "at the end"\nprint("shown", hush_end)\n');
      await answered(editor, editor.run('all'));
      await agree(editor, other, watchers);
      const last = editor.followed.view.seq;
      for (const watcher of watchers) {
        await watcher.notebook.waitFor(({ seq }) => seq >= last);
        const numbers = watcher.events.map(({ seq }) => seq);
        expect(numbers).toEqual(numbers.map((_, at) => (numbers[0] ?? 0) + at));
        expect(outputsOf(watcher.events, from)).toEqual(outputsOf(all, from));
      }
      for (const viewer of viewers) await askAll(viewer);
      for (const viewer of viewers) {
        const text = viewer.bytes().toString('latin1');
        expect(text.match(/.{0,200}hush.{0,80}/gis) ?? []).toEqual([]);
        expect(text).not.toContain('7654321');
        expect(text).toContain('shown at the end');
        viewer.client.close();
      }
    },
  );

  it('says something of everything that is hidden, so that the test above could fail', async () => {
    const programsOf = (at: number) => programs[at]?.(1) ?? '';
    const editor = await notebookIn('all.py', programs.map((_, at) => `# %% hush_title\n${programsOf(at)}\n`).join(''));
    const { socket } = await reachDaemon({ environment: daemon.environment, start: false });
    const { token } = await editor.client.request('token/create', { role: 'editor', lifetimeSeconds: 60 });
    const pieces: Buffer[] = [];
    const connection = createConnection(frameChannel(socket));
    socket.on('data', (piece: Buffer) => pieces.push(piece));
    const client = await createClient(connection, { clientName: 'other editor', token });
    await followSession(client, editor.session);
    await answered(editor, editor.run('all'));
    await client.request('session/attach', { session: editor.session });
    const text = Buffer.concat(pieces).toString('latin1');
    const words = [
      'hush_name',
      'hush_comment',
      'hush_message',
      'hush_missing',
      'hush_key',
      'HushError',
      'hush_module',
      'hush_exit',
    ];
    for (const word of [...words, 'hush_file', 'hush_prompt', 'hush_title', 'hush_folder']) expect(text).toContain(word);
    client.close();
  });
});

describe('over a socket', () => {
  it('a token that an editor made lets in as what it was made for, until it is revoked (P52, P56)', async () => {
    const editor = await daemon.notebook('# %%\nhush = 1\nprint("shown")\n');
    const { client, session } = editor;
    await editor.run('all');
    const viewer = await watch(editor, 'viewer', 'json');
    expect(viewer.client.server.role).toBe('viewer');
    const refusedTo = async (request: Promise<unknown>) => request.then(() => undefined, refusalName);
    expect(await refusedTo(viewer.client.request('run/start', { session, mode: 'all' }))).toBe('not-allowed');
    expect(await refusedTo(viewer.client.request('graph/check', { path: '/etc/passwd' }))).toBe('not-allowed');
    expect(await refusedTo(viewer.client.request('notebook/convert', { path: '/etc/passwd' }))).toBe('not-allowed');
    expect(await refusedTo(viewer.client.request('input/reply', { session, input: 1 }))).toBe('not-allowed');
    expect(await refusedTo(viewer.client.request('token/create', { role: 'editor', lifetimeSeconds: 1 }))).toBe('not-allowed');
    const { token } = await client.request('token/create', { role: 'interactor', lifetimeSeconds: 60 });
    const interactor = await daemon.client('control', token);
    const { run } = await interactor.request('parameters/set', { session, parameters: { hush: '2' } });
    expect((await interactor.request('run/wait', { session, run })).outcome).toBe('ok');
    expect(await refusedTo(interactor.request('text/open', { session, version: 1, text: '' }))).toBe('not-allowed');
    const interactorGone = new Promise((resolve) => interactor.onDisconnect(resolve));
    await client.request('token/revoke', { token });
    await interactorGone;
    viewer.client.close();
  });
});

it.each<Role>(['viewer', 'interactor'])('of what an editor evaluates beside the cells, a %s gets nothing (P53)', async (role) => {
  const editor = await daemon.notebook('# %%\nx = 1\n');
  const watcher = await watch(editor, role, 'json');
  const { client: own, session } = editor;
  const { step } = await own.request('code/evaluate', { session, code: 'print("sec" + "ret" * 3)' });
  const read = { session, step, index: 0, offset: 0, max: 100 };
  expect((await own.request('output/read', read)).text).toBe('secretretret\n');
  const refused = await watcher.client.request('output/read', read).catch(refusalName);
  expect(refused).toBe('no-such-output');
  const { seq } = (await own.request('session/attach', { session })).view as NotebookView;
  await watcher.notebook.waitFor((view) => view.seq >= seq);
  expect(watcher.bytes().includes('secretretret')).toBe(false);
});
