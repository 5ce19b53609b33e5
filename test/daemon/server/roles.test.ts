/** Every method and every event for every role, over a server in this process. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownEnvironment } from '../../../clients/node/environment.ts';
import { seenEvent, seenResult } from '../../../daemon/server/seen.ts';
import type { Connection } from '../../../protocol/connection.ts';
import { describeProtocol } from '../../../protocol/describe.ts';
import { refusalName } from '../../../protocol/errors.ts';
import { type ParamsOf, type RequestName, type ResultOf, requests } from '../../../protocol/methods.ts';
import type { OpenMethod } from '../../../protocol/roles.ts';
import type { NotebookView, Role, SessionEvent } from '../../../protocol/types.ts';
import { valuesOf } from '../../support/arbitrary.ts';
import { introduction, type Served, serve } from '../../support/served.ts';
import { until } from '../../support/until.ts';

const roles = ['viewer', 'interactor', 'editor'] as const;
const methods = Object.keys(requests) as RequestName[];
const ranks = { viewer: 0, interactor: 1, editor: 2 };

let served: Served;
let editor: Connection;
beforeAll(async () => {
  served = await serve();
  editor = await served.client();
});
afterAll(() => served.stop());

let count = 0;

async function open(text: string): Promise<NotebookView> {
  const path = join(served.folder, `notebook-${++count}.py`);
  await writeFile(path, text);
  return (await editor.request('session/open', { path, environment: ownEnvironment() })).view;
}

async function as(role: Role, session?: string): Promise<Connection> {
  return served.client(await served.token(role, session));
}

/** The name of the refusal, or the code where it was none of ours, with the sentence. */
async function refused(request: Promise<unknown>): Promise<{ name: string | undefined; code: number; message: string }> {
  return request.then(
    () => ({ name: undefined, code: 0, message: '' }),
    (error) => ({ name: refusalName(error), code: error.code, message: error.message }),
  );
}

describe('a method', () => {
  it.each(methods.flatMap((method) => roles.map((role) => [method, role] as const)))(
    '%s is there for the role %s, or refused before its params are looked at, as the table says (P52)',
    async (method, role) => {
      const client = await as(role);
      const { name, code, message } = await refused(client.request(method, [] as never));
      const least = requests[method].role;
      if (ranks[role] >= ranks[least]) expect([name, code]).toEqual([undefined, -32602]);
      else {
        expect(name).toBe('not-allowed');
        expect(message).toBe(
          `${method} needs the role ${least}, but this connection has the role ${role}. Connect with a token for that role.`,
        );
      }
      client.dispose();
    },
  );

  it('is for others than editors if it is one of these', () => {
    const open = (role: Role) => methods.filter((method) => requests[method].role === role);
    expect(open('viewer')).toEqual([
      'initialize',
      'session/list',
      'session/attach',
      'session/detach',
      'run/wait',
      'output/get',
      'output/read',
      'blob/read',
    ]);
    expect(open('interactor')).toEqual(['input/reply', 'parameters/list', 'parameters/set']);
  });
});

