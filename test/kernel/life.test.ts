import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { packageRoot } from '../../daemon/kernel/package-root.ts';
import { emptyFolder, endKernels, installedPythons, startKernel, testEnvironment, testPython } from '../support/kernel.ts';
import { until } from '../support/until.ts';

afterEach(endKernels);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // A zombie is gone, too: only its parent has not looked yet.
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)])
      .toString()
      .startsWith('Z');
  } catch {
    return false;
  }
}

describe('the start of a kernel (W10)', () => {
  it('is told with its process and version', async () => {
    const kernel = await startKernel();
    const started = await kernel.event((event): event is Extract<typeof event, { type: 'started' }> => event.type === 'started');
    expect(started.version).toMatch(/^3\.1\d\.\d+/);
    expect(started.pid).toBe(kernel.kernel.pid);
  });

  it('makes the program a script: __main__, __file__, sys.argv, sys.path and the folder', async () => {
    const kernel = await startKernel({ arguments: ['--fast', '3'] });
    writeFileSync(join(kernel.options.directory, 'neighbour.py'), 'value = 17');
    const code =
      'import json, neighbour, os, sys\nmain = sys.modules["__main__"].__dict__ is globals()\nprint(json.dumps([__name__, __file__, sys.argv, sys.path[0], os.getcwd(), neighbour.value, main]))';
    const step = await kernel.run(code);
    const { file, directory } = kernel.options;
    expect(JSON.parse(step.stdout)).toEqual(['__main__', file, [file, '--fast', '3'], directory, directory, 17, true]);
  });

  it('hides the worker from the program and the program from the worker', async () => {
    const kernel = await startKernel();
    for (const name of ['json', 'ast', 'asyncio', 'pprint', 'headwater_worker']) {
      writeFileSync(join(kernel.options.directory, `${name}.py`), 'raise SystemExit("shadowed")');
    }
    expect((await kernel.run('async def f(): return 1\nawait f()', { writes: ['f'] })).result?.['text/plain']).toBe('1');
    const listed = await kernel.run('list(range(100))');
    expect(listed.finished.outcome).toEqual({ type: 'ok' });
    const seen = await kernel.run('import sys\n[name for name in sys.modules if "headwater" in name]');
    expect(seen.result?.['text/plain']).toBe('[]');
  });

  it('uses a virtual environment by its own path', async () => {
    const folder = emptyFolder();
    execFileSync(await testPython(), ['-m', 'venv', '--without-pip', join(folder, '.venv')]);
    const kernel = await startKernel({ python: join(folder, '.venv', 'bin', 'python') });
    expect((await kernel.run('import sys\nprint(sys.prefix)')).stdout).toBe(`${join(folder, '.venv')}\n`);
  });

  const pythons = installedPythons().filter(([version]) => /^3\.1[0-3]\./.test(version));
  if (pythons.length === 0) console.warn('Skipped: each Python from 3.10 to 3.13, because pyenv has none of them here.');
  it.each(pythons)('works with Python %s', async (version, python) => {
    const kernel = await startKernel({ python });
    const step = await kernel.run('import sys\nprint("%d.%d.%d" % sys.version_info[:3])\nasync def f(): return [1]\nawait f()');
    expect([step.stdout, step.result?.['text/plain']]).toEqual([`${version}\n`, '[1]']);
    const failed = await kernel.run('def f():\n    return 1 / 0\n\nf()', { lineOffset: 10 });
    expect(failed.finished.outcome).toMatchObject({
      error: { frames: [{ line: 14 }, { line: 12, function: 'f', text: 'return 1 / 0' }] },
    });
  });

  const oldPythons = installedPythons().filter(([version]) => /^(2|3\.\d)\./.test(version));
  if (oldPythons.length === 0) console.warn('Skipped: too old Pythons, because pyenv has none of them here.');
  it.each(oldPythons)('says that Python %s is too old', async (version, python) => {
    const kernel = await startKernel({ python });
    expect((await kernel.died()).reason).toContain(`Python ${version} is too old: notebooks need Python 3.10 or later.`);
  });

  it.each([
    ['no interpreter', { python: '/nowhere/bin/python3' }, 'There is no Python at /nowhere/bin/python3'],
    ['no folder', { directory: '/nowhere', file: '/nowhere/n.py' }, "The notebook's folder /nowhere does not exist"],
  ])('says what is wrong when there is %s', async (_name, options, reason) => {
    const died = await (await startKernel(options)).died();
    expect(died).toMatchObject({ code: null, signal: null, wasAsked: false });
    expect(died.reason).toContain(reason);
  });

  it('quotes the last words of an interpreter that fails', async () => {
    const folder = emptyFolder();
    const python = join(folder, 'python');
    writeFileSync(python, '#!/bin/sh\necho "libpython is missing" >&2\nexit 3\n');
    chmodSync(python, 0o755);
    const died = await (await startKernel({ python })).died();
    expect(died.reason).toBe(`Python at ${python} ended before it was ready (exit code 3). libpython is missing`);
  });
});

