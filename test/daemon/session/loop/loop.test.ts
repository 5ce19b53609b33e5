import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Kernel, KernelEvent, StepNumber } from '../../../../daemon/kernel/kernel.ts';
import { standingsToldAtOnceMax } from '../../../../daemon/limits.ts';
import { parse } from '../../../core/analysis/support.ts';
import { provideScripted } from '../../../support/fake-provider.ts';
import { testSession } from '../../../support/session.ts';
import { until } from '../../../support/until.ts';

/** A chain of cells of which the first runs, with a kernel that says what the test says. */
async function running() {
  const sent: string[] = [];
  let hear: ((event: KernelEvent) => void) | undefined;
  let begun: ReadonlySet<StepNumber> = new Set();
  const ahead = new Set<StepNumber>();
  const kernel: Partial<Kernel> = {
    evaluate: ({ step }) => void sent.push(`${step}`),
    ahead: {
      evaluate: ({ step }, after) => {
        sent.push(`${step} after ${after}`);
        ahead.add(step);
      },
      takeBack: () => {
        const taken = new Set([...ahead].filter((step) => !begun.has(step)));
        for (const step of ahead) ahead.delete(step);
        return taken;
      },
    },
    stop: () => Promise.resolve(),
  };
  const session = testSession({
    text: '# %%\na = 1\n# %%\nb = a\n# %%\nc = b\n',
    format: 'percent',
    parse,
    provideKernels: provideScripted((onEvent) => {
      hear = onEvent;
      return kernel;
    }),
  });
  const run = session.startRun('all', [], undefined, false);
  await until(() => hear !== undefined, 'the kernel is being started');
  hear?.({ type: 'started', pid: 7, version: '3.13.0', executable: '/python3' });
  const finish = (step: StepNumber, name: string, isPlain = true) =>
    hear?.({
      type: 'finished',
      step,
      outcome: { type: 'ok' },
      isPlain,
      durationMs: 1,
      written: [name],
      deleted: [],
      observed: { writes: [], reads: [], changes: [] },
      untouched: [],
      unchanged: [],
    });
  const begin = (...steps: StepNumber[]) => {
    begun = new Set(steps);
  };
  return { session, run, sent, finish, begin };
}

it('gives the run that was accepted, with its plan', async () => {
  const { session, run } = await running();
  expect(run.plan.map(({ cell }) => cell)).toEqual(session.reading.cells.map(({ cell }) => cell.id));
});

it('sends steps ahead, but none while it does what was asked for', async () => {
  const { session, sent } = await running();
  await session.calmly(async () => {
    await turn();
    await turn();
    expect(sent).toEqual(['1']);
  });
  await turn();
  expect(sent).toEqual(['1', '2 after 1', '3 after 2']);
});

it('takes back what has not begun, and does what was asked for at once', async () => {
  const { session, sent } = await running();
  await turn();
  expect(sent).toHaveLength(3);
  const done: string[] = [];
  void session.calmly(async () => void done.push('asked'));
  expect(done).toEqual(['asked']);
});

it('hears first of the end of what has begun meanwhile', async () => {
  const { session, finish, begin } = await running();
  await turn();
  begin(2);
  const done: (StepNumber | undefined)[] = [];
  const running2 = () => (session.state.kernel.phase === 'busy' ? session.state.kernel.step : undefined);
  const asked = session.calmly(async () => void done.push(running2()));
  await turn();
  expect(done).toEqual([]);
  finish(1, 'a');
  await asked;
  expect(done).toEqual([2]);
});

it('takes what was foreseen of a plain end, and decides anew what follows from another', async () => {
  const { session, sent, finish } = await running();
  await turn();
  finish(1, 'a');
  expect(sent).toEqual(['1', '2 after 1', '3 after 2']);
  finish(2, 'b', false);
  expect(sent).toEqual(['1', '2 after 1', '3 after 2', '3']);
  expect(session.state.kernel).toMatchObject({ phase: 'busy', step: 3 });
});

it('tells how cells stand when it is asked to, not when it is looked at', async () => {
  const { session, finish } = await running();
  await turn();
  finish(1, 'a');
  const { seq } = session;
  const [first] = session.reading.cells.map(({ cell }) => cell.id);
  expect([session.view().seq, session.view().cells[first as string]?.status]).toEqual([seq, 'running']);
  session.tellStandings();
  expect([session.seq, session.view().cells[first as string]?.status]).toEqual([seq + 1, 'fresh']);
});

it('tells how the cells of a large notebook stand in parts', async () => {
  const codes = ['x0 = 1', ...Array.from({ length: 999 }, (_, at) => `x${at + 1} = x${at}`)];
  const text = codes.map((code) => `# %%\n${code}\n`).join('');
  const stays = { prepare: () => new Promise<never>(() => undefined), close: () => undefined };
  const session = testSession({ text, format: 'percent', parse, provideKernels: () => stays });
  const { seq } = session;
  const told = () => session.events.since(seq)?.flatMap((event) => (event.type === 'cells' ? [event.cells.length] : []));
  session.startRun('all', [], undefined, false);
  expect(told()).toEqual([standingsToldAtOnceMax]);
  await until(() => Object.values(session.view().cells).every(({ status }) => status === 'queued'), 'all is told');
  expect(told()).toEqual(Array.from({ length: codes.length / standingsToldAtOnceMax }, () => standingsToldAtOnceMax));
});
