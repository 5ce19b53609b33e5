import { afterEach, describe, expect, it, vi } from 'vitest';
import { changesPendingMax, inStepMsMax } from '../../lsp/limits.ts';
import { refusal } from '../../protocol/errors.ts';
import { defaultOptions } from '../../protocol/running-options.ts';
import { type Handlers, type Json, ScriptedDaemon, ScriptedEditor, type StartOptions } from './harness.ts';
import { type CellSketch, result, textOf, viewOf } from './views.ts';

const uri = 'file:///n.py';
const cells: readonly CellSketch[] = [
  { code: 'x = 1', defs: ['x'], children: ['c2'] },
  { code: 'x', refs: ['x'], parents: ['c1'], outputs: [result('1')] },
];

const editors: ScriptedEditor[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const editor of editors.splice(0)) editor.close();
});

async function start({ handlers = {}, ...options }: StartOptions & { handlers?: Handlers } = {}) {
  const daemon = new ScriptedDaemon(viewOf(cells), handlers);
  const editor = await ScriptedEditor.start(daemon, options);
  editors.push(editor);
  return { daemon, editor };
}

/** The notebook is open and the daemon has its text. */
async function opened(options: Parameters<typeof start>[0] = {}) {
  const started = await start(options);
  await started.editor.open(uri, textOf(cells));
  await vi.waitFor(() => expect(started.daemon.methods()).toContain('text/open'));
  return started;
}

/** The server has read all that the editor sent: it answers in order, and to this at once. */
const taken = (editor: ScriptedEditor) =>
  editor.request('textDocument/foldingRange', { textDocument: { uri: 'file:///other.py' } });

const insert = (line: number, text: string) => ({ range: { start: { line, character: 0 }, end: { line, character: 0 } }, text });

describe('quick fixes', () => {
  it.each([
    ['star-import', true],
    ['empty-cell', undefined],
  ])('of %s are worked out by the daemon; of its world only what they need', async (code, world) => {
    const asked: Json[] = [];
    const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 1 } };
    const problem = { code, severity: 'warning' as const, message: '', range, cells: ['c1'], related: [] };
    const fixes = [{ title: 'Mend it', edits: [{ range, newText: 'y' }] }];
    const answer = (params: Json) => {
      asked.push(params);
      return { format: 'percent', cells: [], edges: [], problems: [{ ...problem, fixes }], complaints: [] };
    };
    const daemon = new ScriptedDaemon(viewOf(cells, { problems: [problem] }), { 'graph/check': answer });
    const editor = await ScriptedEditor.start(daemon, {});
    editors.push(editor);
    await editor.open(uri, textOf(cells));
    await vi.waitFor(() => expect(daemon.methods()).toContain('text/open'));
    const context = { diagnostics: [], only: ['quickfix'] };
    const actions = await editor.request('textDocument/codeAction', { textDocument: { uri }, range, context });
    expect(actions).toMatchObject([{ title: 'Mend it', kind: 'quickfix', isPreferred: true }]);
    expect(asked.map((params) => params['world'])).toEqual([world]);
  });
});

it('opens notebooks with what the editor says of how they run', async () => {
  const { daemon } = await opened({ initializationOptions: { mode: 'lazy', earlyCutoff: true } });
  expect(daemon.asked.find(({ method }) => method === 'session/open')?.params).toMatchObject({
    options: { mode: 'lazy', earlyCutoff: true },
  });
});

describe('a script whose cells begin with other lines', () => {
  const gallery = `x = 1\n${'#'.repeat(30)}\n# Text\ny = x\n`;
  const cases = [gallery, '# In[1]:\n\nx = 1\n', '# <codecell>\nx = 1\n'];

  it.each(cases)('is no notebook: %j', async (text) => {
    const { daemon, editor } = await start();
    await editor.open(uri, text);
    await taken(editor);
    expect(daemon.connections).toBe(0);
  });

  it.each(cases)('is one where the editor says so: %j', async (text) => {
    const { daemon, editor } = await start({ initializationOptions: { otherMarkers: true } });
    await editor.open(uri, text);
    await vi.waitFor(() => expect(daemon.methods()).toContain('session/open'));
    expect(daemon.asked[0]?.params).toMatchObject({ text, format: 'percent' });
  });

  it('leaves it to the daemon what other notebooks are', async () => {
    const { daemon } = await opened({ initializationOptions: { otherMarkers: true } });
    expect(daemon.asked[0]?.params).not.toHaveProperty('format');
  });
});

