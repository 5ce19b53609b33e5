import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Followed, followSession } from '../../../clients/node/notebook.ts';
import { variantsMax } from '../../../daemon/limits.ts';
import { refusalName } from '../../../protocol/errors.ts';
import { type ParamsOf, type RequestName, requests } from '../../../protocol/methods.ts';
import { TestNotebook } from '../../support/daemon.ts';
import { sharedDaemon } from '../../support/shared-daemon.ts';

const daemon = sharedDaemon();

const text = '# %%\nx = 1\n# %%\ny = x * 10\ny\n# %%\nz = 3\nprint("z is", z)\n';

/** As the session of the file is opened, but for the text. */
async function variantOf(
  { path, client }: TestNotebook,
  variant: string,
  more: Partial<ParamsOf<'session/open'>> = {},
): Promise<TestNotebook> {
  const what: Followed = { path, variant, environment: daemon.environment, ...more };
  return new TestNotebook(path, client, await followSession(client, what));
}

async function refused(work: Promise<unknown>): Promise<{ name: string | undefined; message: string }> {
  return work.then(
    () => ({ name: undefined, message: 'It was not refused.' }),
    (error: unknown) => ({ name: refusalName(error), message: (error as Error).message }),
  );
}

it('runs two variants with their own values beside the session of the file (P48, P50)', async () => {
  const notebook = await daemon.notebook(text);
  const two = await variantOf(notebook, 'two', { parameters: { x: '2' } });
  const three = await variantOf(notebook, 'three', { parameters: { x: '3' } });
  expect([two.statuses, two.followed.view.variant]).toEqual([['new', 'new', 'new'], 'two']);
  await Promise.all([notebook, two, three].map((each) => each.run('all')));
  expect([notebook, two, three].map((each) => each.shown(1))).toEqual(['10', '20', '30']);
  const pids = [notebook, two, three].map((each) => each.followed.view.kernel.pid);
  expect(new Set(pids).size).toBe(3);
  await two.client.request('parameters/set', { session: two.session, parameters: { x: '5' } });
  await two.followed.waitFor(() => two.shown(1) === '50');
  expect([notebook, three].map((each) => each.shown(1))).toEqual(['10', '30']);
  expect(notebook.followed.view.variant).toBeUndefined();
});

it('has output files of its own (P50)', async () => {
  const notebook = await daemon.notebook(text);
  const variant = await variantOf(notebook, 'other', { parameters: { z: '4' } });
  await Promise.all([notebook, variant].map((each) => each.run('all')));
  const files = await Promise.all(
    [notebook, variant].map((each) => each.client.request('output/file', { session: each.session, cell: each.cell(2).id })),
  );
  expect(files.map(({ path }) => readFileSync(path, 'utf8'))).toEqual(['z is 3\n', 'z is 4\n']);
});

it('keeps its text when the buffer or the file changes, which makes only the session of the file stale (P49)', async () => {
  const notebook = await daemon.notebook(text);
  const variant = await variantOf(notebook, 'as it was');
  await Promise.all([notebook, variant].map((each) => each.run('all')));
  await notebook.edit(text.replace('x = 1', 'x = 7'));
  writeFileSync(notebook.path, text.replace('x = 1', 'x = 8'));
  expect(notebook.statuses).toEqual(['stale', 'stale', 'fresh']);
  expect(variant.statuses).toEqual(['fresh', 'fresh', 'fresh']);
  await variant.run('all');
  expect([variant.cell(0).code, variant.shown(1)]).toEqual(['x = 1', '10']);
});

it('has the text of the request, else of the session of the file, else of the file (P49)', async () => {
  const notebook = await daemon.notebook(text);
  await notebook.edit(text.replace('x = 1', 'x = 7'));
  const given = await variantOf(notebook, 'given', { text: '# %%\nw = 0\n' });
  const buffer = await variantOf(notebook, 'buffer');
  expect([given.cell(0).code, buffer.cell(0).code]).toEqual(['w = 0', 'x = 7']);
  await notebook.client.request('session/close', { session: notebook.session });
  expect((await variantOf(notebook, 'file')).cell(0).code).toBe('x = 1');
});

it('refuses to change its text (P49)', async () => {
  const notebook = await daemon.notebook(text);
  const { client, session } = await variantOf(notebook, 'frozen');
  const ways = [
    client.request('text/open', { session, version: 1, text }),
    client.request('text/change', { session, version: 2, changes: [{ text }] }),
    client.request('text/save', { session }),
    client.request('text/close', { session }),
  ];
  for (const way of ways) expect((await refused(way)).name).toBe('frozen-text');
});

it('is joined by who opens it again, with the values that it has by then (P48)', async () => {
  const notebook = await daemon.notebook(text);
  const first = await variantOf(notebook, 'shared', { parameters: { x: '2' } });
  await first.run('all');
  const second = await variantOf(notebook, 'shared', { parameters: { x: '9' } });
  expect([second.session, second.shown(1), second.statuses]).toEqual([first.session, '20', ['fresh', 'fresh', 'fresh']]);
});

it('is not joined where it has another text or format (P48)', async () => {
  const notebook = await daemon.notebook(text);
  const { session } = await variantOf(notebook, 'shared');
  await notebook.edit(text.replace('x = 1', 'x = 7'));
  const { name, message } = await refused(variantOf(notebook, 'shared'));
  expect(name).toBe('variant-exists');
  expect(message).toContain(`Attach to it by its id ${session}, close it first, or choose another name.`);
  expect((await variantOf(notebook, 'shared', { text })).session).toBe(session);
  expect((await refused(variantOf(notebook, 'shared', { text, format: 'marimo' }))).name).toBe('variant-exists');
});

