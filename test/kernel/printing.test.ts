import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endKernels, startKernel, type TestKernel } from '../support/kernel.ts';
import { until } from '../support/until.ts';

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await startKernel();
});
afterAll(endKernels);

const count = 20_000;
const numbers = Array.from({ length: count }, (_, i) => `${i}\n`).join('');
const flood = `for i in range(${count}): print(i)\n`;

describe('text that is printed (W5)', () => {
  it.each([
    ['a line', 'print("whole")', 'whole\n'],
    ['the beginning of a line', 'print("begun", end="")', 'begun'],
    ['the beginning of a line on standard error', 'import sys\nprint("wrong", end="", file=sys.stderr)', 'wrong'],
    ['the end of a flood', `${flood}print("last", end="")`, 'last'],
  ])('is there while the program goes on: %s', async (name, code, text) => {
    const gate = join(kernel.options.directory, name);
    // Without ever sleeping, and without another print.
    const step = kernel.begin(`${code}\nimport os\nwhile not os.path.exists(${JSON.stringify(gate)}): pass`, {
      wantsResult: false,
      writes: ['i', 'os', 'sys'],
    });
    await kernel.printed(text);
    writeFileSync(gate, '');
    const { stdout, stderr } = await kernel.finish(step);
    expect((stdout + stderr).endsWith(text)).toBe(true);
  });

  it.each([
    ['os.write', 'import os\nos.write(1, b"raw\\n")', 'raw\n'],
    ['os.system', 'import os\nos.system("echo raw")', 'raw\n'],
    ['a child process', 'import subprocess\nsubprocess.run(["echo", "raw"])', 'raw\n'],
    ['posix_spawn', 'import os\nos.waitpid(os.posix_spawn("/bin/echo", ["echo", "raw"], os.environ), 0)', 'raw\n'],
    ['a forked child', 'import os\nif os.fork() == 0:\n  print("raw"); os._exit(0)\nos.wait()', 'raw\n'],
    [
      'multiprocessing',
      'import multiprocessing as m\np = m.get_context("fork").Process(target=print, args=("raw",)); p.start(); p.join()',
      'raw\n',
    ],
    ['the buffer', 'import sys\nsys.stdout.buffer.write(b"raw\\n")', 'raw\n'],
    ['a display', 'display("x")', ''],
  ])('keeps its order in a flood with %s, and comes once', async (_name, code, text) => {
    const step = await kernel.run(`${flood}print("line", end=" ")\n${code}\nprint("after")`, {
      wantsResult: false,
      writes: ['i', 'os', 'sys', 'subprocess', 'm', 'p'],
    });
    expect(step.finished.outcome).toEqual({ type: 'ok' });
    expect(step.stdout).toBe(`${numbers}line ${text}after\n`);
  });

  it.each([
    ['os._exit', 'import os; os._exit(3)'],
    ['a crash', 'import time, ctypes\ntime.sleep(0.1)\nctypes.string_at(0)'],
    ['SIGKILL', 'import os, time\ntime.sleep(0.1)\nos.kill(os.getpid(), 9)'],
  ])('is heard before %s', async (_name, code) => {
    const other = await startKernel();
    const step = other.begin(`${flood}print("last", end="")\n${code}`);
    await other.died();
    const text = other.events
      .map((event) => (event.type === 'stream' && event.stream === 'stdout' && event.step === step ? event.text : ''))
      .join('');
    expect(text).toBe(`${numbers}last`);
  });

  it('of an earlier moment than a crash is heard whole, line by line, where it comes slowly', async () => {
    const other = await startKernel();
    other.begin('import ctypes\nprint("one")\nprint("two")\nctypes.string_at(0)');
    await other.died();
    expect(other.allText()).toContain('one\ntwo\n');
  });
});

