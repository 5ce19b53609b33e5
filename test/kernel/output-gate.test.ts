/** What kernels print waits while the gate is shut, and none of it is lost. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { OutputGate } from '../../daemon/kernel/output-gate.ts';
import { startCPythonBehind } from '../../daemon/kernel/start-kernel.ts';
import { kernelDrainMillisecondsMax, kernelStopSecondsMax } from '../../daemon/limits.ts';
import { endKernels, startKernel } from '../support/kernel.ts';
import { until } from '../support/until.ts';

afterEach(endKernels);

async function startGated() {
  const gate = new OutputGate();
  const kernel = await startKernel({}, undefined, startCPythonBehind(gate));
  await kernel.run('import os');
  gate.shut();
  return { gate, kernel };
}

it('reads on when the gate opens: text, displays and the end of the step', async () => {
  const { gate, kernel } = await startGated();
  const step = kernel.begin('os.mkdir("begun")\nfor at in range(300):\n    print("x" * 9_999)\n    display(at)\nprint("end")');
  await until(() => existsSync(join(kernel.options.directory, 'begun')), 'the step prints');
  gate.open();
  const { finished, stdout, displays } = await kernel.finish(step);
  expect([finished.outcome.type, stdout.length, displays.length]).toEqual(['ok', 3_000_004, 300]);
});

it('keeps the last words of a kernel that ends while the gate is shut, however long that is', async () => {
  const { gate, kernel } = await startGated();
  const { pid } = kernel.kernel;
  kernel.begin('print("last words", flush=True)\nos._exit(7)');
  await until(() => isGone(pid as number), 'the process is gone');
  // That nothing happens has no event: so long it would be waited for where nobody is slow, and longer.
  await wait(3 * kernelDrainMillisecondsMax);
  expect(kernel.events.filter(({ type }) => type === 'died')).toEqual([]);
  gate.open();
  expect(await kernel.died()).toMatchObject({ code: 7 });
  expect(kernel.allText()).toContain('last words\n');
});

it('lets a kernel that is to stop say all that it has to say at its end', async () => {
  const { gate, kernel } = await startGated();
  gate.open();
  await kernel.run('import atexit\natexit.register(lambda: print("x" * 999_999))', { wantsResult: false });
  gate.shut();
  const stopped = kernel.kernel.stop();
  await wait(1.5 * kernelStopSecondsMax * 1000);
  gate.open();
  await stopped;
  expect(kernel.allText()).toBe(`${'x'.repeat(999_999)}\n`);
});

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
}
