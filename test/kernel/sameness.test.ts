// Early cutoff: what a step gives is compared with what an earlier one gave (W2).
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endKernels, startKernel, type TestKernel } from '../support/kernel.ts';

let kernel: TestKernel;

beforeAll(async () => {
  kernel = await startKernel();
});
afterAll(endKernels);

/** Whether the second code gives x the value that the first gave it. */
async function isUnchanged(before: string, now: string): Promise<boolean> {
  const { finished } = await kernel.run(before, { writes: ['x'] });
  const again = await kernel.run(now, {
    writes: ['x'],
    unbind: ['x'],
    compare: [['x', finished.step]],
    forget: [finished.step],
  });
  expect(again.finished.outcome).toEqual({ type: 'ok' });
  return again.finished.unchanged.includes('x');
}

const listed = 'def f(): return 1\nclass A:\n  def __eq__(self, other): return True\n  __hash__ = None\n';

describe('equal again is', () => {
  it.each([
    ['x = 1', 'x = 2 - 1'],
    ['x = None', 'x = None'],
    ['x = True', 'x = 1 == 1'],
    ['x = 0.5', 'x = 1 / 2'],
    ['x = 1j', 'x = complex(0, 1)'],
    ['x = "ab"', 'x = "a" + "b"'],
    ['x = b"ab"', 'x = bytes([97, 98])'],
    ['x = (1, ("a", None))', 'x = tuple([1, ("a", None)])'],
    ['x = frozenset({1, 2})', 'x = frozenset([1, 2])'],
    ['x = ()\nfor _ in range(400): x = (x,)', 'x = ()\nfor _ in range(400): x = (x,)'],
  ])('%s and %s', async (before, now) => {
    expect(await isUnchanged(before, now)).toBe(true);
  });

  it.each([
    ['another value', 'x = 1', 'x = 2'],
    ['another type', 'x = 1', 'x = 1.0'],
    ['a truth for a number', 'x = 1', 'x = True'],
    ['zero with the other sign', 'x = 0.0', 'x = -0.0'],
    ['the other sign within', 'x = (0.0,)', 'x = (-0.0,)'],
    ['the other sign of a part', 'x = complex(0.0, 0.0)', 'x = complex(0.0, -0.0)'],
    ['what is no number', 'x = float("nan")', 'x = float("nan")'],
    ['a number of a class of its own', 'import enum\nclass E(enum.IntEnum):\n  A = 1\nx = E.A', 'x = 1'],
    ['a list', 'x = [1]', 'x = [1]'],
    ['a dict', 'x = {}', 'x = {}'],
    ['a tuple that holds a list', 'x = ([],)', 'x = ([],)'],
    ['a set that is gone through in another order', 'x = frozenset([8, 0])', 'x = frozenset([0, 8])'],
    ['a function', `${listed}x = f`, `${listed}x = f`],
    ['an object that says it is equal', `${listed}x = A()`, `${listed}x = A()`],
    ['a module', 'import math as x', 'import math as x'],
    ['what is too large to compare', 'x = tuple(range(2000))', 'x = tuple(range(2000))'],
    ['what is not there', 'x = 1', 'y = 1'],
  ])('not %s', async (_, before, now) => {
    expect(await isUnchanged(before, now)).toBe(false);
  });
});

describe('for who asks for the object, the same is', () => {
  it.each([
    ['a module', 'import math as x', 'import math as x', true],
    ['what a module holds', 'from os.path import join as x', 'from os.path import join as x', true],
    ['not another module', 'import math as x', 'import json as x', false],
    ['not one that was loaded anew', 'import json as x', 'import sys; del sys.modules["json"]; import json as x', false],
    ['not an equal list', 'x = [1]', 'x = [1]', false],
  ])('%s (W2)', async (_, before, now, isSame) => {
    const { step } = (await kernel.run(before, { writes: ['x'] })).finished;
    const compareObjects = [['x', step]] as const;
    const { finished } = await kernel.run(now, { writes: ['x'], unbind: ['x'], compareObjects, forget: [step] });
    expect(finished).toMatchObject({ outcome: { type: 'ok' }, unchanged: isSame ? ['x'] : [] });
    const again = await kernel.run('x', { unbind: ['x'], bind: [['x', isSame ? step : finished.step]] });
    expect(again.finished.outcome).toEqual({ type: 'ok' });
  });
});

it('keeps the earlier object under its number, and the rest of that step goes', async () => {
  const { step } = (await kernel.run('x = "a" * 5000; y = 1; first = id(x)', { writes: ['x', 'y', 'first'] })).finished;
  const compare = ['x', 'y'].map((name) => [name, step] as const);
  const again = await kernel.run('x = "a" * 5000; y = 2', { writes: ['x', 'y'], compare, forget: [step] });
  expect(again.finished).toMatchObject({ written: ['x', 'y'], unchanged: ['x'] });
  expect((await kernel.run('id(x) == first')).result?.['text/plain']).toBe('True');
  expect((await kernel.run('len(x)', { unbind: ['x'], bind: [['x', step]] })).result?.['text/plain']).toBe('5000');
  const lost = await kernel.run('y', { bind: [['y', step]] });
  expect(lost.finished.outcome).toMatchObject({ type: 'raised', error: { name: 'headwater.MissingValue' } });
});

it('keeps nothing of a step that failed', async () => {
  const { step } = (await kernel.run('x = 1', { writes: ['x'] })).finished;
  const failed = await kernel.run('x = 1\n1 / 0', { writes: ['x'], compare: [['x', step]], forget: [step] });
  expect(failed.finished).toMatchObject({ written: [], unchanged: [] });
  const lost = await kernel.run('x', { bind: [['x', step]] });
  expect(lost.finished.outcome).toMatchObject({ type: 'raised' });
});

it('says nothing of a name that the step does not write, whatever it is bound to', async () => {
  const before = await kernel.run('x = "a" * 5000', { writes: ['x'] });
  const other = await kernel.run('x = "a" * 5000', { writes: ['x'] });
  const bind = [['x', other.finished.step] as const];
  const { finished } = await kernel.run('y = 1', { writes: ['y'], bind, compare: [['x', before.finished.step]] });
  expect(finished).toMatchObject({ written: ['y'], observed: { writes: [] }, unchanged: [] });
});
