/** Who may change the text of a session, and when the file is read again. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Connection } from '../../../protocol/connection.ts';
import { type Served, serve } from '../../support/served.ts';

let served: Served;
let notebooks = 0;
let path: string;

beforeAll(async () => {
  served = await serve();
});

afterAll(() => served.stop());

beforeEach(() => {
  path = join(served.folder, `notebook_${notebooks++}.py`);
  writeFileSync(path, '# %%\nx = 1\n');
});

const insertion = { range: { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } }, text: 'y = 0\n' };

async function codeOf(client: Connection, session: string): Promise<string> {
  const { view } = await client.request('session/attach', { session });
  return Object.values(view?.cells ?? {})
    .map(({ code }) => code)
    .join('\n');
}

async function owned(): Promise<{ owner: Connection; other: Connection; session: string }> {
  const [owner, other] = [await served.client(), await served.client()];
  const { view } = await owner.request('session/open', { path, text: '# %%\nx = 2\n', version: 1 });
  await other.request('session/open', { path, text: '# %%\nx = 3\n', version: 1 });
  return { owner, other, session: view.session };
}

it('is the first that gave a text: others change, save and close nothing (P73)', async () => {
  const { owner, other, session } = await owned();
  await expect(other.request('text/change', { session, version: 2, changes: [insertion] })).rejects.toMatchObject({
    data: { name: 'not-owner' },
  });
  await other.request('text/save', { session });
  await other.request('text/close', { session });
  expect(await codeOf(other, session)).toBe('x = 2');
  await owner.request('text/change', { session, version: 2, changes: [insertion] });
  expect(await codeOf(other, session)).toBe('y = 0\nx = 2');
});

it('is nobody once it is gone: then the file counts, and another may take the text over (P73)', async () => {
  const { owner, other, session } = await owned();
  owner.dispose();
  await expect.poll(() => codeOf(other, session)).toBe('x = 1');
  await other.request('text/open', { session, version: 1, text: '# %%\nx = 4\n' });
  expect(await codeOf(other, session)).toBe('x = 4');
});

it.each([
  ['session/open', (client: Connection) => client.request('session/open', { path })],
  ['run/start', (client: Connection, session: string) => client.request('run/start', { session, mode: 'stale' })],
  [
    'cell/find',
    (client: Connection, session: string) => client.request('cell/find', { session, position: { line: 1, character: 0 } }),
  ],
  ['code/evaluate', (client: Connection, session: string) => client.request('code/evaluate', { session, code: '1' })],
  ['parameters/set', (client: Connection, session: string) => client.request('parameters/set', { session, parameters: {} })],
] as const)('reads the file again for %s, and not before (P74)', async (_, ask) => {
  const client = await served.client();
  const { view } = await client.request('session/open', { path, environment: { PATH: process.env['PATH'] ?? '' } });
  const { session } = view;
  writeFileSync(path, '# %%\nx = 5\n');
  expect(await codeOf(client, session)).toBe('x = 1');
  await ask(client, session);
  expect(await codeOf(client, session)).toBe('x = 5');
});

it('sends each later event once to a client that attaches again (P26)', async () => {
  const client = await served.client();
  const { view } = await client.request('session/open', { path });
  const { session } = view;
  const numbers: number[] = [];
  client.onNotification('session/event', ({ seq }) => void numbers.push(seq));
  for (let again = 0; again < 3; again++) await client.request('session/attach', { session });
  const { seq } = await client.request('text/open', { session, version: 1, text: '# %%\nx = 6\n' });
  await expect.poll(() => numbers.at(-1)).toBe(seq);
  expect(numbers).toEqual([...new Set(numbers)]);
});
