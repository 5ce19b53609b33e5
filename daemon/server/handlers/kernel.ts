import type { Handlers } from '../../../protocol/connection.ts';
import type { RunningStep } from '../../../protocol/methods.ts';
import type { Session } from '../../session/session.ts';
import type { Context } from '../context.ts';

export function kernelHandlers({ sessions, now }: Context): Handlers {
  return {
    'kernel/restart': async ({ session: name }) => {
      const session = await sessions.get(name);
      await session.prepareKernel();
      session.restart();
      return {};
    },
    'kernel/stop': async ({ session: name }) => {
      const session = await sessions.get(name);
      session.stopKernel();
      return {};
    },
    'kernel/info': async ({ session: name }) => {
      const session = await sessions.get(name);
      const memoryBytes = await session.memoryBytes();
      const kernel = session.kernelView;
      const step = runningStep(session, now());
      if (session.isAlive) return { kernel, ...(memoryBytes !== undefined && { memoryBytes }), ...(step && { step }) };
      const { python, source } = await session.guessKernel();
      return { kernel: { ...kernel, python, source } };
    },
  };
}

/** What runs, and for how long. */
function runningStep(session: Session, now: number): RunningStep | undefined {
  const { kernel } = session.state;
  if (kernel.phase !== 'busy') return undefined;
  const { cell, step } = kernel;
  return { cell, step, runningMs: Math.max(0, now - (session.cell(cell)?.lastStep?.startedAt ?? now)) };
}
