import { afterAll, beforeAll, expect, it } from 'vitest';
import { endKernels, startKernel, type TestKernel } from '../support/kernel.ts';

let kernel: TestKernel;

beforeAll(async () => {
  kernel = await startKernel();
});
afterAll(endKernels);

const layer = 'a client';

it('keeps what a step of a layer has bound, however it ended (W2)', async () => {
  const failed = await kernel.run('a = 1\nexec("b = 2")\n1 / 0', { layer, writes: ['a'] });
  expect(failed.finished).toMatchObject({ outcome: { type: 'raised' }, written: ['a'], observed: { writes: ['b'] } });
  const step = failed.finished.step;
  await kernel.run('a = b = 0', { writes: ['a', 'b'] });
  expect((await kernel.run('a, b', { bind: ['a', 'b'].map((name) => [name, step] as const) })).result).toEqual({
    'text/plain': '(1, 2)',
  });
});

it('reports what a step of a layer has deleted, announced or not (W2)', async () => {
  await kernel.run('c = d = 1', { writes: ['c', 'd'] });
  const { finished } = await kernel.run('del c\nexec("del d")', { layer, writes: ['c'] });
  expect(finished.deleted).toEqual(['c', 'd']);
  expect((await kernel.run('"c" in globals(), "d" in globals()')).result).toEqual({ 'text/plain': '(False, False)' });
});

it('applies the futures of a layer to steps of that layer (W3)', async () => {
  await kernel.run('from __future__ import annotations', { layer, writes: ['annotations'] });
  const annotated = async (of: string | undefined) =>
    (await kernel.run('def f(a: int): pass\nf.__annotations__["a"]', { writes: ['f'], ...(of !== undefined && { layer: of }) }))
      .result?.['text/plain'];
  expect([await annotated(layer), await annotated('another'), await annotated(undefined)]).toEqual([
    "'int'",
    "<class 'int'>",
    "<class 'int'>",
  ]);
});

it('watches kept values that are not bound, under their labels (W19)', async () => {
  const given = (await kernel.run('xs = [1]\nys = xs', { writes: ['xs', 'ys'] })).finished.step;
  const { finished } = await kernel.run('ys.append(2)', { layer, unbind: ['xs'], watched: [], hidden: [['label', 'xs', given]] });
  expect(finished.observed.changes).toMatchObject([{ name: 'label' }, { name: 'ys', through: 'label' }]);
});
