import { expect, it } from 'vitest';
import type { ProvideKernels } from '../../../daemon/kernel/provider.ts';
import type { Session } from '../../../daemon/session/session.ts';
import { parse } from '../../core/analysis/support.ts';
import { type FakeOptions, provideFakes } from '../../support/fake-provider.ts';
import { testSession } from '../../support/session.ts';
import { until } from '../../support/until.ts';

/** A session whose kernel is no process. */
function sessionWith(codes: readonly string[], options: FakeOptions = {}): Session {
  const text = codes.map((code) => `# %%\n${code}\n`).join('');
  return testSession({ text, format: 'percent', parse, provideKernels: provideFakes(options) });
}

async function runAll(session: Session): Promise<string> {
  const { run } = session.startRun('all', [], undefined, false);
  return (await session.waitForRun(run)).outcome;
}

function shown(session: Session): string[] {
  return session.reading.cells.map(({ cell }) => session.textShownBy(cell.id));
}

/** Long enough for a session to send what follows. */
const later = (act: () => void): void => void setTimeout(act, 1);

const chain = ['x0 = 1', ...Array.from({ length: 99 }, (_, at) => `x${at + 1} = x${at} + 1`), 'print(x99)'];

it.each([
  ['can', true],
  ['cannot', false],
])('runs a chain to the same end where steps %s be sent ahead', async (_, sendsAhead) => {
  const ahead: number[] = [];
  const session = sessionWith(chain, { sendsAhead, later, onAhead: (step) => void ahead.push(step) });
  expect(await runAll(session)).toBe('ok');
  session.tellStandings();
  expect(shown(session).at(-1)).toBe('100\n');
  expect(session.reading.cells.map(({ cell }) => session.cell(cell.id)?.lastStep?.step)).toEqual(chain.map((_, at) => at + 1));
  expect(Object.values(session.view().cells).every(({ status }) => status === 'fresh')).toBe(true);
  expect(ahead.length > 0).toBe(sendsAhead);
});

it.each([
  ['can', true],
  ['cannot', false],
])('decides anew after an end that was not foreseen where steps %s be sent ahead', async (_, sendsAhead) => {
  const session = sessionWith(['x = 1', 'raise ValueError', 'print(x)', 'xs = []', 'xs.append(x)', 'xs'], { sendsAhead, later });
  expect(await runAll(session)).toBe('failed');
  session.tellStandings();
  expect(shown(session).slice(2)).toEqual(['1\n', '', '', '[1]\n']);
  expect(session.reading.cells.map(({ cell }) => session.cell(cell.id)?.status)).toEqual([
    'fresh',
    'failed',
    ...Array.from({ length: 4 }, () => 'fresh'),
  ]);
});

it('asks, is answered, and tells no memory and no process', async () => {
  const session = sessionWith(["name = input('Who? ')", "print('Hello ' + name)"]);
  const { run } = session.startRun('all', [], undefined, false);
  await until(() => session.view().input !== undefined, 'it asks');
  expect(session.view().input).toMatchObject({ prompt: 'Who? ' });
  session.reply(session.view().input?.input ?? 0, 'Ada', false);
  expect((await session.waitForRun(run)).outcome).toBe('ok');
  expect(shown(session)).toEqual(['', 'Hello Ada\n']);
  expect(await session.memoryBytes()).toBeUndefined();
  expect(session.kernelView).toEqual({
    phase: 'idle',
    generation: 1,
    python: 'little Python',
    source: 'the test',
    version: '3.14.0',
  });
});

it('is interrupted in the one way that the kernel knows, and says which', async () => {
  const session = sessionWith(['while True: pass', '1']);
  const { run } = session.startRun('all', [], undefined, false);
  await until(() => session.state.kernel.phase === 'busy', 'it runs');
  const { seq } = session;
  session.interrupt({ level: 'group' });
  expect((await session.waitForRun(run)).outcome).toBe('interrupted');
  const told = session.events.since(seq)?.flatMap((event) => (event.type === 'step.interrupt' ? [event] : []));
  expect(told?.map(({ level, state }) => [level, state])).toEqual([
    ['sigint', 'sent'],
    ['sigint', 'taken'],
  ]);
});

it('is restarted, and stopped', async () => {
  const session = sessionWith(['x = 1', 'x']);
  await runAll(session);
  session.restart();
  await until(() => session.state.kernel.phase === 'idle', 'another kernel is there');
  expect(session.kernelView.generation).toBe(2);
  expect(await runAll(session)).toBe('ok');
  expect(shown(session)).toEqual(['', '1\n']);
  await session.close();
  expect(session.kernelView).toMatchObject({ phase: 'none', reason: 'The kernel was stopped.' });
});

it('says why there can be no kernel', async () => {
  const problem = 'No kernel can be had on Sundays; come back tomorrow.';
  const provideKernels = () => ({ prepare: async () => ({ problem }), close: () => undefined });
  const session = testSession({ text: '# %%\n1\n', format: 'percent', parse, provideKernels });
  await expect(session.prepareKernel()).rejects.toMatchObject({ data: { name: 'no-interpreter' }, message: problem });
  expect(await runAll(session)).toBe('failed');
  expect(session.kernelView).toEqual({ phase: 'dead', generation: 1, reason: problem });
});

it('tells the provider that another kernel comes, before the one that runs ends, and that none does', async () => {
  const calls: string[] = [];
  const provideKernels: ProvideKernels = (notebook) => {
    const { prepare } = provideFakes()(notebook);
    return {
      prepare: () => {
        calls.push('prepare');
        return prepare();
      },
      expectNext: () => void calls.push('expect'),
      close: () => void calls.push('close'),
    };
  };
  const session = testSession({ text: '# %%\n1\n', format: 'percent', parse, provideKernels });
  await runAll(session);
  session.restart();
  await until(() => session.state.kernel.phase === 'idle', 'another kernel is there');
  await session.close();
  expect(calls).toEqual(['prepare', 'expect', 'prepare', 'close']);
});
