import type { Handlers } from '../../../protocol/connection.ts';
import type { Context } from '../context.ts';

export function tokenHandlers({ sessions, elsewhere, files, tokens }: Context): Handlers {
  const idOf = async (name: string) => {
    const path = await files.realPath(name);
    const there = elsewhere?.byId(name) ?? elsewhere?.sessions.find((one) => one.path === path && one.variant === undefined);
    return there?.id ?? (await sessions.get(name)).id;
  };
  return {
    'token/create': async ({ role, session: name, lifetimeSeconds }) => {
      const session = name === undefined ? undefined : await idOf(name);
      return tokens.create({ role, session }, lifetimeSeconds);
    },
    'token/revoke': ({ token }) => {
      tokens.revoke(token);
      return {};
    },
  };
}
