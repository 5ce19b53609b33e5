import { afterAll, describe, expect, it } from 'vitest';
import type { Evaluation } from '../../daemon/kernel/kernel.ts';
import { endKernels, installedPythons, startKernel, type TestKernel } from '../support/kernel.ts';

afterAll(endKernels);

const pythons = installedPythons().filter(([version]) => /^3\.1\d\./.test(version));
if (pythons.length === 0)
  console.warn('skipped: processes and sources under several Pythons, because pyenv has none of 3.10 or later');
else console.warn(`processes and sources are tested under Python ${pythons.map(([version]) => version).join(', ')}`);

const definitions = [
  'import collections, dataclasses',
  'FACTOR = 10',
  'LOCK = object()',
  'Pair = collections.namedtuple("Pair", "x y")',
  'def helper(x): return x * FACTOR',
  'def work(x):',
  '  return helper(x)',
  '',
  '@dataclasses.dataclass',
  'class Point:',
  '  x: int',
  '  class Inner:',
  '    value = 1',
  '  def twice(self): return Point(self.x * 2)',
  'class Plain(Point):',
  '  "without methods"',
  'def other(x): return x + 1; LOCK',
  'def locked(x): return LOCK',
].join('\n');
const names = ['collections', 'dataclasses', 'FACTOR', 'LOCK', 'Pair', 'helper', 'work', 'Point', 'Plain', 'other', 'locked'];

