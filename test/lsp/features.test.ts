import { describe, expect, it } from 'vitest';
import { cellAtLine } from '../../lsp/cells.ts';
import { describeEditor } from '../../lsp/clients.ts';
import { isPythonFile, looksLikeNotebook } from '../../lsp/detect.ts';
import { codeActionsAt, counts, isWanted, kindOf } from '../../lsp/features/code-actions.ts';
import { codeLensesOf } from '../../lsp/features/code-lens.ts';
import { actionNames, readPlace } from '../../lsp/features/commands.ts';
import { documentSymbolsOf } from '../../lsp/features/document-symbol.ts';
import { foldingRangesOf } from '../../lsp/features/folding-range.ts';
import { hoverAt } from '../../lsp/features/hover.ts';
import { inlayHintsOf } from '../../lsp/features/inlay-hints.ts';
import { readAnswer } from '../../lsp/features/input.ts';
import { progressMessage, progressTitle } from '../../lsp/features/progress.ts';
import { capped, cutLine, outputLines } from '../../lsp/outputs.ts';
import { type CellSketch, lineLengths, result, stdout, viewOf } from './views.ts';

const uri = 'file:///n.py';

describe('what is a notebook', () => {
  it.each([
    ['# %%\nx = 1', true],
    ['import os\n#%% title\nx = 1', true],
    ['# %% [markdown]\n# hello', true],
    ['# %%%\nx', true],
    ['# %%time\nx = 1', false],
    ['x = 5 # %% of all', false],
    ['    # %%\n', false],
    ['import marimo\n\napp = marimo.App(width="full")\n', true],
    ['import marimo as mo\nprint(mo.__version__)', false],
    ['import os\nprint("marimo")', false],
    ['', false],
  ])('%j: %s', (text, expected) => {
    expect(looksLikeNotebook(text)).toBe(expected);
  });

  it('is a Python file on this machine', () => {
    expect(isPythonFile('file:///a.py', 'python')).toBe(true);
    expect(isPythonFile('untitled:Untitled-1', 'python')).toBe(false);
    expect(isPythonFile('file:///a.md', 'markdown')).toBe(false);
  });
});

describe('outputs as text', () => {
  const image = (text: string) => ({ 'image/png': { blob: 'ab', size: 20_480 }, 'text/plain': text });

  it.each([
    ['a stream without its last newline', [stdout('a\nb\n')], ['a', 'b']],
    ['without the colours of a terminal', [stdout('\u001b[31mred\u001b[0m')], ['red']],
    ['what is left of lines that are written over', [stdout('0%\r50%\r100%\nabc\rx\r\nlast\r')], ['100%', 'xbc', 'last']],
    [
      'an image, with the size that its text tells',
      [{ type: 'result', bundle: image('<Figure size 640x480 with 1 Axes>') }],
      ['[image 640×480, png: Open output]'],
    ],
    ['an image of unknown size', [{ type: 'display', bundle: image('<PIL.Image>') }], ['[image, png, 20 kB: Open output]']],
    ['how much of a stream is missing', [stdout('a', 7)], ['a', '… 7 more characters: Open output']],
    [
      'a text that is too large for a view',
      [{ type: 'result', bundle: { 'text/plain': { blob: 'cd', size: 2048 } } }],
      ['[text, 2 kB: Open output]'],
    ],
    ['nothing for an empty result', [{ type: 'result', bundle: { 'text/plain': '' } }], []],
  ] as const)('%s', (_, outputs, expected) => {
    const [cell] = Object.values(viewOf([{ code: 'x', outputs: [...outputs] }]).cells);
    expect(cell && outputLines(cell)).toEqual(expected);
  });

  it('is cut in width between characters, and counted in height', () => {
    expect(cutLine('😀😀😀😀', 3)).toBe('😀😀…');
    expect(capped(['1', '2', '3'], 2, 10)).toEqual(['1', '2', '… 1 more line']);
    expect(capped(['1', '2'], 2, 10)).toEqual(['1', '2']);
  });
});

