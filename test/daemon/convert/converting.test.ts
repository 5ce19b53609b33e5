import { beforeAll, describe, expect, it } from 'vitest';
import { convertText } from '../../../daemon/convert/convert.ts';
import type { FileFormat } from '../../../daemon/core/notebook/formats/document.ts';
import { loadParser } from '../../../daemon/node/parser.ts';
import { askingBy } from '../../../daemon/node/python/ask.ts';
import type { Parse } from '../../../daemon/parser/parser.ts';
import { readVectors } from '../../core/notebook/vectors.ts';

interface ConvertVector {
  readonly title: string;
  readonly from: FileFormat;
  readonly to: FileFormat;
  readonly text: string;
  readonly written: string;
  /** In the order in which they are told; left out: none. */
  readonly losses?: readonly { readonly code: string; readonly severity: string; readonly cell?: number }[];
}

let parse: Parse;

beforeAll(async () => {
  parse = await loadParser();
});

describe('a conversion', () => {
  it.each(readVectors<ConvertVector>('formats/convert'))('$title: $from to $to', async ({ from, to, text, written, losses }) => {
    const environment = process.env as Record<string, string>;
    const converted = await convertText({ path: 'n', text, from, to, parse, environment, askPython: askingBy() });
    expect(converted.text).toBe(written);
    expect(converted.losses.map(({ code, severity, cell }) => ({ code, severity, ...(cell !== undefined && { cell }) }))).toEqual(
      losses ?? [],
    );
  });
});

describe('a call of mo.md that is code', () => {
  it.each([
    'mo.md("Title")',
    "mo.md('x')",
    'mo.md("""x""")',
    'mo.md(\n    "wrapped"\n)',
    'mo.md("one " "two")',
    'mo.md("x");',
    'mo.md("x")  # a comment',
    '# a comment\nmo.md("x")',
    'mo.md ("x")',
    'mo.md("a\\nb")',
    'mo.md("x").callout()',
    'z = mo.md("x")',
    'mo.md(f"{y}")',
  ])('%j is a cell of marimo as well, and nothing is lost', async (code) => {
    const given = `# %%\nimport marimo as mo\ny = 1\n\n# %%\n${code}\n`;
    const { text, losses } = await convert(given, 'percent', 'marimo');
    expect(losses).toEqual([]);
    expect(text).not.toContain('_unparsable_cell');
    const back = await convert(text, 'marimo', 'percent');
    expect(back.losses).toEqual([]);
    const again = await convert(back.text, 'percent', 'marimo');
    expect(again).toEqual({ text, cells: 2, losses: [] });
  });

  it('of a raw text is what marimo writes for text, and is told', async () => {
    const { text, losses } = await convert('# %%\nimport marimo as mo\n\n# %%\nmo.md(r"x")\n', 'percent', 'marimo');
    expect(text).toContain('mo.md(r"""\n    x\n    """)');
    expect(losses.map(({ code, cell }) => [code, cell])).toEqual([
      ['kind', 1],
      ['text', 1],
    ]);
  });
});

describe('a cell of Jupyter with commands of IPython', () => {
  it.each([
    '!echo a \\\n  b\nx = 1',
    'files = !ls \\\n  -l\nprint(files)',
    'try:\n    import numpy\nexcept ImportError:\n    !pip install numpy',
    'if True:\n    %pwd\nelse:\n    # why\n    !ls \\\n      -l',
    '!echo """ \\\n  b\nx = 1',
    '%%\nselect *',
    '%% bash\nls',
  ])('%j is Python in marimo’s format and in a script, and comes back', async (source) => {
    const given = ipynbOf([{ source }]);
    for (const format of ['marimo', 'percent'] as const) {
      const { text, losses } = await convert(given, 'ipynb', format);
      expect(losses.filter(({ code }) => code !== 'magic')).toEqual([]);
      expect(text).not.toContain('unparsable');
      expect((await convert(text, format, 'ipynb')).text).toBe(given);
    }
  });
});

