/**
 * Faults that are planted in a copy of the worker: each breaks a promise of spec/worker.md, and random histories notice it. The text
 * that a fault replaces is there: a worker that is written otherwise has its faults planted anew.
 */
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../daemon/kernel/package-root.ts';
import { TestDaemon } from '../support/daemon.ts';
import { someOf } from '../support/histories.ts';
import { testPython } from '../support/kernel.ts';
import { Examiner, type Python, pythonWith } from './histories/examine.ts';
import { histories } from './histories/moves.ts';
import { type Fault, faults } from './histories/planted-faults.ts';

const historiesMax = 200;
const secondsPerHistoryMax = 10;

describe('random histories notice when', () => {
  let python: Python;
  beforeAll(async () => {
    python = await pythonWith(await testPython());
  });
  afterAll(() => python.runs.stop());

  it.each(someOf(faults).map((fault) => [fault.what, fault] as const))(
    '%s',
    { timeout: historiesMax * secondsPerHistoryMax * 1000 },
    async (_, fault) => {
      const root = await planted(fault);
      const daemon = await TestDaemon.create({}, join(root, 'dist', 'daemon', 'main.js'));
      try {
        const { format, family } = fault;
        const examiner = new Examiner(format, daemon, await daemon.client(), python);
        const property = fc.asyncProperty(histories(format, [family], true), (history) => examiner.examine(history));
        const { failed, numRuns } = await fc.check(property, { numRuns: historiesMax, endOnFailure: true });
        console.warn(`${fault.what}: noticed after ${numRuns} histories`);
        expect(failed).toBe(true);
      } finally {
        await daemon.stop();
        await rm(root, { recursive: true, force: true, maxRetries: 5 });
      }
    },
  );
});

/** What is installed, with the fault. */
async function planted({ file, text, instead }: Fault): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'hw-planted-'));
  for (const part of ['package.json', 'dist', join('daemon', 'worker')]) {
    await cp(join(packageRoot(), part), join(root, part), { recursive: true });
  }
  await symlink(join(packageRoot(), 'node_modules'), join(root, 'node_modules'));
  const path = join(root, file);
  const sound = await readFile(path, 'utf8');
  expect(sound.split(text), `${file} has the text once`).toHaveLength(2);
  await writeFile(
    path,
    sound.replace(text, () => instead),
  );
  return root;
}