describe('an ordinary Python file', () => {
  it('does not start the daemon, and gets no action, hint, or diagnostic', async () => {
    const { daemon, editor } = await start();
    await editor.open(uri, 'import os\nx = 1\n');
    await editor.change(uri, 2, insert(0, 'y = 2\n'));
    const at = { textDocument: { uri }, range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } };
    expect(await editor.request('textDocument/codeAction', { ...at, context: { diagnostics: [] } })).toEqual([]);
    expect(await editor.request('textDocument/inlayHint', at)).toEqual([]);
    expect(await editor.request('textDocument/codeLens', at)).toEqual([]);
    expect(await editor.request('textDocument/hover', { ...at, position: at.range.start })).toBeNull();
    expect([daemon.connections, editor.published]).toEqual([0, []]);
  });

  it('becomes a notebook with its first marker, and ceases to be one without it', async () => {
    const { daemon, editor } = await start();
    await editor.open(uri, 'x = 1\n');
    daemon.view = viewOf([{ code: 'x = 1', status: 'stale' }]);
    await editor.change(uri, 2, insert(0, '# %%\n'));
    await vi.waitFor(() => expect(editor.published.at(-1)?.diagnostics).toHaveLength(1));
    await editor.change(uri, 3, { range: { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } }, text: '' });
    await vi.waitFor(() => expect(editor.published.at(-1)?.diagnostics).toEqual([]));
  });
});

describe('text', () => {
  it('opens with the buffer and the environment of the editor, and runs nothing', async () => {
    const { daemon, editor } = await opened();
    await editor.connection.sendNotification('textDocument/didSave', { textDocument: { uri } });
    await vi.waitFor(() => expect(daemon.methods()).toEqual(['session/open', 'text/open', 'text/save']));
    expect(daemon.asked[0]?.params).toMatchObject({
      path: '/n.py',
      text: textOf(cells),
      version: 1,
      environment: { PATH: process.env['PATH'] },
    });
  });

  it('goes to the daemon in the order of typing, also while the daemon is slow', async () => {
    let release = () => {};
    const slow = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { daemon, editor } = await start({
      handlers: {
        'session/open': async () => {
          await slow;
          return { view: daemon.view };
        },
      },
    });
    await editor.open(uri, textOf(cells));
    for (let version = 2; version <= 6; version++) await editor.change(uri, version, insert(1, `# ${version}\n`));
    await vi.waitFor(() => expect(daemon.methods()).toEqual(['session/open']));
    await taken(editor);
    release();
    await editor.request('textDocument/foldingRange', { textDocument: { uri } });
    const expected = [6, 5, 4, 3, 2].reduce((text, version) => `${text}# ${version}\n`, '# %%\n') + textOf(cells).slice(5);
    expect(
      daemon.asked.filter(({ method }) => method === 'text/open').map(({ params }) => [params.version, params.text]),
    ).toEqual([[6, expected]]);
    await editor.change(uri, 7, insert(0, '1'), insert(0, '2'));
    await editor.change(uri, 8, insert(0, '3'));
    await editor.request('textDocument/foldingRange', { textDocument: { uri } });
    const sent = daemon.asked.filter(({ method }) => method === 'text/change');
    expect([
      sent.flatMap(({ params }) => params.changes.map(({ text }: { text: string }) => text)),
      sent.at(-1)?.params.version,
    ]).toEqual([['1', '2', '3'], 8]);
  });

  it('is sent whole when more edits wait than the queue holds', async () => {
    let release = () => {};
    const slow = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { daemon, editor } = await opened({ handlers: { 'text/save': () => slow } });
    await editor.connection.sendNotification('textDocument/didSave', { textDocument: { uri } });
    await vi.waitFor(() => expect(daemon.methods()).toContain('text/save'));
    for (let version = 2; version < 3 + changesPendingMax; version++) await editor.change(uri, version, insert(0, '#\n'));
    await taken(editor);
    release();
    await editor.request('textDocument/foldingRange', { textDocument: { uri } });
    expect(daemon.methods()).toEqual(['session/open', 'text/open', 'text/save', 'text/open']);
    expect(daemon.asked.at(-1)?.params).toMatchObject({
      version: 2 + changesPendingMax,
      text: '#\n'.repeat(1 + changesPendingMax) + textOf(cells),
    });
  });

  it('is sent whole when the daemon refuses an edit as old', async () => {
    let isFirst = true;
    const stale = () => {
      if (!isFirst) return undefined;
      isFirst = false;
      throw refusal('stale-revision', 'The text changed.');
    };
    const { daemon, editor } = await opened({ handlers: { 'text/change': () => stale() ?? { seq: 0 } } });
    await editor.change(uri, 2, insert(0, '#\n'));
    await vi.waitFor(() => expect(daemon.methods()).toContain('text/change'));
    await editor.change(uri, 3, insert(0, '#\n'));
    await vi.waitFor(() => expect(daemon.asked.at(-1)).toMatchObject({ method: 'text/open', params: { version: 3 } }));
  });

  it('is opened again only after it was let go, when an editor reads a file again', async () => {
    const { daemon, editor } = await opened({
      handlers: { 'text/close': () => new Promise((resolve) => setImmediate(resolve)) },
    });
    await editor.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    await editor.open(uri, textOf(cells));
    await editor.request('textDocument/foldingRange', { textDocument: { uri } });
    expect(daemon.methods().slice(2)).toEqual(['text/close', 'session/detach', 'session/open', 'text/open']);
  });

  it('is let go when the buffer closes, and the session stays', async () => {
    const { daemon, editor } = await opened();
    await editor.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    await vi.waitFor(() => expect(daemon.methods().slice(-2)).toEqual(['text/close', 'session/detach']));
  });
});

