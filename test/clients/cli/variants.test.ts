/** Commands that list or look up sessions, beside a variant. */
import { afterAll, expect, it } from 'vitest';
import { type Client, connect } from '../../../clients/node/client.ts';
import { callHeadwater, emptyFolder, headwater, writeNotebook } from './headwater.ts';

const folder = emptyFolder();
const env = { HEADWATER_RUNTIME_DIR: emptyFolder() };
const call = (...args: readonly string[]) => callHeadwater(args, { cwd: folder, env });
let client: Client | undefined;

afterAll(async () => {
  client?.close();
  await headwater(['daemon', 'stop'], { cwd: folder, env });
});

it('lists variants with their ids, means the session of the file by its path, and stops a variant by its id (P48)', async () => {
  const path = writeNotebook(folder, 'tour.py', '# %%\nx = 1\nprint("x is", x)\n');
  expect((await call('cell', 'run', 'tour.py:2')).stdout).toBe('x is 1\n');
  client = await connect({ clientName: 'test', environment: { ...process.env, ...env } as Record<string, string>, start: false });
  const { view } = await client.request('session/open', { path, variant: 'of mine', parameters: { x: '2' } });

  expect((await call('ps')).stdout).toMatch(new RegExp(`^${path} \\(variant of mine, ${view.session}\\) +.*not started`, 'm'));
  const listed = (await call('ps', '--json')).stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(listed).toMatchObject([
    { path, variant: null },
    { path, variant: 'of mine', session: view.session },
  ]);

  expect((await call('stop', 'tour.py')).stderr).toBe(`Stopped ${path}.\n`);
  const alone = await call('stop', 'tour.py');
  expect([alone.code, alone.stderr]).toEqual([1, expect.stringContaining('tour.py is not open. List the open notebooks')]);
  expect((await call('cell', 'output', 'tour.py:2')).stderr).toContain('tour.py is not open');
  expect((await call('stop', view.session)).stderr).toBe(`Stopped ${path} (variant of mine, ${view.session}).\n`);
  expect((await call('ps')).stderr).toBe('No notebook is open.\n');
});
