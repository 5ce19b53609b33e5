import { execFileSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { endKernels, installedPythons, startKernel, type TestKernel, testEnvironment } from '../support/kernel.ts';
import { scienceInterpreter } from '../support/science.ts';
import { libraryChanges, libraryReads, plottingChanges, plottingReads } from './library-changes.ts';
import {
  learningChanges,
  learningReads,
  plainChanges,
  plainReads,
  scienceChanges,
  scienceReads,
  touchy,
  typedChanges,
  typedReads,
  type WatchedStep,
} from './mutations.ts';

const science = await scienceInterpreter();
const versions = installedPythons().filter(([version]) => /^3\.1[0-3]\./.test(version));

afterAll(endKernels);

const words = (text: string): readonly string[] => text.split(' ').filter(Boolean);

/** What the watch reports of a step. */
async function mutatedBy(kernel: TestKernel, { before, step, reads }: WatchedStep) {
  const made = await kernel.run(before, { writes: words(reads), wantsResult: false });
  expect(made.finished.outcome, before).toEqual({ type: 'ok' });
  const { finished } = await kernel.run(step, { watched: words(reads), wantsResult: false });
  const found = [made, { finished }].flatMap((one) => [...one.finished.written, ...one.finished.observed.writes]);
  // The next one begins with the names that a new kernel has.
  await kernel.run('', { unbind: found, forget: [made.finished.step, finished.step] });
  return finished.observed.changes;
}

const names = (mutated: readonly { readonly name: string }[]): string =>
  mutated
    .map(({ name }) => name)
    .sort()
    .join(' ');
const sorted = (text: string): string => [...words(text)].sort().join(' ');

describe.each(versions)('the mutation watch with Python %s (W19)', (version, python) => {
  const kernel = startKernel({ python });

  it.each(plainChanges)('notices that $step changes $changes', async (watched) => {
    expect(names(await mutatedBy(await kernel, watched))).toBe(sorted(watched.changes));
  });

  it.each(libraryChanges)('notices on objects of libraries that $step changes $changes', async (watched) => {
    expect(names(await mutatedBy(await kernel, watched))).toBe(sorted(watched.changes));
  });

  it.each(libraryReads)('says nothing on objects of libraries of $step', async (watched) => {
    expect(names(await mutatedBy(await kernel, watched))).toBe('');
  });

  it.each(plainReads)('says nothing of $step', async (watched) => {
    expect(names(await mutatedBy(await kernel, watched))).toBe('');
  });

  it('loads no modules for types that the notebook has none of', async () => {
    const inOrder = 'sorted({"argparse", "datetime", "decimal", "fractions", "pathlib", "uuid"} & set(sys.modules))';
    const ownAccord = execFileSync(python, ['-c', `import sys; print(${inOrder})`], { encoding: 'utf8', env: testEnvironment() });
    const fresh = await startKernel({ python });
    await fresh.run('import sys\nxs = [1]', { writes: ['sys', 'xs'] });
    const { finished, result } = await fresh.run(`xs[0] = 2\n${inOrder}`, { watched: ['xs'] });
    expect([names(finished.observed.changes), result?.['text/plain']]).toEqual(['xs', ownAccord.trim()]);
  });

  it('runs no code of the program', async () => {
    await (await kernel).run(touchy, { writes: ['o', 's', 'touched', 'Metaed'] });
    await (await kernel).run('touched.clear()');
    const { finished } = await (await kernel).run('o[-2]; s', { watched: ['o', 's', 'Metaed'], wantsResult: false });
    expect(finished.observed.changes).toEqual([]);
    expect((await (await kernel).run('touched')).result?.['text/plain']).toBe('[]');
  });

  it('asks nobody who stands in the place of a library', async () => {
    const imposters = [
      'numpy',
      'pandas',
      'polars',
      'torch',
      'argparse',
      'matplotlib',
      'matplotlib.artist',
      'matplotlib._pylab_helpers',
    ];
    const fresh = await startKernel({ python });
    await fresh.run(
      `import sys, types
asked = []
class Imposter:
    def __getattribute__(self, name): asked.append(name); raise AttributeError(name)
class Module(types.ModuleType):
    def __getattribute__(self, name): asked.append(name); raise AttributeError(name)
for name in ${JSON.stringify(imposters)}: sys.modules[name] = Imposter()
half = types.ModuleType("bdb"); half.__getattr__ = asked.append
sys.modules["bdb"] = half
sys.modules["polars"] = Module("polars")
class Box: held = []
box = Box(); box.held = []; asked.clear()`,
      { writes: ['sys', 'types', 'asked', 'Imposter', 'Module', 'name', 'half', 'Box', 'box'] },
    );
    const { finished } = await fresh.run('box.held.append(1)', {
      watched: ['box'],
      wantsResult: false,
      doubtful: [['box', ['append']]],
    });
    expect(names(finished.observed.changes)).toBe('box');
    expect((await fresh.run('asked')).result?.['text/plain']).toBe('[]');
  });

  it('runs no code of the program to search what reaches a changed object, either', async () => {
    await (await kernel).run(`${touchy}\nfrom argparse import ArgumentParser\np = ArgumentParser()\np.held = o`, {
      writes: ['o', 's', 'touched', 'Metaed', 'p', 'Touchy'],
    });
    await (await kernel).run('xs = []; o.append(xs); touched.clear()', { writes: ['xs'] });
    const { finished } = await (await kernel).run('xs.append(1)', { changing: ['xs'], wantsResult: false });
    expect(names(finished.observed.changes)).toBe('o p');
    expect((await (await kernel).run('touched')).result?.['text/plain']).toBe('[]');
  });

  it('keeps the changed object under the number of the step', async () => {
    await (await kernel).run('xs = [1]', { writes: ['xs'] });
    const step = (await kernel).begin('ys = xs; ys.append(2)', { watched: ['xs'], writes: ['ys'] });
    await (await kernel).finish(step);
    const later = await (await kernel).run('xs', { bind: [['xs', step]] });
    expect(later.result?.['text/plain']).toBe('[1, 2]');
  });

  it.runIf(Number(version.split('.')[1]) >= 12)('names the line, in the step and in a function', async () => {
    const made = (await kernel).begin('def add(v):\n  n = len(v)\n  v.append(n)\nxs = []; ys = [1]', {
      writes: ['add', 'xs', 'ys'],
    });
    await (await kernel).finish(made);
    const { finished } = await (await kernel).run(
      'a = 1\nadd(xs)\nb = 2\nzs = ys\nfor i in range(3):\n  if i == 2:\n    zs.append(1)\n',
      {
        watched: ['add', 'xs', 'ys'],
        lineOffset: 10,
      },
    );
    expect(finished.observed.changes).toEqual([
      { name: 'xs', line: 12, function: { name: 'add', file: `cell-${made}.py`, line: 3 } },
      { name: 'ys', line: 17, function: undefined },
    ]);
    const again = await (await kernel).run('add(xs)', { watched: ['add', 'xs'] });
    expect(again.finished.observed.changes).toMatchObject([{ name: 'xs', line: 1, function: { line: 3 } }]);
    const last = await (await kernel).run('x = 1\nxs.pop()', { watched: ['xs'] });
    expect(last.finished.observed.changes).toMatchObject([{ name: 'xs', line: 2 }]);
  });
});

const libraries = [
  ['numpy and pandas', science, [...scienceChanges, ...typedChanges], [...scienceReads, ...typedReads]],
  ['polars and scikit-learn', science, learningChanges, learningReads],
  ['matplotlib', science, plottingChanges, plottingReads],
] as const;

for (const [what, interpreter, changes, reads] of libraries) {
  describe.skipIf('skipped' in interpreter)(`the mutation watch with ${what}`, () => {
    const kernel = 'python' in interpreter ? startKernel({ python: interpreter.python }) : undefined;

    it.each(changes)('notices that $step changes $changes', async (watched) => {
      expect(names(await mutatedBy((await kernel) as TestKernel, watched))).toBe(sorted(watched.changes));
    });

    it.each(reads)('says nothing of $step', async (watched) => {
      expect(names(await mutatedBy((await kernel) as TestKernel, watched))).toBe('');
    });
  });
}