describe('diagnostics', () => {
  it('follow the events, and an equal list is not sent again', async () => {
    const { daemon, editor } = await opened();
    const standing = (status: string) =>
      daemon.send({ type: 'cells', cells: [{ id: 'c1', status, parents: [], children: ['c2'] }] });
    standing('stale');
    const last = () => editor.published.at(-1)?.diagnostics.map(({ message }) => message);
    await vi.waitFor(() => expect(last()).toEqual(['stale', '1']));
    standing('fresh');
    await vi.waitFor(() => expect(last()).toEqual(['1']));
    const count = editor.published.length;
    daemon.send({ type: 'kernel', kernel: { phase: 'idle', generation: 1 } });
    await editor.request('textDocument/foldingRange', { textDocument: { uri } });
    expect(editor.published).toHaveLength(count);
  });
});

describe('lenses', () => {
  const capabilities = { workspace: { codeLens: { refreshSupport: true } } };
  const changed = (daemon: { send(event: Json): void }, status: string) =>
    daemon.send({ type: 'cells', cells: [{ id: 'c1', status, parents: [], children: [] }] });

  it('are asked for again by an editor that was too busy for the first refresh', async () => {
    const { daemon, editor } = await opened({ capabilities });
    const fetch = () => editor.request('textDocument/codeLens', { textDocument: { uri } });
    await fetch();
    let refreshes = 0;
    let fetched: Promise<Json> | undefined;
    editor.answer('workspace/codeLens/refresh', () => {
      refreshes += 1;
      if (refreshes > 1) fetched = fetch();
      return null;
    });
    changed(daemon, 'running');
    await vi.waitFor(() => expect(refreshes).toBe(2), { timeout: 5_000 });
    await fetched;
  });

  it('are asked for again when they were given before the daemon had seen the last edit', async () => {
    const edited: ((answer: object) => void)[] = [];
    const handlers = { 'text/change': () => new Promise<object>((resolve) => edited.push(resolve)) };
    const { editor, daemon } = await start({ capabilities, handlers });
    let refreshes = 0;
    editor.answer('workspace/codeLens/refresh', () => {
      refreshes += 1;
      return null;
    });
    await editor.open(uri, textOf(cells));
    await vi.waitFor(() => expect(refreshes).toBe(1));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await editor.change(uri, 2, insert(0, '# a line more\n'));
    const lenses = editor.request('textDocument/codeLens', { textDocument: { uri } });
    await taken(editor);
    vi.advanceTimersByTime(inStepMsMax);
    vi.useRealTimers();
    expect(await lenses).toHaveLength(cells.length);
    edited[0]?.({ seq: daemon.view.seq });
    await vi.waitFor(() => expect(refreshes).toBe(2));
  });

  it('are not asked for again by an editor that never shows them', async () => {
    const { daemon, editor } = await opened({ capabilities });
    const refreshes: string[] = [];
    const answered = (status: string) => vi.waitFor(() => expect(refreshes.at(-1)).toBe(status), { timeout: 5_000 });
    let status = 'none';
    editor.answer('workspace/codeLens/refresh', () => {
      refreshes.push(status);
      return null;
    });
    for (const next of ['running', 'fresh']) {
      status = next;
      changed(daemon, next);
      await answered(next);
    }
    expect(new Set(refreshes).size).toBe(refreshes.length);
  });
});

