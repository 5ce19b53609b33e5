// What Python does in placeless steps, on its own and in comparison with one namespace of plain Python.
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import type { ResultOf } from '../../protocol/methods.ts';
import type { TestNotebook } from '../support/daemon.ts';
import { sharedDaemon } from '../support/shared-daemon.ts';

const daemon = sharedDaemon();

type Answer = ResultOf<'code/evaluate'>;

/** Each step on its own, in order. */
async function steps(notebook: TestNotebook, codes: readonly string[]): Promise<string[]> {
  const texts: string[] = [];
  for (const code of codes)
    texts.push(shown(await notebook.client.request('code/evaluate', { session: notebook.session, code })));
  return texts;
}

function shown({ outputs, error }: Answer): string {
  const texts = outputs.map((output) => (output.type === 'stream' ? output.text : `${output.bundle['text/plain']}\n`));
  return [...texts, ...(error ? [`${error.name}: ${error.message}\n`] : [])].join('');
}

/** Sequences of steps, in an empty notebook, that must show what one namespace of Python shows. */
const sequences: Readonly<Record<string, readonly string[]>> = {
  'names, results and None': ['x = 1', 'x + 1', 'None', 'y = x; y', "'text'", 'x;'],
  'functions that read later values': ['def f(): return k', 'f()', 'k = 1', 'f()', 'k = 2', 'f()', 'del k', 'f()'],
  'functions that bind': ['n = 0', 'def up():\n    global n, m\n    n += 1\n    m = n', 'up()', 'n, m', 'up(); n', 'del m', 'm'],
  'exec and globals()': [
    'exec("a = 1")',
    'a',
    'globals()["b"] = a + 1',
    'a, b',
    'exec("del a")',
    'a',
    'globals().pop("b")',
    'b',
    'vars()["c"] = 3; c',
  ],
  imports: [
    'import os.path as p, json',
    'p.basename("/a/b"), json.dumps(1)',
    'from math import *',
    'floor(pi)',
    'from math import pi as tau',
    'tau == pi',
    'import collections.abc',
    'collections.abc.Sized.__name__',
  ],
  classes: [
    'class A:\n    size = 1\n    def grow(self): self.size += 1; return self.size',
    'a = A()',
    'a.grow(), a.grow()',
    'class B(A):\n    size = A.size + 10',
    'B().grow()',
    'A = None',
    'B().size',
  ],
  'what a failed step has bound': [
    'u = 1; 1 / 0',
    'u',
    'for i in range(5):\n    if i == 3: raise ValueError(i)',
    'i',
    'del u; v',
    'u',
  ],
  'changes in place': [
    'xs = [1]',
    'xs.append(2); xs',
    'ys = xs',
    'ys += [3]',
    'xs',
    'xs += [4]; ys',
    'n = 1',
    'n += 1',
    'n',
    'xs is ys',
  ],
  'loops, comprehensions and handlers': [
    'for i in range(3): j = i',
    'i, j',
    '[i for i in "ab"], i',
    'try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    print("caught", e)',
    'e',
    'if (q := 10) > 5: q += 1',
    'q',
    'with open("/dev/null") as f: pass',
    'f.closed',
  ],
  'names that Python has by birth': [
    'len = lambda x: 42',
    'len([])',
    'del len',
    'len([])',
    'print = 1',
    'del print',
    'print("again")',
  ],
  'annotations and futures': [
    'x: int = 1',
    'x',
    'from __future__ import annotations',
    'def g(a: Unknown): pass',
    'g.__annotations__',
  ],
  'errors of syntax': ['x = = 1', 'x', 'def f(:', '  1', 'return 1'],
  'matches, decorators and generators': [
    'match [1, 2]:\n    case [first, *rest]: pass',
    'first, rest',
    'def twice(f): return lambda: f() * 2',
    '@twice\ndef g(): return 21',
    'g()',
    'gen = (z for z in range(3))',
    'next(gen), next(gen)',
    'list(gen)',
  ],
  'private and special names': ['_x = 1', '_x', '__y__ = 2', '__y__', '__name__', '_ = 5; _'],
};

it.each(Object.entries(sequences))('does in an empty notebook what one namespace of Python does: %s', async (_, codes) => {
  const notebook = await daemon.notebook('# %%\n');
  expect(await steps(notebook, codes)).toEqual(inOneNamespace(codes));
});

/** As the interactive interpreter does it, with values shown as by `repr`. */
function inOneNamespace(codes: readonly string[]): string[] {
  const program = `
import ast, builtins, contextlib, io, json, sys, types
own = sys.modules["__main__"]
main = sys.modules["__main__"] = types.ModuleType("__main__")
names = main.__dict__
names["__builtins__"] = builtins
texts, flags = [], 0
for number, code in enumerate(json.load(sys.stdin)):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            tree = compile(code, f"<repl {number + 1}>", "exec", ast.PyCF_ONLY_AST | flags, dont_inherit=True)
            last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) and not code.endswith(";") else None
            body = compile(tree, "<repl>", "exec", flags, dont_inherit=True)
            flags |= body.co_flags & 0x1000000
            exec(body, names)
            value = None if last is None else eval(compile(ast.Expression(last.value), "<repl>", "eval", flags, dont_inherit=True), names)
            if value is not None:
                out.write(repr(value) + "\\n")
        except Exception as error:
            out.write(f"{type(error).__name__}: {error.msg if isinstance(error, SyntaxError) else error}\\n")
    texts.append(out.getvalue())
sys.stdout.write(json.dumps(texts))
`;
  return JSON.parse(execFileSync('python3', ['-c', program], { input: JSON.stringify(codes), encoding: 'utf8' })) as string[];
}

