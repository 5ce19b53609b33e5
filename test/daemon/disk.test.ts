/** Where nobody owns the text, every question about it is about the file as it is now. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sharedDaemon } from '../support/shared-daemon.ts';

const daemon = sharedDaemon();
const before = '# %%\nx = 1\n# %%\ny = x + 1\n# %%\nprint(y)\n';
const after = '# %%\nx = 1\n# %%\ny = 5\n# %%\nprint(y)\n# %%\nprint(x)\n';

async function opened() {
  const path = join(daemon.folder, `disk-${Math.random().toString(36).slice(2)}.py`);
  writeFileSync(path, before);
  const client = await daemon.client();
  const { view } = await client.request('session/open', { path });
  const { session, layout } = view;
  const { run } = await client.request('run/start', { session, mode: 'all' });
  await client.request('run/wait', { session, run });
  const change = (text = after) => writeFileSync(path, text);
  return { client, session, cells: layout.map(({ id }) => id), change };
}

it.each(['stale', 'all', 'reactive', 'upstream', 'only'] as const)('the plan of mode %s is the run', async (mode) => {
  const { client, session, cells, change } = await opened();
  const roots = ['stale', 'all'].includes(mode) ? {} : { roots: [cells[1] as string] };
  change();
  const { plan } = await client.request('graph/plan', { session, mode, ...roots });
  const started = await client.request('run/start', { session, mode, ...roots });
  expect(plan).toEqual(started.plan);
  expect(plan.length).toBeGreaterThan(0);
});

it('a cell that the file has no more is refused by both', async () => {
  const { client, session, cells, change } = await opened();
  change('# %%\nx = 1\n');
  const roots = [cells[2] as string];
  for (const method of ['graph/plan', 'run/start'] as const)
    await expect(client.request(method, { session, mode: 'only', roots })).rejects.toThrow(/no cell|removed/);
});

it('the list of parameters is that of the file', async () => {
  const { client, session, change } = await opened();
  change();
  const { parameters } = await client.request('parameters/list', { session });
  expect(parameters.map(({ name, default: value }) => `${name} = ${value}`)).toEqual(['x = 1', 'y = 5']);
});

it('the text of an owner is not that of the file', async () => {
  const { client, session, change } = await opened();
  await client.request('text/open', { session, version: 1, text: before });
  change();
  expect((await client.request('graph/plan', { session, mode: 'stale' })).plan).toEqual([]);
});