describe('a run', () => {
  it('is progress from its first step to its end', async () => {
    const { daemon, editor } = await opened({ capabilities: { window: { workDoneProgress: true } } });
    const told: string[] = [];
    editor.answer('window/workDoneProgress/create', () => null);
    editor.connection.onNotification(
      '$/progress',
      ({ value }: Json) => void told.push([value.kind, value.title, value.message].filter(Boolean).join(' ')),
    );
    const plan = [
      { cell: 'c1', reason: 'asked for' },
      { cell: 'c2', reason: 'descendant' },
    ];
    daemon.send({ type: 'run.accepted', run: { id: 1, mode: 'reactive', roots: ['c1'], plan, done: 0 } });
    await vi.waitFor(() => expect(told).toEqual(['begin Running 2 cells 1/2 cell 1']));
    daemon.send({ type: 'step.finished', run: 1, cell: 'c1', step: 1, outcome: 'ok', durationMs: 1 });
    await vi.waitFor(() => expect(told.at(-1)).toBe('report 2/2 cell 2'));
    daemon.send({ type: 'run.sealed', run: 1, outcome: 'ok' });
    await vi.waitFor(() => expect(told.at(-1)).toBe('end'));
  });
});

describe('a kernel that died', () => {
  it('is told once, with the reason', async () => {
    const { daemon, editor } = await opened();
    daemon.send({ type: 'kernel', kernel: { phase: 'idle', generation: 1 } });
    await editor.request('textDocument/foldingRange', { textDocument: { uri } });
    daemon.send({ type: 'kernel', kernel: { phase: 'dead', generation: 1, reason: 'killed by SIGKILL' } });
    await vi.waitFor(() => expect(editor.messages).toHaveLength(1));
    expect(editor.messages[0]).toMatch(/the kernel died: killed by SIGKILL/);
  });
});

describe('commands', () => {
  const handlers = {
    'graph/plan': ({ mode }: { mode: string }) => ({
      plan: mode === 'stale' ? [] : [{ cell: 'c1', reason: 'asked for' }],
      above: 0,
      below: mode === 'reactive' ? 1 : 0,
    }),
    'run/start': () => ({ run: 3, plan: [{ cell: 'c1', reason: '' }], seq: 0 }),
  };
  const actionsAt = (editor: ScriptedEditor, line: number, only?: string[]) =>
    editor.request('textDocument/codeAction', {
      textDocument: { uri },
      range: { start: { line, character: 0 }, end: { line, character: 0 } },
      context: { diagnostics: [], ...(only && { only }) },
    });

  it('are offered at a cell, one of them for a key that asks for its kind', async () => {
    const { editor } = await opened({ handlers });
    const titles = (actions: { title: string }[]) => actions.map(({ title }) => title);
    expect(titles(await actionsAt(editor, 1))).toEqual(['Run cell (+1 below)', 'Run cell only', 'Run all', 'Which Python']);
    expect(titles(await actionsAt(editor, 1, ['source.headwater.runCell']))).toEqual(['Run cell (+1 below)']);
    expect(await actionsAt(editor, 1, ['source.organizeImports'])).toEqual([]);
  });

  it('run the cell of the action, of a place, or of the last place that the editor spoke of', async () => {
    const { daemon, editor } = await opened({ handlers });
    const [action] = await actionsAt(editor, 4);
    const ran = async (...parameters: unknown[]) => {
      expect(await editor.command('headwater.runCell', ...parameters)).toBe(3);
      return daemon.asked.at(-1)?.params;
    };
    expect(await ran(...action.command.arguments)).toEqual({ session: 's1', mode: 'reactive', roots: ['c2'] });
    expect(await ran('/n.py', 1)).toMatchObject({ roots: ['c1'] });
    expect(await ran()).toMatchObject({ roots: ['c2'] });
  });

  it('say the refusal of the daemon in its words', async () => {
    const refuse = () => {
      throw refusal('no-interpreter', 'No Python was found; install one.');
    };
    const { editor } = await opened({ handlers: { 'run/start': refuse } });
    expect(await editor.command('headwater.runAll')).toBeNull();
    expect(editor.messages).toEqual(['Headwater: No Python was found; install one.']);
  });

  it.each([
    ['Neovim', { takeFocus: false }],
    ['Eglot', {}],
  ])('open an output as %s needs it', async (name, more) => {
    const { editor } = await opened({
      name,
      handlers: { 'output/file': () => ({ path: '/tmp/out.txt', mime: 'text/plain' }) },
      capabilities: { window: { showDocument: { support: true } } },
    });
    const shown: unknown[] = [];
    editor.answer('window/showDocument', (params) => {
      shown.push(params);
      return { success: true };
    });
    expect(await editor.command('headwater.openOutput', '/n.py', 5)).toBe('/tmp/out.txt');
    expect(shown).toEqual([{ uri: 'file:///tmp/out.txt', ...more }]);
    expect(editor.messages).toEqual([]);
  });

  it('tell where an output is when the editor cannot open it', async () => {
    const { editor } = await opened({ handlers: { 'output/file': () => ({ path: '/tmp/out.png', mime: 'image/png' }) } });
    await editor.command('headwater.openOutput', '/n.py', 5);
    expect(editor.messages).toEqual(['Headwater: the output is in /tmp/out.png']);
  });
});

