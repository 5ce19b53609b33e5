import { setTimeout as wait } from 'node:timers/promises';

const untilSecondsMax = 20;

/** Waits for what has no event: asks again and again, and fails with the given words when it stays untrue. */
export async function until(isTrue: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + untilSecondsMax * 1000;
  while (!(await isTrue())) {
    if (Date.now() > deadline) throw new Error(`After ${untilSecondsMax} seconds it is still not so that ${what}.`);
    await wait(10);
  }
}
