import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endKernels, startKernel, type TestKernel } from '../support/kernel.ts';

let kernel: TestKernel;

beforeAll(async () => {
  kernel = await startKernel();
});
afterAll(endKernels);

async function value(code: string, evaluation: Parameters<TestKernel['run']>[1] = {}): Promise<unknown> {
  const step = await kernel.run(code, evaluation);
  return step.result?.['text/plain'] ?? step.finished.outcome;
}

describe('await (W3)', () => {
  it('works at top level, in statements and in the last expression', async () => {
    expect(
      await value('import asyncio\nasync def f(): return 1\nx = await f()\nx + await f()', { writes: ['asyncio', 'f', 'x'] }),
    ).toBe('2');
    expect(
      await value('[i async for i in g()]\n'.replace(/^/, 'async def g():\n  yield 1\n  yield 2\n'), { writes: ['g'] }),
    ).toBe('[1, 2]');
  });

  it('leaves asyncio.run to work as in a script', async () => {
    expect(await value('import asyncio\nasync def f(): return 3\nasyncio.run(f())', { writes: ['f', 'asyncio'] })).toBe('3');
  });

  it('keeps one loop, so that tasks of one cell can be awaited in another', async () => {
    const first = await kernel.run(
      'import asyncio\nawait asyncio.sleep(0)\ntask = asyncio.ensure_future(asyncio.sleep(0, "done"))',
      {
        writes: ['task', 'asyncio'],
      },
    );
    expect(await value('await task', { bind: [['task', first.finished.step]] })).toBe("'done'");
  });

  const job = 'import asyncio\nasync def f(): return 3\n';
  const writes = ['asyncio', 'f', 't', 'loop', 'q'];

  it.each([
    ['of the last expression', 't = asyncio.create_task(f())\nawait t', '3'],
    ['inside the last expression', 't = asyncio.create_task(f())\n[await t, 4]', '[3, 4]'],
    ['of a statement above it', 't = asyncio.create_task(f())\nx = await t\nasyncio.get_running_loop() is t.get_loop()', 'True'],
    ['of a block', 'async with asyncio.Lock(): t = asyncio.ensure_future(f())\nt is asyncio.current_task()', 'False'],
    ['far below', 'q = asyncio.Queue()\nq.put_nowait(await f())\nt = asyncio.create_task(q.get())\nawait t', '3'],
  ])('%s has all of its cell run on the loop', async (_, code, shown) => {
    expect(await value(job + code, { writes })).toBe(shown);
  });

  it('is what a cell needs for a running loop', async () => {
    expect(await value(`${job}asyncio.create_task(f())`, { writes })).toMatchObject({
      error: { message: 'no running event loop' },
    });
  });

  it('shows a failure of the cell where it is, without frames of the worker', async () => {
    const { finished } = await kernel.run(`${job}1 / 0\nawait f()`, { writes, fileName: 'cell.py' });
    expect(finished.outcome).toMatchObject({ error: { name: 'ZeroDivisionError', frames: [{ file: 'cell.py', line: 3 }] } });
  });
});

describe('parameters (W3)', () => {
  it.each([
    ['a = 1\nb = a * 2\na, b', '(9, 18)'],
    ['a: int = 1\na', '9'],
    ['if True:\n  a = 1\na', '1'],
    ['a = b = 1\na', '1'],
    ['def f(a=1): return a\nf()', '1'],
  ])('replace the right-hand side of %j: %s', async (code, text) => {
    expect(await value(code, { parameters: { a: '3 * 3' } })).toBe(text);
  });
});

describe('a no-break space (W3)', () => {
  it.each([['x\u00a0=\u00a0\u00a01\nif x:\n\u00a0 y = "a\u00a0b"\nx,\u00a0y', "(1, 'a\\xa0b')"]])(
    'counts as a space outside of strings',
    async (code, text) => {
      expect(await value(code, { writes: ['x', 'y'] })).toBe(text);
    },
  );
});

describe('from __future__ (W3)', () => {
  it('counts for later cells, until its step is forgotten', async () => {
    const { finished } = await kernel.run('from __future__ import annotations', { writes: ['annotations'] });
    expect(await value('def f(x: not_there): pass\nf.__annotations__', { writes: ['f'] })).toBe("{'x': 'not_there'}");
    expect(await value('def f(x: not_there): pass', { writes: ['f'], forget: [finished.step] })).toMatchObject({
      error: { name: 'NameError' },
    });
  });
});