describe('sys.stdout', () => {
  it.each([
    ['sys.stdout.fileno(), sys.stderr.fileno(), sys.stdout.buffer.fileno()', '(1, 2, 1)'],
    ['sys.stdout.name, sys.stdout.mode, sys.stdout.writable(), sys.stdout.readable()', "('<stdout>', 'w', True, False)"],
    ['sys.stdout.isatty(), sys.stdout.buffer.isatty(), sys.stdout.closed', '(False, False, False)'],
    ['sys.stdout.errors, sys.stderr.errors, sys.__stdout__ is sys.stdout', "('strict', 'backslashreplace', True)"],
    ['isinstance(sys.stdout, io.TextIOWrapper), isinstance(sys.stdout.buffer, io.BufferedIOBase)', '(True, True)'],
    ['sys.stdout.write("abc"), sys.stdout.buffer.write(b"de"), sys.stdout.buffer.write(bytearray(b"f"))', '(3, 2, 1)'],
  ])('is a text stream of Python: %s', async (code, result) => {
    expect((await kernel.run(`import io, sys\n${code}`, { writes: ['io', 'sys'] })).result?.['text/plain']).toBe(result);
  });

  it.each([
    [
      'write_through',
      'sys.stdout.reconfigure(write_through=True); print("a"); sys.stdout.reconfigure(write_through=False)',
      'a\n',
    ],
    [
      'line_buffering',
      'sys.stdout.reconfigure(line_buffering=False); print("a", flush=True); sys.stdout.reconfigure(line_buffering=True)',
      'a\n',
    ],
    ['errors', 'sys.stdout.reconfigure(errors="replace"); print("\\ud800"); sys.stdout.reconfigure(errors="strict")', '?\n'],
    [
      'redirect_stdout',
      'import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as s: print("hidden")\nprint("got", s.getvalue())',
      'got hidden\n\n',
    ],
    ['writelines', 'sys.stdout.writelines(["a\\n", "b\\n"])', 'a\nb\n'],
    ['raw', 'print("a")\nsys.stdout.buffer.raw.write(b"b\\n")', 'a\nb\n'],
  ])('takes %s', async (_name, code, text) => {
    const step = await kernel.run(`import sys\n${code}`, { wantsResult: false, writes: ['sys', 'contextlib', 'io', 's'] });
    expect([step.finished.outcome.type, step.stdout]).toEqual(['ok', text]);
  });

  it('is the same one for a logging handler of an earlier step', async () => {
    await kernel.run('import logging\nlogging.basicConfig(format="%(message)s")\nlogging.warning("one")', {
      writes: ['logging'],
    });
    expect((await kernel.run('logging.warning("two")')).stderr).toBe('two\n');
  });

  it('refuses what is no text, and half of a pair', async () => {
    const step = await kernel.run(
      'import sys\nfor bad in (b"bytes", "\\ud800"):\n  try: sys.stdout.write(bad)\n  except (TypeError, UnicodeEncodeError) as e: print(type(e).__name__)',
      { wantsResult: false, writes: ['sys', 'bad', 'e'] },
    );
    expect(step.stdout).toBe('TypeError\nUnicodeEncodeError\n');
  });

  it('is asked whose text it is only where something else than the step may write', async () => {
    const other = await startKernel();
    const isAsked = async (code = ''): Promise<unknown> =>
      (await other.run(`import sys, threading\n${code}\n"write" in vars(sys.stdout)`, { writes: ['sys', 'threading', 'go'] }))
        .result?.['text/plain'];
    expect([await isAsked(), await isAsked()]).toEqual(['False', 'False']);
    expect(await isAsked('go = threading.Event(); threading.Thread(target=go.wait).start()')).toBe('False');
    expect(await isAsked()).toBe('True');
    expect(await isAsked('go.set()\nfor t in threading.enumerate()[1:]: t.join()')).toBe('True');
    // One that has been joined is counted until the system has taken it apart.
    await until(async () => (await isAsked()) === 'False', 'it is not asked any more');
  });

  it('may be closed, and the next step runs all the same', async () => {
    const other = await startKernel();
    await other.run('import sys\nsys.stdout.close()');
    expect((await other.run('1 + 1')).result?.['text/plain']).toBe('2');
  });

  it('tells faulthandler where to write', async () => {
    const step = await kernel.run('import faulthandler\nfaulthandler.dump_traceback()', { writes: ['faulthandler'] });
    expect(step.stderr).toContain('Current thread');
  });
});