describe.each(pythons)('in Python %s (W17)', (_version, python) => {
  const start = async (): Promise<TestKernel> => {
    const kernel = await startKernel({ python });
    const at = { fileName: `${kernel.options.file}?step=1`, lineOffset: 3, writes: names };
    expect((await kernel.run(definitions, at)).finished.outcome).toEqual({ type: 'ok' });
    return kernel;
  };
  const shown = async (kernel: TestKernel, code: string, more: Partial<Evaluation> = {}): Promise<string | undefined> => {
    const { finished, result } = await kernel.run(code, more);
    return finished.outcome.type === 'ok' ? String(result?.['text/plain']) : JSON.stringify(finished.outcome);
  };

  it.each([
    ['work', 'def work(x):\\n  return helper(x)\\n'],
    ['Plain', 'class Plain(Point):\\n  "without methods"\\n'],
    ['Point.Inner', '  class Inner:\\n    value = 1\\n'],
    ['Point.twice', '  def twice(self): return Point(self.x * 2)\\n'],
  ])('inspect.getsource knows %s', async (name, source) => {
    const kernel = await start();
    expect(await shown(kernel, `import inspect\ninspect.getsource(${name})`)).toBe(`'${source}'`);
  });

  it('inspect.getsource knows a class of the cell that runs, and the newest text of one that ran again', async () => {
    const kernel = await start();
    const code = 'import inspect\nclass Fresh:\n  a = 1\ninspect.getsource(Fresh)';
    expect(await shown(kernel, code, { writes: ['Fresh', 'inspect'] })).toBe("'class Fresh:\\n  a = 1\\n'");
    await kernel.run('class Fresh:\n  b = 2', { unbind: ['Fresh'], writes: ['Fresh'] });
    expect(await shown(kernel, 'inspect.getsource(Fresh)')).toBe("'class Fresh:\\n  b = 2\\n'");
  });

  it('functions and instances can be pickled', async () => {
    const kernel = await start();
    const code =
      'import pickle\ncopy = lambda x: pickle.loads(pickle.dumps(x))\ncopy(work)(2), copy(Point(3)), copy(Pair(1, 2)), copy(Plain) is Plain';
    expect(await shown(kernel, code)).toBe('(20, Point(x=3), Pair(x=1, y=2), True)');
  });

  it.each(['fork', 'spawn', 'forkserver'])('a pool of processes by %s has what the cells define', async (method) => {
    const kernel = await start();
    const code = [
      'import multiprocessing',
      'print("once")',
      `with multiprocessing.get_context("${method}").Pool(2) as pool:`,
      '  got = pool.map(work, [1, 2]), pool.map(Point.twice, [Point(3)]), pool.map(other, [4]), pool.map(Pair._make, [[1, 2]])',
      'got',
    ].join('\n');
    const step = await kernel.run(code);
    expect(step.finished.outcome).toEqual({ type: 'ok' });
    expect(step.result?.['text/plain']).toBe('([10, 20], [Point(x=6)], [5], [Pair(x=1, y=2)])');
    expect(step.stdout).toBe('once\n');
  });

  it.each(['spawn', 'forkserver'])('a pool by %s gets the definitions of the moment', async (method) => {
    const kernel = await start();
    const pool = `import multiprocessing\nwith multiprocessing.get_context("${method}").Pool(1) as pool: got = pool.map(work, [1])\ngot`;
    expect(await shown(kernel, pool)).toBe('[10]');
    await kernel.run('def work(x): return "new"', { unbind: ['work'], writes: ['work'] });
    expect(await shown(kernel, pool)).toBe("['new']");
  });

  it('a value that no process can be given is missed there by name', async () => {
    const kernel = await start();
    const code =
      'import multiprocessing\nwith multiprocessing.get_context("spawn").Pool(1) as pool:\n  try: pool.map(locked, [1])\n  except NameError as error: got = str(error)\ngot';
    expect(await shown(kernel, code)).toContain("name 'LOCK' is not defined");
  });

  it("marimo's private functions are those of their cell", async () => {
    const kernel = await start();
    const marimo = { locals: ['_f'], localPrefix: '_c' };
    await kernel.run('def _f(x): return "first"\ndef one(x): return _f(x)', { ...marimo, writes: ['one'] });
    await kernel.run('def _f(x): return "second"\ndef two(x): return _f(x)', { ...marimo, localPrefix: '_d', writes: ['two'] });
    const code =
      'import multiprocessing\nwith multiprocessing.get_context("spawn").Pool(1) as pool: got = pool.map(one, [1]) + pool.map(two, [1])\ngot';
    expect(await shown(kernel, code)).toBe("['first', 'second']");
  });

  const children: [string, string[], string][] = [
    [
      'a pool in a forked child answers',
      [
        'import multiprocessing, os',
        'pid = os.fork()',
        'if pid == 0:',
        '  with multiprocessing.get_context("fork").Pool(2) as pool: print(pool.map(work, [1, 2]), flush=True)',
        '  os._exit(0)',
        'print(os.waitpid(pid, 0)[1])',
      ],
      '[10, 20]\n0\n',
    ],
    [
      'files of a forked child stay open in its own children, whatever their numbers',
      [
        'import os',
        'def read(): return [os.pread(d, 9, 0) for d in (3, 4, 5, 6)]',
        'pid = os.fork()',
        'if pid == 0:',
        '  opened = [os.open("given.txt", os.O_RDONLY) for _ in range(4)]',
        '  if os.fork() == 0: print(opened, read(), flush=True); os._exit(0)',
        '  os.wait(); os._exit(0)',
        'os.wait(); None',
      ],
      "[3, 4, 5, 6] [b'given', b'given', b'given', b'given']\n",
    ],
    [
      'a handler of interrupts that a child installs stays that of its children',
      [
        'import os, signal',
        'pid = os.fork()',
        'if pid == 0:',
        '  signal.signal(signal.SIGINT, lambda *_: os._exit(7))',
        '  inner = os.fork()',
        '  if inner == 0: os.kill(os.getpid(), signal.SIGINT); os._exit(0)',
        '  print(os.waitstatus_to_exitcode(os.waitpid(inner, 0)[1]), flush=True); os._exit(0)',
        'os.wait(); None',
      ],
      '7\n',
    ],
    [
      'forks of a forked child wait for nobody',
      [
        'import os, time',
        'if os.fork() == 0:',
        '  begun = time.monotonic()',
        '  for _ in range(5):',
        '    if os.fork() == 0: os._exit(0)',
        '    os.wait()',
        '  print(time.monotonic() - begun < 4, flush=True); os._exit(0)',
        'os.wait(); None',
      ],
      'True\n',
    ],
  ];
  it.each(children)('%s', async (_, lines, printed) => {
    const kernel = await start();
    const step = await kernel.run('open("given.txt", "w").write("given")');
    expect(step.finished.outcome).toEqual({ type: 'ok' });
    const { finished, stdout, stderr } = await kernel.run(lines.join('\n'));
    expect({ outcome: finished.outcome, stdout, stderr }).toEqual({ outcome: { type: 'ok' }, stdout: printed, stderr: '' });
  });

  it('a program that has put its own file in the place of our descriptor keeps it in children', async () => {
    const kernel = await startKernel({ python });
    const code = [
      'import os',
      'mine = max(map(int, os.listdir("/dev/fd"))) - 2',
      'os.dup2(os.open("/dev/null", os.O_RDONLY), mine)',
      'if os.fork() == 0:',
      '  os.fstat(mine); print("kept", flush=True); os._exit(0)',
      'os.wait(); None',
    ];
    expect(await kernel.run(code.join('\n'))).toMatchObject({ stdout: 'kept\n', stderr: '' });
  });
});
