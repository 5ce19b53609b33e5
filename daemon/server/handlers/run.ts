import type { Handlers } from '../../../protocol/connection.ts';
import type { Context } from '../context.ts';
import { knownCells } from './cells.ts';

export function runHandlers({ sessions }: Context): Handlers {
  return {
    'run/start': async ({ session: name, mode, roots, parameters, stopAtFailure }) => {
      const session = await sessions.get(name);
      await sessions.refresh(session);
      const asked = knownCells(session, roots ?? []);
      if (!session.isAlive) await session.prepareKernel();
      const { run, plan } = session.startRun(mode, asked, parameters, stopAtFailure ?? false);
      return { run, plan, seq: session.seq };
    },
    'run/wait': async ({ session: name, run }) => {
      const session = await sessions.get(name);
      const { outcome, steps, seq } = await session.waitForRun(run);
      return { outcome, steps, seq };
    },
    'run/cancel': async ({ session: name, run, cells }) => {
      const session = await sessions.get(name);
      session.cancel(run, cells && knownCells(session, cells));
      return { seq: session.seq };
    },
    'run/interrupt': async ({ session: name, level, deadlineMs }) => {
      const session = await sessions.get(name);
      const interrupted = session.interrupt({ level, deadlineMs });
      return interrupted === undefined ? {} : { interrupted };
    },
  };
}
