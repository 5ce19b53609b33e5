// A kernel is asked about its values, while it rests and while a cell runs.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Answered, StepNumber, ValueFacts } from '../../daemon/kernel/kernel.ts';
import { packageRoot } from '../../daemon/kernel/package-root.ts';
import { startFar } from '../support/far-python.ts';
import { endKernels, installedPythons, startKernel, type TestKernel, testEnvironment, testPython } from '../support/kernel.ts';
import { scienceInterpreter } from '../support/science.ts';
import { until } from '../support/until.ts';
import { booby } from './booby-traps.ts';

const science = await scienceInterpreter();
const versions = installedPythons().filter(([version]) => /^3\.1[0-3]\./.test(version));
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

afterAll(endKernels);

function ask({ kernel }: TestKernel, names: readonly string[], step: StepNumber): Promise<Answered> {
  if (kernel.ask === undefined) throw new Error('this kernel cannot be asked');
  return kernel.ask({ type: 'variables', values: names.map((name) => [name, step]) });
}

async function facts(
  kernel: TestKernel,
  names: readonly string[],
  step: StepNumber,
): Promise<readonly (ValueFacts | undefined)[]> {
  let answered = await ask(kernel, names, step);
  // On a busy machine an answer may be late. Two would be a mistake.
  if (answered.type === 'late') answered = await ask(kernel, names, step);
  if (answered.type !== 'answered') throw new Error(`the answer was: ${answered.type}`);
  return answered.facts;
}

/** A step that runs until it is interrupted. */
async function busy(kernel: TestKernel, code: string): Promise<StepNumber> {
  const step = kernel.begin(`print("ready")\n${code}`);
  await kernel.event((event): event is typeof event => event.type === 'stream' && event.step === step);
  return step;
}

async function interrupt(kernel: TestKernel, step: StepNumber): Promise<void> {
  kernel.kernel.interrupt(step);
  await kernel.finish(step);
}

