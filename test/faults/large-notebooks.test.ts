/** Large notebooks live in threads of the daemon: clients notice nothing but that nobody waits for them. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Client } from '../../clients/node/client.ts';
import { followSession } from '../../clients/node/notebook.ts';
import { refusalName } from '../../protocol/errors.ts';
import { TestDaemon, type TestNotebook } from '../support/daemon.ts';
import { isAlive } from '../support/processes.ts';
import { until } from '../support/until.ts';

/** A notebook with more characters than that is large. */
const from = 300;
const padding = `# ${'x'.repeat(from)}\n`;
const bounded = { HEADWATER_LARGE_FROM: String(from) };

let daemon: TestDaemon;

afterEach(() => daemon.stop());

const large = (...cells: string[]) => small(...cells) + padding;
const small = (...cells: string[]) => cells.map((cell) => `# %%\n${cell}\n`).join('');
const refused = (asked: Promise<unknown>) => asked.then(() => 'answered', refusalName);

function isInThread({ session }: TestNotebook): boolean {
  return session.includes('-');
}

/** The daemon itself does not hear of the end of what a thread has started. */
function hasEnded(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() === '' || stdout.startsWith('Z');
}

/** How often the other client was answered before the work was done. */
async function answersDuring(other: Client, work: Promise<unknown>): Promise<number> {
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  let answers = 0;
  while (!isDone) {
    await other.request('server/status', {});
    answers += 1;
  }
  await done;
  return answers - 1;
}

function edit(notebook: TestNotebook, line: number, text: string): Promise<unknown> {
  const place = { line, character: 0 };
  const { session } = notebook;
  return notebook.client.request('text/change', {
    session,
    version: 2,
    changes: [{ range: { start: place, end: place }, text }],
  });
}

describe('a giant', () => {
  it('keeps nobody else waiting while it is opened, edited and checked (P76)', { timeout: 300_000 }, async () => {
    daemon = await TestDaemon.create();
    const other = await daemon.client('other');
    const lines = Array.from({ length: 30_000 }, (_, at) => `n${at} = ${at}`);
    const text = `# %%\n${lines.join('\n')}\n`;
    const opening = daemon.notebook(text);
    const answers = [await answersDuring(other, opening)];
    const notebook = await opening;
    expect(isInThread(notebook)).toBe(true);
    answers.push(await answersDuring(other, edit(notebook, 15_000, 'more = 1\n')));
    answers.push(await answersDuring(other, notebook.client.request('graph/check', { path: notebook.path, text })));
    // Between slices of the reading, it would be answered a few times.
    for (const count of answers) expect(count, answers.join(' ')).toBeGreaterThan(50);
    expect(notebook.cell(0).code).toContain('n29999');
  });
});

