/** Values that are bound and looked at, and whose classes or states are not what they seem. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { endKernels, startKernel, type TestKernel } from '../support/kernel.ts';

let kernel: TestKernel;

beforeAll(async () => {
  kernel = await startKernel();
});
afterAll(endKernels);

it.each([
  ['of a metaclass without a hash', 'class M(type):\n  def __eq__(a, b): return a is b\nclass A(metaclass=M): pass\nx = A()'],
  [
    'of a metaclass whose hash raises',
    'class M(type):\n  def __hash__(a): raise ValueError\nclass A(metaclass=M): pass\nx = A()',
  ],
  [
    'of a metaclass whose hash ends Python',
    'class M(type):\n  def __hash__(a): raise SystemExit(9)\nclass A(metaclass=M): pass\nx = A()',
  ],
  ['that hold such a one', 'class M(type):\n  __hash__ = None\nclass A(metaclass=M): pass\nx = {"a": [A()], "b": (A,)}'],
  ['that are generators without a state', 'import random\nclass R(random.Random):\n  def __init__(self): pass\nx = R()'],
  ['that are bare generators', 'import random\nx = random.Random.__new__(random.Random)'],
  ['that are generators without a part', 'import random\nx = random.Random(1)\ndel x.gauss_next'],
  ['whose __dict__ is a property that raises', 'class A:\n  @property\n  def __dict__(self): raise ValueError\nx = A()'],
  [
    'that are memory which is gone',
    'import ctypes, mmap\nm = mmap.mmap(-1, 1 << 20)\nat = ctypes.addressof(ctypes.c_char.from_buffer(m))\nm.close()\nx = (ctypes.c_char * 4096).from_address(at)',
  ],
])('the kernel goes on with values %s (W29)', async (_, code) => {
  const watch = { writes: ['x'], watched: ['x'], cell: 'a', implicit: { reads: [], writes: [], consumes: [] } };
  const { finished } = await kernel.run(code, watch);
  expect(finished.outcome).toEqual({ type: 'ok' });
  for (const more of ['y = 1', 'import random; random.seed(1)', 'def f(): return x\nf()']) {
    const next = await kernel.run(more, { watched: ['x'], writes: ['y'], bind: [['x', finished.step]], cell: 'b' });
    expect(next.finished.outcome).toEqual({ type: 'ok' });
  }
});

it('a property named __dict__ is not asked', async () => {
  const code = 'import random\nclass A:\n  @property\n  def __dict__(self): print("asked"); return {}\nx = A()';
  expect((await kernel.run(code, { writes: ['x', 'A'], cell: 'a' })).stdout).toBe('');
});
