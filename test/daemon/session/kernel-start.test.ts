import { afterEach, expect, it } from 'vitest';
import type { Kernel, KernelEvent } from '../../../daemon/kernel/kernel.ts';
import { Session, type SessionOptions } from '../../../daemon/session/session.ts';
import { noSettings } from '../../../daemon/session/settings.ts';
import { Blobs } from '../../../daemon/store/blobs.ts';
import { applyChange } from '../../../protocol/changes.ts';
import type { KernelView } from '../../../protocol/types.ts';
import { parse } from '../../core/analysis/support.ts';
import { TestDaemon } from '../../support/daemon.ts';
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

/** With a kernel that says what the test says, and what a session needs that runs nothing. */
function sessionWith(start: (onEvent: (event: KernelEvent) => void) => void): Session {
  const options: Partial<SessionOptions> = {
    id: 's1',
    incarnation: 'test',
    path: '/notebook.py',
    text: '# %%\n1\n',
    format: 'percent',
    parse,
    blobs: new Blobs(),
    keepsSpare: false,
    startKernel: (_, onEvent) => {
      start(onEvent);
      return { stop: () => Promise.resolve() } as Kernel;
    },
    prepareKernel: async () => ({ python: '/python3', source: 'the test', directory: '/', environment: {}, arguments: [] }),
    settings: noSettings,
    watchWorld: undefined,
    plainFileNames: true,
    now: () => 0,
    onError: (error) => {
      throw error;
    },
  };
  return new Session(options as SessionOptions);
}
