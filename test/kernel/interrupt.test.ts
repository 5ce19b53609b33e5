import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endKernels, startKernel, type TestKernel } from '../support/kernel.ts';

let kernel: TestKernel;

beforeAll(async () => {
  kernel = await startKernel();
});
afterAll(endKernels);

let ready = 0;

/** Begins a step and waits until it says `ready()`: what follows is then under way. */
async function underWay(code: string): Promise<number> {
  ready += 1;
  const step = kernel.begin(`def ready(): print("ready ${ready};")\n${code}`, { writes: ['x', 'ready'] });
  await kernel.printed(`ready ${ready};`);
  return step;
}

describe('an interrupt (W7)', () => {
  it.each([
    ['a busy loop', 'ready()\nwhile True: pass'],
    ['time.sleep', 'import time\nready(); time.sleep(1000)'],
    ['a child process', 'import subprocess\nready(); subprocess.run(["sleep", "1000"])'],
    ['a top-level await', 'import asyncio\nready()\nawait asyncio.sleep(1000)'],
    ['asyncio.run', 'import asyncio\nready()\nasyncio.run(asyncio.sleep(1000))'],
    ['a lock', 'import threading\nlock = threading.Lock(); lock.acquire(); ready(); lock.acquire()'],
    ['a repr', 'class R:\n  def __repr__(self):\n    ready()\n    while True: pass\nR()'],
    ['a message', 'class E(Exception):\n  def __str__(self):\n    ready()\n    while True: pass\nraise E'],
  ])('ends %s', async (_name, code) => {
    const step = await underWay(`x = 1\n${code}`);
    kernel.kernel.interrupt(step);
    expect((await kernel.finish(step)).finished).toMatchObject({ outcome: { type: 'interrupted' }, written: [] });
    expect((await kernel.run('1 + 1')).result?.['text/plain']).toBe('2');
  });

  it('runs what the program does when it is interrupted', async () => {
    const step = await underWay('try:\n  ready()\n  while True: pass\nfinally: print("cleaned up")');
    kernel.kernel.interrupt(step);
    expect((await kernel.finish(step)).stdout).toContain('cleaned up\n');
  });

  it('may be caught, and sent again', async () => {
    const step = await underWay(
      'try:\n  ready()\n  while True: pass\nexcept KeyboardInterrupt: print("caught")\nwhile True: pass',
    );
    kernel.kernel.interrupt(step);
    await kernel.printed('caught\n');
    kernel.kernel.interrupt(step);
    expect((await kernel.finish(step)).finished.outcome).toEqual({ type: 'interrupted' });
  });

  it('ends a step that has not begun yet, and only that one', async () => {
    const first = await underWay('import time\nready()\ntime.sleep(0.2)');
    const second = kernel.begin('while True: pass');
    const third = kernel.begin('"third"');
    kernel.kernel.interrupt(second);
    expect((await kernel.finish(first)).finished.outcome).toEqual({ type: 'ok' });
    expect((await kernel.finish(second)).finished.outcome).toEqual({ type: 'interrupted' });
    expect((await kernel.finish(third)).result?.['text/plain']).toBe("'third'");
  });

  it('ends a step also when it comes while Python is only starting', async () => {
    const young = await startKernel();
    const step = young.begin('while True: pass');
    young.kernel.interrupt(step);
    expect((await young.finish(step)).finished.outcome).toEqual({ type: 'interrupted' });
    expect((await young.run('1')).result?.['text/plain']).toBe('1');
  });

  it('works again after a program has installed a handler of its own', async () => {
    await kernel.run('import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)');
    const step = await underWay('ready()\nwhile True: pass');
    kernel.kernel.interrupt(step);
    expect((await kernel.finish(step)).finished.outcome).toEqual({ type: 'interrupted' });
  });

  it('never hits the next step, however late it comes', async () => {
    const outcomes: string[] = [];
    for (let round = 0; round < 300; round += 1) {
      const hit = kernel.begin(`for _ in range(${round * 100}): pass`);
      const next = kernel.begin('for _ in range(300): pass\n"untouched"');
      // Sometimes at once, sometimes while the first step is ending.
      for (let turn = 0; turn < round % 7; turn += 1) await new Promise(setImmediate);
      kernel.kernel.interrupt(hit);
      outcomes.push((await kernel.finish(hit)).finished.outcome.type);
      expect((await kernel.finish(next)).finished.outcome).toEqual({ type: 'ok' });
      // Looking for events in a long list would make this test slow.
      kernel.events.length = 0;
    }
    expect(outcomes).toContain('interrupted');
  });

  it('leaves frames whole when it comes while a large display is sent', async () => {
    const code = 'class P:\n  def _repr_png_(self): return b"x" * 8_000_000\np = P()\nwhile True: display(p)';
    for (let round = 0; round < 5; round += 1) {
      const step = kernel.begin(code, { writes: ['P', 'p'] });
      await kernel.event((event): event is typeof event => event.type === 'display' && event.step === step);
      kernel.kernel.interrupt(step);
      expect((await kernel.finish(step)).finished.outcome).toEqual({ type: 'interrupted' });
      kernel.events.length = 0;
    }
  });
});