it.each([
  ['headwater.cancel', 'this cell is not queued.'],
  ['headwater.openOutput', 'this cell has no output.'],
  ['headwater.copyOutput', 'this cell has no output.'],
])('a key for %s says where it has nothing to do', async (command, reason) => {
  const handlers = {
    'run/cancel': () => null,
    'output/file': () => ({ path: '/tmp/out.txt', mime: 'text/plain' }),
    'output/get': () => ({ text: '', files: [] }),
  };
  const { editor } = await opened({ handlers });
  await editor.command(command, '/n.py', 2);
  expect(editor.messages[0]).toBe(`Headwater: ${reason}`);
});

describe('a question of a notebook', () => {
  const question = (input: number) => ({
    type: 'input.requested' as const,
    input,
    cell: 'c1',
    step: 1,
    prompt: 'name? ',
    isPassword: false,
  });

  it('does not hide a trouble of the daemon, which is told once', async () => {
    const { daemon, editor } = await opened();
    daemon.send({ type: 'notice', message: 'the disk is full' });
    await vi.waitFor(() => expect(editor.messages).toEqual(['Headwater: the disk is full']));
    daemon.send({ type: 'options', options: { ...defaultOptions, mode: 'lazy' } });
    daemon.send({ type: 'notice' });
    daemon.send({ type: 'notice', message: 'it is full again' });
    await vi.waitFor(() => expect(editor.messages).toEqual(['Headwater: the disk is full', 'Headwater: it is full again']));
  });

  it('is told once, and answered by a command', async () => {
    const { daemon, editor } = await opened();
    expect(await editor.command('headwater.reply', 'early')).toBeNull();
    daemon.send(question(7));
    await vi.waitFor(() => expect(editor.messages).toHaveLength(2));
    expect(editor.messages).toEqual([
      'Headwater: No notebook asks for input.',
      'Headwater: cell 1 asks for input: name? (answer with the command headwater.reply)',
    ]);
    await editor.command('headwater.reply', 'Ada');
    await editor.command('headwater.reply', '', 'file:///n.py');
    expect(daemon.asked.filter(({ method }) => method === 'input/reply').map(({ params }) => params)).toEqual([
      { session: 's1', input: 7, text: 'Ada', echo: true },
      { session: 's1', input: 7, text: '', echo: true },
    ]);
    daemon.send({ type: 'input.ended', input: 7, cell: 'c1', step: 1, outcome: 'answered' });
    daemon.send(question(8));
    await vi.waitFor(() => expect(editor.messages).toHaveLength(3));
    expect(editor.messages[2]).toBe(editor.messages[1]);
  });

  it('wants a text for an answer', async () => {
    const { editor } = await opened();
    expect(await editor.command('headwater.reply')).toBeNull();
    expect(editor.messages).toEqual([expect.stringContaining('Pass the answer as the argument of headwater.reply')]);
  });
});

