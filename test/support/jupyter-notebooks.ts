/** Random notebooks as Jupyter, Colab, VS Code and people's programs leave them: every kind of cell, magic, metadata and line end. */
import { pick, type Roll, random } from './random.ts';

export interface JupyterCell {
  readonly cell_type: 'code' | 'markdown' | 'raw';
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly source: string | readonly string[];
  readonly [key: string]: unknown;
}

export interface JupyterNotebook {
  readonly cells: readonly JupyterCell[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly nbformat: number;
  readonly nbformat_minor: number;
}

export function jupyterNotebook(seed: number): string {
  const roll = random(seed);
  const minor = roll(6);
  const cells = times(roll, 1 + roll(6), () => cellOf(roll, minor));
  const notebook: JupyterNotebook = { cells, metadata: notebookMetadata(roll), nbformat: 4, nbformat_minor: minor };
  return asFile(roll, notebook);
}

/** As different programs write JSON. */
function asFile(roll: Roll, notebook: JupyterNotebook): string {
  const json = JSON.stringify(notebook, undefined, pick(roll, [1, 1, 2, 0]));
  const escaped =
    roll(4) === 0 ? json.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`) : json;
  const text = `${escaped}${pick(roll, ['\n', '\n', ''])}`.replaceAll('\n', pick(roll, ['\n', '\n', '\r\n']));
  return roll(20) === 0 ? `\ufeff${text}` : text;
}

function cellOf(roll: Roll, minor: number): JupyterCell {
  const cell_type = pick(roll, ['code', 'code', 'code', 'markdown', 'raw'] as const);
  const lines =
    cell_type === 'code'
      ? codeLines(roll)
      : times(roll, 1 + roll(4), () => pick(roll, cell_type === 'raw' ? rawLines : textLines));
  const text = lines.join('\n').replaceAll('\n', pick(roll, ['\n', '\n', '\n', '\n', '\r\n', '\r']));
  return {
    cell_type,
    ...(minor === 5 && { id: `c${roll(1_000_000_000)}` }),
    metadata: Object.assign(
      {},
      ...times(roll, roll(3), () => pick(roll, cellMetadata)),
      cell_type === 'raw' && roll(2) === 0 ? { format: 'text/x-rst' } : {},
    ),
    source: roll(3) === 0 ? text : text.split(/(?<=\n)/),
    ...(cell_type === 'code' && codeFields(roll)),
    ...(cell_type === 'markdown' && minor > 0 && roll(6) === 0 && { attachments: { 'a.png': { 'image/png': 'iVBORw0=' } } }),
  };
}

function codeFields(roll: Roll): object {
  const isRun = roll(3) === 0;
  const output = { output_type: 'stream', name: 'stdout', text: ['1\n'] };
  return { execution_count: isRun ? 1 + roll(90) : null, outputs: isRun ? [output] : [] };
}

/** A cell of another language, or statements and commands one below the other. */
function codeLines(roll: Roll): readonly string[] {
  if (roll(6) === 0) return [pick(roll, otherLanguages)];
  const first = roll(6) === 0 ? [pick(roll, pythonMagics)] : [];
  return [...first, ...times(roll, roll(5), () => pick(roll, roll(3) === 0 ? commands : statements))];
}

function times<T>(_: Roll, count: number, make: () => T): readonly T[] {
  return Array.from({ length: count }, make);
}

const statements = [
  'import os',
  'import numpy as np',
  'from math import *',
  'from __future__ import annotations',
  'x = 1',
  'y = x + 1  # why?',
  'print(f"{x!r} {y}")',
  'def f(n):\n    return n',
  'async def g():\n    await f(1)',
  'class A:\n    """Doc."""\n\n    size = 3',
  'if x:\n    y = 2\nelse:\n    y = 3',
  'text = """\n%matplotlib inline\n!ls \\\n# %% no marker\n"""',
  "b'''\n'''",
  'values = [\n    1,  # one\n\n    2,\n]',
  'total = 1 + \\\n    2',
  'größe = "ä"; 変数 = 1',
  'await f(2)',
  'mo.md("Title")',
  'mo.md(r"""\n# Title\n""")',
  'import marimo as mo',
  'x',
  'x;',
  '',
  '# a comment',
  '# %% looks like a marker',
  '# %%',
  '# !ls',
  '# !ls \\\n#   -l',
  '# %who',
  '#? df.head?',
  'if x:\n    pass  # !ls',
  '# ---\n# jupyter:',
  '#'.repeat(30),
  '# In[1]:',
  '# <codecell>',
  '# app = marimo.App()',
  '\tindented',
  'x = (',
  'return 3',
  'print "Python 2"',
  'x = "never closed',
  '"""never closed',
];

const commands = [
  '%matplotlib inline',
  '%load_ext autoreload\n%autoreload 2',
  '%timeit -n 1 f(1)',
  '%config InlineBackend.figure_format = "retina"',
  '!pip install numpy',
  '! ls -l',
  '!echo a \\\n  b \\\n  c',
  '!echo "it\'s" (',
  '%time f( \\\n  1)',
  '!ls \\',
  'files = !ls',
  'out = %timeit -o f(1)',
  'xs[0] = !ls \\\n  -l',
  'df.head?',
  'f??',
  '?f',
  '*int*?',
  ',f a b',
  '/f 1',
  '%cd /tmp',
  'if x:\n    !ls',
  'for i in range(3):\n    %time f(i)\n    !echo {i}',
  'try:\n    import numpy\nexcept ImportError:\n    !pip install \\\n        numpy\nfinally:\n    %pwd',
  'with open("a") as a:\n    # only a command\n    !cat a',
];

const pythonMagics = ['%%time', '%%timeit -n 1', '%%capture out', '%%prun'];

const otherLanguages = [
  '%%bash\necho a \\\n  b\n\n# a comment\n# %% x',
  '%%html\n<b>bold</b>\n"""',
  '%%javascript\nalert("1")',
  '%%writefile a.py\nx = """\n',
  '%%sql\nselect *\nfrom t',
  '%%R -i x\ny <- x',
  '%%cython\ndef f(int n): return n',
  '%%latex\n\\alpha',
  '%%!\nls -l',
  '%%\nbare',
  '%% bash\nls',
  '%%script python2\nprint "a"',
];

const textLines = [
  '# Title',
  'Words and $x^2$, `code` and *more*.',
  '',
  '- item\n    - deeper',
  'two spaces  \nbreak',
  '```python\nx = 1\n```',
  '~~~\n# %%\n~~~',
  '<!-- %% -->',
  '# %% no marker',
  '%% marker',
  '%matplotlib inline',
  '"""quotes"""',
  'C:\\new\\',
  '| a | b |\n|---|---|',
  '![a](attachment:a.png)',
  '---',
  'größe 変数 😀',
  '\tcode',
];

const rawLines = ['.. note::', '', '   indented', '\\begin{center}', '# %%', '"""', 'words'];

const cellMetadata: readonly Readonly<Record<string, unknown>>[] = [
  {},
  { tags: ['parameters'] },
  { tags: ['a', 'two words', 'ö'] },
  { name: 'load' },
  { title: 'Load the data' },
  { title: 'a = b [c] {d}' },
  { title: 'Load\nprint("no code")' },
  { slideshow: { slide_type: 'slide' } },
  { jupyter: { source_hidden: true } },
  { jupyter: { outputs_hidden: true, source_hidden: false } },
  { collapsed: true },
  { collapsed: false },
  { scrolled: true },
  { scrolled: 'auto' },
  { autoscroll: 'auto' },
  { trusted: true },
  { ExecuteTime: { start_time: '2020-01-01T00:00:00', end_time: '2020-01-01T00:00:01' } },
  { execution: { 'iopub.execute_input': '2020-01-01T00:00:00Z' } },
  { papermill: { duration: 0.01, status: 'completed', exception: false } },
  { id: 'aZ09_-' },
  { colab: { base_uri: 'https://localhost:8080/', height: 34 }, outputId: 'b2' },
  { colab: { resources: { 'http://localhost/a.js': { data: '"]}\'', headers: [['content-type', 'a/b']] } } } },
  { vscode: { languageId: 'python' } },
  { deletable: false, editable: false },
  { nbgrader: { grade: true, grade_id: 'cell-1', points: 2.5 } },
  { hide_input: true },
  { weight: 1e21, ratio: 1.5, none: null },
  { 'two words': 1 },
  { '@type': 'x', '3d': [[1], [2, [3]]] },
  { note: 'a "b" \\ c = d' },
];

function notebookMetadata(roll: Roll): JupyterNotebook['metadata'] {
  return {
    ...pick(roll, kernels),
    ...(roll(2) === 0 && { language_info: { name: 'python', version: '3.11.4', file_extension: '.py' } }),
    ...pick(roll, [{}, {}, {}, { toc: { base_numbering: 1 } }, { widgets: {} }, { colab: { provenance: [] } }]),
  };
}

const kernels = [
  {},
  { kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' } },
  { kernelspec: { display_name: 'Python 3 (ipykernel)', language: 'python', name: 'python3' } },
  { kernelspec: { display_name: 'Python [conda env:lab]', language: 'python', name: 'conda-env-lab-py' } },
  { kernelspec: { display_name: "It's 3.9: #1", language: 'python', name: 'lab' } },
  { kernelspec: { display_name: 'Python 2', language: 'python', name: 'python2' } },
  { kernelspec: { name: 'lab', display_name: 'lab' } },
];