describe('an answer', () => {
  type Asked = { [M in OpenMethod]: (at: NotebookView) => ParamsOf<M> };
  const session = (view: NotebookView) => ({ session: view.session });
  const cell = (view: NotebookView) => ({ ...session(view), cell: view.layout[0]?.id ?? '' });
  const looking: Omit<Asked, 'initialize' | 'session/detach' | 'input/reply' | 'parameters/set' | 'blob/read'> = {
    'session/list': () => ({}),
    'session/attach': session,
    'run/wait': (view) => ({ ...session(view), run: 1 }),
    'output/get': cell,
    'output/read': (view) => ({ ...cell(view), index: 0, offset: 0, max: 10 }),
    'parameters/list': session,
  };
  const asked = Object.keys(looking) as (keyof typeof looking)[];

  it.each(asked.flatMap((method) => roles.map((role) => [method, role] as const)))(
    'to %s is for the role %s what the rules say of that for an editor (P53)',
    async (method, role) => {
      if (ranks[role] < ranks[requests[method].role]) return;
      const at = await open('# %% title\nn: int = 3\nprint(n)\n# %%\nm = n / 0\n# %%\nm\n');
      await editor.request('run/start', { ...session(at), mode: 'all' });
      await editor.request('run/wait', { ...session(at), run: 1 });
      const client = await as(role, at.session);
      const ask = async (connection: Connection) => {
        await client.request('session/attach', session(at));
        const answer = await connection.request(method, looking[method](at) as never);
        return sessionOnly(at.session, answer);
      };
      expect(await ask(client)).toEqual(seenResult(role, method, (await ask(editor)) as ResultOf<typeof method>));
      client.dispose();
      await editor.request('session/close', session(at));
    },
  );

  /** Of a list, what a client with a token for one session gets; memory is another every time. */
  function sessionOnly(id: string, answer: unknown): unknown {
    const { sessions } = answer as Partial<ResultOf<'session/list'>>;
    if (!sessions) return answer;
    return { sessions: sessions.filter(({ session }) => session === id).map(({ memoryBytes: _, ...rest }) => rest) };
  }

  it('says which role the connection has, and hides the process from others than editors (P52)', async () => {
    for (const role of roles) {
      const answer = await served.connect().request('initialize', introduction(await served.token(role)));
      expect([answer.role, answer.pid]).toEqual([role, role === 'editor' ? process.pid : 0]);
    }
  });
});

describe('an event', () => {
  const types = describeProtocol().roles.events.map(({ type }) => type);
  const variants = describeProtocol().$defs['SessionEvent']?.oneOf ?? [];
  const schemaOf = (type: string) => variants.find(({ properties }) => properties?.['type']?.const === type) ?? {};

  it.each(types)('%s is sent to each role as the rules say, in its place (P53)', async (type) => {
    const { session, seq } = await open('# %%\nx = 1\n');
    const clients = await Promise.all(roles.map((role) => as(role)));
    const heard = clients.map(() => [] as SessionEvent[]);
    for (const [at, client] of clients.entries()) {
      client.onNotification('session/event', (event) => heard[at]?.push(event));
      await client.request('session/attach', { session });
    }
    const { events } = served.sessions.byId(session) ?? {};
    const samples = fc.sample(valuesOf(schemaOf(type)), { seed: 17, numRuns: 12 }) as SessionEvent[];
    const pushed = samples.map((event, at) => ({ ...event, session, seq: seq + at + 1 }));
    for (const event of pushed) events?.push(event);
    await until(() => heard.every(({ length }) => length === pushed.length), 'all events have come');
    for (const [at, role] of roles.entries()) expect(heard[at]).toEqual(pushed.map((event) => seenEvent(role, event)));
    for (const client of clients) client.dispose();
    await editor.request('session/close', { session });
  });

  it('that a client missed is sent again as its role sees it', async () => {
    const view = await open('# %%\nx = 1\n');
    const { session, incarnation, seq } = view;
    await editor.request('text/open', { session, version: 1, text: '# %%\nsecret = 1\n' });
    for (const role of roles) {
      const client = await as(role);
      const since = { session, since: { incarnation, seq } };
      const all = (await editor.request('session/attach', since)).events ?? [];
      const { events } = await client.request('session/attach', since);
      expect(events).toEqual(all.map((event) => seenEvent(role, event)));
      expect(JSON.stringify(events).includes('secret')).toBe(role === 'editor');
      client.dispose();
    }
    await editor.request('session/close', { session });
  });
});

