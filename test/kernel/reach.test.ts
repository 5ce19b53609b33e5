// Who else has what a step has changed: the search by the worker, its bound, and what it looks through (W28–W31).
import { afterAll, describe, expect, it } from 'vitest';
import { endKernels, startKernel, type TestKernel } from '../support/kernel.ts';
import { scienceInterpreter } from '../support/science.ts';

afterAll(endKernels);

const science = await scienceInterpreter();

/** The names that change with those of `changing`, each with the name by which the step had it. */
async function sharing(kernel: Promise<TestKernel> | undefined, before: string, step: string, changing: string): Promise<string> {
  const python = (await kernel) as TestKernel;
  const made = await python.run(before, { wantsResult: false });
  expect(made.finished.outcome).toEqual({ type: 'ok' });
  const { finished } = await python.run(step, { changing: changing.split(' '), wantsResult: false });
  await python.run('', { unbind: made.finished.observed.writes, forget: [made.finished.step, finished.step] });
  return finished.observed.changes
    .map(({ name, through }) => `${name} through ${through}`)
    .sort()
    .join(', ');
}

describe('who else has what a step has changed (W28, W29)', () => {
  const kernel = startKernel();

  it.each([
    ['a = b = []', 'a.append(1)', 'a', 'b through a'],
    ['a = []; d = {"k": [a]}', 'a.append(1)', 'a', 'd through a'],
    ['d = {"k": []}; a = d["k"]', 'd["k"].append(1)', 'd', 'a through d'],
    ['a = []; put = a.append', 'a.append(1)', 'a', 'put through a'],
    ['a = []; put = a.__iadd__', 'a.append(1)', 'a', 'put through a'],
    ['a = []; f = lambda: a', 'a.append(1)', 'a', ''],
    ['def outer(a):\n  return lambda: a\na = []; f = outer(a)', 'a.append(1)', 'a', 'f through a'],
    ['import functools\na = []; f = functools.partial(print, a)', 'a.append(1)', 'a', 'f through a'],
    ['a = []; it = iter(a)', 'a.append(1)', 'a', 'it through a'],
    ['a = []\ndef g(x): yield x\nit = g(a); next(it)', 'a.append(1)', 'a', 'it through a'],
    ['import types\na = []; n = types.SimpleNamespace(a=a)', 'a.append(1)', 'a', 'n through a'],
    [
      'import collections\na = []; q = collections.deque([a]); c = collections.ChainMap({"a": a})',
      'a.append(1)',
      'a',
      'c through a, q through a',
    ],
    ['import argparse\na = []; n = argparse.Namespace(a=a)', 'a.append(1)', 'a', 'n through a'],
    ['class A: pass\na = A(); xs = [a]', 'a.x = 1', 'a', 'xs through a'],
    ['class A: pass\na = A()', 'A.x = 1', 'A', 'a through A'],
    ['class A: pass\nclass B(A): pass\na = B()', 'A.x = 1', 'A', 'B through A, a through A'],
    ['class A: x = property(lambda a: a.kept, lambda a, x: setattr(a, "kept", x))\na = b = A()', 'a.x = 1', 'a', 'b through a'],
    ['a = b = [[]] * 100_000', 'a[12_345] = 1', 'a', 'b through a'],
    ['a = b = [[]] * 100_000', 'del a[12_345]', 'a', 'b through a'],
    ['a = b = [1]', 'print(a[0])', 'a', ''],
    ['b = bytearray(2); v = memoryview(b)', 'b[0] = 1', 'b', 'v through b'],
    ['import weakref\nclass A: pass\na = A(); w = weakref.ref(a)', 'a.x = 1', 'a', 'w through a'],
    ['import weakref\nclass A: pass\na = A(); w = weakref.WeakValueDictionary(k=a)', 'a.x = 1', 'a', 'w through a'],
    ['import csv, io\na = io.StringIO(); w = csv.writer(a)', 'a.write("1")', 'a', 'w through a'],
    ['a = []; import sys\ng = globals()', 'a.append(1)', 'a', ''],
    ['a = [1]; b = [1]', 'a.append(1)', 'a', ''],
    ['a = b = []', 'a.append(1); a.pop()', 'a', ''],
    ['a = b = []', 'a.append(1); b = 5', 'a', ''],
    ['a = b = []', 'a.append(1); 1 / 0', 'a', 'b through a'],
  ])('after %s, %s', async (before, step, changing, changes) => {
    expect(await sharing(kernel, before, step, changing)).toBe(changes);
  });

  it('are kept values that are not bound, too, each with its step', async () => {
    const python = await kernel;
    const made = (await python.run('a = b = []', { writes: ['a', 'b'] })).finished.step;
    const { finished } = await python.run('a.append(1)', { changing: ['a'], unbind: ['b'] });
    expect(finished.observed).toMatchObject({ changes: [], aside: [['b', made]] });
    expect(finished.isPlain).toBe(false);
  });

  it('are looked for in the given time, and then named as not known (W31)', async () => {
    const python = await kernel;
    await python.run('a = []; b = a; big = [[[] for _ in range(100)] for _ in range(100)]', { writes: ['a', 'b', 'big'] });
    const quick = await python.run('a.append(1)', { changing: ['a'] });
    expect(quick.finished.observed).toMatchObject({ changes: [{ name: 'b' }], unwatched: ['big'] });
    const slow = await python.run('import time; time.sleep(2); a.append(1)', { changing: ['a'] });
    expect(slow.finished.observed.unwatched).toBeUndefined();
  });

  it('are not looked for by a step that has changed nothing', async () => {
    const python = await kernel;
    await python.run('a = b = []', { writes: ['a', 'b'] });
    const { finished } = await python.run('len(a)', { changing: ['a'], wantsResult: false });
    expect([finished.observed.changes, finished.isPlain]).toEqual([[], true]);
  });
});

