// Early cutoff with a real kernel: who reads a value that is equal again need not run.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { TestNotebook } from '../support/daemon.ts';
import { sharedDaemon } from '../support/shared-daemon.ts';

const daemon = sharedDaemon();

const text = '# %%\nn = 1\nxs = [1]\n# %%\nm = n + 1\nprint("m")\n# %%\nprint(m)\n# %%\nprint(xs)\n';

const outcomesOf = async (notebook: TestNotebook, at: number) =>
  (await notebook.run('reactive', at)).steps.map(({ outcome }) => outcome);

it('spares by name what follows from a value that is equal again', async () => {
  const notebook = await daemon.notebook(text);
  const { session } = notebook;
  await notebook.run('all');
  await notebook.edit(text.replace('n = 1', 'n = 2 - 1'));
  await notebook.client.request('session/configure', { session, options: { earlyCutoff: true } });
  expect(await outcomesOf(notebook, 0)).toEqual(['ok', 'cached', 'cached', 'ok']);
  expect([notebook.followed.view.options.earlyCutoff, ...notebook.statuses]).toEqual([true, 'fresh', 'fresh', 'fresh', 'fresh']);
  await notebook.edit(text.replace('n = 1', 'n = 5'));
  expect(await outcomesOf(notebook, 0)).toEqual(['ok', 'ok', 'ok', 'ok']);
  expect(notebook.shown(2)).toBe('6\n');
  await notebook.client.request('session/configure', { session, options: { earlyCutoff: false } });
  expect(await outcomesOf(notebook, 0)).toEqual(['ok', 'ok', 'ok', 'ok']);
});

it('is a setting of the project, and what the opener says goes before it', async () => {
  await writeFile(join(daemon.folder, 'pyproject.toml'), '[tool.headwater]\nearly_cutoff = true\n');
  const notebook = await daemon.notebook(text);
  expect(notebook.followed.view.options.earlyCutoff).toBe(true);
  await notebook.run('all');
  expect(await outcomesOf(notebook, 0)).toEqual(['ok', 'cached', 'cached', 'ok']);
  const { view } = await notebook.client.request('session/open', { path: notebook.path, options: { earlyCutoff: false } });
  expect(view.options.earlyCutoff).toBe(false);
});

it('gives what changes a number in place the number that it was, and spares what follows', async () => {
  const notebook = await daemon.notebook('# %%\nn = 1\n# %%\nn += 1\n# %%\nprint(n)\n');
  await notebook.client.request('session/configure', { session: notebook.session, options: { earlyCutoff: true } });
  await notebook.run('all');
  expect(await outcomesOf(notebook, 1)).toEqual(['ok', 'ok', 'cached']);
  expect(notebook.shown(2)).toBe('2\n');
});