describe('code actions', () => {
  const cells: CellSketch[] = [{ code: 'x = 1' }, { code: 'x', outputs: [result('1')] }];
  const titles = (more: Parameters<typeof viewOf>[1], plans: Parameters<typeof codeActionsAt>[3], line = 1) => {
    const view = viewOf(cells, more);
    return codeActionsAt(uri, view, cellAtLine(view, line), plans).map(({ title }) => title);
  };

  it('say beforehand what will run', () => {
    const plans = { run: { above: 2, below: 7 }, runOnly: { above: 2, below: 0 }, stale: 3 };
    expect(titles({}, plans)).toEqual([
      'Run cell (+2 above, 7 below)',
      'Run cell only (+2 above)',
      'Run stale cells (3)',
      'Run all',
      'Which Python',
    ]);
  });

  it.each([
    [{ above: 2, below: 7 }, ' (+2 above, 7 below)'],
    [{ above: 2, below: 0 }, ' (+2 above)'],
    [{ above: 0, below: 7 }, ' (+7 below)'],
    [{ above: 0, below: 0 }, ''],
  ])('%j reads %j', (plan, expected) => {
    expect(counts(plan)).toBe(expected);
  });

  it('are only those that make sense at the place', () => {
    expect(titles({}, { stale: 0 })).toEqual(['Run all', 'Which Python']);
    const busy = { kernel: { phase: 'busy', generation: 1 } } as const;
    expect(titles(busy, { run: { above: 0, below: 0 }, stale: 0 }, 4)).toEqual([
      'Run cell',
      'Interrupt',
      'Kill kernel, values are lost',
      'Open output',
      'Copy output',
      'Run all',
      'Restart kernel',
      'Which Python',
    ]);
  });

  it('offer to cancel a cell that waits', () => {
    const waiting = viewOf([{ code: '1', status: 'queued' }]);
    const actions = codeActionsAt(uri, waiting, cellAtLine(waiting, 1), { stale: 0 });
    expect(actions.map(({ title }) => title)).toContain('Cancel cell');
    expect(titles({}, { stale: 0 })).not.toContain('Cancel cell');
  });

  it('have a kind each, so that one key can ask for one', () => {
    expect(isWanted('source.headwater.runCell', ['source.headwater.runCell'])).toBe(true);
    expect(isWanted('source.headwater.runCellOnly', ['source.headwater.runCell'])).toBe(false);
    expect(isWanted('source.headwater.runCell', ['source'])).toBe(true);
    expect(isWanted('source.headwater.runCell', ['source.organizeImports', 'quickfix'])).toBe(false);
    expect(isWanted('source.headwater.runCell', undefined)).toBe(true);
  });

  it.each(actionNames)('%s is offered wherever exactly it is asked for', (name) => {
    const view = viewOf([{ code: 'x = 1' }]);
    const offer = (only: readonly string[]) =>
      codeActionsAt(uri, view, cellAtLine(view, 1), { stale: 0 }, only).map(({ kind }) => kind);
    expect(offer([kindOf(name)])).toContain(kindOf(name));
    expect(offer(['source'])).toEqual(offer([]));
  });

  it('run a cell only, also where nothing depends on it', () => {
    const view = viewOf(cells);
    const plans = { run: { above: 1, below: 0 }, runOnly: { above: 1, below: 0 }, stale: 0 };
    const titles = (only: readonly string[]) =>
      codeActionsAt(uri, view, cellAtLine(view, 4), plans, only).map(({ title }) => title);
    expect(titles(['source.headwater.runCellOnly'])).toContain('Run cell only (+1 above)');
    expect(titles([])).not.toContain('Run cell only (+1 above)');
  });

  it('carry the cell, so that they hit it also when lines moved', () => {
    const view = viewOf(cells);
    const [action] = codeActionsAt(uri, view, cellAtLine(view, 4), { run: { above: 0, below: 0 }, stale: 0 });
    expect(action?.command).toEqual({ title: 'Run cell', command: 'headwater.runCell', arguments: [uri, 3, 'c2'] });
  });
});

describe('the traceback in a hover', () => {
  const frame = { file: '/n.py', line: 2, function: 'f', cell: 'c1', text: '1 / 0' };
  const hover = (cellLine: number) => {
    const error = { name: 'E', message: 'm', text: 'File "/n.py", line 2\nE: m', frames: [{ ...frame, cellLine }] };
    return hoverAt(viewOf([{ code: '#\n1 / 0', status: 'failed', error }]), 1, 'plaintext')?.contents;
  };

  it('says that its lines are those of the run where they are others now', () => {
    const note = '(Lines are numbered as they were in this run.)';
    expect(hover(1)).toMatchObject({ value: expect.stringContaining(`${note}\nFile`) });
    expect(hover(0)).toMatchObject({ value: expect.not.stringContaining(note) });
  });
});

