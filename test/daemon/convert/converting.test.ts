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
