import type { Handlers } from '../../../protocol/connection.ts';
import { refusal } from '../../../protocol/errors.ts';
import { later } from '../calmly.ts';
import type { Context } from '../context.ts';
import { knownCells } from './cells.ts';

export function codeHandlers({ sessions, client, clients }: Context): Handlers {
  return {
    'code/evaluate': async ({ session: name, code, at }, token) => {
      const session = await sessions.get(name);
      await sessions.refresh(session);
      if (at !== undefined) knownCells(session, [at]);
      if (!session.isAlive) await session.prepareKernel();
      // Meanwhile the session may have been closed. What a client defines that has gone already would wait for its end.
      if (!clients.has(client) || !sessions.byId(session.id))
        throw refusal('no-such-session', `${session.id} was closed, or the client has disconnected.`);
      const { id, answer } = session.placeless.request({ client: client.id, clientName: client.name, code, at });
      const cancelling = token.onCancellationRequested(() => session.placeless.cancel(id));
      if (token.isCancellationRequested) session.placeless.cancel(id);
      return later(answer.finally(() => cancelling.dispose()));
    },
  };
}
