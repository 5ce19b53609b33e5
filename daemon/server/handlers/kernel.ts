import type { Handlers } from '../../../protocol/connection.ts';
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
      const step = session.runningStep(now());
      if (session.isAlive) return { kernel, ...(memoryBytes !== undefined && { memoryBytes }), ...(step && { step }) };
      const { python, source } = await session.prepareKernel();
      return { kernel: { ...kernel, python, source } };
    },
  };
}
