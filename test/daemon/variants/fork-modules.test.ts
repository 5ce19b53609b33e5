import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { Evaluation, ForkedKernel, Kernel, KernelEvent } from '../../../daemon/kernel/kernel.ts';
import { provideScripted } from '../../support/fake-provider.ts';
import { type MemoryServer, memoryServer } from '../../support/memory-server.ts';
import { until } from '../../support/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'hw-fork-'));
const module = join(folder, 'rates.py');
let server: MemoryServer | undefined;

afterEach(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true });
});

const nothing = { deleted: [], untouched: [], unchanged: [], observed: { writes: [], reads: [], changes: [] } };

/** Each step says that it has imported the module as it is. */
const importing = (onEvent: (event: KernelEvent) => void): Kernel => {
  queueMicrotask(() => onEvent({ type: 'started', version: '3.14.0', executable: '/python3' }));
  const finish = ({ step, writes: written }: Evaluation) =>
    onEvent({
      type: 'finished',
      step,
      outcome: { type: 'ok' },
      isPlain: false,
      written,
      durationMs: 1,
      modules: [[module, createHash('sha256').update(readFileSync(module)).digest('hex')]],
      ...nothing,
    });
  const stop = async () => onEvent({ type: 'died', code: 0, signal: null, wasAsked: true, reason: 'It was stopped.' });
  const fork = async (): Promise<ForkedKernel> => importing;
  return {
    fork,
    stop,
    evaluate: (evaluation) => queueMicrotask(() => finish(evaluation)),
    interrupt: () => {},
    answer: () => {},
  };
};

it('looks after the files that the kernel had imported before it was copied', async () => {
  server = memoryServer(folder, { provideKernels: provideScripted(importing) });
  writeFileSync(module, 'rate = 1\n');
  const session = await server.sessions.open(join(folder, 'notebook.py'), { text: '# %%\nimport rates\n' }, {});
  await session.waitForRun(session.startRun('all', [], undefined, false).run);
  const fork = await server.sessions.fork(session, { name: 'copy', parameters: {} });
  await server.sessions.close(session);
  expect(fork.cell('c1')?.status).toBe('fresh');
  writeFileSync(module, 'rate = 2\n');
  await until(() => fork.cell('c1')?.status === 'stale', 'the copy hears of the change');
});
