/** Who calls a function depends on the names with several definitions that the function reads, as they are at the call. */
import { expect, it } from 'vitest';
import { notebookText } from '../../support/notebook-text.ts';
import { sharedDaemon } from '../../support/shared-daemon.ts';

const daemon = sharedDaemon();

/** What the last cell prints after k has become 3, and whether it was marked. Python prints 3. */
async function afterEdit(...cells: string[]): Promise<string> {
  const text = (k: number): string =>
    notebookText('percent', ['k = 1', ...cells.slice(0, -1), `k = ${k}`, cells.at(-1) as string]);
  const notebook = await daemon.notebook(text(2));
  await notebook.run('all');
  await notebook.edit(text(3));
  const status = notebook.statuses.at(-1);
  await notebook.run('stale');
  return `${status}, ${notebook.shown(cells.length + 1).trim()}`;
}

it.each([
  ['itself', ['def f(): return k', 'print(f())']],
  ['by another function', ['def f(): return k', 'def g(): return f()', 'print(g())']],
  ['by one that is defined twice', ['def f(): return 0', 'def f(): return k', 'def g(): return f()', 'print(g())']],
  ['by way of a decorator', ['def twice(f): return lambda: 2 * f() // 2', '@twice\ndef f(): return k', 'print(f())']],
])('%s', async (_, cells) => {
  expect(await afterEdit(...cells)).toBe('stale, 3');
});

/** What the value holds is seen when the cell in between has run. */
it.each([
  ['in a list', ['def f(): return k', 'fs = [f]', 'print(fs[0]())']],
  ['in an object', ['class C:\n    def m(self): return k', 'o = C()', 'print(o.m())']],
  ['in a partial', ['def f(n): return k', 'from functools import partial\np = partial(f, 1)', 'print(p())']],
  ['in a closure', ['def f(): return k', 'def wrap(g): return lambda: g()', 'h = wrap(f)', 'print(h())']],
  ['in a function that calls it', ['def f(): return k', 'def g(): return f()', 'gs = {"g": g}', 'print(gs["g"]())']],
  ['under another name', ['def f(): return k', 'g = f', 'print(g())']],
  ['in a list of a list', ['def f(): return k', 'fs = [f]', 'gs = [fs]', 'print(gs[0][0]())']],
  ['in a list that another cell has filled', ['def f(): return k', 'fs = []', 'fs.append(f)', 'print(fs[0]())']],
  ['in an iterator', ['def f(n): return k', 'it = map(f, [1, 2, 3])', 'print(next(it))']],
])('%s that a cell in between has made', async (_, cells) => {
  expect(await afterEdit(...cells)).toBe('stale, 3');
});

it('until the text of that cell changes', async () => {
  const text = (k: number, made: string): string =>
    notebookText('percent', ['k = 1', 'def f(): return k', made, `k = ${k}`, 'print(len(fs))']);
  const notebook = await daemon.notebook(text(2, 'fs = [f]'));
  await notebook.run('all');
  await notebook.edit(text(3, 'fs = [f]'));
  expect(notebook.statuses.at(-1)).toBe('stale');
  await notebook.edit(text(3, 'fs = [len([f])]'));
  await notebook.run('stale');
  await notebook.edit(text(4, 'fs = [len([f])]'));
  expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh', 'stale', 'fresh']);
});
