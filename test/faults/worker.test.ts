import { afterEach, describe, expect, it } from 'vitest';
import { kernelStepsWaitingMax } from '../../daemon/limits.ts';
import { endKernels, startKernel } from '../support/kernel.ts';

afterEach(endKernels);

/** The sockets that are none of the program's, past the functions of Python that spare them. */
const channels = [
  'import ctypes, os, stat',
  'open_ones = [int(d) for d in os.listdir("/proc/self/fd" if os.path.exists("/proc/self/fd") else "/dev/fd")]',
  'ours = [d for d in open_ones if os.path.exists(f"/dev/fd/{d}") and stat.S_ISSOCK(os.fstat(d).st_mode)]',
].join('\n');

describe('a worker in trouble', () => {
  it('is ended with a reason when a program writes into its channel (W14)', async () => {
    const kernel = await startKernel();
    kernel.begin(`${channels}\nfor d in ours: os.write(d, b"\\xff" * 64)\nwhile True: pass`);
    const died = await kernel.died();
    expect(died).toMatchObject({ signal: 'SIGKILL', wasAsked: false });
    expect(died.reason).toContain("something other than its worker wrote to the worker's own channel");
  });

  it.each([
    ['closes its channels', `${channels}\nfor d in ours: ctypes.CDLL(None).close(d)`],
    ['closes all that is open', 'import ctypes\nfor d in range(0, 1024): ctypes.CDLL(None).close(d)'],
    ['kills its process group', 'import os\nos.killpg(os.getpgrp(), 9)'],
    ['dies in a thread', 'import os, threading, time\nthreading.Timer(0.05, os._exit, [1]).start()\ntime.sleep(100)'],
  ])('has died when a program %s (W11)', async (_name, code) => {
    const kernel = await startKernel();
    kernel.begin(code);
    expect((await kernel.died()).wasAsked).toBe(false);
    expect(kernel.events.at(-1)?.type).toBe('died');
  });

  it('that is killed in the midst of a large display shows whole ones only (W11)', async () => {
    const kernel = await startKernel();
    kernel.begin('class P:\n  def _repr_png_(self): return b"x" * 20_000_000\nwhile True: display(P())');
    await kernel.event((event): event is typeof event => event.type === 'display');
    process.kill(kernel.kernel.pid ?? 0, 'SIGKILL');
    await kernel.died();
    const sizes = kernel.events.map((event) => (event.type === 'display' ? event.bundle['image/png']?.length : 20_000_000));
    expect(new Set(sizes)).toEqual(new Set([20_000_000]));
  });

  it('that is killed tells no end of the steps that waited, and takes no more (W11)', async () => {
    const kernel = await startKernel();
    await kernel.run('1');
    kernel.begin('print("busy")\nwhile True: pass');
    for (let i = 0; i < 100; i += 1) kernel.begin('1');
    await kernel.printed('busy\n');
    process.kill(kernel.kernel.pid ?? 0, 'SIGKILL');
    await kernel.died();
    kernel.begin('1');
    kernel.kernel.interrupt(3);
    kernel.kernel.kill();
    await kernel.kernel.stop();
    expect(kernel.events.filter((event) => event.type === 'finished')).toHaveLength(1);
    expect(kernel.events.filter((event) => event.type === 'died')).toHaveLength(1);
    expect(kernel.kernel.pid).toBeUndefined();
  });

  it('that floods its streams loses nothing (W5)', async () => {
    const kernel = await startKernel();
    const step = await kernel.run(
      'import sys\nfor i in range(200):\n  print("o" * 99_999)\n  print("e" * 9_999, file=sys.stderr)',
      { writes: ['i'] },
    );
    expect([step.stdout.length, step.stderr.length]).toEqual([20_000_000, 2_000_000]);
  });

  it('that floods its streams leaves room for other things between two pieces (W5)', async () => {
    const kernel = await startKernel();
    await kernel.run('1');
    let [pieces, inTurn, most] = [0, 0, 0];
    kernel.onEvent = ({ type }) => {
      if (type !== 'stream') return;
      if (inTurn === 0)
        setImmediate(() => {
          inTurn = 0;
        });
      inTurn += 1;
      pieces += 1;
      most = Math.max(most, inTurn);
      // What takes a while lets the pipe fill again.
      for (const until = performance.now() + 1; performance.now() < until; );
    };
    kernel.begin('import os\nfor i in range(400): os.write(1, b"x" * 65536)');
    await kernel.event((event): event is typeof event => event.type === 'finished' && event.step === 2);
    expect(pieces).toBeGreaterThan(100);
    expect(most).toBeLessThanOrEqual(4);
  });

  it('takes a bounded number of steps (W14)', async () => {
    const kernel = await startKernel();
    kernel.begin('while True: pass');
    for (let i = 1; i < kernelStepsWaitingMax; i += 1) kernel.begin('1');
    expect(() => kernel.begin('1')).toThrow(`${kernelStepsWaitingMax} steps wait`);
  });

  it('may be stopped and killed at any time, also before it is there (W11)', async () => {
    const stopped = await startKernel();
    await stopped.kernel.stop();
    expect(await stopped.died()).toMatchObject({ wasAsked: true, reason: 'The kernel was stopped.' });
    const killed = await startKernel();
    killed.kernel.kill();
    killed.kernel.kill();
    expect(await killed.died()).toMatchObject({ wasAsked: true });
  });

  it('does not mind what a program does to its streams (W5)', async () => {
    const kernel = await startKernel();
    await kernel.run('import sys\nsys.stdout.close(); sys.stderr = None');
    const step = await kernel.run('1 / 0');
    expect(step.finished.outcome).toMatchObject({ error: { name: 'ZeroDivisionError' } });
    expect((await kernel.run('2')).result?.['text/plain']).toBe('2');
  });

  it('hears children that make the shared descriptor non-blocking (W5)', async () => {
    const kernel = await startKernel();
    const step = await kernel.run('import os\nos.set_blocking(1, False)\nfor i in range(30): display("x" * 50_000)', {
      writes: ['i'],
    });
    expect(step.displays).toHaveLength(30);
  });
});