describe('the end of a kernel (W11)', () => {
  it.each([
    ['os._exit', 'print("last"); os._exit(3)', { code: 3, signal: null }, 'The kernel ended by itself with exit code 3.'],
    ['SIGKILL', 'print("last"); os.kill(os.getpid(), 9)', { code: null, signal: 'SIGKILL' }, 'The kernel was killed by SIGKILL'],
    [
      'SIGSEGV',
      'print("last"); import ctypes; ctypes.string_at(0)',
      { code: null, signal: 'SIGSEGV' },
      'The kernel was killed by SIGSEGV.',
    ],
  ])('by %s is told once, after the last output', async (_name, code, ending, reason) => {
    const kernel = await startKernel();
    const step = kernel.begin(`import os\n${code}`);
    const died = await kernel.died();
    expect(died).toMatchObject({ ...ending, wasAsked: false });
    expect(died.reason).toContain(reason);
    expect(kernel.events.find((event) => event.type === 'stream' && event.stream === 'stdout')).toMatchObject({
      step,
      text: 'last\n',
    });
    expect(kernel.events.filter((event) => event.type === 'died')).toHaveLength(1);
    expect(kernel.events.at(-1)).toBe(died);
    expect(await kernel.kernel.memoryBytes()).toBeUndefined();
  });

  it('lets the program clean up when asked for', async () => {
    const kernel = await startKernel();
    await kernel.run('import atexit\natexit.register(print, "goodbye")');
    await kernel.kernel.stop();
    expect(await kernel.died()).toMatchObject({ code: 0, wasAsked: true, reason: 'The kernel was stopped.' });
    expect(kernel.allText()).toContain('goodbye\n');
  });

  it('comes also to a step that runs, and to one that does not listen', async () => {
    const kernel = await startKernel();
    const step = kernel.begin('while True:\n  try:\n    print("deaf")\n    while True: pass\n  except BaseException: pass');
    await kernel.printed('deaf\n');
    await kernel.kernel.stop();
    expect(await kernel.died()).toMatchObject({ signal: 'SIGKILL', wasAsked: true });
    expect(kernel.events.some((event) => event.type === 'finished' && event.step === step)).toBe(false);
  });

  it('takes along the processes that it started', async () => {
    const kernel = await startKernel();
    const step = await kernel.run('import subprocess\nsubprocess.Popen(["sleep", "1000"]).pid');
    const child = Number(step.result?.['text/plain']);
    expect(isAlive(child)).toBe(true);
    kernel.kernel.kill();
    await kernel.died();
    await until(() => !isAlive(child), 'the child is gone');
  });

  it('does not wait for output that a process of another group holds open', async () => {
    const kernel = await startKernel();
    const step = await kernel.run('import subprocess\nsubprocess.Popen(["sleep", "20"], start_new_session=True).pid');
    kernel.kernel.kill();
    await kernel.died();
    process.kill(Number(step.result?.['text/plain']), 'SIGKILL');
  });

  it('follows when the daemon is killed, in the midst of a step, with its children', async () => {
    const script = join(packageRoot(), 'test', 'support', 'kernel-owner.mjs');
    const owner = spawn(process.execPath, [script], {
      env: { ...testEnvironment(), TEST_PYTHON: await testPython(), TEST_DIRECTORY: emptyFolder() },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pids = await new Promise<number[]>((resolve) =>
      owner.stdout.once('data', (data: Buffer) => resolve(data.toString().split(' ').map(Number))),
    );
    expect(pids.map(isAlive)).toEqual([true, true]);
    owner.kill('SIGKILL');
    await until(() => !pids.some(isAlive), 'worker and child are gone');
  });
});

describe('sys.exit (W4)', () => {
  it.each([
    ['sys.exit()', { type: 'exited', code: 0 }],
    ['sys.exit(3)', { type: 'exited', code: 3 }],
    ['class C:\n  def __str__(self): raise ValueError\nsys.exit(C())', { type: 'exited', code: 1 }],
    ['sys.exit("no data")', { type: 'exited', code: 1, message: 'no data' }],
  ])('is a stop and no death: %s', async (code, outcome) => {
    const kernel = await startKernel();
    expect((await kernel.run(`import sys\n${code}`)).finished.outcome).toMatchObject(outcome);
    expect((await kernel.run('1')).result?.['text/plain']).toBe('1');
  });
});

describe('memory (W12)', () => {
  it('is told while a step runs', async () => {
    const kernel = await startKernel();
    kernel.begin('big = b"x" * 100_000_000\nprint("busy")\nwhile True: pass');
    await kernel.printed('busy\n');
    expect(await kernel.kernel.memoryBytes()).toBeGreaterThan(100_000_000);
  });
});