describe('a notebook in a thread', () => {
  it('runs, marks stale, asks, is interrupted and restarted as any other does (P76)', async () => {
    daemon = await TestDaemon.create(bounded);
    const notebook = await daemon.notebook(large('x = 1', 'print(x + 1)', 'print(input("who? "))', 'while True: pass'));
    const { client, session, followed } = notebook;
    expect(isInThread(notebook)).toBe(true);
    expect((await notebook.run('reactive', 1)).outcome).toBe('ok');
    expect(notebook.shown(1)).toBe('2\n');
    await edit(notebook, 1, 'x = 5\n# ');
    await followed.waitFor(() => notebook.cell(1).status === 'stale');
    const asking = await notebook.start('only', 2);
    const { input } = await followed.waitFor((view) => view.input !== undefined);
    await client.request('input/reply', { session, input: input?.input ?? 0, text: 'me' });
    expect((await notebook.wait(asking)).outcome).toBe('ok');
    expect(notebook.shown(2)).toContain('me\n');
    const endless = await notebook.start('only', 3);
    await followed.waitFor(({ kernel }) => kernel.phase === 'busy' && notebook.cell(3).status === 'running');
    expect((await client.request('run/interrupt', { session })).interrupted).toBeDefined();
    expect((await notebook.wait(endless)).outcome).toBe('interrupted');
    await client.request('kernel/restart', { session });
    await followed.waitFor(({ kernel }) => kernel.generation === 2 && kernel.phase === 'idle');
    expect((await notebook.run('reactive', 1)).outcome).toBe('ok');
    const { answer, evaluated } = {
      answer: await client.request('variables/list', { session }),
      evaluated: await client.request('code/evaluate', { session: notebook.path, code: 'x * 2' }),
    };
    expect(answer.variables.map(({ name }) => name)).toEqual(['x']);
    expect(evaluated.outputs).toMatchObject([{ bundle: { 'text/plain': '10' } }]);
    expect(await refused(client.request('session/fork', { session, variant: 'copy' }))).toBe('cannot-fork');
  });

  it('is listed and counted beside the others, and its blobs and files are found (P76)', async () => {
    daemon = await TestDaemon.create(bounded);
    const ordinary = await daemon.notebook(small('1'), 'ordinary.py');
    const picture = 'class P:\n    def _repr_png_(self): return b"\\x89PNG" + bytes(100_000)\nP()';
    const notebook = await daemon.notebook(large(picture), 'large.py');
    const { client, session } = notebook;
    await notebook.run('all');
    expect([isInThread(ordinary), isInThread(notebook)]).toEqual([false, true]);
    const { sessions } = await client.request('session/list', {});
    expect(sessions).toMatchObject([
      { session: ordinary.session, clients: 1, stale: 1 },
      { session, clients: 1, stale: 0, kernel: { phase: 'idle' } },
    ]);
    expect((await client.request('server/status', {})).sessions).toBe(2);
    const { files } = await client.request('output/get', { session, cell: notebook.cell(0).id });
    const { content } = await client.request('blob/read', { blob: files[0]?.blob ?? '' });
    expect(Buffer.from(String(content), 'base64').length).toBe(100_004);
    expect(await refused(client.request('blob/read', { blob: 'none' }))).toBe('no-such-blob');
    const { path } = await client.request('output/file', { session, cell: notebook.cell(0).id });
    expect(readFileSync(path).length).toBe(100_004);
    await client.request('session/close', { session });
    expect((await client.request('server/status', {})).sessions).toBe(1);
    // What was kept of it is found by the next thread.
    const again = await daemon.open(notebook.path, readFileSync(notebook.path, 'utf8'), client);
    expect(again.session).not.toBe(session);
    expect(again.cell(0)).toMatchObject({ status: 'new', asOf: expect.any(Number) });
  });

  it('is one session for all who open the file at the same time, with its variants (P76)', async () => {
    daemon = await TestDaemon.create(bounded);
    const path = join(daemon.folder, 'notebook.py');
    writeFileSync(path, large('x = 1'));
    const clients = await Promise.all([1, 2, 3].map((n) => daemon.client(`client ${n}`)));
    const opened = await Promise.all(clients.map((client) => client.request('session/open', { path })));
    expect(new Set(opened.map(({ view }) => view.session)).size).toBe(1);
    const variant = await clients[0]?.request('session/open', { path, variant: 'other', parameters: { x: '2' } });
    expect(variant?.view).toMatchObject({ variant: 'other', path: opened[0]?.view.path });
  });

  it('sends each client the events after its view, in their order, and those that it missed (P76)', async () => {
    daemon = await TestDaemon.create(bounded);
    const notebook = await daemon.notebook(large('for i in range(20_000): print(i)', 'x = 1'));
    const { session } = notebook;
    const first = notebook.followed.view;
    const run = await notebook.start('all');
    const others = await Promise.all(
      Array.from({ length: 8 }, async (_, n) => followSession(await daemon.client(`other ${n}`), session)),
    );
    await notebook.wait(run);
    const { view } = notebook.followed;
    for (const other of others) {
      await other.waitFor(({ seq }) => seq >= view.seq);
      expect(other.view).toEqual(view);
    }
    const late = await daemon.client('late');
    const { events } = await late.request('session/attach', { session, since: first });
    expect(events?.map(({ seq }) => seq)).toEqual(events?.map((_, at) => first.seq + 1 + at));
    expect(events?.at(-1)?.seq).toBe(view.seq);
  });

  it('gives back its text when its owner leaves in the midst of an edit (P76, P73)', async () => {
    daemon = await TestDaemon.create(bounded);
    const notebook = await daemon.notebook(large('x = 1'));
    const other = await daemon.open(notebook.path, undefined, await daemon.client('other'));
    expect(other.session).toBe(notebook.session);
    void edit(notebook, 1, 'y = 2\n').catch(() => undefined);
    notebook.client.close();
    await until(
      () => other.followed.view.version === undefined || !other.cell(0).code.includes('y = 2'),
      'the text is that of the file',
    );
    const { session } = other;
    await other.client.request('text/open', { session, version: 7, text: large('z = 3') });
    await other.followed.waitFor(() => other.cell(0).code.startsWith('z = 3'));
  });

  it("is nobody's text when the client has left that opened it (P76, P73)", async () => {
    daemon = await TestDaemon.create(bounded);
    const path = join(daemon.folder, 'notebook.py');
    writeFileSync(path, large('x = 1'));
    const leaving = await daemon.client('leaving');
    const other = await daemon.client('other');
    const opening = leaving.request('session/open', { path, text: large('x = 2'), version: 1 });
    leaving.close();
    await opening.catch(() => undefined);
    const notebook = await daemon.open(path, large('x = 3'), other);
    await edit(notebook, 1, 'y = 4\n');
    await notebook.followed.waitFor(() => notebook.cell(0).code.includes('y = 4'));
  });

  it('shows a viewer what a viewer sees, and nothing once its token is revoked (P76, P53)', async () => {
    daemon = await TestDaemon.create(bounded);
    const notebook = await daemon.notebook(large('hush = 1', 'print("shown")'), 'large.py');
    const ordinary = await daemon.notebook(small('1'), 'ordinary.py');
    const { client, session } = notebook;
    const { token } = await client.request('token/create', { role: 'viewer', session: notebook.path, lifetimeSeconds: 60 });
    const viewer = await daemon.client('viewer', token);
    const followed = await followSession(viewer, session);
    await notebook.run('all');
    await followed.waitFor(({ seq }) => seq >= notebook.followed.view.seq);
    expect(JSON.stringify(followed.view)).toContain('shown');
    expect(JSON.stringify(followed.view)).not.toContain('hush');
    expect((await viewer.request('session/list', {})).sessions.map((one) => [one.session, one.path])).toEqual([
      [session, 'large.py'],
    ]);
    expect(await refused(viewer.request('run/start', { session, mode: 'all' }))).toBe('not-allowed');
    expect(await refused(viewer.request('session/attach', { session: ordinary.session }))).toBe('no-such-session');
    const gone = new Promise((resolve) => viewer.onDisconnect(resolve));
    await client.request('token/revoke', { token });
    await gone;
    await until(
      async () => (await client.request('session/list', {})).sessions[1]?.clients === 1,
      'the viewer is gone there, too',
    );
  });
});

