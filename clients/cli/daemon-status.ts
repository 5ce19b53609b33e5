/** `headwater daemon`: the background process itself. */
import { createReadStream, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { pipeline } from 'node:stream/promises';
import type { ResultOf } from '../../protocol/methods.ts';
import { runtimePaths } from '../../protocol/node/discovery.ts';
import type { Caller } from './caller.ts';
import { withRunningDaemon } from './daemon.ts';
import { failure } from './exit.ts';
import { count, duration, size } from './render/size.ts';
import { note, say } from './say.ts';

/** Whether one runs. */
export async function printStatus(caller: Caller, isJson: boolean): Promise<boolean> {
  const status = await withRunningDaemon(caller, (client) => client.request('server/status', {}));
  if (isJson) say(caller, JSON.stringify(status ? { running: true, ...status } : { running: false }));
  else say(caller, status ? statusText(status, Date.now()) : 'No daemon is running. It starts by itself on first use.');
  return status !== undefined;
}

export async function printLog({ environment, stdout }: Caller): Promise<void> {
  const { log } = runtimePaths({ environment, uid: process.getuid?.() ?? 0, temporaryFolder: tmpdir() });
  if (!existsSync(log)) throw failure(`There is no log yet: no daemon has run here (it would write ${log}).`);
  await pipeline(createReadStream(log), stdout, { end: false });
}

export async function stopDaemon(caller: Caller): Promise<void> {
  const stopped = await withRunningDaemon(caller, async (client) => {
    const { pid, sessions } = await client.request('server/status', {});
    await client.request('server/stop', {});
    return `Stopped the daemon (process ${pid}) and ${count(sessions, 'session')}.`;
  });
  note(caller, `${stopped ?? 'No daemon is running.'}`);
}

export function statusText(status: ResultOf<'server/status'>, now: number): string {
  return [
    `running, process ${status.pid}, version ${status.version}, for ${duration(now - status.startedAt)}`,
    `${count(status.sessions, 'session')}, ${count(status.clients, 'client')}, ${size(status.memoryBytes)}`,
    ...(status.socket === undefined ? [] : [`socket ${status.socket}`]),
    ...(status.log === undefined ? [] : [`log ${status.log}`]),
  ].join('\n');
}
