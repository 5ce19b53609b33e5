// What waits behind a running cell: cancelled, wanted by two requests, or computed from values that are older than the last.
import { expect, it } from 'vitest';
import type { TestNotebook } from '../support/daemon.ts';
import { sharedDaemon } from '../support/shared-daemon.ts';

const daemon = sharedDaemon();

const gated = '# %%\ngate = input()\n# %%\na = 1\n# %%\nb = gate, a\nb\n# %%\nc = 3\nc\n';

/** The notebook with its first cell waiting for an answer, and all others for it. */
async function waiting(): Promise<{ notebook: TestNotebook; run: number }> {
  const notebook = await daemon.notebook(gated);
  const run = await notebook.start('all');
  await notebook.followed.waitFor((view) => view.input !== undefined);
  return { notebook, run };
}

async function open(notebook: TestNotebook): Promise<void> {
  const input = notebook.followed.view.input?.input ?? 0;
  await notebook.client.request('input/reply', { session: notebook.session, input, text: 'go' });
}

it('a waiting cell is taken out of its run, what needs it is skipped, and the rest goes on (P36)', async () => {
  const { notebook, run } = await waiting();
  const cells = [notebook.cell(1).id];
  const { seq } = await notebook.client.request('run/cancel', { session: notebook.session, cells });
  await notebook.followed.waitFor((view) => view.seq >= seq);
  expect(notebook.statuses).toEqual(['running', 'new', 'queued', 'queued']);
  await open(notebook);
  const { outcome, steps } = await notebook.wait(run);
  expect(outcome).toBe('interrupted');
  expect(steps.map(({ outcome, reason }) => reason ?? outcome)).toEqual([
    'cancelled',
    'ok',
    'a comes from cell 2, which was removed from the run',
    'ok',
  ]);
  expect(notebook.shown(3)).toBe('3');
});

it('refuses to cancel what never was', async () => {
  const { notebook } = await waiting();
  const { session } = notebook;
  await expect(notebook.client.request('run/cancel', { session, run: 99 })).rejects.toThrow('There is no run 99');
  await expect(notebook.client.request('run/cancel', { session, cells: ['zz'] })).rejects.toThrow('has no cell zz');
});

it('a cell that two requests want runs once (P35)', async () => {
  const { notebook, run } = await waiting();
  const again = await notebook.start('only', 3);
  await open(notebook);
  expect((await notebook.wait(run)).outcome).toBe('ok');
  expect((await notebook.wait(again)).steps).toMatchObject([{ outcome: 'cached' }]);
});

it('a newer value takes what was to compute from the older out of its run (P37)', async () => {
  const { notebook, run } = await waiting();
  const { session } = notebook;
  await notebook.client.request('parameters/set', { session, parameters: { a: '5' } });
  const last = await notebook.client.request('parameters/set', { session, parameters: { a: '7' } });
  expect(last.plan.map(({ cell }) => cell)).toEqual([0, 1, 2].map((at) => notebook.cell(at).id));
  await open(notebook);
  const first = await notebook.wait(run);
  expect(first.steps.map(({ outcome, reason }) => reason ?? outcome)).toEqual([
    'superseded by run 2',
    'superseded by run 2',
    'ok',
    'ok',
  ]);
  expect((await notebook.wait(last.run)).outcome).toBe('ok');
  expect(notebook.shown(2)).toBe("('go', 7)");
});

it('refuses a value that does not fit', async () => {
  const { notebook } = await waiting();
  const wrong = notebook.client.request('parameters/set', { session: notebook.session, parameters: { a: 'much' } });
  await expect(wrong).rejects.toThrow('a must be an int such as 3, but much is not.');
});
