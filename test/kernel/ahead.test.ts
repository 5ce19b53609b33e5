import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { startCPython } from '../../daemon/kernel/start-kernel.ts';
import { howMany } from '../support/histories.ts';
import { emptyFolder, endKernels, startKernel, type TestKernel } from '../support/kernel.ts';
import { random } from '../support/random.ts';

/** `HEADWATER_RACES=20000 npx vitest run test/kernel/ahead.test.ts` for a long run; SEED=… for other moments. */
const races = howMany(300, 'HEADWATER_RACES');
const seed = Number(process.env['SEED'] ?? 17);

let kernel: TestKernel;

beforeEach(async () => {
  kernel = await startKernel({}, undefined, startCPython);
});
afterAll(endKernels);

const finishedSteps = (): number[] => kernel.events.flatMap((event) => (event.type === 'finished' ? [event.step] : []));

it('begins a step that was sent ahead when the one before has ended as expected, and tells all of it in order (W21)', async () => {
  const first = kernel.begin('x = 1\nprint("one")', { writes: ['x'] });
  const second = kernel.begin('y = x + 1\nprint("two")', { writes: ['y'] }, first);
  const third = kernel.begin('print(x, y)', {}, second);
  expect((await kernel.finish(third)).stdout).toBe('1 2\n');
  const told = kernel.events.flatMap((e) =>
    'step' in e ? [e.type === 'stream' ? `${e.step} ${e.text}` : `${e.step} ${e.type}`] : [],
  );
  expect(told).toEqual(['1 one\n', '1 finished', '2 two\n', '2 finished', '3 1 2\n', '3 finished']);
});

it.each([
  ['raises', '1 / 0', []],
  ['writes less', 'if x: y = 1', ['y']],
  ['deletes', 'del x', ['x']],
  ['binds a name that its text does not say', 'globals()["z"] = 1', []],
  ['leaves a name as it was', 'x = x', ['x']],
  ['stops itself', 'import headwater\nheadwater.stop()', []],
])('never begins one when the step before %s (W21)', async (_, code, writes) => {
  const { finished } = await kernel.run('x = 0', { writes: ['x'] });
  const first = kernel.begin(code, { writes, bind: [['x', finished.step]] });
  kernel.begin('print("never")', { step: 50 }, first);
  kernel.begin('print("never")', { step: 51 }, 50);
  await kernel.finish(first);
  expect(kernel.takeBack()).toEqual(new Set());
  expect((await kernel.run('1 + 1', { step: 52 })).result?.['text/plain']).toBe('2');
  expect([finishedSteps(), kernel.allText()]).toEqual([[finished.step, first, 52], '']);
});

it('never begins one when the step before changes an object that it was watched for', async () => {
  const { finished } = await kernel.run('xs = [1]', { writes: ['xs'] });
  const first = kernel.begin('ys = xs\nys.append(2)', { writes: ['ys'], watched: ['xs'], bind: [['xs', finished.step]] });
  kernel.begin('print("never")', { step: 80 }, first);
  kernel.begin('print("never")', { step: 81 }, 80);
  await kernel.finish(first);
  expect(kernel.takeBack()).toEqual(new Set());
  expect((await kernel.run('1 + 1', { step: 82 })).result?.['text/plain']).toBe('2');
  expect([finishedSteps(), kernel.allText()]).toEqual([[finished.step, first, 82], '']);
});

it('never begins one when the values of the step before hold functions that nobody knew of', async () => {
  const first = kernel.begin('x = 1\nys = [lambda: x]', { writes: ['x', 'ys'], knownReads: [] });
  kernel.begin('print("never")', { step: 90 }, first);
  await kernel.finish(first);
  expect(kernel.takeBack()).toEqual(new Set());
  const again = kernel.begin('x = 1\nys = [lambda: x]', {
    step: 91,
    writes: ['x', 'ys'],
    unbind: ['x', 'ys'],
    knownReads: ['x'],
  });
  kernel.begin('print("begun")', { step: 92 }, again);
  await kernel.finish(again);
  await kernel.finish(92);
  expect([finishedSteps(), kernel.allText()]).toEqual([[first, 91, 92], 'begun\n']);
});

