import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Evaluation, PythonError } from '../../daemon/kernel/kernel.ts';
import { endKernels, startKernel, type TestKernel } from '../support/kernel.ts';

let kernel: TestKernel;

beforeAll(async () => {
  kernel = await startKernel();
});
afterAll(endKernels);

async function errorOf(code: string, evaluation: Partial<Evaluation> = {}): Promise<PythonError> {
  const { outcome } = (await kernel.run(code, evaluation)).finished;
  if (outcome.type !== 'raised') throw new Error(`it ended with ${outcome.type}`);
  return outcome.error;
}

describe('an exception (W4)', () => {
  it('has frames of the notebook, outermost first, with file, line, column and text', async () => {
    const error = await errorOf('def f(x):\n    return "ä" + (1 / x)\n\nf(0)', { fileName: '/n/book.py', lineOffset: 20 });
    expect(error).toMatchObject({ name: 'ZeroDivisionError', message: 'division by zero' });
    expect(error.frames.map(({ file, line, function: name, text }) => [file, line, name, text])).toEqual([
      ['/n/book.py', 24, '<module>', 'f(0)'],
      ['/n/book.py', 22, 'f', 'return "ä" + (1 / x)'],
    ]);
    expect(error.text).toContain('File "/n/book.py", line 22, in f\n    return "ä" + (1 / x)');
    expect(error.text).not.toContain('headwater');
  });

  it('tells the column in characters where Python knows it', async () => {
    const version = (await kernel.run('import sys\nsys.version_info >= (3, 11)')).result?.['text/plain'];
    const error = await errorOf('"äöü" + (1 / 0)');
    expect(error.frames[0]?.column).toBe(version === 'True' ? 10 : undefined);
  });

  it('shows frames of libraries, and none of the worker', async () => {
    const error = await errorOf('import json\njson.loads("{")');
    expect(error.name).toBe('json.decoder.JSONDecodeError');
    expect(error.frames.map((frame) => frame.function)).toEqual(['<module>', 'loads', 'decode', 'raw_decode']);
  });

  it('points into the notebook also behind await', async () => {
    const error = await errorOf('import asyncio\nasync def f():\n    await asyncio.sleep(0)\n    1 / 0\nawait f()');
    expect(error.frames.map((frame) => frame.line)).toEqual([5, 4]);
  });

  it('tells what it was caused by', async () => {
    const error = await errorOf('try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise ValueError("worse") from e');
    expect(error.name).toBe('ValueError');
    expect(error.text).toContain('ZeroDivisionError: division by zero');
    expect(error.text).toContain('The above exception was the direct cause');
  });

  it('may be of a class of the notebook, or refuse to be shown', async () => {
    expect((await errorOf('class Mine(Exception): pass\nraise Mine("m")')).name).toBe('Mine');
    const error = await errorOf('class Bad(Exception):\n  def __str__(self): raise TypeError\nraise Bad');
    expect(error).toMatchObject({ name: 'Bad', message: '<the message cannot be shown: its __str__ raised TypeError>' });
  });

  it('of endless recursion is cut to some sixty frames', async () => {
    const error = await errorOf('def f(): return g()\ndef g(): return f()\nf()', { writes: ['f', 'g'] });
    expect(error.name).toBe('RecursionError');
    expect(error.frames.length).toBe(60);
    expect(error.text.length).toBeLessThan(10_000);
    expect(error.text).toMatch(/… \d+ more frames …/);
  });

  it.each([
    ['x = (1', 11, "'(' was never closed"],
    ['y = 1\nx = = 1', 12, 'invalid syntax'],
    ['y = 1\n\nreturn 1', 13, "'return' outside function"],
    ['def f(a, a): pass', 11, "duplicate argument 'a' in function definition"],
  ])('of syntax has the line of the notebook: %j', async (code, line, message) => {
    const error = await errorOf(code, { fileName: '/n/book.py', lineOffset: 10 });
    const text = code.split('\n')[line - 11];
    expect(error).toMatchObject({ name: 'SyntaxError', message, frames: [{ file: '/n/book.py', line, text }] });
    expect(error.text).toContain(`File "/n/book.py", line ${line}`);
  });

  it('of groups shows its parts', async () => {
    const code =
      'import sys\nif sys.version_info >= (3, 11): raise ExceptionGroup("several", [ValueError("a"), TypeError("b")])\nelse: raise ValueError("a several TypeError")';
    const { text } = await errorOf(code);
    for (const part of ['several', 'ValueError', 'TypeError']) expect(text).toContain(part);
  });
});

