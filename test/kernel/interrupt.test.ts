import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InterruptLevel, InterruptRequest, KernelEvent, RunningProcess } from '../../daemon/kernel/kernel.ts';
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
  const step = kernel.begin(`mark = "ready ${ready};"\ndef ready(): print(mark)\n${code}`, { writes: ['x', 'ready', 'mark'] });
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

  it.each(['soft', 'sigint', 'group'] as const)('never hits the next step on the level %s', async (level) => {
    for (let round = 0; round < 100; round += 1) {
      const hit = kernel.begin(`for _ in range(${round * 300}): pass`);
      const next = kernel.begin('import asyncio\nfor _ in range(300): await asyncio.sleep(0)\n"untouched"');
      for (let turn = 0; turn < round % 7; turn += 1) await new Promise(setImmediate);
      kernel.kernel.interrupt(hit, { level });
      await kernel.finish(hit);
      expect((await kernel.finish(next)).finished.outcome).toEqual({ type: 'ok' });
      kernel.events.length = 0;
    }
  });

  it('leaves children alone while a later step waits, whose they may be', async () => {
    const step = await underWay(
      'import subprocess\nchild = subprocess.Popen(["sleep", "0.3"])\ntry:\n  ready()\n  while True: pass\nexcept KeyboardInterrupt: pass\nchild.wait()',
    );
    const next = kernel.begin('1');
    kernel.kernel.interrupt(step, { level: 'group' });
    expect((await kernel.finish(step)).result?.['text/plain']).toBe('0');
    await kernel.finish(next);
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

describe('the ladder of an interrupt (W7)', () => {
  /** Ready once the step's task waits. */
  const parked = 'import asyncio\nasyncio.get_running_loop().call_soon(ready)\n';

  /** What was told of the interrupts of a step: "soft sent", "soft taken" … */
  function told(step: number): string[] {
    return kernel.events.flatMap((e) => (e.type === 'interrupt' && e.step === step ? [`${e.level} ${e.state}`] : []));
  }

  async function tells(step: number, level: InterruptLevel, state: string): Promise<void> {
    await kernel.event(
      (e): e is KernelEvent => e.type === 'interrupt' && e.step === step && e.level === level && e.state === state,
    );
  }

  async function survivors(step: number): Promise<readonly RunningProcess[]> {
    type Survivors = Extract<KernelEvent, { type: 'survivors' }>;
    return (await kernel.event((e): e is Survivors => e.type === 'survivors' && e.step === step)).processes;
  }

  /** On a busy machine a deadline may pass before the worker's answer is heard: that is told, too, and changes nothing. */
  function withoutHaste(stages: readonly string[]): string[] {
    return stages.filter((stage, i) => !stage.endsWith(' expired') || !stages.includes(stage.replace('expired', 'taken'), i));
  }

  async function interrupted(code: string, request?: InterruptRequest): Promise<string[]> {
    const step = await underWay(code);
    kernel.kernel.interrupt(step, request);
    expect((await kernel.finish(step)).finished.outcome).toEqual({ type: 'interrupted' });
    return withoutHaste(told(step));
  }

  it.each([
    [
      'cancels the task where the step awaits',
      `${parked}await asyncio.sleep(1000)\npass`,
      undefined,
      ['soft sent', 'soft taken'],
    ],
    [
      'raises KeyboardInterrupt where nothing awaits',
      'ready()\nwhile True: pass',
      undefined,
      ['soft sent', 'soft nothing-to-cancel', 'sigint sent', 'sigint taken'],
    ],
    [
      'raises it where the code of an awaiting step is busy',
      'import asyncio\nawait asyncio.sleep(0)\nready()\nwhile True: pass',
      undefined,
      ['soft sent', 'soft nothing-to-cancel', 'sigint sent', 'sigint taken'],
    ],
    [
      'climbs when a task does not mind being cancelled',
      `${parked}try: await asyncio.sleep(1000)\nexcept asyncio.CancelledError: await asyncio.sleep(1000)`,
      undefined,
      ['soft sent', 'soft taken', 'soft expired', 'sigint sent', 'sigint taken'],
    ],
    [
      'does one level alone when it is named',
      `${parked}await asyncio.sleep(1000)\npass`,
      { level: 'sigint' },
      ['sigint sent', 'sigint taken'],
    ],
    [
      'reaches os.system by the process group',
      'import os\nos.system(f"echo \'{mark}\'; sleep 1000")\nwhile True: pass',
      { deadlineMs: 1000 },
      ['soft sent', 'soft expired', 'sigint sent', 'sigint expired', 'group sent', 'group taken'],
    ],
  ] as const)('%s', async (_name, code, request, stages) => expect(await interrupted(code, request)).toEqual(stages));

  it('runs what the program does when its task is cancelled, and its other tasks are left alone', async () => {
    await kernel.run('import asyncio\nasync def other():\n  await asyncio.sleep(0.01); return "done"\nt = None', {
      writes: ['t', 'other'],
    });
    const step = await underWay(
      `${parked}task = asyncio.ensure_future(other())\ntry:\n  await asyncio.sleep(1000)\nfinally: print(await task)`,
    );
    kernel.kernel.interrupt(step);
    expect((await kernel.finish(step)).stdout).toContain('done\n');
  });

  it('stops climbing where KeyboardInterrupt was raised, for the program may be saving its work', async () => {
    const code = 'import time\ntry:\n  ready()\n  while True: pass\nfinally:\n  time.sleep(2); print("saved")';
    const step = await underWay(code);
    kernel.kernel.interrupt(step, { deadlineMs: 1000 });
    expect((await kernel.finish(step)).stdout).toContain('saved\n');
    expect(told(step).slice(2)).toEqual(['sigint sent', 'sigint taken', 'sigint expired']);
  });

  it('lets a level that is named expire and goes no further by itself', async () => {
    const step = await underWay('import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nready()\nwhile True: pass');
    kernel.kernel.interrupt(step, { level: 'sigint', deadlineMs: 50 });
    await tells(step, 'sigint', 'expired');
    expect(told(step)).toEqual(['sigint sent', 'sigint expired']);
    kernel.kernel.interrupt(step, { level: 'kill' });
    expect((await kernel.died()).reason).toBe('The kernel was killed on request; its values are gone.');
    expect(told(step).at(-1)).toBe('kill sent');
    kernel = await startKernel();
  });

  it('signals a program with a handler of its own once for the first two levels', async () => {
    const step = await underWay(
      'import os, signal\ncalls = 0\ndef handler(*_):\n  global calls\n  calls += 1; os.write(1, f"call {calls};\\n".encode())\nsignal.signal(signal.SIGINT, handler)\nready()\nwhile calls < 2: pass\nprint("over")',
    );
    kernel.kernel.interrupt(step, { deadlineMs: 100 });
    await tells(step, 'sigint', 'expired');
    expect(kernel.allText()).not.toContain('call 2;');
    expect((await kernel.finish(step)).stdout).toContain('call 1;\ncall 2;\nover\n');
  });

  it('climbs at once when asked again, and then kills children that do not listen; the kernel keeps its values', async () => {
    await kernel.run('kept = 17', { writes: ['kept'] });
    const step = await underWay(
      'import os\nready(); os.system("trap \'\' INT; echo deaf; sleep 1000; sleep 1000")\nwhile True: pass',
    );
    await kernel.printed('deaf\n');
    for (let times = 0; times < 4; times += 1) kernel.kernel.interrupt(step);
    expect((await kernel.finish(step)).finished.outcome).toEqual({ type: 'interrupted' });
    expect(told(step)).toEqual(['soft sent', 'sigint sent', 'group sent', 'group sent', 'group taken']);
    expect((await kernel.run('kept')).result?.['text/plain']).toBe('17');
  });

  it('names the processes that still run, in the group of the kernel and in others', async () => {
    const step = await underWay(
      'import subprocess\ndeaf = "trap \'\' INT; echo trapped; sleep 997"\nsubprocess.Popen(["sh", "-c", deaf])\nsubprocess.Popen(["sleep", "998"], start_new_session=True)\nready()\nwhile True: pass',
    );
    // Before it has said so, the shell would die of the signal.
    await kernel.printed('trapped\n');
    kernel.kernel.interrupt(step, { level: 'group' });
    await kernel.finish(step);
    const left = await survivors(step);
    expect(left.map(({ command }) => command)).toEqual(
      expect.arrayContaining([expect.stringContaining('sleep 997'), 'sleep 998']),
    );
    for (const { pid } of left) process.kill(pid, 'SIGKILL');
  });

  it('names what is left of a kernel that it killed, before its end', async () => {
    const step = await underWay(
      'import subprocess\nsubprocess.Popen(["sleep", "996"], start_new_session=True)\nready()\nwhile True: pass',
    );
    kernel.kernel.interrupt(step, { level: 'kill' });
    await kernel.died();
    const left = await survivors(step);
    expect(left.map(({ command }) => command)).toEqual(['sleep 996']);
    expect(kernel.events.at(-1)?.type).toBe('died');
    for (const { pid } of left) process.kill(pid, 'SIGKILL');
    kernel = await startKernel();
  });

  it('says nothing of processes where none is left', async () => {
    // Ready once Popen has come back: an interrupt inside it leaves a child that nobody knows.
    const step = await underWay(
      'import subprocess\nwith subprocess.Popen(["sleep", "1000"]) as p:\n  try: ready(); p.wait()\n  except: p.kill(); raise',
    );
    kernel.kernel.interrupt(step);
    await kernel.finish(step);
    const next = await underWay(
      'import subprocess, time\ntime.sleep(0.3)\nsubprocess.Popen(["sleep", "995"], start_new_session=True)\nready()\nwhile True: pass',
    );
    kernel.kernel.interrupt(next);
    const left = await survivors(next);
    expect(kernel.events.some((e) => e.type === 'survivors' && e.step === step)).toBe(false);
    for (const { pid } of left) process.kill(pid, 'SIGKILL');
  });
});
