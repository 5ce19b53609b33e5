/** The name of a handler ends with it: a real kernel, in a script, shows what `python FILE` shows, whatever is edited (A37). */
import { describe, expect, it } from 'vitest';
import { notebookText } from '../support/notebook-text.ts';
import { expectAsPython } from '../support/plain-python.ts';
import { sharedDaemon } from '../support/shared-daemon.ts';

const daemon = sharedDaemon();

const text = (cells: readonly string[]) => notebookText('percent', cells);
const caught = (body: string, divisor = 'd') => `try:\n    1 / ${divisor}\nexcept ZeroDivisionError as err:\n    ${body}`;

it.each(['err = str(err); print(err)', 'for err in [1, 2]: print(err)', 'print((err := 1))', 'import os as err'])(
  'two cells with a handler that says `%s` have nothing to do with each other',
  async (body) => {
    const cells = ['d = 0', caught(body), caught(body)];
    const notebook = await daemon.notebook(text(cells));
    await notebook.run('all');
    expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh']);
    expectAsPython(notebook, cells);
    expect(notebook.followed.view.problems).toEqual([]);
    await notebook.edit(text([cells[0] as string, `${cells[1]}\n    pass`, cells[2] as string]));
    expect(notebook.statuses).toEqual(['fresh', 'stale', 'fresh']);
  },
);

describe('an earlier value of the name', () => {
  const reader = 'print("err" in globals() and err)';

  it('is gone for those below where the handler has run, and there where it has not', async () => {
    const cells = ['d = 0', 'err = 1', caught('pass'), reader];
    const notebook = await daemon.notebook(text(cells));
    await notebook.run('all');
    expect(notebook.shown(3)).toBe('False\n');
    expectAsPython(notebook, cells);
    const harmless = cells.with(0, 'd = 1');
    await notebook.edit(text(harmless));
    expect(notebook.statuses).toEqual(['stale', 'fresh', 'stale', 'stale']);
    await notebook.run('stale');
    expect(notebook.shown(3)).toBe('1\n');
    expectAsPython(notebook, harmless);
    await notebook.edit(text(cells));
    await notebook.run('stale');
    expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh', 'fresh']);
    expectAsPython(notebook, cells);
  });

  it('fails for those below who rely on it', async () => {
    const cells = ['err = 1', caught('err = 2', '0'), 'print(err)'];
    const notebook = await daemon.notebook(text(cells));
    await notebook.run('all');
    expect(notebook.statuses).toEqual(['fresh', 'fresh', 'failed']);
    expectAsPython(notebook, cells);
  });

  it('is gone whatever ran first', async () => {
    const cells = ['err = 1', caught('pass', '0'), reader];
    const notebook = await daemon.notebook(text(cells));
    for (const at of [2, 1, 0]) await notebook.run('only', at);
    await notebook.run('stale');
    expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh']);
    expectAsPython(notebook, cells);
  });

  it('is given again by a definition further down', async () => {
    const cells = ['err = 1', caught('pass', '0'), 'err = 3', reader];
    const notebook = await daemon.notebook(text(cells));
    await notebook.run('all');
    expect(notebook.shown(3)).toBe('3\n');
    await notebook.edit(text(cells.toSpliced(2, 1)));
    await notebook.run('stale');
    expectAsPython(notebook, cells.toSpliced(2, 1));
  });

  it('may be left by the body of the try', async () => {
    for (const divisor of ['0', '1']) {
      const cells = ['err = 1', `try:\n    err = 1 / ${divisor}\nexcept ZeroDivisionError as err:\n    err = 5`, reader];
      const notebook = await daemon.notebook(text(cells), `notebook${divisor}.py`);
      await notebook.run('all');
      expectAsPython(notebook, cells);
    }
  });
});

it('in a marimo notebook, the handler leaves the name of another cell alone', async () => {
  const cells = ['err = 1', caught('err = str(err)', '0'), 'print(err)'];
  const notebook = await daemon.notebook(notebookText('marimo', cells));
  await notebook.run('all');
  expect([notebook.statuses, notebook.shown(2)]).toEqual([['fresh', 'fresh', 'fresh'], '1\n']);
});