describe('private names (W3)', () => {
  const own = { locals: ['_x', '_f', '_C'], localPrefix: 'cell_7_' };

  it.each([
    ['_x = 1\n_x + 1', '2'],
    ['def f(): return _x\n_x = 2\nf()', '2'],
    ['def f(_x): return _x\n_x = 2\nf(3)', '3'],
    ['def f():\n  _x = 4\n  return [_x for _ in "a"]\nf()', '[4]'],
    ['def f():\n  global _x\n  _x = 5\nf()\n_x', '5'],
    ['def f():\n  _x = 6\n  def g():\n    nonlocal _x\n    _x = 7\n  g()\n  return _x\nf()', '7'],
    ['class K:\n  _x = 8\n  def m(self): return _x\n_x = 9\nK._x, K().m()', '(8, 9)'],
    ['[_x for _x in [1]], [(_x := 2) for y in "a"], _x', '([1], [2], 2)'],
    ['_x = 3\n[y for y in range(_x) if y < _x]', '[0, 1, 2]'],
    ['_x = 1\n(lambda a=_x: a + _x)()', '2'],
    ['import math as _x\n_x.floor(1.5)', '1'],
    ['import os.path as _x, os\n_x is os.path', 'True'],
    ['from math import floor as _f\n_f(2.5)', '2'],
    ['for _x in [1, 2]: pass\n_x', '2'],
    ['match [1, 2]:\n  case [_x, *_f]: pass\n_x, _f', '(1, [2])'],
    ['try: 1 / 0\nexcept ZeroDivisionError as _x: y = str(_x)\ny', "'division by zero'"],
    ['def _f(): return 1\n_f.__name__, _f.__qualname__', "('_f', '_f')"],
    ['class _C:\n  def m(self): pass\n_C.__name__, _C.m.__qualname__', "('_C', '_C.m')"],
    ['def _f(n): return 1 if n < 1 else n * _f(n - 1)\n_f(4)', '24'],
    ['def g():\n  return "_x" in locals()\n_x = 1\ng()', 'False'],
    ['o = type("O", (), {"_x": 3})\n_x = 1\no._x, dict(_x=2)', "(3, {'_x': 2})"],
  ])('mean in %j what Python means', async (code, text) => {
    const step = await kernel.run(code, { ...own, writes: ['f', 'g', 'K', 'y', 'o', 'os'] });
    expect(step.result?.['text/plain'] ?? step.finished.outcome).toBe(text);
    expect(step.finished.observed.writes).toEqual([]);
  });

  it('belong to their step: others do not see them, its functions do', async () => {
    const own = { locals: ['_x'], localPrefix: 'cell_8_' };
    const first = await kernel.run('_x = 1\ndef f(): return _x', { ...own, writes: ['f'] });
    const second = await kernel.run('_x = 2\ndef f(): return _x', { ...own, writes: ['f'] });
    expect(await value('_x')).toMatchObject({ error: { name: 'NameError', message: "name '_x' is not defined" } });
    expect(await value('f()', { bind: [['f', first.finished.step]] })).toBe('1');
    expect(await value('f()', { bind: [['f', second.finished.step]], forget: [first.finished.step] })).toBe('2');
    expect(await value('[n for n in globals() if n.startswith("cell_8_")]')).toBe(`['cell_8_${second.finished.step}__x']`);
  });

  it('can be pickled', async () => {
    expect(
      await value('import pickle\ndef _f(): return 3\npickle.loads(pickle.dumps(_f))()', { ...own, writes: ['pickle'] }),
    ).toBe('3');
  });

  it('are called in errors as they were written', async () => {
    const error = await value('def _f(): return _x\n_f()', own);
    expect(error).toMatchObject({
      error: { message: "name '_x' is not defined", frames: [{ function: '<module>' }, { function: '_f' }] },
    });
    expect(JSON.stringify(error)).not.toContain('cell_7');
  });
});

