/** Who calls a function depends on the names with several definitions that the function reads, as they are at the call. */
import { afterEach, expect, it } from 'vitest';
import { TestDaemon } from '../../support/daemon.ts';
import { notebookText } from '../../support/notebook-text.ts';

let daemon: TestDaemon;

afterEach(() => daemon.stop());

/** What the last cell prints after k has become 3, and whether it was marked. Python prints 3. */
async function afterEdit(...cells: string[]): Promise<string> {
  daemon = await TestDaemon.create();
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

/** Wrong today: the value that holds the function was made by a cell whose own functions read nothing. */
it.each([
  ['in a list', ['def f(): return k', 'fs = [f]', 'print(fs[0]())']],
  ['in an object', ['class C:\n    def m(self): return k', 'o = C()', 'print(o.m())']],
])('not yet %s that a cell in between has made', async (_, cells) => {
  expect(await afterEdit(...cells)).toBe('fresh, 2');
});
