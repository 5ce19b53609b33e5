import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endKernels, startKernel, type TestKernel } from '../support/kernel.ts';

let kernel: TestKernel;

beforeAll(async () => {
  kernel = await startKernel();
});
afterAll(endKernels);

describe('a step (W1)', () => {
  it('runs code, prints, and shows the last expression', async () => {
    const step = await kernel.run('print("hello")\n6 * 7');
    expect(step.stdout).toBe('hello\n');
    expect(step.result).toEqual({ 'text/plain': '42' });
    expect(step.finished.outcome).toEqual({ type: 'ok' });
  });

  it.each([
    ['None', undefined],
    ['x = 1', undefined],
    ['1;', undefined],
    ['(1) ; # quiet', undefined],
    ['x = "\f\u2028"\r\n2', '2'],
    ['x = 1\r\nx;\r\n', undefined],
    ['"a; b"  # ; in a comment', "'a; b'"],
    ['(\n  1 +\n  1\n)', '2'],
    ['', undefined],
    ['# only a comment', undefined],
  ])('shows of %j the result %j', async (code, text) => {
    expect((await kernel.run(code)).result?.['text/plain']).toBe(text);
  });

  it('shows no result when none is wanted', async () => {
    expect((await kernel.run('1', { wantsResult: false })).displays).toEqual([]);
  });
});

describe('the names of a step (W2)', () => {
  it('are kept by step and bound again when asked for', async () => {
    const first = await kernel.run('x = 1', { writes: ['x'] });
    const second = await kernel.run('x = 2', { writes: ['x'] });
    expect(first.finished.written).toEqual(['x']);
    expect((await kernel.run('x', { bind: [['x', first.finished.step]] })).result?.['text/plain']).toBe('1');
    expect((await kernel.run('x', { bind: [['x', second.finished.step]] })).result?.['text/plain']).toBe('2');
    const gone = await kernel.run('x', { unbind: ['x'] });
    expect(gone.finished.outcome).toMatchObject({ type: 'raised', error: { name: 'NameError' } });
  });

  it('are the same objects, not copies', async () => {
    const { finished } = await kernel.run('xs = []; ys = xs', { writes: ['xs', 'ys'] });
    const step = await kernel.run('ys.append(1); xs', {
      bind: [
        ['xs', finished.step],
        ['ys', finished.step],
      ],
    });
    expect(step.result?.['text/plain']).toBe('[1]');
  });

  it('tell what the step wrote, deleted, and bound without saying so', async () => {
    await kernel.run('a = 1; b = 2', { writes: ['a', 'b'] });
    const step = await kernel.run('del a\nb = 3\nexec("c = 4")\nglobals()["d"] = 5\n__dunder__ = 6', { writes: ['a', 'b', 'e'] });
    expect(step.finished).toMatchObject({ written: ['b'], deleted: ['a'], observed: { writes: ['c', 'd'] } });
    await kernel.run('', { unbind: ['b', 'c', 'd'] });
    expect((await kernel.run('c', { bind: [['c', step.finished.step]] })).result?.['text/plain']).toBe('4');
  });

  it('tell which are the objects that they were', async () => {
    await kernel.run('a = []; b = []');
    const step = await kernel.run('if False: a = 1\nb = []; c = 1', { writes: ['a', 'b', 'c'] });
    expect(step.finished).toMatchObject({ written: ['a', 'b', 'c'], untouched: ['a'] });
    await kernel.run('', { unbind: ['a', 'b', 'c'] });
  });

  it('do not count when the step fails', async () => {
    const { finished } = await kernel.run('kept = 1', { writes: ['kept'] });
    const failed = await kernel.run('kept = 2\nnew = 3\nexec("hidden = 4; other = 5")\n1 / 0', { writes: ['new', 'other'] });
    expect(failed.finished).toMatchObject({ written: [], deleted: [], observed: { writes: [] } });
    const seen = await kernel.run('kept, [n for n in ("new", "hidden", "other") if n in globals()]');
    expect(seen.result?.['text/plain']).toBe('(1, [])');
    const rewritten = await kernel.run('kept = 2\n1 / 0', { writes: ['kept'] });
    expect(rewritten.finished).toMatchObject({ written: [], deleted: ['kept'] });
    expect((await kernel.run('kept', { bind: [['kept', finished.step]] })).result?.['text/plain']).toBe('1');
  });

  it('come back when code deletes them behind our back', async () => {
    await kernel.run('stays = 1', { writes: ['stays'] });
    await kernel.run('exec("del stays")');
    expect((await kernel.run('stays')).result?.['text/plain']).toBe('1');
  });

  it('are let go when their step is forgotten', async () => {
    const { finished } = await kernel.run('class T:\n  def __del__(self): print("gone")\nt = T()', { writes: ['T', 't'] });
    const step = await kernel.run('print("after")', { unbind: ['t', 'T'], forget: [finished.step] });
    expect(step.stdout).toBe('gone\nafter\n');
    const missing = await kernel.run('t', { bind: [['t', finished.step]] });
    expect(missing.finished.outcome).toMatchObject({ type: 'raised', error: { name: 'headwater.MissingValue' } });
  });
});