describe('results (W9)', () => {
  const define = (body: string): string => `class V:\n  def __repr__(self): return "plain"\n  ${body}\nV()`;

  it.each([
    ['_repr_html_', 'def _repr_html_(self): return "<b>"', { 'text/html': '<b>' }],
    ['_repr_markdown_', 'def _repr_markdown_(self): return "*b*"', { 'text/markdown': '*b*' }],
    ['_repr_svg_', 'def _repr_svg_(self): return "<svg/>"', { 'image/svg+xml': '<svg/>' }],
    ['_repr_png_', 'def _repr_png_(self): return b"png"', { 'image/png': new Uint8Array(Buffer.from('png')) }],
    ['_repr_jpeg_', 'def _repr_jpeg_(self): return b"j", {"width": 3}', { 'image/jpeg': new Uint8Array(Buffer.from('j')) }],
    ['_repr_json_', 'def _repr_json_(self): return {"a": [1]}', { 'application/json': '{"a": [1]}' }],
    ['_repr_latex_', 'def _repr_latex_(self): return "$x$"', { 'text/latex': '$x$' }],
    ['_mime_', 'def _mime_(self): return "text/html", "<i>"', { 'text/html': '<i>' }],
    [
      'a bundle',
      'def _repr_mimebundle_(self, include=None, exclude=None): return {"a/b+json": {"c": 1}, "image/png": "cG5n"}',
      {
        'a/b+json': '{"c": 1}',
        'image/png': new Uint8Array(Buffer.from('png')),
      },
    ],
    [
      'a picture in two formats, once',
      'def _repr_png_(self): return b"p"\n  def _repr_jpeg_(self): return b"j"',
      { 'image/png': new Uint8Array(Buffer.from('p')) },
    ],
    ['nothing', 'def _repr_html_(self): return None', {}],
    ['any name', 'def __getattr__(self, name): return lambda: "tricked"', {}],
  ])('know %s', async (_name, body, parts) => {
    expect((await kernel.run(define(body), { writes: ['V'] })).result).toEqual({ 'text/plain': 'plain', ...parts });
  });

  it('takes the place of a value what its _display_ gives', async () => {
    const { result } = await kernel.run(
      'class H:\n  def _repr_html_(self): return "<h>"\n  def __repr__(self): return "h"\nclass V:\n  def _display_(self): return H()\nV()',
    );
    expect(result).toEqual({ 'text/plain': 'h', 'text/html': '<h>' });
  });

  it('lets a value show itself that has nothing else to give', async () => {
    const own = 'class V:\n  def __repr__(self): return "v"\n  def _ipython_display_(self): print("own"); BODY\n';
    const shown = await kernel.run(`${own.replace('BODY', 'display(1)')}V()`);
    expect([shown.transcript, shown.displays[0]?.bundle['text/plain']]).toEqual(['own\n[display]', '1']);
    const failed = await kernel.run(`${own.replace('BODY', '1 / 0')}V()`);
    expect(failed.result?.['text/plain']).toBe('v\n(_ipython_display_ raised ZeroDivisionError: division by zero)');
  });

  it.each([
    ['class R:\n  def __repr__(self): raise ValueError("no")\nR()', '<R object: its repr raised ValueError: no>'],
    [
      'class R:\n  def __repr__(self): return 3\nR()',
      '<R object: its repr raised TypeError: __repr__ returned non-string (type int)>',
    ],
    [
      'class R:\n  def __repr__(self): return "r"\n  def _repr_html_(self): 1 / 0\nR()',
      'r\n(_repr_html_ raised ZeroDivisionError: division by zero)',
    ],
  ])('that cannot be shown say so: %j', async (code, text) => {
    const step = await kernel.run(code, { writes: ['R'] });
    expect([step.finished.outcome.type, step.result?.['text/plain']]).toEqual(['ok', text]);
  });

  it('that are long are broken into lines, and those that are too long are cut with a word', async () => {
    expect(await value('{"key%d" % i: i for i in range(20)}')).toContain(',\n ');
    expect(await value('"x" * 150_000')).toMatch(/x'… 50000 more characters$/);
    expect(await value('list(range(1_000_000))')).toMatch(/1999\]\n… 998000 more items$/);
    expect(await value('class R:\n  def __repr__(self): return "r" * 150_000\nR()')).toMatch(/r… 50000 more characters$/);
    const large = await kernel.run('class P:\n  def _repr_png_(self): return bytes(40_000_000)\nP()');
    expect(large.result?.['text/plain']).toContain('(image/png is left out: its 40000000 bytes exceed the limit of ');
  });
});
