import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endKernels, startKernel, type TestKernel } from '../support/kernel.ts';

let kernel: TestKernel;

beforeAll(async () => {
  kernel = await startKernel();
});
afterAll(endKernels);

describe('text on the standard streams (W5)', () => {
  it.each([
    ['print', 'print("a"); print("b")', 'a\nb\n'],
    ['without a line end', 'print("a", end="")', 'a'],
    ['os.write', 'import os\nprint("1"); os.write(1, b"2\\n"); print("3")', '1\n2\n3\n'],
    ['a child process', 'import subprocess\nprint("1"); subprocess.run(["echo", "2"]); print("3")', '1\n2\n3\n'],
    ['os.system', 'import os\nprint("1"); os.system("echo 2"); print("3")', '1\n2\n3\n'],
    ['/dev/stdout', 'import os\nprint("1"); os.system("echo 2 > /dev/stdout"); print("3")', '1\n2\n3\n'],
    [
      'a C library',
      'import ctypes\nlibc = ctypes.CDLL(None)\nprint("1"); libc.puts(b"2"); libc.fflush(None); print("3")',
      '1\n2\n3\n',
    ],
    [
      'a forked child',
      'import os\nprint("1")\nif os.fork() == 0:\n  print("2", flush=True); os._exit(0)\nos.wait(); print("3")',
      '1\n2\n3\n',
    ],
    [
      'a forked child that goes on',
      'import os, sys\npid = os.fork()\nif pid: os.wait()\nprint("parent" if pid else "child")',
      'child\nparent\n',
    ],
    ['the buffer', 'import sys\nsys.stdout.buffer.write(b"bytes")', 'bytes'],
    ['all sorts of characters', 'print("ä€😀")', 'ä€😀\n'],
    ['what looks like a mark', 'print("\\x1e123b4;")', '\x1e123b4;\n'],
  ])('is heard in order from %s', async (_name, code, text) => {
    const step = await kernel.run(code, { wantsResult: false });
    expect(step.stdout).toBe(text);
  });

  it('keeps the two streams apart', async () => {
    const step = await kernel.run('import sys, os\nprint("out")\nprint("err", file=sys.stderr)\nos.system("echo child >&2")', {
      wantsResult: false,
    });
    expect([step.stdout, step.stderr]).toEqual(['out\n', 'err\nchild\n']);
  });

  it('may be large, also when one call writes it all and nobody else can run meanwhile', async () => {
    const code = 'import ctypes\nctypes.PyDLL(None).write(1, b"x" * 1_000_000, 1_000_000)\nprint()';
    const step = await kernel.run(code, { wantsResult: false });
    expect(step.stdout.length).toBe(1_000_001);
  });

  it('keeps characters whole across any number of chunks', async () => {
    const step = await kernel.run('print("€" * 200_000)', { wantsResult: false });
    expect(step.stdout).toBe(`${'€'.repeat(200_000)}\n`);
  });

  it('is no terminal, and is UTF-8', async () => {
    const step = await kernel.run('import sys\nsys.stdout.isatty(), sys.stdout.encoding, sys.stderr.encoding');
    expect(step.result?.['text/plain']).toBe("(False, 'utf-8', 'utf-8')");
  });

  it('ends a step also when the program points the streams elsewhere', async () => {
    const step = await kernel.run(
      'import os\nsaved = os.dup(1)\nnull = os.open(os.devnull, os.O_WRONLY)\nos.dup2(null, 1)\nprint("lost")',
    );
    expect(step.finished.outcome).toEqual({ type: 'ok' });
    expect((await kernel.run('os.dup2(saved, 1)\nprint("back")', { wantsResult: false })).stdout).toBe('back\n');
  });

  it('comes before the end of its step, for every step', async () => {
    const steps = Array.from({ length: 200 }, (_, i) => kernel.begin(`print("line", ${i})`));
    const results = await Promise.all(steps.map((step) => kernel.finish(step)));
    expect(results.map((result) => result.stdout)).toEqual(steps.map((_, i) => `line ${i}\n`));
  });
});

describe('displays (W6)', () => {
  it('keep their place among the printed text', async () => {
    const step = await kernel.run('print("a")\ndisplay(1)\nprint("b", end="")\ndisplay(2)\nprint("c")\n3');
    expect(step.transcript).toBe('a\n[display]b[display]c\n[result]');
  });

  it('keep it also when there are many large ones', async () => {
    const code =
      'class P:\n  def _repr_png_(self): return b"x" * 300_000\nfor i in range(20):\n  print(i, end=" ")\n  display(P())';
    const step = await kernel.run(code, { writes: ['P', 'i'] });
    expect(step.transcript).toBe(Array.from({ length: 20 }, (_, i) => `${i} [display]`).join(''));
    expect(step.displays[19]?.bundle['image/png']).toHaveLength(300_000);
  });

  it('can be replaced by their handle', async () => {
    const step = await kernel.run('h = display("first", display_id=True)\nh.update("second")\nNone');
    expect(step.displays).toMatchObject([
      { displayId: 'display-1', isUpdate: false, bundle: { 'text/plain': "'first'" } },
      { displayId: 'display-1', isUpdate: true, bundle: { 'text/plain': "'second'" } },
    ]);
  });
});