describe('a session', () => {
  it.each(['viewer', 'interactor'] as const)(
    'is named by its id alone by the role %s: a path would tell what is open (P55)',
    async (role) => {
      const { session, path } = await open('# %%\n1\n');
      const client = await as(role);
      for (const name of [path, path.slice(1), 'notebook.py', '/', 's0'])
        expect((await refused(client.request('session/attach', { session: name }))).name).toBe('no-such-session');
      expect((await client.request('session/attach', { session })).view?.path).toBe(path.slice(path.lastIndexOf('/') + 1));
      expect((await editor.request('session/attach', { session: path })).view?.path).toBe(path);
      client.dispose();
      await editor.request('session/close', { session });
    },
  );

  it.each(roles)('is the only one that a token of the role %s is for (P55)', async (role) => {
    const [own, other] = [await open('# %%\n1\n'), await open('# %%\n2\n')];
    const client = await as(role, own.session);
    const { sessions } = await client.request('session/list', {});
    expect(sessions.map(({ session }) => session)).toEqual([own.session]);
    const heard: SessionEvent[] = [];
    client.onNotification('session/event', (event) => heard.push(event));
    for (const method of methods.filter((name) => ranks[role] >= ranks[requests[name].role])) {
      const answer = await refused(client.request(method, { ...everyParam(method), session: other.session } as never));
      if ('session' in requests[method].params.shape && method !== 'token/create') expect(answer.name).toBe('no-such-session');
      else if (requests[method].role === 'editor') expect(answer.name).toBe('not-allowed');
    }
    await client.request('session/attach', { session: own.session });
    await editor.request('session/configure', { session: other.session, options: { mode: 'lazy' } });
    await editor.request('session/configure', { session: own.session, options: { mode: 'lazy' } });
    await until(() => heard.length > 0, 'an event has come');
    expect(new Set(heard.map(({ session }) => session))).toEqual(new Set([own.session]));
    client.dispose();
    for (const { session } of [own, other]) await editor.request('session/close', { session });
  });

  function everyParam(method: RequestName): object {
    const { params } = describeProtocol().requests.find((entry) => entry.method === method) ?? { params: {} };
    return fc.sample(valuesOf(params), { seed: 17, numRuns: 1 })[0] as object;
  }
});

describe('a blob', () => {
  const picture = (byte: number) =>
    `# %%\nclass P:\n    def __repr__(self):\n        return "p"\n    def _repr_png_(self):\n        return b"\\x89PNG${byte}"\nP()\n`;

  async function shownBlob(byte: number) {
    const view = await open(picture(byte));
    const { run } = await editor.request('run/start', { session: view.session, mode: 'all' });
    await editor.request('run/wait', { session: view.session, run });
    const { files } = await editor.request('output/get', { session: view.session, cell: view.layout[0]?.id ?? '' });
    return { ...view, blob: files[0]?.blob ?? '' };
  }

  it('is read by others than editors while a cell of a session that they see shows it (P55)', async () => {
    const [one, two] = [await shownBlob(1), await shownBlob(2)];
    const never = served.blobs.put(Buffer.from('a secret that nobody showed'));
    const viewer = await as('viewer');
    const ofOne = await as('interactor', one.session);
    const editorOfOne = await as('editor', one.session);
    const read = async (client: Connection, blob: string) => (await refused(client.request('blob/read', { blob }))).name;
    const answers = async (client: Connection) => [
      await read(client, one.blob),
      await read(client, two.blob),
      await read(client, never),
    ];
    expect(await answers(viewer)).toEqual([undefined, undefined, 'no-such-blob']);
    expect(await answers(ofOne)).toEqual([undefined, 'no-such-blob', 'no-such-blob']);
    expect(await answers(editorOfOne)).toEqual([undefined, 'no-such-blob', 'no-such-blob']);
    expect(await answers(editor)).toEqual([undefined, undefined, undefined]);
    await editor.request('text/open', { session: one.session, version: 1, text: '# %%\nprint("no picture")\n' });
    const { run } = await editor.request('run/start', { session: one.session, mode: 'all' });
    await editor.request('run/wait', { session: one.session, run });
    expect(await answers(viewer)).toEqual(['no-such-blob', undefined, 'no-such-blob']);
    for (const client of [viewer, ofOne, editorOfOne]) client.dispose();
    for (const { session } of [one, two]) await editor.request('session/close', { session });
  });
});
