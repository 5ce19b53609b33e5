import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Client } from '../../clients/node/client.ts';
import { sharedDaemon } from '../support/shared-daemon.ts';

const daemon = sharedDaemon();
let client: Client;

beforeEach(async () => {
  client = await daemon.client();
});

describe('notebook/convert', () => {
  it('reads the file, tells what it is, and opens and writes nothing (P30)', async () => {
    const path = join(daemon.folder, 'n.py');
    await writeFile(path, '# %% load\nx = 1\n# %%\nx = 2\n');
    const before = await readdir(daemon.folder);
    const converted = await client.request('notebook/convert', { path });
    expect(converted).toMatchObject({ from: 'percent', to: 'marimo', cells: 2 });
    expect(converted.text).toContain('@app.cell\ndef load():\n    x = 1\n');
    expect(converted.losses).toEqual([
      {
        code: 'multiple-definition',
        severity: 'warning',
        message: expect.stringContaining('x is defined in 2 cells'),
        cell: 0,
        line: 0,
      },
    ]);
    expect((await client.request('session/list', {})).sessions).toEqual([]);
    expect(await readdir(daemon.folder)).toEqual(before);
  });

  it('takes the text of a client instead, and its word for what it is', async () => {
    const path = join(daemon.folder, 'gone.py');
    const asked = { path, text: 'x = 1\n' };
    await expect(client.request('notebook/convert', asked)).rejects.toMatchObject({ data: { name: 'not-a-notebook' } });
    const converted = await client.request('notebook/convert', { ...asked, from: 'percent', to: 'markdown' });
    expect(converted.text).toBe('```python setup=true\nx = 1\n```\n');
  });

  it.each([
    ['unreadable-file', { path: '/nowhere/n.ipynb' }],
    ['not-a-notebook', { path: '/nowhere/n.ipynb', text: '{}' }],
    ['limit-reached', { path: '/nowhere/n.py', text: '# %%\n'.repeat(20_001) }],
  ])('refuses by name: %s', async (name, params) => {
    await expect(client.request('notebook/convert', params)).rejects.toMatchObject({ data: { name } });
  });
});
