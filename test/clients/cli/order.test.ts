/** The order of a script, and what it prints, are those of `python FILE`, but where that certainly fails. */
import { describe, expect, it } from 'vitest';
import { testPython } from '../../support/kernel.ts';
import { callHeadwater, emptyFolder, runProgram, writeNotebook } from './headwater.ts';

const folder = emptyFolder();
const script = (...cells: readonly string[]) => cells.map((cell) => `# %%\n${cell}\n`).join('');
const write = (...cells: readonly string[]) => writeNotebook(folder, 'order.py', script(...cells));

describe('a script runs as under python', () => {
  it.each([
    ['a name by birth that it defines further down', ['print(max(1, 2))', 'max = 10', 'print(max)']],
    ['… that it imports further down', ['xs = [1.5]; print(sum(xs))', 'from math import fsum as sum', 'print(sum(xs))']],
    ['… that a function reads', ['def f(): return max(1, 2)', 'print(f())', 'max = lambda *xs: 0', 'print(f())']],
    ['a guarded read', ['try:\n    print(cfg)\nexcept NameError:\n    print("no")', 'cfg = 1', 'print(cfg)']],
    ['… that gives a default', ['try:\n    n = total + 1\nexcept NameError:\n    n = 0', 'total = 5', 'print(n)']],
    [
      '… by suppress',
      ['from contextlib import suppress\nwith suppress(NameError):\n    print(late)', 'late = 1', 'print("end", late)'],
    ],
    ['… by a look at the names', ['if "late" not in globals():\n    print("not yet")', 'late = 1', 'print("late" in globals())']],
    [
      'a function that a branch does not call',
      [
        'def show(p=None):\n    print("show")\n    if p is not None: helper(p)\nshow()',
        'def helper(b): print("helper", b)\nshow(2)',
      ],
    ],
    ['a loop that does not begin', ['for _ in []:\n    print(late)', 'late = 1', 'print(late)']],
    ['an exit above a read', ['import sys', 'print("before")\nif True: sys.exit(3)', 'print(late)', 'late = 1']],
    ['exec above a read', ['exec("late = 1")', 'print(late)', 'late = 2', 'print(late)']],
    [
      'functions that call each other, and are called before all of them are there',
      [
        'def even(n): return n == 0 or odd(n - 1)',
        'print(even(0))',
        'def odd(n): return n > 0 and even(n - 1)',
        'print(even(7))',
      ],
    ],
    ['a function that reads what is defined below it', ['def f(): return cfg', 'cfg = 1', 'print(f())']],
  ])('%s', async (_, cells) => {
    const path = write(...cells);
    const plain = await runProgram(await testPython(), [path], { cwd: folder });
    const ours = await callHeadwater(['run', path]);
    expect({ stdout: ours.stdout, code: ours.code }, ours.stderr).toEqual({ stdout: plain.stdout, code: plain.code });
    expect((await callHeadwater(['check', path])).stdout).not.toContain('plain Python fails');
  });

  it.each([
    [
      'a function that is called before what it reads',
      ['def f(): return cfg', 'print(f())', 'cfg = 1'],
      "name 'cfg' is not defined",
    ],
    ['cells that need each other', ['a = b', 'b = a'], "name 'b' is not defined"],
    ['a cycle in which a read may not happen', ['a = b', 'if True:\n    b = a'], "name 'b' is not defined"],
  ])('and fails as there: %s', async (_, cells, message) => {
    const path = write(...cells);
    const plain = await runProgram(await testPython(), [path], { cwd: folder });
    const ours = await callHeadwater(['run', path]);
    expect([plain.code, ours.code, ours.stdout]).toEqual([1, 1, plain.stdout]);
    for (const { stderr } of [plain, ours]) expect(stderr).toContain(message);
  });
});

it('runs a definition first where plain Python certainly fails, and what changes it right below it', async () => {
  const path = write('xs.append(1)\nprint("first", xs)', 'xs = []', 'print("last", xs)');
  expect((await runProgram(await testPython(), [path], { cwd: folder })).code).toBe(1);
  expect(await callHeadwater(['run', path])).toMatchObject({ stdout: 'first [1]\nlast [1]\n', code: 0 });
  expect((await callHeadwater(['check', path])).stdout).toContain('plain Python fails');
});
