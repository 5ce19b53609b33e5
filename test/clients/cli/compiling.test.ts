/** Python reads a program to its end before it runs a line of it, and so does `headwater run`. */
import { describe, expect, it } from 'vitest';
import { testPython } from '../../support/kernel.ts';
import { callHeadwater, emptyFolder, headwater, runProgram, writeNotebook } from './headwater.ts';

const folder = emptyFolder();
const script = (...cells: readonly string[]) => writeNotebook(folder, 'late.py', cells.map((cell) => `# %%\n${cell}\n`).join(''));

describe('text that is nested deep runs as under python', () => {
  const elifs = Array.from({ length: 2000 }, (_, n) => `elif x == ${n + 1}:\n    y = ${n}\n`).join('');

  it.each([
    ['2,000 elifs', `x = 5\nif x == 0:\n    pass\n${elifs}print(y)`],
    [
      'as many in a function',
      `def f(x):\n    if x == 0:\n        pass\n${elifs.replace(/^/gm, '    ').trimEnd()}\n    return y\nprint(f(7))`,
    ],
    ['a sum of 1,500 terms', `x = ${Array(1500).fill('1').join(' + ')}\nprint(x)`],
    ['a chain of 1,500 calls', `class A:\n    def m(self): return self\nx = A()${'.m()'.repeat(1500)}\nprint(type(x).__name__)`],
  ])('%s', async (_, code) => {
    const path = script('a = 1', code, 'print("after", a)');
    const plain = await runProgram(await testPython(), [path]);
    const ours = await callHeadwater(['run', path]);
    expect({ stdout: ours.stdout, code: ours.code }, ours.stderr).toEqual({ stdout: plain.stdout, code: plain.code });
  });
});

describe('what only the compiler refuses, in a late cell (W44)', () => {
  it.each([
    'return 3',
    'nonlocal x',
    'def f():\n    await g()',
    'def f():\n    nonlocal nothing',
    'break',
    'for x in []:\n    pass\nelse:\n    continue',
    '*a, *b = [1]',
    'f(**a, *b)',
    'def f(a, a):\n    pass',
    'x = 1\ndef f():\n    x\n    global x',
    'yield 1',
    'class C:\n    return 1',
    'f() = 1',
    'del f()',
    '__debug__ = 1',
    'async def f():\n    yield 1\n    return 2',
    'def f():\n    from math import *',
    'lambda: (yield from x for x in y)',
    '[x async for x in y] and (lambda: [z async for z in y])',
    'match 1:\n    case x:\n        pass\n    case 2:\n        pass',
    'match 1:\n    case {**rest, "a": 1}:\n        pass',
    'try:\n    pass\nexcept:\n    pass\nexcept ValueError:\n    pass',
    '"\\N{no such character}"',
    "b'ä'",
    '0777',
    'from __future__ import annotations',
    'y = 1\nfrom __future__ import annotations',
    '"not the first text"\nfrom __future__ import division',
  ])('%s', async (code) => {
    const path = script('print("before")', 'print("also before")', code);
    const plain = await runProgram(await testPython(), [path]);
    const ours = await callHeadwater(['run', path]);
    expect({ stdout: ours.stdout, code: ours.code }, ours.stderr).toEqual({ stdout: plain.stdout, code: plain.code });
    expect(plain.stdout).toBe('');
    // Where the compiler says it, the sentence is its own; where our parser does, it names the same line.
    const [sentence = ''] = plain.stderr.trimEnd().split('\n').slice(-1);
    const line = /line (\d+)/.exec(plain.stderr)?.[1];
    expect(ours.stderr.includes(sentence) || ours.stderr.includes(`late.py:${line}:`), ours.stderr).toBe(true);
  });

  it('is told with its own line, in a process, too', async () => {
    const path = script('print("before")', 'x = 1', '\nreturn x');
    const { stdout, stderr, code } = await headwater(['run', path]);
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
    expect(stderr).toContain(`File "${path}", line 7\n    return x\n    ^^^^^^^^\nSyntaxError: 'return' outside function\n`);
  });

  it('is an unknown feature of the future', async () => {
    const ours = await callHeadwater(['run', script('print("before")', 'from __future__ import nope')]);
    expect(ours).toMatchObject({ stdout: '', code: 1 });
    expect(ours.stderr).toContain('SyntaxError: future feature nope is not defined');
  });

  it.each([
    ['in the first cell', ['"""About it."""\nfrom __future__ import annotations', 'def f(x: nowhere): ...\nprint("runs")']],
    ['below text alone', ['"""About it."""', '# prose', 'from __future__ import annotations', 'print("runs")']],
    ['named in a text', ['a = 1', 'print("from __future__ import annotations")']],
  ])('is no `from __future__` %s', async (_, cells) => {
    const path = script(...cells);
    const plain = await runProgram(await testPython(), [path]);
    const ours = await callHeadwater(['run', path]);
    expect({ stdout: ours.stdout, code: ours.code }, ours.stderr).toEqual({ stdout: plain.stdout, code: plain.code });
    expect(ours.code).toBe(0);
  });

  it('keeps a run that goes on after failures from nothing, if it is a late `from __future__`', async () => {
    const path = script('print("a")', 'from __future__ import annotations', 'print("b")');
    expect(await callHeadwater(['run', path, '--keep-going'])).toMatchObject({ stdout: 'a\nb\n', code: 0 });
  });

  it('in a marimo notebook, too', async () => {
    const cells = ['print("before")', 'f(**a, *b)'].map((code) => `\n@app.cell\ndef _():\n    ${code}\n    return`);
    const path = writeNotebook(folder, 'late_marimo.py', ['import marimo', 'app = marimo.App()', ...cells, ''].join('\n'));
    expect(await callHeadwater(['run', path])).toMatchObject({ stdout: '', code: 1 });
  });

  it('keeps nothing back with --keep-going', async () => {
    const path = script('print("before")', 'return 3', 'print("after")');
    expect(await callHeadwater(['run', path, '--keep-going'])).toMatchObject({ stdout: 'before\nafter\n', code: 1 });
  });

  it('is no fault of a disabled cell', async () => {
    const path = writeNotebook(folder, 'off.py', '# %%\nprint("a")\n# %% disabled=true\nreturn 3\n');
    expect(await callHeadwater(['run', path])).toMatchObject({ stdout: 'a\n', code: 0 });
  });
});
