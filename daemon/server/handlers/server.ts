import type { Handlers } from '../../../protocol/connection.ts';
import { packageVersion } from '../../../protocol/version.ts';
import type { Context } from '../context.ts';

export function serverHandlers({
  incarnation,
  startedAt,
  clients,
  sessions,
  elsewhere,
  socket,
  log,
  timers,
  process,
  onStop,
}: Context): Handlers {
  return {
    'server/status': () => ({
      pid: process.pid,
      incarnation,
      version: packageVersion,
      startedAt,
      // A connection that has not introduced itself may be a newcomer that looks whether someone listens.
      clients: [...clients].filter(({ isInitialized }) => isInitialized).length,
      sessions: sessions.all.length + (elsewhere?.sessions.length ?? 0),
      memoryBytes: process.memoryBytes(),
      ...(socket !== undefined && { socket }),
      ...(log !== undefined && { log }),
    }),
    'server/stop': () => {
      timers.defer(onStop);
      return {};
    },
  };
}
