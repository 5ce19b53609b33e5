import { afterEach, expect, it } from 'vitest';
import type { KernelView } from '../../../protocol/types.ts';
import { TestDaemon } from '../../support/daemon.ts';

let daemon: TestDaemon;

afterEach(() => daemon.stop());

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