describe('an odd exception (W4)', () => {
  const raised = { name: 'E', frames: [{ text: 'raise E("x")' }] };

  it.each([
    ['has a traceback that cannot be set', '@property\n def __traceback__(self): raise ValueError', 'x'],
    [
      'cannot be asked for anything',
      'def __getattribute__(self, name): raise ValueError',
      'it cannot be shown, because showing it raised ValueError',
    ],
    ['says that it is false', 'def __bool__(self): return False', 'x'],
    ['cannot say whether it is true', 'def __bool__(self): raise ValueError', ''],
    [
      'has a cause that raises',
      '__cause__ = property(lambda self: 1 / 0)',
      'it cannot be shown, because showing it raised ZeroDivisionError',
    ],
    ['is no exception by its class', '__class__ = property(lambda self: 1 / 0)', ''],
    [
      'ends Python while it is shown',
      'def __str__(self): raise SystemExit(3)',
      'it cannot be shown, because showing it raised SystemExit',
    ],
    [
      'is shown as a text that fails',
      'def __str__(self): return type("S", (str,), {"__len__": None, "__str__": None})("x")',
      'x',
    ],
  ])('that %s is told as well as it can be, and the kernel goes on', async (_, body, message) => {
    const error = await errorOf(`class E(Exception):\n ${body}\nraise E("x")`);
    expect(error).toMatchObject(raised);
    expect(error.message).toContain(message);
    expect(error.text).toContain('raise E("x")');
    expect((await kernel.run('1 + 1')).result).toMatchObject({ 'text/plain': '2' });
  });

  it.each(['__name__', '__module__', '__class__', '__mro__', '__dict__'])(
    'of a class whose metaclass fails for %s is told',
    async (name) => {
      const error = await errorOf(
        `class M(type):\n ${name} = property(lambda kind: 1 / 0)\nclass E(Exception, metaclass=M): pass\nraise E("x")`,
      );
      expect(error).toMatchObject(raised);
      expect((await kernel.run('1 + 1')).result).toMatchObject({ 'text/plain': '2' });
    },
  );

  it.each([
    ['whose code raises', 'code = property(lambda self: 1 / 0)', { type: 'exited', code: 1, message: '7' }],
    [
      'whose code is an odd number',
      'code = type("I", (int,), {"__abs__": None, "__int__": None})(5)',
      { type: 'exited', code: 5 },
    ],
    ['whose code cannot be shown', 'code = type("C", (), {"__str__": lambda self: 1 / 0})()', { type: 'exited', code: 1 }],
    ['that cannot be asked for anything', 'def __getattribute__(self, name): raise ValueError', { type: 'exited', code: 1 }],
  ])('that ends Python, %s, ends the step as it would end a script', async (_, body, outcome) => {
    const { finished } = await kernel.run(`class E(SystemExit):\n ${body}\nraise E(7)`);
    expect(finished.outcome).toMatchObject(outcome);
    expect((await kernel.run('1 + 1')).result).toMatchObject({ 'text/plain': '2' });
  });

  it.each([
    ['repr ends Python', 'def __repr__(self): raise SystemExit'],
    ['repr is no text', 'def __repr__(self): return 1'],
    ['repr is an odd text', 'def __repr__(self): return type("S", (str,), {"__len__": None})("x")'],
    ['pictures end Python', 'def _repr_html_(self): raise SystemExit'],
    ['bundle fails when it is looked at', 'def _repr_mimebundle_(self): return type("D", (dict,), {"items": None})(a=1)'],
    ['JSON is a circle', 'def _repr_json_(self): a = []; a.append(a); return a'],
  ])('a value whose %s is shown as well as it can be', async (_, body) => {
    const { finished, result } = await kernel.run(`class V:\n ${body}\nV()`);
    expect(finished.outcome).toEqual({ type: 'ok' });
    expect(result?.['text/plain']).toMatch(/V object|x/);
  });

  it('a value whose metaclass fails for each method is shown', async () => {
    const { finished, result } = await kernel.run(
      'class M(type):\n def __getattr__(kind, name): raise ValueError\nclass V(metaclass=M): pass\nV()',
    );
    expect(finished.outcome).toEqual({ type: 'ok' });
    expect(result?.['text/plain']).toContain('V object');
  });
});

describe('source (W3)', () => {
  it('is found by inspect', async () => {
    const step = await kernel.run('import inspect\ndef f(x):\n    return x  # kept\nprint(inspect.getsource(f))', {
      lineOffset: 7,
    });
    expect(step.stdout).toBe('def f(x):\n    return x  # kept\n\n');
  });

  it('is found also below form feeds and other odd line ends', async () => {
    const error = await errorOf('x = "\u2028"\r\n\f\r\n1 / 0', { lineOffset: 3 });
    expect(error.frames[0]).toMatchObject({ line: 6, text: '1 / 0' });
  });

  it('is that of its own step, after others ran', async () => {
    const { finished } = await kernel.run('def f():\n    return 1 / 0', { writes: ['f'] });
    const error = await errorOf('f()', { bind: [['f', finished.step]] });
    expect(error.frames.map(({ file, text }) => [file, text])).toEqual([
      [`cell-${finished.step + 1}.py`, 'f()'],
      [`cell-${finished.step}.py`, 'return 1 / 0'],
    ]);
  });

  it('of several cells of one file lies side by side', async () => {
    await kernel.run('def low():\n    return 1 / 0', { fileName: 'one.py', lineOffset: 100, writes: ['low'] });
    const error = await errorOf('def high():\n    low()\nhigh()', { fileName: 'one.py', lineOffset: 0, writes: ['high'] });
    expect(error.frames.map(({ line, text }) => [line, text])).toEqual([
      [3, 'high()'],
      [2, 'low()'],
      [102, 'return 1 / 0'],
    ]);
  });
});
