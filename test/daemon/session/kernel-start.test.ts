import { afterEach, expect, it } from 'vitest';
import type { Kernel, KernelEvent } from '../../../daemon/kernel/kernel.ts';
import type { Session } from '../../../daemon/session/session.ts';
import { applyChange } from '../../../protocol/changes.ts';
import type { KernelView } from '../../../protocol/types.ts';
import { parse } from '../../core/analysis/support.ts';
import { TestDaemon } from '../../support/daemon.ts';
import { provideScripted } from '../../support/fake-provider.ts';
import { testSession } from '../../support/session.ts';
import { until } from '../../support/until.ts';

let daemon: TestDaemon | undefined;

afterEach(() => daemon?.stop());

it('tells which interpreter is being started, so that who followed from the beginning knows what a newcomer is told', async () => {
  daemon = await TestDaemon.create();
  const notebook = await daemon.notebook('# %%\n1\n');
  const told: KernelView[] = [];
  notebook.client.onEvent(notebook.session, (event) => {
    if (event.type === 'kernel') told.push(event.kernel);
  });
  await notebook.run('all');
  const { python, source } = notebook.followed.view.kernel;
  expect(told.filter(({ phase }) => phase === 'starting').at(-1)).toEqual({ phase: 'starting', generation: 1, python, source });
});

it('tells of the process also where it is to stop by the time it is there', async () => {
  let hear: ((event: KernelEvent) => void) | undefined;
  const session = sessionWith((onEvent) => {
    hear = onEvent;
  });
  let folded = structuredClone(session.view());
  session.restart();
  await until(() => hear !== undefined, 'the kernel is being started');
  session.stopKernel();
  hear?.({ type: 'started', pid: 7, version: '3.13.0', executable: '/python3' });
  for (const event of session.events.since(0) ?? []) folded = applyChange(folded, structuredClone(event));
  expect(folded).toEqual(session.view());
});

it('gives the kernel a step before it tells of it', async () => {
  const order: string[] = [];
  let hear: ((event: KernelEvent) => void) | undefined;
  const session = sessionWith(
    (onEvent) => {
      hear = onEvent;
    },
    () => order.push('evaluate'),
  );
  session.events.listen(() => order.push(session.events.since(session.events.seq - 1)?.[0]?.type ?? 'nothing'));
  session.startRun('all', [], undefined, false);
  await until(() => hear !== undefined, 'the kernel is being started');
  hear?.({ type: 'started', pid: 7, version: '3.13.0', executable: '/python3' });
  expect(order.filter((what) => what === 'evaluate' || what === 'step.started')).toEqual(['evaluate', 'step.started']);
});

/** With a kernel that says what the test says. */
function sessionWith(start: (onEvent: (event: KernelEvent) => void) => void, evaluate: Kernel['evaluate'] = () => {}): Session {
  return testSession({
    text: '# %%\n1\n',
    format: 'percent',
    parse,
    provideKernels: provideScripted((onEvent) => {
      start(onEvent);
      return { evaluate, stop: () => Promise.resolve() };
    }),
  });
}
