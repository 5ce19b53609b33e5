import type { Handlers } from '../../../protocol/connection.ts';
import type { Context } from '../context.ts';

export function tokenHandlers({ sessions, tokens }: Context): Handlers {
  return {
    'token/create': async ({ role, session: name, lifetimeSeconds }) => {
      const session = name === undefined ? undefined : (await sessions.get(name)).id;
      return tokens.create({ role, session }, lifetimeSeconds);
    },
    'token/revoke': ({ token }) => {
      tokens.revoke(token);
      return {};
    },
  };
}
