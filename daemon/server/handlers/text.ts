import type { Handlers } from '../../../protocol/connection.ts';
import { notebookBytesMax } from '../../../protocol/limits.ts';
import type { Context } from '../context.ts';

export function textHandlers({ sessions, client, files }: Context): Handlers {
  return {
    'text/open': async ({ session: name, version, text }) => {
      const session = await sessions.get(name);
      session.openText(client.id, version, text);
      return { seq: session.seq };
    },
    'text/change': async ({ session: name, version, changes }) => {
      const session = await sessions.get(name);
      session.changeText(client.id, version, changes);
      return { seq: session.seq };
    },
    'text/save': async ({ session: name }) => {
      const session = await sessions.get(name);
      session.saveText();
      await sessions.lookAround(session);
      return { seq: session.seq };
    },
    'text/close': async ({ session: name }) => {
      const session = await sessions.get(name);
      const text = await files.readText(session.path, notebookBytesMax).catch(() => undefined);
      session.closeText(client.id, text);
      return { seq: session.seq };
    },
  };
}
