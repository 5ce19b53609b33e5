import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KernelEvent } from '../../daemon/kernel/kernel.ts';
import { endKernels, installedPythons, startKernel, type TestKernel } from '../support/kernel.ts';

const supported = /^3\.1[0-3]\./;
const pythons = installedPythons().filter(([version]) => supported.test(version));
if (pythons.length === 0) console.warn('skipped: whose text is whose, because pyenv has no Python of 3.10 to 3.13');

afterAll(endKernels);

describe.each(pythons)('text of Python %s that comes late (W5)', (_version, python) => {
  let kernel: TestKernel;
  beforeAll(async () => {
    kernel = await startKernel({ python });
    await kernel.run(prepare, { writes: ['asyncio', 'threading', 'concurrent', 'sys', 'go', 'gates'] });
  });

  const prepare = [
    'import threading, sys, concurrent.futures, concurrent',
    'gates = {}',
    'def go(gate):',
    '  return gates.setdefault(gate, threading.Event())',
  ].join('\n');

  /** Everything that came for a step, in order; 'nobody' for what came for none. */
  const heard = (step: number | 'nobody', stream = 'stdout'): string => {
    const isOf = (event: KernelEvent): boolean => 'step' in event && event.step === (step === 'nobody' ? undefined : step);
    return kernel.events
      .map((event) => (event.type === 'stream' && event.stream === stream && isOf(event) ? event.text : ''))
      .join('');
  };

  it.each([
    ['a thread', 'threading.Thread(target=lambda: (go("GATE").wait(), print("late GATE"))).start()'],
    [
      'a thread of a thread',
      'threading.Thread(target=lambda: threading.Thread(target=lambda: (go("GATE").wait(), print("late GATE"))).start()).start()',
    ],
    ['a timer', 'def later():\n  go("GATE").wait(); print("late GATE")\nthreading.Timer(0, later).start()'],
    ['a subclass of Thread', 'class T(threading.Thread):\n  def run(self): go("GATE").wait(); print("late GATE")\nT().start()'],
    ['a pool', 'concurrent.futures.ThreadPoolExecutor(1).submit(lambda: (go("GATE").wait(), print("late GATE")))'],
    [
      'the buffer',
      'threading.Thread(target=lambda: (go("GATE").wait(), sys.stdout.buffer.write("late GATE\\n".encode()))).start()',
    ],
    ['an unfinished line', 'threading.Thread(target=lambda: (go("GATE").wait(), print("late GATE", end="\\n"))).start()'],
  ])('from %s belongs to the step that started it, between steps and in later ones', async (name, code) => {
    const gates = [`1 ${name}`, `2 ${name}`];
    const [first, second] = await Promise.all(
      gates.map(
        async (gate) =>
          (await kernel.run(code.replaceAll('GATE', gate), { wantsResult: false, writes: ['T', 'later'] })).finished.step,
      ),
    );
    // Between steps: a thread of nobody's opens the gate when this step has ended.
    await kernel.run(`threading.Timer(0.05, go("1 ${name}").set).start()`, { wantsResult: false });
    await kernel.printed(`late 1 ${name}\n`);
    const opening = await kernel.run(`print("now")\ngo("2 ${name}").set()\nthreading.Event().wait(0.2)\nprint("then")`, {
      wantsResult: false,
    });
    await kernel.printed(`late 2 ${name}\n`);
    expect([heard(first ?? 0), heard(second ?? 0), opening.stdout]).toEqual([
      `late 1 ${name}\n`,
      `late 2 ${name}\n`,
      'now\nthen\n',
    ]);
  });

  it('from a pool belongs to the step that gave it the work', async () => {
    await kernel.run('pool = concurrent.futures.ThreadPoolExecutor(1)\npool.submit(print, "made").result()', {
      writes: ['pool'],
    });
    const { finished } = await kernel.run('pool.submit(lambda: (go("pool").wait(), print("worked")))', { wantsResult: false });
    const other = await kernel.run('go("pool").set()\npool.submit(print, "mine").result()', { wantsResult: false });
    await kernel.printed('worked\n');
    expect([heard(finished.step), other.stdout]).toEqual(['worked\n', 'mine\n']);
  });

  it('from a task belongs to the step that made it, while a later step awaits', async () => {
    const code =
      'import asyncio\nasync def tell():\n  await asyncio.sleep(0.01); print("task")\ntask = asyncio.create_task(tell())\nawait asyncio.sleep(0)';
    const made = await kernel.run(code, { wantsResult: false, writes: ['task', 'tell', 'asyncio'] });
    const waited = await kernel.run('print("before"); await task; print("after")', { wantsResult: false });
    expect([heard(made.finished.step), waited.stdout]).toEqual(['task\n', 'before\nafter\n']);
  });

  it('on standard error, and as a display, belongs to the step as well', async () => {
    const code =
      'def late():\n  go("rich").wait(); print("err", file=sys.stderr); display("shown")\nthreading.Thread(target=late).start()';
    const { finished } = await kernel.run(code, { wantsResult: false, writes: ['late'] });
    await kernel.run('go("rich").set()');
    await kernel.event(
      (event): event is KernelEvent =>
        event.type === 'display' && event.bundle['text/plain'] === "'shown'" && event.step === finished.step,
    );
    await kernel.printed('err\n');
    expect(heard(finished.step, 'stderr')).toBe('err\n');
  });

  it('stays whole and in order when much comes from several sides at once', async () => {
    // More than a pipe holds. Long lines: threads that print wait for one another at each, up to 5 ms each time (sys.getswitchinterval()).
    const flood =
      'def flood(name):\n  go("flood").wait()\n  for i in range(1000): sys.stdout.write(f"{name} {i} " + "é€😀" * 5 + "\\n")\nfor n in "ab": threading.Thread(target=flood, args=(n,)).start()';
    const { finished } = await kernel.run(flood, { wantsResult: false, writes: ['flood', 'n'] });
    const own = await kernel.run('go("flood").set()\nfor i in range(1000): print("own", i, "é€😀" * 5)', {
      wantsResult: false,
      writes: ['i'],
    });
    const lines = (name: string): string[] => Array.from({ length: 1000 }, (_, i) => `${name} ${i} ${'é€😀'.repeat(5)}`);
    expect(own.stdout.split('\n').slice(0, -1)).toEqual(lines('own'));
    await kernel.event((_event): _event is KernelEvent => heard(finished.step).split('\n').length === 2001);
    const late = heard(finished.step).split('\n');
    for (const name of 'ab') expect(late.filter((line) => line.startsWith(name))).toEqual(lines(name));
  });

  it('is unattributed where nobody knows who started it', async () => {
    await kernel.run('import _thread\n_thread.start_new_thread(lambda: (go("raw").wait(), print("from nowhere")), ())', {
      wantsResult: false,
      writes: ['_thread'],
    });
    const later = await kernel.run('go("raw").set()\nthreading.Event().wait(0.1)\nprint("mine")', { wantsResult: false });
    await kernel.printed('from nowhere\n');
    expect([later.stdout, heard('nobody')]).toEqual(['mine\n', 'from nowhere\n']);
  });

  it('leaves the context of a thread as empty as it is in any program', async () => {
    const code =
      'import contextvars\nv = contextvars.ContextVar("v", default="empty")\nv.set("full")\nthreading.Thread(target=lambda: print(v.get())).start()';
    const step = await kernel.run(code, { wantsResult: false, writes: ['contextvars', 'v'] });
    await kernel.printed('empty\n');
    expect(step.finished.outcome.type).toBe('ok');
  });
});