describe('a lost daemon', () => {
  it('is told once, takes the statuses along, and is started again by the next edit', async () => {
    const { daemon, editor } = await opened();
    await vi.waitFor(() => expect(editor.published.at(-1)?.diagnostics).toHaveLength(1));
    daemon.disconnect();
    await vi.waitFor(() => expect(editor.published.at(-1)?.diagnostics).toEqual([]));
    expect(editor.messages.at(-1)).toMatch(/the daemon is gone/);
    await editor.change(uri, 2, insert(0, '#\n'));
    await vi.waitFor(() => expect(daemon.methods()).toEqual(['session/open', 'text/open', 'session/open', 'text/open']));
    expect([daemon.connections, daemon.asked.at(-1)?.params.text]).toEqual([2, `#\n${textOf(cells)}`]);
  });
});

describe('a command for a place that is none', () => {
  it.each([
    ['an address of another machine', ['file://host/n.py', 1]],
    ['an address that cannot be read', ['file:///bad%ZZ.py', 1]],
    ['a file that is not open', ['file:///other.py', 1]],
    ['a path that is not open', ['bad%ZZ.py', 1]],
    ['an address of something else', ['untitled:n.py', 1]],
    ['a line that is none', [uri, 'one']],
    ['a cell that is gone', [uri, 1, 'c99']],
  ])('runs nothing: %s', async (_, parameters) => {
    const { daemon, editor } = await opened();
    expect(await editor.command('headwater.runCell', ...parameters)).toBeNull();
    expect(daemon.methods()).not.toContain('run/start');
    expect(editor.messages).toHaveLength(1);
  });
});

describe('a daemon that is slow', () => {
  const isSlow = expect.stringContaining('The daemon has not taken in the text of /n.py yet');

  it('is told as slow, where it has not opened the notebook', async () => {
    const { daemon, editor } = await start({ handlers: { 'session/open': () => new Promise(() => {}) } });
    await editor.open(uri, textOf(cells));
    for (const command of ['headwater.runAll', 'headwater.interrupt']) expect(await editor.command(command, uri, 1)).toBeNull();
    expect(editor.messages).toEqual([isSlow, isSlow]);
    expect(daemon.methods()).not.toContain('run/start');
  });

  it('is told as slow, where it does not know the last edit: another cell might run', async () => {
    const { daemon, editor } = await opened({ handlers: { 'text/change': () => new Promise(() => {}) } });
    await editor.change(uri, 2, insert(0, '# %%\n1\n'));
    expect(await editor.command('headwater.runCell', uri, 1)).toBeNull();
    expect(editor.messages).toEqual([isSlow]);
    expect(daemon.methods()).not.toContain('run/start');
    await editor.command('headwater.interrupt', uri, 1);
    expect(daemon.methods()).toContain('run/interrupt');
  });

  it('is not told as slow, where it has refused the text', async () => {
    const refused = () => Promise.reject(refusal('limit-reached', 'Too many notebooks are open.'));
    const { editor } = await start({ handlers: { 'session/open': refused } });
    await editor.open(uri, textOf(cells));
    await editor.command('headwater.runCell', uri, 1);
    expect(new Set(editor.messages.map((message) => message.includes('Too many notebooks are open.')))).toEqual(new Set([true]));
  });

  it('is not told as slow, where the text is no notebook', async () => {
    const { editor } = await start();
    await editor.open(uri, 'x = 1\n');
    await editor.command('headwater.runCell', uri, 1);
    expect(editor.messages).toEqual([expect.stringContaining('/n.py is not a notebook')]);
  });
});

describe('before initialize', () => {
  it.each(['textDocument/hover', 'workspace/executeCommand', 'nothing/known'])('%s is answered', async (method) => {
    const editor = ScriptedEditor.uninitialized(new ScriptedDaemon(viewOf(cells)));
    editors.push(editor);
    await expect(editor.request(method, {})).rejects.toMatchObject({ code: -32002 });
    await editor.initialize({});
    await expect(editor.request('nothing/known', {})).rejects.toMatchObject({ code: -32601 });
  });
});