describe('a cell whose function is called setup', () => {
  const marimo = (...cells: readonly string[]) =>
    `import marimo\n\n__generated_with = "0.25.2"\napp = marimo.App()\n\n\n${cells.join('\n\n\n')}\n\n\nif __name__ == "__main__":\n    app.run()\n`;

  it.each([
    ['of code', ['@app.cell\ndef setup():\n    x = 1\n    return']],
    [
      'with options and a comment like a marker',
      ['@app.cell(hide_code=True)\ndef setup():\n    # %% setup\n    x = 1\n    return'],
    ],
    ['with a title', ['@app.cell\ndef setup():\n    # %% Load it name="setup"\n    x = 1\n    return']],
    [
      'of text',
      [
        '@app.cell\ndef setup(mo):\n    mo.md(r"""\n    a\n    """)\n    return',
        '@app.cell\ndef _():\n    import marimo as mo\n\n    return (mo,)',
      ],
    ],
    [
      'that defines a function of that name',
      ['@app.function\ndef setup():\n    return 1', '@app.class_definition\nclass A:\n    pass'],
    ],
    ['with only its title', ['@app.cell\ndef _():\n    # %% setup\n    x = 1\n    return']],
  ])('stays what it was in every format: %s', async (_, cells) => {
    const given = marimo(...cells);
    for (const format of ['marimo', 'percent', 'ipynb', 'markdown'] as const) {
      const { text, losses } = await convert(given, 'marimo', format);
      expect(losses).toEqual([]);
      expect(await convert(text, format, 'marimo')).toEqual({ text: given, cells: cells.length, losses: [] });
    }
  });

  it('keeps the name beside a function that stands alone', async () => {
    const { text, losses } = await convert(
      marimo('@app.cell\ndef setup():\n    def f():\n        return 1\n    return'),
      'marimo',
      'marimo',
    );
    expect(losses).toEqual([]);
    expect(text).toContain('@app.function\n# %% name="setup"\ndef f():\n');
  });
});

