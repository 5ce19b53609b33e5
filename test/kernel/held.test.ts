// Which names the functions read that a step's values hold (W22).
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endKernels, startKernel, type TestKernel } from '../support/kernel.ts';

let kernel: TestKernel;

const functions = [
  'import collections, contextlib, functools, operator, types',
  'def f(n=0): return k',
  'def g(): return [f() + j for _ in "a"] and print(len)',
  'class C:',
  '    def m(self): return k',
  '    @property',
  '    def p(self): return j',
  'class D(C): pass',
  'class Slots:',
  '    __slots__ = ("held",)',
  'class Hiding:',
  '    def __getattribute__(self, name): raise ValueError(name)',
].join('\n');

beforeAll(async () => {
  kernel = await startKernel();
  await kernel.run(functions, { writes: ['f', 'g', 'C', 'D', 'Slots', 'Hiding'] });
});
afterAll(endKernels);

async function heldBy(code: string, known: readonly string[] = []): Promise<string> {
  const { finished } = await kernel.run(code, { writes: ['x', 'make'], unbind: ['x', 'make'], knownReads: known });
  expect(finished.outcome).toEqual({ type: 'ok' });
  return finished.observed.reads.toSorted().join(' ');
}

describe('a value holds functions that read (W22)', () => {
  it.each([
    ['x = f', 'k'],
    ['x = [g]', 'f j'],
    ['x = {"a": (1, {f})}', 'k'],
    ['x = collections.deque([f])', 'k'],
    ['x = functools.partial(f, 1)', 'k'],
    ['x = functools.lru_cache(f)', 'k'],
    ['x = map(f, [1])', 'k'],
    ['x = (f(n) for n in "ab")', 'f'],
    ['def make(h): return lambda: h()\nx = make(f)', 'k'],
    ['def make(h=f): return h()\nx = make', 'k'],
    ['x = C', 'j k'],
    ['x = C()', 'j k'],
    ['x = D()', 'j k'],
    ['x = C().m', 'j k'],
    ['x = types.SimpleNamespace(a=f)', 'k'],
    ['x = Slots()\nx.held = f', 'k'],
    ['x = Hiding()\nobject.__setattr__(x, "held", f)', 'k'],
    ['x = contextlib.contextmanager(f)', 'k'],
  ])('%s: %s', async (code, names) => {
    expect(await heldBy(code)).toBe(names);
  });

  it.each([
    'x = 1',
    'x = [1, "a", None]',
    'x = len',
    'x = operator',
    'x = collections.OrderedDict(a=1)',
    'x = functools.partial(len, [])',
    'x = [collections.Counter]',
    'x = collections.Counter(range(3000))',
    'x = []\nx.append(x)',
  ])('nothing: %s', async (code) => {
    expect(await heldBy(code)).toBe('');
  });
});

it('is not looked for without a word, nor told again where it is known', async () => {
  const { finished } = await kernel.run('x = [f, g]', { writes: ['x'] });
  expect(finished.observed.reads).toEqual([]);
  expect(await heldBy('x = [f, g]', ['k', 'f'])).toBe('j');
});

it('is looked for among the first thousand items, and two thousand objects', async () => {
  expect(await heldBy('x = [0] * 999 + [f]')).toBe('k');
  expect(await heldBy('x = [0] * 1000 + [f]')).toBe('');
  expect(await heldBy('x = [[n] for n in range(900)] + [f]')).toBe('k');
  expect(await heldBy('x = [[[n, [n], [n]] for n in range(900)], [[[[[f]]]]]]')).toBe('');
});