describe('the end of a thread', () => {
  it('closes its notebook with a reason, and nothing else (P76)', { timeout: 120_000 }, async () => {
    daemon = await TestDaemon.create({ ...bounded, HEADWATER_THREAD_MEGABYTES: '40' });
    const ordinary = await daemon.notebook(small('x = 1', 'print(x)'), 'ordinary.py');
    await ordinary.run('all');
    const notebook = await daemon.notebook(large('x = 1'), 'large.py');
    await notebook.run('all');
    const { client, session } = notebook;
    const pid = notebook.followed.view.kernel.pid ?? 0;
    const closed = new Promise<string>((resolve) => client.onClosed(session, resolve));
    const giant = Array.from({ length: 19_000 }, (_, at) => `# %%\nx${at} = ${at}\n`).join('');
    expect(await refused(client.request('text/change', { session, version: 2, changes: [{ text: giant }] }))).toBe(
      'no-such-session',
    );
    expect(await closed).toContain('memory');
    await until(() => hasEnded(pid), 'its kernel has ended');
    expect(await refused(client.request('session/attach', { session }))).toBe('no-such-session');
    expect((await client.request('session/list', {})).sessions).toMatchObject([{ session: ordinary.session }]);
    expect((await ordinary.run('only', 1)).outcome).toBe('ok');
    expect(ordinary.shown(1)).toBe('1\n');
    expect(isInThread(await daemon.open(notebook.path, large('x = 2'), client))).toBe(true);
  });

  it('disturbs no other that starts or runs meanwhile (P76)', { timeout: 120_000 }, async () => {
    daemon = await TestDaemon.create(bounded);
    const client = await daemon.client();
    const text = large('x = 1', 'print(x)');
    const closing: Promise<unknown>[] = [];
    for (let at = 0; at < 20; at += 1) {
      const path = join(daemon.folder, `notebook${at}.py`);
      writeFileSync(path, text);
      const { view } = await client.request('session/open', { path, text, environment: daemon.environment });
      const { run } = await client.request('run/start', { session: view.session, mode: 'all' });
      expect((await client.request('run/wait', { session: path, run })).outcome).toBe('ok');
      closing.push(client.request('session/close', { session: view.session }));
    }
    await Promise.all(closing);
    expect((await client.request('server/status', {})).sessions).toBe(0);
  });

  it.each(['server/stop', 'SIGTERM'])('leaves nothing after %s (P76)', async (how) => {
    daemon = await TestDaemon.create(bounded);
    const notebook = await daemon.notebook(large('while True: print("on and on")'));
    const { client } = notebook;
    await notebook.start('all');
    await notebook.followed.waitFor(() => notebook.shown(0) !== '');
    await client.request('output/file', { session: notebook.session, cell: notebook.cell(0).id });
    const { pid } = await client.request('server/status', {});
    const kernel = notebook.followed.view.kernel.pid ?? 0;
    const closed = new Promise((resolve) => client.onClosed(notebook.session, resolve));
    const gone = new Promise((resolve) => client.onDisconnect(resolve));
    if (how === 'SIGTERM') process.kill(pid, 'SIGTERM');
    else await client.request('server/stop', {});
    expect(await closed).toBe('The daemon ended.');
    await gone;
    await until(() => !isAlive(pid) && !isAlive(kernel), 'daemon and kernel have ended');
    const left = readdirSync(join(daemon.folder, 'run')).filter((name) => /outputs|json$|sock/.test(name));
    expect(left.filter((name) => existsSync(join(daemon.folder, 'run', name)))).toEqual([]);
  });

  it('does not end the daemon while a kernel lives there, and does when none does (P76)', async () => {
    daemon = await TestDaemon.create({ ...bounded, HEADWATER_IDLE_SECONDS: '0.2' });
    const notebook = await daemon.notebook(large('x = 1'));
    const { client } = notebook;
    await notebook.run('all');
    const { pid, startedAt } = await client.request('server/status', {});
    client.close();
    await new Promise((resolve) => setTimeout(resolve, 600));
    const again = await daemon.client();
    expect(await again.request('server/status', {})).toMatchObject({ pid, startedAt, sessions: 1 });
    await again.request('kernel/stop', { session: notebook.session });
    again.close();
    await until(() => !isAlive(pid), 'the daemon has ended');
  });
});