it('begins with no values that do not fit, and gives none to the session of the file', async () => {
  const notebook = await daemon.notebook(text);
  const { path, client } = notebook;
  expect((await refused(variantOf(notebook, 'wrong', { parameters: { x: 'one' } }))).name).toBe('bad-parameter');
  expect((await client.request('session/list', {})).sessions).toHaveLength(1);
  await expect(client.request('session/open', { path, parameters: { x: '2' } })).rejects.toThrow(
    'parameters: only a variant begins with parameters',
  );
});

it('is listed with its name, attached to by its id, and closed alone (P48)', async () => {
  const notebook = await daemon.notebook(text);
  const { session } = await variantOf(notebook, 'mine');
  const other = await daemon.client('other');
  const listed = (await other.request('session/list', {})).sessions;
  expect(listed.map((one) => [one.session, one.variant])).toEqual([
    [notebook.session, undefined],
    [session, 'mine'],
  ]);
  const attached = await followSession(other, session);
  expect([attached.session, attached.view.variant]).toEqual([session, 'mine']);
  await other.request('session/close', { session });
  expect((await other.request('session/list', {})).sessions.map((one) => one.session)).toEqual([notebook.session]);
  expect(attached.state).toBe('closed');
});

const named = (Object.keys(requests) as RequestName[]).filter((method) => 'session' in shapeOf(method));

it.each(named)('is not what %s means by the path of the file (P48)', async (method) => {
  const notebook = await daemon.notebook(text);
  const { path, client, session } = notebook;
  const variant = await variantOf(notebook, 'hidden');
  await client.request('session/close', { session });
  const seq = variant.followed.view.seq;
  expect((await refused(client.request(method, paramsOf(method, path)))).name).toBe('no-such-session');
  expect((await client.request('session/attach', { session: variant.session })).view?.seq).toBe(seq);
});

it('leaves the path to the session of the file, whichever was opened first (P48)', async () => {
  const path = join(daemon.folder, 'notebook.py');
  writeFileSync(path, text);
  const client = await daemon.client();
  const variant = await followSession(client, { path, variant: 'first', environment: daemon.environment });
  const { view } = await client.request('session/open', { path, environment: daemon.environment });
  expect(view.session).not.toBe(variant.session);
  expect((await client.request('session/attach', { session: path })).view?.session).toBe(view.session);
});

it.each(['', 'two\nlines', '\u001b[31mred', '\u2028'])('is refused with the name %j, which would break a list', async (name) => {
  const notebook = await daemon.notebook(text);
  expect((await refused(variantOf(notebook, name))).message).toContain('variant');
});

it('is refused where a file has too many', async () => {
  const notebook = await daemon.notebook(text);
  for (let at = 0; at < variantsMax; at++)
    await notebook.client.request('session/open', { path: notebook.path, variant: `${at}` });
  const { name, message } = await refused(variantOf(notebook, 'one more'));
  expect([name, message]).toEqual(['limit-reached', expect.stringContaining(`${variantsMax} variants of ${notebook.path}`)]);
  expect((await variantOf(notebook, '0')).followed.view.variant).toBe('0');
});

it('takes up what the project says', async () => {
  writeFileSync(join(daemon.folder, 'pyproject.toml'), '[tool.headwater]\nmode = "lazy"\ndisable = ["undefined-name"]\n');
  const notebook = await daemon.notebook('# %%\nlost\n');
  const { followed } = await variantOf(notebook, 'of the project');
  expect([followed.view.options.mode, followed.view.problems]).toEqual(['lazy', []]);
});

it('is stale where a module changes that it has imported', async () => {
  writeFileSync(join(daemon.folder, 'rates.py'), 'rate = 1\n');
  const notebook = await daemon.notebook('# %%\nimport rates\n# %%\nrates.rate\n');
  const variant = await variantOf(notebook, 'with a module');
  await variant.run('all');
  writeFileSync(join(daemon.folder, 'rates.py'), 'rate = 200\n');
  await variant.followed.waitFor(() => variant.statuses[1] === 'stale');
  await variant.run('stale');
  expect(variant.shown(1)).toBe('200');
});

it('cannot go on from where a session is in a Python that cannot copy itself (P51)', async () => {
  const notebook = await daemon.notebook(text);
  const { client, session } = notebook;
  await notebook.run('all');
  const { name, message } = await refused(client.request('session/fork', { session, variant: 'copy' }));
  expect([name, message]).toEqual(['cannot-fork', expect.stringContaining('Open a variant instead')]);
  expect((await client.request('session/list', {})).sessions).toHaveLength(1);
});

function shapeOf(method: RequestName): object {
  const { params } = requests[method];
  return 'shape' in params ? params.shape : {};
}

/** Such that nothing but the session can be wrong with them. */
function paramsOf(method: RequestName, session: string): never {
  const all = {
    session,
    version: 1,
    text: '',
    changes: [],
    mode: 'all',
    run: 1,
    cell: 'c1',
    input: 1,
    index: 0,
    offset: 0,
    max: 1,
    position: { line: 0, character: 0 },
    parameters: {},
    options: {},
    variant: 'a name',
    code: '1',
    role: 'viewer',
    lifetimeSeconds: 60,
  };
  const names = Object.keys(shapeOf(method));
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name))) as never;
}