it('never begins one when the step before imports a module of the project', async () => {
  const directory = emptyFolder();
  writeFileSync(join(directory, 'helpers.py'), '');
  kernel = await startKernel({ directory }, undefined, startCPython);
  const first = kernel.begin('import helpers', { writes: ['helpers'] });
  kernel.begin('print("never")', { step: 95 }, first);
  const { finished } = await kernel.finish(first);
  expect([finished.isPlain, kernel.takeBack()]).toEqual([false, new Set()]);
  expect((await kernel.run('1 + 1', { step: 96 })).result?.['text/plain']).toBe('2');
  expect([finishedSteps(), kernel.allText()]).toEqual([[first, 96], '']);
});

it.each([
  ['x = 2', { unbind: ['x'], writes: ['x'] }, true],
  ['print(x)', {}, true],
  ['print(x)', { writes: ['y'] }, false],
  ['x = 1', { unbind: ['x'], writes: ['x'], compare: [['x', 1]] }, false],
  ['raise SystemExit', {}, false],
] as const)('says of the end of %j with %j that it is plain: %s (W21)', async (code, evaluation, isPlain) => {
  await kernel.run('x = 1', { writes: ['x'] });
  const { finished } = await kernel.run(code, evaluation);
  expect(finished.isPlain).toBe(isPlain);
});

it('takes back what has not begun, and the running step goes on (W21)', async () => {
  const first = kernel.begin('import time\nprint("begun")\ntime.sleep(0.2)\nx = 1', { writes: ['time', 'x'] });
  kernel.begin('print("never")', { step: 60 }, first);
  kernel.begin('print("never")', { step: 61 }, 60);
  await kernel.printed('begun\n');
  expect(kernel.takeBack()).toEqual(new Set([60, 61]));
  const again = kernel.begin('print("instead", x)', { step: 62 }, first);
  expect((await kernel.finish(again)).stdout).toBe('instead 1\n');
  expect(kernel.allText()).toBe('begun\ninstead 1\n');
});

it('runs the first step although its ticket was in the way of taking back those behind it', async () => {
  await kernel.run('0');
  const first = kernel.begin('x = 1', { writes: ['x'] });
  kernel.begin('print("never")', { step: 70 }, first);
  const taken = kernel.takeBack();
  await kernel.finish(first);
  expect(taken).toEqual(new Set([70]));
  expect((await kernel.run('print("next")', { step: 71 })).stdout).toBe('next\n');
});

it(`either begins a step or gives it back, over ${races} races (SEED=${seed})`, async () => {
  const roll = random(seed);
  let step = 0;
  let begun = 0;
  for (let race = 0; race < races; race += 1) {
    const length = 1 + roll(12);
    const first = ++step;
    const code = roll(2) === 0 ? 'x = 1' : `import time\ntime.sleep(${roll(3) / 1000})\nx = 1`;
    const writes = code.startsWith('import') ? ['time', 'x'] : ['x'];
    const unbind = ['time', 'x'];
    kernel.begin(code, { step: first, writes, unbind });
    for (let at = 0; at < length; at += 1) {
      step += 1;
      kernel.begin(`x = ${step}`, { step, writes: ['x'], unbind }, step - 1);
    }
    const waits = roll(4);
    if (waits === 1) await new Promise(setImmediate);
    if (waits > 1) await new Promise((resolve) => setTimeout(resolve, roll(4)));
    const taken = kernel.takeBack();
    const expected = Array.from({ length: length + 1 }, (_, at) => first + at).filter((each) => !taken.has(each));
    // What is taken back is the end of the line.
    expect([...taken].sort((a, b) => a - b)).toEqual(Array.from(taken, (_, at) => step - taken.size + 1 + at));
    await kernel.finish(expected.at(-1) as number);
    expect(finishedSteps().filter((each) => each >= first)).toEqual(expected);
    begun += expected.length - 1;
    // The numbers are given anew, as a session does.
    step = expected.at(-1) as number;
  }
  expect(begun).toBeGreaterThan(0);
});

it('loses no end of a step when a later one kills the kernel before all that follows was sent', async () => {
  await kernel.run('import os, signal, time', { writes: ['os', 'signal', 'time'] });
  const first = kernel.begin('time.sleep(0.05)');
  await new Promise(setImmediate);
  const killing = kernel.begin('os.kill(os.getpid(), signal.SIGKILL)', {}, first);
  // As long as we are busy with what else is to be sent, nothing of what the worker says is read.
  for (const until = performance.now() + 500; performance.now() < until; );
  kernel.begin('1', {}, killing);
  await kernel.died();
  expect(finishedSteps()).toEqual([1, first]);
});
