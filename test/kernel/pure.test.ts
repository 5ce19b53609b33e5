/** Methods that leave an object alone, because it is of a type whose methods give new ones. */
import { afterAll, describe, expect, it } from 'vitest';
import { endKernels, startKernel } from '../support/kernel.ts';
import { scienceInterpreter } from '../support/science.ts';

const science = await scienceInterpreter();

afterAll(endKernels);

describe.skipIf('skipped' in science)('calls of methods, as statements', () => {
  const kernel = 'python' in science ? startKernel({ python: science.python }) : undefined;
  const run = async (code: string, options: object) =>
    (await (await kernel)?.run(code, { wantsResult: false, ...options }))?.finished;

  const types: readonly (readonly [string, readonly string[], boolean])[] = [
    ['import polars as pl\no = pl.DataFrame({"a": [1]})', ['sort', 'remove', 'clear', 'reverse', 'update'], true],
    ['import polars as pl\no = pl.DataFrame({"a": [1]})', ['sort', 'extend'], false],
    ['import polars as pl\no = pl.LazyFrame({"a": [1]})', ['sort', 'update'], true],
    ['import polars as pl\no = pl.Series([1])', ['reverse'], true],
    ['import polars as pl\no = pl.Series([1])', ['append'], false],
    ['import pandas as pd\no = pd.DataFrame({"a": [1]})', ['add'], true],
    ['import pandas as pd\no = pd.DataFrame({"a": [1]})', ['update'], false],
    ['import polars as pl\nclass Ours(pl.DataFrame): pass\no = Ours({"a": [1]})', ['sort'], false],
    ['o = (1,)', ['add'], true],
    ['o = [1]', ['sort'], false],
  ];
  it.each(types)('after %s, %s leave it alone: %s (W41)', async (made, methods, isPure) => {
    await run(made, { writes: ['o'] });
    const finished = await run('len([o])', { writes: ['o'], doubtful: [['o', methods]] });
    expect(finished?.observed.pure ?? []).toEqual(isPure ? ['o'] : []);
    expect(finished?.isPlain).toBe(false);
  });

  it('nothing is said of a name that is bound anew, or that is not bound (W41)', async () => {
    await run('o = "x"', { writes: ['o'] });
    const finished = await run('o = ("y", 1)', {
      writes: ['o'],
      doubtful: [
        ['o', ['add']],
        ['missing', ['add']],
      ],
    });
    expect(finished?.observed.pure).toBe(undefined);
  });
});