describe.each(versions)('with Python %s', (_version, python) => {
  const kernel = startKernel({ python });

  it.each([
    ['1', 'int', '1', undefined],
    ['10 ** 400', 'int', 'int of 1329 bits', undefined],
    ['-0.0', 'float', '-0.0', undefined],
    ['None', 'NoneType', 'None', undefined],
    ['"a\\nb"', 'str', "'a\\nb'", 3],
    ['b"ab"', 'bytes', "b'ab'", 2],
    ['[1, "a", [2, [3, [4]]]]', 'list', "[1, 'a', [2, […]]]", 3],
    ['list(range(100))', 'list', '[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …]', 100],
    ['(1,)', 'tuple', '(1,)', 1],
    ['{"a": (), "b": {1}}', 'dict', "{'a': (), 'b': {1}}", 2],
    ['set()', 'set', 'set()', 0],
    ['frozenset([1])', 'frozenset', 'frozenset({1})', 1],
    ['range(3)', 'range', 'range(0, 3)', 3],
    ['range(10 ** 200)', 'range', `range(0, 1${'0'.repeat(189)}…`, undefined],
    ['range(-(10 ** 400), 1)', 'range', 'range of int of 1329 bits', undefined],
    ['type("P", (), {})()', 'P', 'P object', undefined],
    ['type("P", (), {})', 'type', 'class P', undefined],
    ['type("P", (list,), {})([1])', 'P', 'P object', undefined],
    ['[type("P", (), {})()]', 'list', '[P object]', 1],
    ['__import__("collections").OrderedDict()', 'collections.OrderedDict', 'collections.OrderedDict object', undefined],
    ['lambda: 0', 'function', 'function <lambda>', undefined],
    ['len', 'builtin_function_or_method', 'function len', undefined],
    ['__import__("json")', 'module', 'module json', undefined],
  ])('says of %s: %s, %s (W24, W26)', async (code, type, preview, length) => {
    const { finished } = await (await kernel).run(`x = ${code}`, { writes: ['x'] });
    expect(await facts(await kernel, ['x'], finished.step)).toMatchObject([{ type, preview, length, asOf: undefined }]);
  });

  it('bounds a line, whatever a value or a class calls itself (W26)', async () => {
    const { step } = (
      await (
        await kernel
      ).run('x = ["y" * 99] * 99\ny = "z" * 999\nz = type("q\\n" * 999, (), {"__module__": "m" * 999})()', {
        writes: ['x', 'y', 'z'],
      })
    ).finished;
    const lines = (await facts(await kernel, ['x', 'y', 'z'], step)).flatMap((fact) => [fact?.preview ?? '', fact?.type ?? '']);
    expect(lines.every((line) => line.length > 0 && line.length <= 220 && !line.includes('\n'))).toBe(true);
  });

  it('gives values as they are now while nothing runs, and as they were recorded while a step runs (W24, W25)', async () => {
    const { step } = (await (await kernel).run('xs = [1]\nn = 5', { writes: ['xs', 'n'] })).finished;
    const running = await busy(await kernel, 'xs.append(2)\nprint("changed")\nwhile True: pass');
    await (await kernel).printed('changed');
    expect(await facts(await kernel, ['xs', 'n', 'other'], step)).toMatchObject([
      { preview: '[1]', asOf: step },
      { preview: '5', asOf: step },
      undefined,
    ]);
    await interrupt(await kernel, running);
    expect(await facts(await kernel, ['xs'], step)).toMatchObject([{ preview: '[1, 2]', asOf: undefined }]);
    const next = await busy(await kernel, 'while True: pass');
    expect(await facts(await kernel, ['xs'], step)).toMatchObject([{ preview: '[1, 2]', asOf: running }]);
    await interrupt(await kernel, next);
  });

  it('forgets what was recorded with the values of a step, and keeps none of them (W25)', async () => {
    const code = 'import weakref\nclass C: pass\nc = C()\nref = weakref.ref(c)';
    const { step } = (await (await kernel).run(code, { writes: ['weakref', 'C', 'c', 'ref'] })).finished;
    expect((await facts(await kernel, ['c'], step))[0]?.type).toBe('C');
    const after = await (await kernel).run('ref() is None', { unbind: ['c'], forget: [step] });
    expect(after.result?.['text/plain']).toBe('True');
    expect(await facts(await kernel, ['c'], step)).toEqual([undefined]);
    const running = await busy(await kernel, 'while True: pass');
    expect(await facts(await kernel, ['c'], step)).toEqual([undefined]);
    await interrupt(await kernel, running);
  });

  it('records so many values of a step, and looks at the others when it is asked while nothing runs (W25)', async () => {
    const many = Array.from({ length: 1_200 }, (_, at) => `v${at}`);
    const { step } = (await (await kernel).run('for n in range(1200): globals()[f"v{n}"] = n', { writes: many })).finished;
    const known = async () => (await facts(await kernel, many, step)).filter((fact) => fact !== undefined).length;
    const running = await busy(await kernel, 'while True: pass');
    const recorded = await known();
    await interrupt(await kernel, running);
    // On a busy machine the time is over before.
    expect(recorded > 0 && recorded <= 1_000).toBe(true);
    expect(await known()).toBe(1_200);
  });

  it('is late while C code holds the interpreter, then closed, and open again when the step has ended (W24)', async () => {
    const { step } = (await (await kernel).run('x = 1', { writes: ['x'] })).finished;
    const running = (await kernel).begin('import ctypes\nctypes.PyDLL(None).usleep(3_000_000)');
    const types: string[] = [];
    while (types.at(-1) !== 'closed') types.push((await ask(await kernel, ['x'], step)).type);
    // The first ones may come before the call.
    expect(types.filter((type) => type !== 'answered')).toEqual(['late', 'late', 'closed']);
    expect((await (await kernel).finish(running)).finished.outcome).toEqual({ type: 'ok' });
    expect(await facts(await kernel, ['x'], step)).toMatchObject([{ preview: '1' }]);
  });

  it('goes on answering while and after the program forks, and the child answers nothing (W27)', async () => {
    const { step } = (await (await kernel).run('x = 1', { writes: ['x'] })).finished;
    const fork = [
      'import multiprocessing as m, os, time',
      'for _ in range(20):',
      '    pid = os.fork()',
      '    if pid == 0:',
      '        time.sleep(0.02)',
      '        os._exit(0)',
      '    assert os.waitpid(pid, 0)[1] == 0',
      'with m.get_context("fork").Pool(2) as p: print(p.map(abs, [-1, -2]))',
    ].join('\n');
    const running = (await kernel).begin(fork);
    let isRunning = true;
    const end = (await kernel).finish(running).finally(() => {
      isRunning = false;
    });
    const seen = new Set<string>();
    while (isRunning) {
      seen.add((await ask(await kernel, ['x'], step)).type);
      // What is refused at once leaves no time for anything else.
      await new Promise(setImmediate);
    }
    expect((await end).stdout).toBe('[1, 2]\n');
    expect((await end).finished.outcome).toEqual({ type: 'ok' });
    expect(seen).toContain('answered');
    const next = await busy(await kernel, 'while True: pass');
    expect(await facts(await kernel, ['x'], step)).toMatchObject([{ preview: '1' }]);
    await interrupt(await kernel, next);
  });

  it('writes nothing into files of a program that has closed its descriptors (W24)', async () => {
    const closing = await startKernel({ python });
    const folder = mkdtempSync(join(tmpdir(), 'headwater-closed-'));
    const { step } = (await closing.run('x = 1', { writes: ['x'] })).finished;
    const code = [
      'import os, time',
      'os.closerange(3, 50)',
      `files = [open(os.path.join(${JSON.stringify(folder)}, str(n)), "w") for n in range(40)]`,
      `open(os.path.join(${JSON.stringify(folder)}, "opened"), "w").close()`,
      'time.sleep(1.5)',
      'os._exit(0)',
    ];
    closing.begin(code.join('\n'));
    await until(() => existsSync(join(folder, 'opened')), 'the program has opened its files');
    await ask(closing, ['x'], step);
    await closing.died();
    const written = readdirSync(folder).filter((name) => statSync(join(folder, name)).size > 0);
    expect(written).toEqual([]);
  });

  it.each(booby.imitations)(
    'calls no method of an object of the program, to record or to answer, with %s (W25, W26)',
    async (imitation) => {
      const trapped = await startKernel({ python });
      const { finished } = await trapped.run(booby.code(imitation), { writes: booby.names, wantsResult: false });
      expect(finished.outcome).toEqual({ type: 'ok' });
      const known = async () => (await facts(trapped, booby.names, finished.step)).filter((fact) => fact !== undefined).length;
      const counts = [await known()];
      const running = await busy(trapped, 'import time\nwhile True: time.sleep(0.001)');
      for (let n = 0; n < 20; n += 1) counts.push(await known());
      await interrupt(trapped, running);
      counts.push(await known());
      expect(new Set(counts)).toEqual(new Set([booby.names.length]));
      const { stdout } = await trapped.run(booby.report);
      expect(stdout).toBe('calls: []\n');
      expect((await trapped.run(booby.proof)).stdout).toBe('calls: True\n');
    },
  );

  it('answers while a cell spins, sleeps and prints a flood (W24)', async () => {
    const { step } = (await (await kernel).run('x = 1', { writes: ['x'] })).finished;
    for (const code of ['while True: pass', 'import time\ntime.sleep(1000)', 'while True: print("flood")']) {
      const running = await busy(await kernel, code);
      const times: number[] = [];
      for (let n = 0; n < 21; n += 1) {
        const asked = performance.now();
        expect(await facts(await kernel, ['x'], step)).toMatchObject([{ preview: '1' }]);
        times.push(performance.now() - asked);
      }
      await interrupt(await kernel, running);
      console.info(`a live question during ${JSON.stringify(code)}: ${median(times).toFixed(1)} ms in the median`);
    }
  });
});