describe('the place of a command', () => {
  it.each([
    [[], {}],
    [['file:///n.py', 4, 'c2'], { path: '/n.py', line: 4, cell: 'c2' }],
    [['file:///caf%C3%A9.py', 4], { path: '/café.py', line: 4 }],
    [['/n.py', '5'], { path: '/n.py', line: 4 }],
    [['/n.py'], { path: '/n.py' }],
    [[''], {}],
    [[null, null], {}],
    [['/n.py', ''], { path: '/n.py' }],
  ])('%j', (parameters, expected) => {
    expect(readPlace(parameters)).toEqual(expected);
  });

  it.each([
    [['file://host/x.py', 4], 'file://host/x.py is not the address of a file on this machine.'],
    [['file:///bad%ZZ.py', 4], 'file:///bad%ZZ.py is not the address of a file on this machine.'],
    [['file:///a%2Fb.py'], 'file:///a%2Fb.py is not the address of a file on this machine.'],
    [[7], '7 is not the path or the address of a notebook.'],
    [[{ uri: 'file:///n.py' }, 4], '{"uri":"file:///n.py"} is not the path or the address of a notebook.'],
    [['/n.py', 'four'], '"four" is not the number of a line.'],
    [['/n.py', 1.5], '1.5 is not the number of a line.'],
    [['/n.py', -2], '-2 is not the number of a line.'],
  ])('is none: %j', (parameters, sentence) => {
    expect(() => readPlace(parameters)).toThrow(sentence);
  });

  it.each(['file://host/x.py', 'file:///bad%ZZ.py', 7])('is none for an answer, either: %j', (where) => {
    expect(() => readAnswer(['yes', where])).toThrow();
    expect(readAnswer(['yes', ''])).toEqual({ text: 'yes', path: undefined });
  });
});

describe('lenses', () => {
  it('say how a cell stands, run it, and tell how many cells follow (P63)', () => {
    const view = viewOf([
      { code: 'x = 1', children: ['c2'], lastStep: { step: 1, startedAt: 0, durationMs: 1240 } },
      { code: 'x', status: 'stale', outputs: [result('1')] },
    ]);
    expect(codeLensesOf(uri, view, 'off').map(({ command }) => command?.title)).toEqual([
      'fresh · 1.2 s · Run cell · 1 below',
      'stale · Run cell',
    ]);
    expect(codeLensesOf(uri, view, 'lens').map(({ command }) => command?.title)[1]).toBe('stale · 1 · Run cell');
  });
});

describe('hover', () => {
  const view = viewOf([
    { code: 'price = 7', name: 'load_it', defs: ['price'], children: ['c2'] },
    { code: 'total = price * 3\ntotal', defs: ['total'], refs: ['price'], parents: ['c1'], outputs: [result('21')] },
  ]);

  it('tells in Markdown how the cell stands, what it defines and reads, and what it showed', () => {
    expect(hoverAt(view, 4, 'markdown')?.contents).toEqual({
      kind: 'markdown',
      value: '**cell 2** · fresh\n\ndefines `total`\n\nreads `price` from load\\_it\n\n```text\n21\n```',
    });
  });

  it('tells it without marks where the editor wants plain text', () => {
    expect(hoverAt(view, 4, 'plaintext')?.contents).toEqual({
      kind: 'plaintext',
      value: 'cell 2 · fresh\n\ndefines total\n\nreads price from load_it\n\n21',
    });
  });

  it('keeps an output with fences in one block', () => {
    const fenced = viewOf([{ code: 'x', outputs: [stdout('```py\n1\n```')] }]);
    expect(hoverAt(fenced, 0, 'markdown')?.contents).toMatchObject({
      value: expect.stringContaining('````text\n```py\n1\n```\n````'),
    });
  });
});

