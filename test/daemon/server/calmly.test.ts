import { expect, it } from 'vitest';
import { CancellationToken } from 'vscode-jsonrpc';
import { calmly, type Named } from '../../../daemon/server/calmly.ts';
import type { Session } from '../../../daemon/session/session.ts';
import type { Handler, Handlers } from '../../../protocol/connection.ts';
import { type RequestName, requests } from '../../../protocol/methods.ts';

/** The session s1 of /n.py, which becomes calm when it is told to. */
function asked(isCalm: boolean) {
  const carriedOut: string[] = [];
  let becomeCalm = () => {};
  const calm = isCalm
    ? undefined
    : new Promise<void>((resolve) => {
        becomeCalm = resolve;
      });
  const session = {
    calmly: async (work: () => Promise<unknown>) => {
      if (calm) await calm;
      return work();
    },
  } as Session;
  const sessions: Named = {
    byId: (id) => (id === 's1' ? session : undefined),
    find: async (name) => (name === '/n.py' ? session : undefined),
  };
  const noted = Object.keys(requests).map((method) => [method, () => carriedOut.push(method)]);
  const handlers = calmly(Object.fromEntries(noted) as unknown as Handlers, sessions);
  const ask = (method: RequestName, params: object) =>
    void (handlers[method] as Handler<RequestName>)(params as never, CancellationToken.None);
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { ask, carriedOut, turn, becomeCalm: () => becomeCalm() };
}

const changing = (Object.keys(requests) as RequestName[]).filter((method) => requests[method].changes);

it.each(['s1', '/n.py'])(
  'carries out what changes the notebook %s when it is calm, in order, and what only looks at once',
  async (name) => {
    const { ask, carriedOut, turn, becomeCalm } = asked(false);
    for (const method of changing) ask(method, { session: name });
    ask('graph/plan', { session: name });
    await turn();
    expect(carriedOut).toEqual(['graph/plan']);
    becomeCalm();
    await turn();
    expect(carriedOut).toEqual(['graph/plan', ...changing]);
  },
);

it('knows the notebook that is opened again by its path, and waits for none where none is named or open', async () => {
  const { ask, carriedOut, turn } = asked(false);
  ask('session/open', { path: '/n.py' });
  ask('session/open', { path: '/other.py' });
  ask('server/stop', {});
  await turn();
  expect(carriedOut.sort()).toEqual(['server/stop', 'session/open']);
});

it('lets nothing that looks overtake what changes, where the session is calm', () => {
  const { ask, carriedOut } = asked(true);
  ask('text/change', { session: 's1' });
  ask('graph/plan', { session: 's1' });
  expect(carriedOut).toEqual(['text/change', 'graph/plan']);
});