describe.skipIf('skipped' in science)('with libraries', () => {
  const kernel = startKernel('python' in science ? { python: science.python } : {});

  it.each([
    ['numpy.arange(10.0)', 'numpy.ndarray', [10], 80],
    ['numpy.zeros((3, 4))', 'numpy.ndarray', [3, 4], 96],
    ['pandas.DataFrame({"a": [1, 2], "b": ["x", "y"]})', 'pandas.DataFrame', [2, 2], undefined],
    ['pandas.DataFrame({"a": pandas.to_datetime(["2026-01-01"] * 3)})', 'pandas.DataFrame', [3, 1], undefined],
    ['pandas.DataFrame()', 'pandas.DataFrame', [0, 0], undefined],
    ['pandas.Series(["a", "b"], index=["u", "v"])', 'pandas.Series', [2], undefined],
    ['polars.DataFrame({"a": [1, 2, 3]})', 'polars.dataframe.frame.DataFrame', [3, 1], undefined],
    ['polars.Series([1, 2])', 'polars.series.series.Series', [2], undefined],
  ])('says the shape of %s (W26)', async (code, type, shape, bytes) => {
    const module = code.split('.')[0] as string;
    const { finished } = await (await kernel).run(`import ${module}\nx = ${code}`, { writes: ['x', module] });
    expect(await facts(await kernel, ['x'], finished.step)).toMatchObject([{ type, shape, bytes }]);
  });
});

it('is asked in the same way where Python is reached over one pipe (W24)', async () => {
  const kernel = await startKernel({}, undefined, startFar());
  const { step } = (await kernel.run('x = 1', { writes: ['x'] })).finished;
  expect(await facts(kernel, ['x'], step)).toMatchObject([{ preview: '1', asOf: undefined }]);
  const running = await busy(kernel, 'while True: pass');
  expect(await facts(kernel, ['x'], step)).toMatchObject([{ preview: '1', asOf: step }]);
  await interrupt(kernel, running);
});

it('lets a fork wait for the answer that is being given, and begins none until the fork is done (W27)', async () => {
  const script = [
    'import sys, threading, time',
    `sys.path.insert(0, ${JSON.stringify(join(packageRoot(), 'daemon', 'worker'))})`,
    'from headwater_worker.lane import Lane',
    'order, given, go = [], threading.Semaphore(0), threading.Semaphore(0)',
    'class Channel:',
    '    count, descriptor = 0, 0',
    '    def read(self):',
    '        self.count += 1',
    '        return {"type": "q"} if self.count < 3 else None',
    'def answer(message):',
    '    given.release(); go.acquire(); order.append("answered")',
    'lane = Lane(Channel(), {"q": answer})',
    'def fork():',
    '    lane.pause(); order.append("forks"); time.sleep(0.1); order.append("forked"); lane.resume()',
    'server = threading.Thread(target=lane.serve); server.start()',
    'given.acquire()',
    'forking = threading.Thread(target=fork); forking.start()',
    'forking.join(0.1); print(order)',
    'go.release(2)',
    'forking.join(); server.join()',
    'print(order[0], order.index("forked") - order.index("forks"))',
  ].join('\n');
  const said = execFileSync(await testPython(), ['-c', script], { encoding: 'utf8', env: testEnvironment(), timeout: 30_000 });
  expect(said).toBe('[]\nanswered 1\n');
});
