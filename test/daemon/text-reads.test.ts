/** Names in strings are read like any others, and what is worked out when a cell runs is seen then: what is fresh shows what `python FILE` shows (A39, A40). */
import { describe, expect, it } from 'vitest';
import { notebookText } from '../support/notebook-text.ts';
import { expectAsPython } from '../support/plain-python.ts';
import { sharedDaemon } from '../support/shared-daemon.ts';

const daemon = sharedDaemon();

const inStrings = [
  ['eval', 'print(eval("x + 1"))'],
  ['exec', 'exec("y = x\\nprint(y)")'],
  ['a key of globals', 'print(globals()["x"])'],
  ['a key of vars', 'print(vars().get("x"))'],
  ['the fields of a text', 'print("{x}".format(**globals()))'],
  ['the module itself', 'import sys\nprint(getattr(sys.modules[__name__], "x"))'],
] as const;

describe.each(['percent', 'marimo'] as const)('in a %s notebook', (format) => {
  it.each(inStrings)('an edit of what %s reads marks the reader', async (_, reader) => {
    const cells = ['x = 1', reader];
    const notebook = await daemon.notebook(notebookText(format, cells));
    await notebook.run('all');
    expectAsPython(notebook, cells);
    const edited = cells.with(0, 'x = 2');
    await notebook.edit(notebookText(format, edited));
    expect(notebook.statuses).toEqual(['stale', 'stale']);
    await notebook.run('stale');
    expect(notebook.statuses).toEqual(['fresh', 'fresh']);
    expectAsPython(notebook, edited);
  });
});

const workedOut = [
  ['eval', 'print(eval(text))'],
  ['exec', 'exec(f"print({text})")'],
  ['a compiled expression', 'print(eval(compile(text, "mine", "eval")))'],
  ['eval within an expression', 'print([eval(text) for _ in range(1)])'],
] as const;

describe('what is worked out when the cell runs', () => {
  const text = (cells: readonly string[]) => notebookText('percent', cells);

  it.each(workedOut)('is seen of %s, also after an undone edit', async (_, reader) => {
    const cells = ['x = 1', 'text = "x" + " + 1"', reader];
    const notebook = await daemon.notebook(text(cells));
    await notebook.run('all');
    expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh']);
    expectAsPython(notebook, cells);
    const edited = cells.with(0, 'x = 2');
    await notebook.edit(text(edited));
    expect(notebook.statuses).toEqual(['stale', 'fresh', 'stale']);
    await notebook.edit(text(cells));
    expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh']);
    await notebook.edit(text(edited));
    await notebook.run('reactive', 2);
    expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh']);
    expectAsPython(notebook, edited);
  });

  it('is seen of a function that another cell calls', async () => {
    const cells = ['x = 1', 'def look(s): return eval(s)', 'print(look("x" * 1))', 'print("x")'];
    const notebook = await daemon.notebook(text(cells));
    await notebook.run('all');
    expectAsPython(notebook, cells);
    await notebook.edit(text(cells.with(0, 'x = 2')));
    expect(notebook.statuses).toEqual(['stale', 'fresh', 'stale', 'fresh']);
    await notebook.run('stale');
    expectAsPython(notebook, cells.with(0, 'x = 2'));
  });

  it('is asked for where it failed for want of it', async () => {
    const cells = ['x = 1', 'print(eval("x" * 1))'];
    const notebook = await daemon.notebook(text(cells));
    await notebook.run('only', 1);
    expect([notebook.statuses, notebook.cell(1).error?.name]).toEqual([['new', 'stale'], 'NameError']);
    await notebook.run('reactive', 1);
    expect([notebook.statuses, notebook.shown(1)]).toEqual([['fresh', 'fresh'], '1\n']);
  });

  it('is another thing with another text', async () => {
    const cells = ['x = 1', 'y = 1', 'name = "x"', 'print(eval(name + ""))'];
    const notebook = await daemon.notebook(text(cells));
    await notebook.run('all');
    const other = cells.with(2, 'name = "y"');
    await notebook.edit(text(other));
    await notebook.run('stale');
    expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh', 'fresh']);
    await notebook.edit(text(other.with(1, 'y = 2')));
    await notebook.run('stale');
    expectAsPython(notebook, other.with(1, 'y = 2'));
  });

  it('does not count where code has names of its own, or belongs to a library', async () => {
    const cells = [
      'x = 1',
      's = "x" + ""\nprint(eval(s, {"x": 5}))',
      'from collections import namedtuple\nP = namedtuple("P", "x")\nprint(P(1))',
    ];
    const notebook = await daemon.notebook(text(cells));
    await notebook.run('all');
    await notebook.edit(text(cells.with(0, 'x = 2')));
    expect(notebook.statuses).toEqual(['stale', 'fresh', 'fresh']);
  });

  it('is hinted at once in a cell', async () => {
    const notebook = await daemon.notebook(
      text(['s = "s"', 'print(eval(s))\nprint(eval(s))\nprint(globals()[s])', 'globals()[s]']),
    );
    expect(notebook.followed.view.problems.map(({ code, severity }) => [code, severity])).toEqual([
      ['opaque-read', 'hint'],
      ['opaque-read', 'hint'],
    ]);
  });
});
