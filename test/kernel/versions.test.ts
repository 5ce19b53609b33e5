import { afterAll, describe, expect, it } from 'vitest';
import { endKernels, installedPythons, startKernel } from '../support/kernel.ts';

/** The whole of these tests runs on one Python, `HEADWATER_TEST_PYTHON` or the default; what differs between versions runs here on each. */
const supported = ['3.10', '3.11', '3.12', '3.13'];
const pythons = supported.map((version) => installedPythons().find(([installed]) => installed.startsWith(`${version}.`)));

for (const [at, version] of supported.entries()) {
  if (!pythons[at]) console.warn(`skipped: the worker with Python ${version}, because pyenv has none here.`);
}

afterAll(endKernels);

const compact = (text: string): string => text.replaceAll(/\s*[~^]+\n/g, '\n');

const pickled =
  'import dataclasses, pickle\n@dataclasses.dataclass\nclass P:\n  a: int = 1\npickle.loads(pickle.dumps(P())) == P()';

describe.each(pythons.filter((python) => python !== undefined))('the worker with Python %s', (version, python) => {
  const kernel = startKernel({ python });

  it.each([
    ['the value of the last expression', '1 + 1', '2'],
    ['a value after statements', 'x = [1, 2]\nx', '[1, 2]'],
    ['top-level await', 'import asyncio\nawait asyncio.sleep(0, "slept")', "'slept'"],
    ['asyncio.run', 'import asyncio\nasyncio.run(asyncio.sleep(0, "ran"))', "'ran'"],
    ['match', 'match {"a": 1}:\n  case {"a": found}: pass\nfound', '1'],
    ['a long list, laid out', 'list(range(40))', `[${Array.from({ length: 40 }, (_, at) => at).join(',\n ')}]`],
    ['an annotated dataclass that pickles', pickled, 'True'],
    ['the source of a function', 'import inspect\ndef f(): return 1\ninspect.getsource(f)', "'def f(): return 1\\n'"],
    [
      'a pool of processes',
      'import multiprocessing as m\nwith m.get_context("fork").Pool(2) as p: r = p.map(abs, [-1])\nr',
      '[1]',
    ],
  ])('gives %s', async (_name, code, result) => {
    const step = await (await kernel).run(code, { writes: ['x', 'f', 'r', 'found', 'P'] });
    expect(step.finished.outcome).toEqual({ type: 'ok' });
    expect(normal(step.result?.['text/plain'])).toBe(normal(result));
  });

  it('keeps private names private, also in classes, comprehensions and errors', async () => {
    const code =
      '_a = 1\nclass C:\n  _b = _a\n  def m(self): return [_a + i for i in range(2)]\nprint(C().m(), C._b, C.__qualname__)\n_missing';
    const step = await (await kernel).run(code, { locals: ['_a', '_missing'], localPrefix: '_c1_', writes: ['C'] });
    expect(step.stdout).toBe('[1, 2] 1 C\n');
    expect(step.finished.outcome).toMatchObject({ error: { name: 'NameError', message: "name '_missing' is not defined" } });
  });

  it('tells errors with the lines of the notebook, and groups and notes as that Python does', async () => {
    const failed = await (await kernel).run(
      'def f():\n    return 1 / 0\n\ntry: f()\nexcept ZeroDivisionError as e: raise ValueError("no") from e',
      {
        lineOffset: 10,
      },
    );
    expect(failed.finished.outcome).toMatchObject({ error: { name: 'ValueError', message: 'no', frames: [{ line: 15 }] } });
    const { outcome } = failed.finished;
    expect(compact(outcome.type === 'raised' ? outcome.error.text : '')).toContain('line 12, in f\n    return 1 / 0\n');
    const syntax = await (await kernel).run('x = (1,\ny = 2', { lineOffset: 4 });
    expect(syntax.finished.outcome).toMatchObject({ error: { name: 'SyntaxError', frames: [{ line: 5 }] } });
  });

  it('is interrupted in a loop, while it awaits and in asyncio.run, and in nothing else', async () => {
    for (const code of ['while True: pass', 'await asyncio.sleep(1000)\npass', 'asyncio.run(asyncio.sleep(1000))']) {
      const loop = code.startsWith('await') ? 'asyncio.get_running_loop().call_soon(print, "ready")' : 'print("ready")';
      const step = (await kernel).begin(`import asyncio\n${loop}\n${code}`);
      await (await kernel).event((e): e is typeof e => e.type === 'stream' && e.step === step && e.text.includes('ready'));
      (await kernel).kernel.interrupt(step);
      expect((await (await kernel).finish(step)).finished.outcome).toEqual({ type: 'interrupted' });
      expect((await (await kernel).run('1')).result?.['text/plain']).toBe('1');
    }
  });

  it('makes the program a script, and takes sys.exit(0) for a stop', async () => {
    const script = await startKernel({ python, arguments: ['one', '--two'] });
    const code =
      'import os, sys\nprint(__name__, __file__ == sys.argv[0], os.path.dirname(__file__) == os.getcwd() == sys.path[0], sys.argv[1:])';
    expect((await script.run(code, { writes: ['os', 'sys'] })).stdout).toBe("__main__ True True ['one', '--two']\n");
    expect((await script.run('x = 1\nsys.exit(0)', { writes: ['x'] })).finished).toMatchObject({
      outcome: { type: 'exited', code: 0 },
      written: [],
    });
    expect((await script.run('sys.argv[1]')).result?.['text/plain']).toBe("'one'");
  });

  it('lets Python warn of a fork as in a script: where the program has threads of its own', async () => {
    const fork = 'import os\nif os.fork() == 0: os._exit(0)\nos.wait()\n';
    expect((await (await kernel).run(fork, { writes: ['os'] })).stderr).toBe('');
    const thread = 'import threading\ngo = threading.Event(); t = threading.Thread(target=go.wait); t.start()\n';
    const { stderr } = await (await kernel).run(`${thread}${fork}go.set(); t.join()`, { writes: ['os', 'threading', 'go', 't'] });
    expect(stderr.includes('is multi-threaded')).toBe(!['3.10', '3.11'].some((old) => version.startsWith(`${old}.`)));
    expect((await (await kernel).run(fork, { writes: ['os'] })).stderr).toBe('');
  });

  it('keeps text of both streams, of children and of threads', async () => {
    const code =
      'import os, subprocess, sys, threading\nprint("ä")\nprint("err", file=sys.stderr)\nsubprocess.run(["echo", "child"])\nt = threading.Thread(target=print, args=("thread",)); t.start(); t.join()\nos.write(1, b"raw\\n")';
    const step = await (await kernel).run(code, { wantsResult: false });
    expect([step.stdout, step.stderr]).toEqual(['ä\nchild\nthread\nraw\n', 'err\n']);
  });
});

/** Spaces do not count: how a list is laid out differs between versions. */
function normal(text: unknown): string {
  return String(text).replaceAll(/\s+/g, ' ');
}
