/** The first and last line of marimo's cells against what their code takes and gives. */
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../clients/cli/edits.ts';
import { staleSignatures } from '../../../daemon/problems/signatures.ts';
import { parse } from '../../core/analysis/support.ts';
import { notebookOf } from '../../core/check/support.ts';

const app = (...cells: readonly string[]) => `import marimo\n\napp = marimo.App()\n\n\n${cells.join('\n\n\n')}\n`;
const giver = '@app.cell\ndef _():\n    x = 1\n    y = 2\n    return x, y';
const find = (text: string) => staleSignatures(notebookOf(text), text, parse);
const mend = (text: string) => applyEdits(text, find(text).flatMap(({ fixes: [fix] }) => fix?.edits ?? []) as []);

describe('a cell of marimo is told', () => {
  it.each([
    ['that does not take what it reads', '@app.cell\ndef _():\n    print(x, y)\n    return', 'def _(x, y):'],
    ['that takes what it does not read', '@app.cell\ndef _(x, y, z):\n    print(x, y)\n    return', 'def _(x, y):'],
    [
      'that has annotations, a comment and an async def',
      '@app.cell\nasync def named(\n    z: int,  # old\n):\n    await x(y)\n    return',
      'async def named(x, y):',
    ],
  ])('%s', (_, cell, head) => {
    const text = app(giver, cell);
    expect(find(text)).toMatchObject([{ code: 'stale-signature', severity: 'hint' }]);
    const mended = mend(text);
    expect(mended).toContain(`\n${head}\n`);
    expect(find(mended)).toEqual([]);
  });

  it.each([
    ['that does not give what others read', '@app.cell\ndef _():\n    x = 1\n    y = 2\n    return (x,)', '\n    return x, y\n'],
    [
      'that gives what it does not define',
      '@app.cell\ndef _():\n    x = 1\n    y = 2\n    return x, y, z',
      '\n    return x, y\n',
    ],
    ['that gives nothing at all', '@app.cell\ndef _():\n    x = 1\n    y = 2\n', '\n    y = 2\n    return x, y\n'],
  ])('%s', (_, cell, last) => {
    const text = app(cell, '@app.cell\ndef _(x, y):\n    print(x, y)\n    return');
    expect(find(text)).toHaveLength(1);
    expect(mend(text)).toContain(last);
    expect(find(mend(text))).toEqual([]);
  });
});

describe('a cell of marimo is left alone', () => {
  it.each([
    ['in another order', '@app.cell\ndef _(y, x):\n    print(x, y)\n    return'],
    ['that gives what nobody reads, as old versions wrote', '@app.cell\ndef _(x, y):\n    z = x + y\n    return (z,)'],
    ['that is a function', '@app.function\ndef f():\n    return len([x, y])'],
    [
      'in a notebook with queries, which name what they take in their text',
      '@app.cell\ndef _(x, y, mo):\n    mo.sql("select * from x")\n    return',
    ],
    ['that cannot be read', '@app.cell\ndef _(x, y):\n    print(x, y\n    return'],
    [
      'that reads its own type parameters',
      '@app.cell\ndef _(A, x):\n    class X[A](x[A]):\n        pass\n\n    print(X)\n    return',
    ],
    ['that annotates with one', '@app.cell\ndef _(A, x):\n    class X[A](x):\n        z: A\n\n    print(X)\n    return'],
    [
      'whose methods read one',
      '@app.cell\ndef _(x):\n    class X[A](x):\n        def f(self, a: A) -> A: ...\n\n    print(X)\n    return',
    ],
    [
      'that reads one in the arguments of its class',
      '@app.cell\ndef _(T, x):\n    class X[*T](x, k=[T]):\n        pass\n\n    print(X)\n    return',
    ],
    [
      'that binds what its function reads',
      '@app.cell\ndef _(x):\n    def show():\n        return later\n\n    x(show)\n    later = 3\n    return',
    ],
    ['on one line', '@app.cell\ndef _(z): print(x, y)'],
  ])('%s', (_, cell) => {
    expect(find(app(giver, cell, '@app.cell\ndef _(x, y):\n    print(x, y)\n    return'))).toEqual([]);
  });
});
