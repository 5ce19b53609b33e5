/** Names that code reads which a step makes while it runs. */
import { afterAll, describe, expect, it } from 'vitest';
import { endKernels, startKernel } from '../support/kernel.ts';
import { scienceInterpreter } from '../support/science.ts';

const science = await scienceInterpreter();

afterAll(endKernels);

describe('code that the program makes (W40)', () => {
  const kernel = startKernel();
  const readsOf = async (code: string, tellsReads = true) => {
    const { finished } = await (await kernel).run(code, { tellsReads, wantsResult: false });
    return [...(finished.observed.evaluated ?? [])].sort();
  };

  it('is not heard of before a step asks, and then in every step', async () => {
    await (await kernel).run('x = 1; y = 2; s = "x + y"', { writes: ['x', 'y', 's'] });
    expect(await readsOf('eval(s)', false)).toEqual([]);
    expect(await readsOf('eval(s)')).toEqual(['x', 'y']);
    expect(await readsOf('eval(s)', false)).toEqual(['x', 'y']);
  });

  it.each([
    ['exec("z = x; print(z, len(s))")', ['s', 'x']],
    ['eval(compile("[x for _ in s]", "mine", "eval"))', ['s', 'x']],
    ['eval("lambda: (x, later)")', ['later', 'x']],
    ['def f(t):\n    return eval(t)\nf("y")', ['y']],
    ['import collections\ncollections.namedtuple("P", "x y")(1, 2)', []],
    ['import dataclasses\n@dataclasses.dataclass\nclass D:\n    x: int = 1', []],
    ['import json.tool', []],
    ['x + y', []],
    ['try: eval("(")\nexcept SyntaxError: pass', []],
    ['compile("x", "mine", "exec")', []],
  ])('%s reads %s', async (code, names) => {
    expect(await readsOf(code)).toEqual(names);
  });

  it('counts where the step fails, too', async () => {
    const { finished } = await (await kernel).run('eval("missing")', { tellsReads: true });
    expect([finished.outcome.type, finished.observed.evaluated]).toEqual(['raised', ['missing']]);
  });

  it('is bounded', async () => {
    expect(await readsOf('eval("(" + ",".join(f"n{i}" for i in range(300)) + ")") if 0 else 0')).toEqual([]);
    const { finished } = await (await kernel).run('eval("[" + ",".join(f"n{i}" for i in range(300)) + "]")', {
      tellsReads: true,
    });
    expect(finished.observed.evaluated).toHaveLength(200);
  });
});

describe.skipIf('skipped' in science)('with pandas', () => {
  const kernel = 'python' in science ? startKernel({ python: science.python }) : undefined;
  const run = async (code: string, options: object) =>
    (await (await kernel)?.run(code, { wantsResult: false, ...options }))?.finished;

  it('a query reads its marked names (W40)', async () => {
    await run('import pandas as pd\ndf = pd.DataFrame({"a": [1, 5]})\nlow = 2\nq = "a > @low"', {
      writes: ['pd', 'df', 'low', 'q'],
    });
    expect((await run('df.query(q)', { tellsReads: true }))?.observed.evaluated).toEqual(['low']);
  });
});
