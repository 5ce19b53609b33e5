import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KernelEvent } from '../../daemon/kernel/kernel.ts';
import { endKernels, startKernel, type TestKernel } from '../support/kernel.ts';

let kernel: TestKernel;

beforeAll(async () => {
  kernel = await startKernel();
});
afterAll(endKernels);

type Asked = Extract<KernelEvent, { type: 'input' }>;

const asked = (step: number, count = 1): Promise<Asked> =>
  kernel.event((event): event is Asked => event.type === 'input' && event === asksOf(step)[count - 1]);
const asksOf = (step: number) => kernel.events.filter((event) => event.type === 'input' && event.step === step);

describe('input() (W8)', () => {
  it('is answered, and stands in its place among the printed text', async () => {
    const step = kernel.begin('print("before")\nname = input("name? ")\nprint("hello", name)', { wantsResult: false });
    const { input, prompt, isPassword } = await asked(step);
    expect([prompt, isPassword]).toEqual(['name? ', false]);
    expect(kernel.events.findLast((event) => event.type === 'stream')).toMatchObject({ text: expect.stringMatching(/name\? $/) });
    kernel.kernel.answer(input, 'Ada ä😀');
    expect((await kernel.finish(step)).stdout).toBe('before\nname? hello Ada ä😀\n');
  });

  it('raises EOFError at the end of the input', async () => {
    const step = kernel.begin('try:\n  input()\nexcept EOFError as error:\n  print(error)', { wantsResult: false });
    kernel.kernel.answer((await asked(step)).input, undefined);
    expect((await kernel.finish(step)).stdout).toBe('EOF when reading a line\n');
  });

  it('is ended by an interrupt, and the question is taken back', async () => {
    const step = kernel.begin('input("forever? ")');
    const { input } = await asked(step);
    kernel.kernel.interrupt(step);
    expect((await kernel.finish(step)).finished.outcome).toEqual({ type: 'interrupted' });
    expect(kernel.events).toContainEqual({ type: 'input-withdrawn', step, input });
    // An answer that comes too late is for nobody, not for the next question.
    kernel.kernel.answer(input, 'late');
    const next = kernel.begin('input("next? ")');
    kernel.kernel.answer((await asked(next)).input, 'right');
    expect((await kernel.finish(next)).result?.['text/plain']).toBe("'right'");
  });

  it('can be asked again by code that catches the interrupt', async () => {
    const step = kernel.begin('try:\n  input("a")\nexcept KeyboardInterrupt:\n  x = input("b")\nx');
    await asked(step);
    kernel.kernel.interrupt(step);
    kernel.kernel.answer((await asked(step, 2)).input, 'B');
    expect((await kernel.finish(step)).result?.['text/plain']).toBe("'B'");
  });

  it('keeps steps that wait behind it', async () => {
    const first = kernel.begin('input()');
    const second = kernel.begin('"second"');
    kernel.kernel.answer((await asked(first)).input, '1');
    expect((await kernel.finish(first)).result?.['text/plain']).toBe("'1'");
    expect((await kernel.finish(second)).result?.['text/plain']).toBe("'second'");
  });

  it('reads from what the program puts in the place of standard input', async () => {
    const code = 'import io, sys\nold, sys.stdin = sys.stdin, io.StringIO("mine\\n")\nline = input()\nsys.stdin = old\nline';
    expect((await kernel.run(code)).result?.['text/plain']).toBe("'mine'");
  });

  it.each([
    [
      'a thread',
      'import threading\nt = threading.Thread(target=ask)\nt.start(); t.join()',
      'input() can only be answered in the main thread',
    ],
    ['a forked child', 'import os\nif os.fork() == 0:\n  ask(); os._exit(0)\nos.wait()', 'EOF when reading a line'],
  ])('says why nobody can answer %s', async (_who, code, message) => {
    const ask = 'def ask():\n  try: input()\n  except EOFError as error: print(error, flush=True)\n';
    const step = await kernel.run(ask + code, { wantsResult: false, writes: ['ask'] });
    expect(step.stdout).toContain(message);
  });

  it('does not keep the kernel from being stopped', async () => {
    const other = await startKernel();
    other.begin('import atexit\natexit.register(print, "left")\ninput("?")');
    await other.event((event): event is Asked => event.type === 'input');
    await other.kernel.stop();
    expect(other.allText()).toBe('?left\n');
    expect(await other.died()).toMatchObject({ code: 0, wasAsked: true });
  });

  it.each([
    ['a line', 'sys.stdin.readline()', ['a'], "'a\\n'"],
    ['all of it', 'sys.stdin.read()', ['a', 'ä', undefined], "'a\\nä\\n'"],
    ['line by line', '[line for line in sys.stdin]', ['a', 'b', undefined], "['a\\n', 'b\\n']"],
    ['bytes', 'sys.stdin.buffer.readline()', ['a'], "b'a\\n'"],
    [
      'a part, and the rest by input()',
      '[sys.stdin.read(1), input("rest? "), input("next? ")]',
      ['abc', 'd'],
      "['a', 'bc', 'd']",
    ],
  ] as const)('is behind sys.stdin, too: %s', async (_, code, lines, result) => {
    const step = kernel.begin(`import sys\n${code}`);
    for (const [at, line] of lines.entries()) kernel.kernel.answer((await asked(step, at + 1)).input, line);
    expect((await kernel.finish(step)).result?.['text/plain']).toBe(result);
  });

  it('is empty between steps, in threads and in children', async () => {
    const code = [
      'import os, subprocess, sys, threading',
      'def read(): print(repr(sys.stdin.read()), flush=True)',
      't = threading.Thread(target=read); t.start(); t.join()',
      'if os.fork() == 0:\n  read(); os._exit(0)',
      'os.wait()',
      'subprocess.run([sys.executable, "-c", "import sys; print(repr(sys.stdin.read()))"])',
    ].join('\n');
    const step = await kernel.run(code, { wantsResult: false, writes: ['read', 't'] });
    expect(step.stdout).toBe("''\n''\n''\n");
  });
});

describe('getpass() (W8)', () => {
  it('asks for a password, whose prompt is not printed', async () => {
    const step = kernel.begin('from getpass import getpass\nprint(len(getpass("key: ")))', { wantsResult: false });
    const { input, prompt, isPassword } = await asked(step);
    expect([prompt, isPassword]).toEqual(['key: ', true]);
    kernel.kernel.answer(input, 'secret');
    const { stdout, stderr } = await kernel.finish(step);
    expect([stdout, stderr]).toEqual(['6\n', '']);
  });
});
