import type { Handlers } from '../../../protocol/connection.ts';
import type { Context } from '../context.ts';

export function variableHandlers({ sessions }: Context): Handlers {
  return {
    'variables/list': async ({ session: name, ...asked }) => {
      const session = await sessions.get(name);
      return session.variables(asked);
    },
  };
}