it('reads names of the notebook in functions of the layer when they are called', async () => {
  const notebook = await daemon.notebook('# %%\nk = 1\n# %%\nother = 2\n');
  await notebook.run('all');
  expect(await steps(notebook, ['def f(): return k', 'f()'])).toEqual(['', '1\n']);
  await notebook.edit('# %%\nk = 5\n# %%\nother = 2\n');
  const { session } = notebook;
  expect((await notebook.client.request('code/evaluate', { session, code: 'f()' })).names.stale).toEqual(['k']);
  await notebook.run('reactive', 0);
  expect(await steps(notebook, ['f()'])).toEqual(['5\n']);
});

it('names its code, and the cell, in tracebacks', async () => {
  const notebook = await daemon.notebook('# %%\n\ndef fail():\n    1 / 0\n');
  await notebook.run('all');
  await steps(notebook, ['def call():\n    x = 1\n    fail()']);
  const { session } = notebook;
  const { error, step } = await notebook.client.request('code/evaluate', { session, code: '# first\ncall()' });
  expect(step).toBe(3);
  expect(error?.frames).toMatchObject([
    { file: '<repl 3>', line: 2, text: 'call()' },
    { file: '<repl 2>', line: 3, function: 'call', text: 'fail()' },
    { file: notebook.path, line: 4, cell: notebook.cell(0).id, cellLine: 2, text: '1 / 0' },
  ]);
  expect(error?.frames.map((frame) => 'cell' in frame)).toEqual([false, false, true]);
  expect(error?.text).toContain('File "<repl 2>", line 3, in call\n    fail()');
});

it('says where a syntax error stands', async () => {
  const notebook = await daemon.notebook('# %%\n');
  const { session } = notebook;
  const { error } = await notebook.client.request('code/evaluate', { session, code: 'x = 1\ny = = 2' });
  expect(error).toMatchObject({ name: 'SyntaxError', frames: [{ file: '<repl 1>', line: 2, text: 'y = = 2' }] });
});

it('leaves futures of a layer out of cells', async () => {
  const notebook = await daemon.notebook('# %%\ndef f(a: int): pass\nf.__annotations__["a"]\n');
  await steps(notebook, ['from __future__ import annotations']);
  await notebook.run('all');
  expect(notebook.shown(0)).toBe("<class 'int'>");
  expect(await steps(notebook, ['def g(a: int): pass', 'g.__annotations__["a"]'])).toEqual(['', "'int'\n"]);
});

it('shows displays, pictures of values and what threads print later', async () => {
  const notebook = await daemon.notebook('# %%\n');
  const { session } = notebook;
  const code = 'class H:\n    def _repr_html_(self): return "<b>h</b>"\ndisplay(H())\nH()';
  const { outputs, step } = await notebook.client.request('code/evaluate', { session, code });
  expect(outputs).toMatchObject([
    { type: 'display', bundle: { 'text/html': '<b>h</b>' } },
    { type: 'result', bundle: { 'text/html': '<b>h</b>' } },
  ]);
  expect(step).toBe(1);
  const late = 'import threading, time\nthreading.Timer(0.2, lambda: print("late")).start()';
  const { step: printing } = await notebook.client.request('code/evaluate', { session, code: late });
  const { placeless } = await notebook.followed.waitFor((view) => view.placeless.at(-1)?.outputs.length === 1);
  expect(placeless.at(-1)).toMatchObject({ step: printing, outcome: 'ok', outputs: [{ type: 'stream', text: 'late\n' }] });
});

it('ends quietly with sys.exit() and stop(), and keeps its names', async () => {
  const notebook = await daemon.notebook('# %%\n');
  const { session } = notebook;
  const code = 'import sys\nx = 1\nsys.exit()';
  expect(await notebook.client.request('code/evaluate', { session, code })).toMatchObject({ outcome: 'stopped' });
  expect(await steps(notebook, ['x', 'import headwater; y = 2; headwater.stop(True)', 'y'])).toEqual(['1\n', '', '2\n']);
});

it('awaits at its top level', async () => {
  const notebook = await daemon.notebook('# %%\n');
  expect(await steps(notebook, ['import asyncio', 'await asyncio.sleep(0, 7)', 'async def f(): return 8', 'await f()'])).toEqual([
    '',
    '7\n',
    '',
    '8\n',
  ]);
});

it('leaves private names of marimo cells alone, and has private names of its own', async () => {
  const text = 'import marimo\napp = marimo.App()\n@app.cell\ndef _():\n    _i = 1\n    def f(): return _i\n    return (f,)\n';
  const notebook = await daemon.notebook(text);
  await notebook.run('all');
  expect(await steps(notebook, ['f()', '_i', '_i = 5; _i, f()'])).toEqual([
    '1\n',
    "NameError: name '_i' is not defined\n",
    '(5, 1)\n',
  ]);
});

it('gives pickle and inspect what the layer has defined', async () => {
  const notebook = await daemon.notebook('# %%\n');
  const codes = [
    'class P:\n    def m(self):\n        return 1',
    'import pickle, inspect',
    'pickle.loads(pickle.dumps(P())).m()',
    'inspect.getsource(P)',
  ];
  expect(await steps(notebook, codes)).toEqual(['', '', '1\n', "'class P:\\n    def m(self):\\n        return 1\\n'\n"]);
});
