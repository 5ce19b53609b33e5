import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { followSession } from '../../../clients/node/notebook.ts';
import { TestDaemon, TestNotebook } from '../../support/daemon.ts';
import { isAlive } from '../../support/processes.ts';
import { until } from '../../support/until.ts';

let daemon: TestDaemon;

afterEach(() => daemon.stop());

const text = '# %%\nx = 1\nprint("x is", x)\n';

function keptText(): string {
  const folder = join(daemon.folder, 'run', 'state', 'outputs');
  if (!existsSync(folder)) return '';
  return readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');
}

async function variantOf({ path, client }: TestNotebook): Promise<TestNotebook> {
  const followed = await followSession(client, { path, variant: 'v', environment: daemon.environment });
  return new TestNotebook(path, client, followed);
}

it('keeps nothing of a variant, shows nothing in it that was kept, and has none in its next life (P28, P50)', async () => {
  daemon = await TestDaemon.create();
  const notebook = await daemon.notebook(text);
  await notebook.run('all');
  await notebook.client.request('session/close', { session: notebook.session });
  const kept = keptText();
  expect(kept).toContain('x is 1');
  const variant = await variantOf(notebook);
  expect([variant.shown(0), variant.cell(0).asOf]).toEqual(['', undefined]);
  // The code is the same: it would take the place of what is kept.
  await variant.run('all');
  await variant.client.request('session/close', { session: variant.session });
  expect(keptText()).toBe(kept);

  const again = await variantOf(notebook);
  const attached = await followSession(await daemon.client('other'), again.session);
  const { pid } = again.client.server;
  process.kill(pid, 'SIGKILL');
  await until(() => !isAlive(pid), 'the daemon is gone');
  await daemon.client();
  // Who opened it opens it anew; who only knew its id is told, and does not get the session of the file instead.
  await again.followed.waitFor((view) => view.incarnation !== attached.view.incarnation);
  expect([again.followed.view.variant, again.statuses, again.shown(0)]).toEqual(['v', ['new'], '']);
  await until(() => attached.state === 'closed', 'the other client is told');
  await expect(attached.waitFor(() => false)).rejects.toThrow('The daemon began anew without the variant v');
});
