/** Random notebooks for tests of conversions, with all that is hard to carry: markers in text, magics, open strings, odd titles. */
import fc from 'fast-check';

const codeLine = fc.constantFrom(
  'x = 1',
  'print(x)',
  '',
  '    ',
  'if x:',
  '    y = x',
  '# note',
  '# %% no marker',
  '# %%',
  '#%%',
  '# # %% deeper',
  '    # %% indented',
  '# %matplotlib inline',
  '# !ls',
  '# Why?',
  '#? df.head?',
  '# # !ls',
  '# !ls \\',
  '#   -l \\',
  '    pass  # !ls',
  'for i in xs:',
  '#? %% x',
  '# # #? a?',
  'y = [',
  ']',
  'text = """',
  '"""',
  "'''",
  '# %% [markdown]',
  '# %% Load the data',
  '# %% load',
  '# %% tags=["a"]',
  'mo.md(r"""',
  '""")',
  'x = 1 \\',
  'def f(n):',
  '    return n',
  'import marimo as mo',
  '# app = marimo.App()',
);
const magicLine = fc.constantFrom(
  '%matplotlib inline',
  '%%bash',
  '%%time',
  '%% x',
  '!ls -l',
  '! ls',
  'df.head?',
  '?df',
  'files = !ls',
  't = %timeit -o f()',
  '    !ls',
  '%R x',
  '!echo a \\',
  '    %time f() \\',
  '%%',
  '%% bash',
  'xs[0] = !ls \\',
  '*int*?',
  ',f a b',
);
const textLine = fc.constantFrom(
  '# Title',
  'words',
  '',
  '  ',
  ' indented',
  'trailing  ',
  '%% marker',
  '%%',
  '%%%',
  '"""',
  "'''",
  '""',
  '\\alpha',
  'ends with \\',
  '```python',
  '```',
  '~~~',
  '```bash',
  '<!-- %% -->',
  '<!-- %% Title -->',
  '# %% x',
  'mo.md("a")',
);
const joined = (line: fc.Arbitrary<string>, maxLength = 6) => fc.array(line, { maxLength }).map((lines) => lines.join('\n'));

export const jupyterCode = joined(fc.oneof({ weight: 3, arbitrary: codeLine }, { weight: 1, arbitrary: magicLine }));
const pythonCode = joined(codeLine);
export const someText = joined(textLine);

const title = fc.constantFrom(
  '',
  '',
  '',
  'load',
  'Load the data',
  'setup',
  'x = 3',
  'a [b] c',
  'Größe',
  'a `b`',
  'class',
  '_',
  'end -->',
);
const options = fc
  .array(
    fc.constantFrom<readonly [string, string]>(
      ['tags', '["a", "b"]'],
      ['tags', "['a']"],
      ['tags', '["a,b"]'],
      ['tags', '"word"'],
      ['name', '"load"'],
      ['name', '"two words"'],
      ['disabled', 'true'],
      ['hide_code', 'True'],
      ['hide_code', 'maybe'],
      ['column', '1'],
      ['manual', 'true'],
      ['weight', '1.50'],
      ['slideshow', '{"slide_type": "slide"}'],
      ['word', 'abc'],
      ['title', '"t"'],
      ['collapsed', 'true'],
      ['cell_depth', '2'],
      ['__proto__', '1'],
    ),
    { maxLength: 3 },
  )
  .map((entries) => Object.fromEntries(entries));

/** What a percent script can say of a cell. */
const marker = fc
  .tuple(fc.constantFrom('# %%', '#%%', '# %%%'), title, fc.constantFrom('', '', '', ' [markdown]', ' [raw]', ' [code]'), options)
  .map(([signs, name, type, given]) => {
    const pairs = Object.entries(given).map(([key, value]) => ` ${key}=${value}`);
    return `${signs}${name === '' ? '' : ` ${name}`}${type}${pairs.join('')}`;
  });
const commented = someText.map((text) =>
  text
    .split('\n')
    .map((line) => `# ${line}`)
    .join('\n'),
);
const head = fc.constantFrom(
  '',
  '',
  'import os',
  '# note\nimport os',
  '# /// script\n# dependencies = []\n# ///\n\nimport os',
  '"""What this is."""\n\n# more\n\nimport os\nx = 1',
  '# note\n\n# app = marimo.App(width="medium")',
  '# app = marimo.App()\n\n# app = marimo.App()\n\nimport os',
  'x = """',
);
export const percentText = fc
  .tuple(
    head,
    fc.array(fc.tuple(marker, fc.oneof(pythonCode, pythonCode, commented, jupyterCode)), { minLength: 1, maxLength: 5 }),
  )
  .map(([top, cells]) => [...(top === '' ? [] : [top]), ...cells.map(([line, code]) => `${line}\n${code}`)].join('\n\n'));

const kernel = fc.constantFrom<object>(
  {},
  {},
  { kernelspec: { display_name: 'Lab: 1', language: 'python', name: 'lab' } },
  { kernelspec: { display_name: 'Python 3 (ipykernel)', name: 'python3' }, headwater: { header: '#!/usr/bin/env python' } },
  { kernelspec: { name: 'lab' }, headwater: { header: '# note' } },
);

export const ipynbText = fc
  .tuple(
    kernel,
    fc.array(
      fc.record({
        cell_type: fc.constantFrom('code', 'code', 'markdown', 'raw'),
        source: fc.oneof(jupyterCode, someText),
        title,
        metadata: fc.constantFrom<object>(
          {},
          { tags: ['a'] },
          { slideshow: { slide_type: 'slide' } },
          { name: 'load', weight: 1.5 },
          { collapsed: true },
          { note: 'a "b" ]' },
          { list: ['a]b'] },
          { jupyter: { source_hidden: true }, format: 'text/x-rst' },
          { jupyter: { source_hidden: 1 }, format: 1 },
          { id: 'a', colab: { a: { b: '"}' } } },
          { title: 'a\nprint(1)' },
          { '3d': [[1], [2]], '@a': 1 },
        ),
      }),
      { maxLength: 5 },
    ),
  )
  .map(([metadata, cells]) =>
    JSON.stringify({
      cells: cells.map(({ cell_type, source, title: name, metadata }) => ({
        cell_type,
        metadata: { ...metadata, ...(name !== '' && { title: name }) },
        source: source.split(/(?<=\n)/),
        ...(cell_type === 'code' && { outputs: [], execution_count: null }),
      })),
      metadata,
      nbformat: 4,
      nbformat_minor: 4,
    }),
  );