describe('inlay hints', () => {
  const cells: CellSketch[] = [
    { code: 'x = 1\nx', outputs: [result('1')] },
    { code: 'y', outputs: [stdout('a\nb\n')] },
  ];
  const all = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  const labels = (tallHints: boolean, range = all) =>
    inlayHintsOf(viewOf(cells), range, { tallHints, lineLength: lineLengths(cells) }).map(({ position, label }) => [
      position.line,
      position.character,
      label,
    ]);

  it('stand at the end of the last line, one line each', () => {
    expect(labels(false)).toEqual([
      [2, 1, '→ 1'],
      [5, 1, '→ a …'],
    ]);
  });

  it('leave room for the line, unless the editor is one that gives them room', () => {
    const long: CellSketch[] = [{ code: 'x', outputs: [result('y'.repeat(100))] }];
    const label = (tallHints: boolean) =>
      inlayHintsOf(viewOf(long), all, { tallHints, lineLength: lineLengths(long) })[0]?.label.length;
    expect([label(false), label(true)]).toEqual([40, 102]);
  });

  it('have all lines where the editor draws them', () => {
    expect(labels(true)[1]).toEqual([5, 1, '\na\nb']);
  });

  it('are given for the lines that were asked about', () => {
    expect(labels(false, { start: { line: 4, character: 0 }, end: { line: 9, character: 0 } })).toHaveLength(1);
  });
});

describe('outline and folding', () => {
  const cells: CellSketch[] = [{ code: 'x = 1\ny = 2', name: 'load', defs: ['x', 'y'] }, { code: 'z' }];

  it('list the cells', () => {
    const symbols = documentSymbolsOf(viewOf(cells), lineLengths(cells));
    expect(symbols.map(({ name, detail, range }) => [name, detail, range.start.line, range.end])).toEqual([
      ['load', 'x, y', 0, { line: 2, character: 5 }],
      ['cell 2', '', 4, { line: 5, character: 1 }],
    ]);
    expect(foldingRangesOf(viewOf(cells))).toEqual([
      { startLine: 0, endLine: 2 },
      { startLine: 4, endLine: 5 },
    ]);
  });
});

describe('progress', () => {
  const run = {
    id: 1,
    mode: 'all',
    roots: [],
    plan: [
      { cell: 'c1', reason: '' },
      { cell: 'c2', reason: '' },
    ],
    done: 1,
  } as const;

  it('counts the steps and names the cell', () => {
    const view = viewOf([{ code: 'x' }, { code: 'y', name: 'train', status: 'running' }]);
    expect(progressTitle({ ...run, roots: [], plan: [...run.plan] })).toBe('Running 2 cells');
    expect(progressMessage(view, { ...run, roots: [], plan: [...run.plan] })).toBe('2/2 train');
  });
});

describe('editors', () => {
  const editor = (name: string, more: object = {}, capabilities: object = {}) =>
    describeEditor({ processId: null, rootUri: null, capabilities: capabilities as never, clientInfo: { name }, ...more });

  it.each([
    ['Neovim', 'diagnostic'],
    ['helix', 'diagnostic'],
    ['Eglot', 'inlay'],
    ['Visual Studio Code', 'inlay'],
  ])('%s shows outputs as %s', (name, outputs) => {
    expect(editor(name, {}, { textDocument: { inlayHint: {} } }).outputs).toBe(outputs);
  });

  it('are asked first', () => {
    expect(editor('Neovim', { initializationOptions: { outputs: 'lens' } }).outputs).toBe('lens');
    expect(editor('Neovim', { initializationOptions: { outputs: 'sideways' } }).outputs).toBe('diagnostic');
    const options = { mode: 'lazy', detectMutations: false, earlyCutoff: true };
    expect(editor('Neovim', { initializationOptions: options }).runningOptions).toEqual(options);
    expect(editor('Neovim', { initializationOptions: { earlyCutoff: 'yes', mode: 'lazy' } }).runningOptions).toEqual({
      mode: 'lazy',
    });
    expect(editor('Neovim').runningOptions).toEqual({});
  });

  it('get the hover format that they ask for', () => {
    expect(editor('Eglot', {}, { textDocument: { hover: { contentFormat: ['plaintext'] } } }).hover).toBe('plaintext');
    expect(editor('Neovim', {}, { textDocument: { hover: { contentFormat: ['markdown', 'plaintext'] } } }).hover).toBe(
      'markdown',
    );
  });
});
