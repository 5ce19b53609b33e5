/** What we write in marimo's format against what marimo writes for the same cells, byte for byte. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { readMarimo } from '../../daemon/core/notebook/formats/marimo.ts';
import { loadParser } from '../../daemon/node/parser.ts';
import type { Parse } from '../../daemon/parser/parser.ts';
import { asMarimoSaves } from '../../daemon/problems/signatures.ts';
import { howMany } from '../support/histories.ts';
import { marimoNotebooks, marimoSaves, marimoVersion } from '../support/marimo.ts';

const millisecondsMax = 300_000;
const generatedNotebooks = howMany(400);
const seed = 20261;

let parse: Parse;
let wheel: readonly { readonly path: string; readonly text: string }[] | undefined;
let why = '';

beforeAll(async () => {
  parse = await loadParser();
  const files = await marimoNotebooks();
  if ('skipped' in files) why = files.skipped;
  else wheel = files.notebooks;
}, millisecondsMax);

describe('what we write in marimo’s format is what marimo writes', () => {
  it('for the notebooks of its wheel', { timeout: millisecondsMax }, async ({ skip }) => {
    if (wheel === undefined) return skip(why);
    await compare(
      wheel.map(({ text }) => text),
      wheel.map(({ path }) => path),
    );
  });

  it('for cells that read a name before they bind it', { timeout: millisecondsMax }, async ({ skip }) => {
    if (wheel === undefined) return skip(why);
    const texts = earlyReads.map((lines) => notebookOf([lines, 'hook = print', 'print(later)']));
    texts.push(...earlyReads.map((lines) => notebookOf([lines])));
    await compare(texts, texts);
  });

  it(`for ${generatedNotebooks} generated notebooks`, { timeout: millisecondsMax }, async ({ skip }) => {
    if (wheel === undefined) return skip(why);
    const texts = fc.sample(notebook, { numRuns: generatedNotebooks, seed });
    await compare(
      texts,
      texts.map((_, index) => `generated ${index} of seed ${seed}`),
    );
  });
});

async function compare(texts: readonly string[], titles: readonly string[]): Promise<void> {
  const saved = await marimoSaves(texts);
  const known = saved.flatMap((theirs, index) => (theirs === null ? [] : [{ theirs, index }]));
  expect(known.length).toBeGreaterThan(texts.length * 0.9);
  const different = known.filter(({ theirs, index }) => written(texts[index] as string) !== theirs);
  for (const { theirs, index } of different.slice(0, 3))
    expect.soft(written(texts[index] as string), `${titles[index]}\n${texts[index]}`).toBe(theirs);
  expect(different.map(({ index }) => titles[index])).toEqual([]);
}

function written(text: string): string {
  return asMarimoSaves(readMarimo(text).cells, text, parse, marimoVersion);
}

const earlyReads = [
  'def show():\n    return later\nhook(show)\nlater = 3',
  'def show():\n    return later\nshow()\nlater: int = 3',
  'hook(lambda: later)\nlater = 3',
  'hook(lambda z=later: z)\nlater = 3',
  'hook([later for _ in x])\nlater = 3',
  'hook(y for y in later)\nlater = 3',
  'hook({k: later for k in x})\nlater = 3',
  'def show(x=later):\n    return x\nlater = 3',
  'def show(x: later) -> later:\n    return x\nlater = 3',
  '@later\ndef show():\n    pass\nlater = 3',
  'class Show(later):\n    pass\nlater = 3',
  'class Show:\n    size = later\nlater = 3',
  'def show():\n    return later\nshow()\nfor later in x:\n    pass',
  'def show():\n    return later\nshow()\nlater += 3',
  'def show():\n    return later\nshow()\nif x:\n    later = 3',
  'print(later)\nlater = 3',
  'later.x = 1\nlater = 3',
];

function notebookOf(cells: readonly string[]): string {
  const written = cells.map((lines) => `@app.cell\ndef _():\n${indented(lines)}\n    return`);
  return `import marimo\n\n__generated_with = "0.1.0"\napp = marimo.App()\n\n\n${written.join('\n\n\n')}\n`;
}

const name = fc.constantFrom(
  'a',
  'b',
  'c',
  'np',
  'f',
  'g',
  'Thing',
  'helper',
  'len',
  'a_rather_long_name_for_a_value',
  'b_another_long_name_for_a_value',
);
// marimo forgets what the head of a definition read of a name that the cell binds below. So do we where it writes it down, and
// not where it asks what a definition needs. So heads read names that only cells of one statement bind.
const needed = fc.constantFrom('Kind', 'wrap');
const statement = fc.oneof(
  fc.tuple(name, name).map(([x, y]) => `${x} = ${y} + 1`),
  fc.tuple(name, name).map(([x, y]) => `def ${x}(n=1):\n    return ${y}(n)`),
  fc.tuple(name, needed).map(([x, y]) => `def ${x}(n: ${y}):\n    """Doc.\n\n    more\n    """\n    return n`),
  fc.tuple(name, needed, name).map(([x, y, z]) => `@${y}\ndef ${x}():\n    return [${z} for _ in range(3)]`),
  fc.tuple(name, needed).map(([x, y]) => `class ${x}(${y}):\n    size = 1\n\n    def go(self):\n        return ${y}`),
  // Of several annotations of a name marimo takes any, in the order of a set: each name here has one.
  fc.constantFrom('p: int = 3', "q: Literal['a',  'b'] = 3", 'r: list[Other]|None = 3', 's: "Other" = 3'),
  fc.constantFrom('print(p, q)', 'print(r)', 's'),
  name.map((x) => `${x} += 1`),
  name.map((x) => `import ${x}`),
  name.map((x) => `import ${x}  # said why`),
  name.map((x) => `from os import path as ${x}`),
  name.map((x) => `print(${x})`),
  name.map((x) => `await ${x}()`),
  fc.constant('[item async for item in feed()]'),
  name.map((x) => `_local = ${x}`),
  name.map((x) => `text = """\n  ${x}\nfoot"""`),
  fc.constantFrom(
    '# a comment',
    '',
    'mo.md("Hello")',
    'mo.md(r"""\n# Title\n\n$x^2$\n""")',
    'mo.md(f"""a {{b}}""")',
    'mo.md("""\n    deep\n      deeper\n    """)',
  ),
);
const code = fc.oneof(
  { weight: 6, arbitrary: statement },
  { weight: 1, arbitrary: fc.constantFrom('', 'Kind = object', 'def wrap(f):\n    return f', 'class Kind:\n    pass') },
  {
    weight: 3,
    arbitrary: fc
      .array(statement, { minLength: 1, maxLength: 3 })
      .filter(isApart)
      .map((lines) => lines.join('\n')),
  },
);
const broken = fc
  .constantFrom('x = (', 'def broken(:', 'say "what"', 'a = """', "b = '\\n' +")
  .map((text) => `app._unparsable_cell(\n    ${JSON.stringify(text)},\n    name="_"\n)`);
const options = fc.constantFrom(
  '',
  '',
  '',
  '(hide_code=True)',
  '(disabled=True, column=1)',
  '(expand_output=True)',
  '(column=0)',
);
const title = fc.constantFrom('_', '_', '_', 'first', 'second', 'a', 'f');
const function_ = fc
  .tuple(code, options, title)
  .map(
    ([body, given, called]) =>
      `@app.cell${given}\n${/await|async/.test(body) ? 'async ' : ''}def ${called}():\n${indented(body)}\n    return`,
  );
const cell = fc.oneof({ weight: 8, arbitrary: function_ }, { weight: 1, arbitrary: broken });
const header = fc.constantFrom(
  '',
  '',
  '# /// script\n# dependencies = []\n# ///\n\n',
  '"""What this is."""\n\n',
  '#!/usr/bin/env python\n# note\n',
);
const app = fc.constantFrom(
  '',
  '',
  'width="medium"',
  'width="compact", app_title="A \\"b\\" c"',
  'auto_download=["html", "markdown"], sql_output="native"',
);
const setup = fc.constantFrom(
  '',
  '',
  'with app.setup:\n    import np\n    helper = 1\n',
  'with app.setup(hide_code=True):\n    # nothing\n    pass\n',
);
const notebook = fc
  .tuple(header, app, setup, fc.array(cell, { maxLength: 8 }))
  .map(([top, settings, first, cells]) =>
    [
      `${top}import marimo\n\n__generated_with = "0.1.0"\napp = marimo.App(${settings})\n`,
      first,
      cells.join('\n\n\n'),
      '\n\nif __name__ == "__main__":\n    app.run()\n',
    ].join('\n'),
  );

/** No two statements speak of the same name. */
function isApart(statements: readonly string[]): boolean {
  const words = statements.flatMap((one) => [...new Set(one.match(/[A-Za-z_]\w*/g) ?? [])]).filter((word) => word.length < 8);
  return statements[0] !== '' && statements.every((one) => one !== '') && new Set(words).size === words.length;
}

function indented(body: string): string {
  return body
    .split('\n')
    .map((line) => (line === '' ? '' : `    ${line}`))
    .join('\n');
}