describe('metadata of Jupyter', () => {
  it.each<[string, object, readonly string[]]>([
    ['how a cell is shown', { jupyter: { source_hidden: true, outputs_hidden: true } }, []],
    ['what Colab keeps', { id: 'a1', outputId: 'b2', colab: { resources: { 'a.js': { ok: true, data: '"]}' } } } }, []],
    ['what VS Code keeps', { vscode: { languageId: 'python' } }, []],
    [
      'lists in lists',
      {
        grid: [
          [1, 2],
          ['a ]', { b: null }],
        ],
      },
      [],
    ],
    ['keys as jupytext writes them', { '@id': 1, '3d': true, 'a.b/c': 'x' }, []],
    ['a format', { format: 'text/x-rst' }, []],
    ['a name and tags', { name: 'load', tags: ['a', 'b c'] }, []],
    ['a title of words', { title: 'Load the data' }, []],
    ['a title with a line break', { title: 'Load\nprint("not code")' }, ['title']],
    ['a title with a carriage return', { title: 'Load\rprint("not code")' }, ['title']],
    ['a key that no marker can say', { 'two words': 1 }, ['options']],
    ['what passes', { collapsed: true, scrolled: 'auto', ExecuteTime: { start_time: 'x' } }, ['metadata']],
    ['what is off anyway', { collapsed: false, scrolled: false }, []],
  ])('%s is kept, or told once, by every format', async (_, metadata, lost) => {
    const given = ipynbOf([
      { source: 'x = 1', metadata },
      { source: 'print(x)', metadata },
    ]);
    for (const format of ['percent', 'marimo', 'markdown'] as const) {
      const { text, losses } = await convert(given, 'ipynb', format);
      const told = losses.map(({ code, cell }) => (cell === undefined ? code : `${code} ${cell}`));
      expect(told).toEqual(lost.flatMap((code) => (code === 'metadata' ? code : [`${code} 0`, `${code} 1`])));
      const { cells } = JSON.parse((await convert(text, format, 'ipynb')).text) as {
        cells: { source: string[]; metadata: object }[];
      };
      expect(cells.map(({ source }) => source.join(''))).toEqual(['x = 1', 'print(x)']);
      const isOff = Object.values(metadata).every((value) => value === false);
      if (lost.length === 0) expect(cells.map((cell) => cell.metadata)).toEqual(isOff ? [{}, {}] : [metadata, metadata]);
    }
  });

  it.each([
    ['lab', { display_name: 'Lab', language: 'python', name: 'lab' }],
    ['a Python 2', { display_name: 'Python 2', language: 'python', name: 'python2' }],
    ['a name with signs', { display_name: "It's: 3.9 #1", language: 'python', name: 'conda-env-a_b-py' }],
    ['any Python 3', python3.kernelspec],
  ])('about the kernel is kept by every format: %s', async (_, kernelspec) => {
    const given = ipynbOf([{ source: 'x = 1' }], { ...python3, kernelspec });
    for (const format of ['percent', 'marimo', 'markdown'] as const) {
      const { text, losses } = await convert(given, 'ipynb', format);
      expect(losses).toEqual([]);
      expect((await convert(text, format, 'ipynb')).text).toBe(given);
    }
  });

  it.each(['#     name: x', '#     name: x\n#     language: python', '# ---\n#     name: x', '#   kernelspec:'])(
    'is none where a comment only looks like it: %j',
    async (comment) => {
      const { text } = await convert(`${comment}\n# %%\nx = 1\n`, 'percent', 'ipynb');
      expect(JSON.parse(text).metadata.kernelspec).toEqual(python3.kernelspec);
    },
  );

  it('about a kernel that is called otherwise on another machine is told', async () => {
    const kernelspec = { display_name: 'Python 3 (ipykernel)', language: 'python', name: 'python3', env: {} };
    const { losses } = await convert(ipynbOf([], { ...python3, kernelspec, toc: {} }), 'ipynb', 'percent');
    expect(losses.map(({ message }) => message)).toEqual([
      'Metadata of the notebook is not kept: kernelspec.display_name, kernelspec.env, toc.',
    ]);
  });
});

describe('a cell that marimo refuses', () => {
  it.each([
    '%matplotlib inline\nfrom math import *',
    '# %who\n!ls \\\n  -l\nx = (',
    '!ls\n# # %% deeper\nreturn 3',
    'if True:\n    !ls\nyield 3',
  ])('comes back with its commands: %j', async (source) => {
    const { text, losses } = await convert(ipynbOf([{ source }]), 'ipynb', 'marimo');
    expect(losses.filter(({ code }) => code !== 'magic').map(({ code }) => code)).toEqual(['unparsable']);
    for (const by of ['marimo', 'percent', 'markdown'] as const) {
      const there = await convert(text, 'marimo', by);
      expect(there.losses).toEqual([]);
      const back = await convert(there.text, by, 'ipynb');
      expect(JSON.parse(back.text).cells[0].source.join('')).toBe(source);
    }
  });
});

function convert(text: string, from: FileFormat, to: FileFormat) {
  return convertText({
    path: 'n',
    text,
    from,
    to,
    parse,
    environment: process.env as Record<string, string>,
    askPython: askingBy(),
  });
}

const python3 = {
  kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' },
  language_info: { name: 'python' },
};

interface JupyterCell {
  readonly source: string;
  readonly metadata?: object;
}

/** As nbformat writes it; of code. */
function ipynbOf(cells: readonly JupyterCell[], metadata: object = python3): string {
  const written = cells.map(({ source, metadata: own = {} }) => ({
    cell_type: 'code',
    execution_count: null,
    metadata: own,
    outputs: [],
    source: source.split(/(?<=\n)/),
  }));
  return `${JSON.stringify({ cells: written, metadata, nbformat: 4, nbformat_minor: 4 }, undefined, 1)}\n`;
}