describe('objects of libraries (W30)', () => {
  const kernel = startKernel();

  it.each([
    ['import io\no = io.StringIO()', 'print(1, file=o)', undefined],
    ['import queue\no = queue.Queue()', 'o.put(1)', true],
    ['o = iter([1])', 'next(o)', undefined],
  ])('after %s, %s claims the change: %s', async (before, step, isClaimed) => {
    const python = await kernel;
    await python.run(before, { writes: ['o'] });
    const { finished } = await python.run(step, { watched: ['o'], wantsResult: false });
    expect(finished.observed.changes.map((change) => [change.name, change.isClaimed])).toEqual([['o', isClaimed]]);
  });

  it('are changed as the text of the step claims, and that is said', async () => {
    const python = await kernel;
    await python.run('import argparse\np = argparse.ArgumentParser()\ndef fill(to): to.add_argument("--y")', {
      writes: ['p', 'fill'],
    });
    const own = await python.run('p.add_argument("--x")', { watched: ['p'], wantsResult: false });
    expect(own.finished.observed.changes).toMatchObject([{ name: 'p', isClaimed: true }]);
    const inside = await python.run('fill(p)', { watched: ['p', 'fill'], wantsResult: false });
    expect(inside.finished.observed.changes.map(({ name, isClaimed }) => [name, isClaimed])).toEqual([['p', undefined]]);
  });
});

describe.skipIf('skipped' in science)('with NumPy, pandas and matplotlib (W29)', () => {
  const kernel = 'python' in science ? startKernel({ python: science.python }) : undefined;

  it.each([
    ['import numpy as np\na = np.zeros(4); v = a[1:]', 'a[2] = 1', 'a', 'v through a'],
    ['import numpy as np\na = np.zeros(4); v = a[1:]', 'v[0] = 1', 'v', 'a through v'],
    ['import numpy as np\na = np.zeros(4); v = a.reshape(2, 2); w = v.T', 'w[0] = 1', 'w', 'a through w, v through w'],
    ['import numpy as np\na = np.zeros(4); b = a.copy()', 'a[0] = 1', 'a', ''],
    ['import numpy as np\na = np.zeros(4); v = a[:2]; w = a[2:]', 'v[0] = 1', 'v', 'a through v'],
    ['import numpy as np\na = np.zeros(4); d = {"a": (a,)}', 'a[0] = 1', 'a', 'd through a'],
    [
      'import pandas as pd\ndf = pd.DataFrame({"a": [1]}); same = df; d = [df]',
      'df["b"] = 2',
      'df',
      'd through df, same through df',
    ],
    ['import pandas as pd\ndf = pd.DataFrame({"a": [1]}); s = df["a"]; c = df.copy()', 'df["b"] = 2', 'df', ''],
    [
      'import matplotlib\nmatplotlib.use("agg")\nimport matplotlib.pyplot as plt\nfig, ax = plt.subplots()',
      'ax.title.set_text("t")',
      'ax',
      'fig through ax',
    ],
  ])('after %s, %s', async (before, step, changing, changes) => {
    expect(await sharing(kernel, before, step, changing)).toBe(changes);
  });
});
