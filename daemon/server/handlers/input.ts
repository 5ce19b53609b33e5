import type { Handlers } from '../../../protocol/connection.ts';
import type { Context } from '../context.ts';

export function inputHandlers({ sessions }: Context): Handlers {
  return {
    'input/reply': async ({ session: name, input, text, echo }) => {
      const session = await sessions.get(name);
      session.reply(input, text, echo ?? false);
      return { seq: session.seq };
    },
  };
}
