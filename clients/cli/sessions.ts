/** `headwater ps` and `headwater stop`: the sessions of the daemon. */
import { basename, dirname } from 'node:path';
import type { ResultOf } from '../../protocol/methods.ts';
import type { Client } from '../node/client.ts';
import type { Caller } from './caller.ts';
import { noDaemon, withRunningDaemon } from './daemon.ts';
import { failure } from './exit.ts';
import { absolutePath } from './files.ts';
import { meantText, nearestNames, suggestionsMax } from './nearest.ts';
import { count, size } from './render/size.ts';
import { table } from './render/table.ts';
import { note, say } from './say.ts';

type Session = ResultOf<'session/list'>['sessions'][number];

export async function listSessions(caller: Caller, isJson: boolean): Promise<void> {
  const listed = await withRunningDaemon(caller, (client) => client.request('session/list', {}));
  const sessions = listed?.sessions ?? [];
  if (isJson) {
    for (const session of sessions) say(caller, JSON.stringify(record(session)));
  } else if (sessions.length === 0) {
    note(caller, listed ? 'No notebook is open.' : 'No notebook is open: no daemon is running.');
  } else {
    say(caller, sessionTable(sessions));
  }
}

export async function stopSession(caller: Caller, shown: string): Promise<void> {
  const stopped = await withRunningDaemon(caller, async (client) => {
    const session = await requireSession(caller, client, shown);
    await client.request('session/close', { session: session.session });
    return notebookLabel(session);
  });
  if (stopped === undefined) throw noDaemon();
  note(caller, `Stopped ${stopped}.`);
}

/** The session of a notebook that is open, or the one with this id: only that names a variant. */
export async function requireSession(caller: Caller, client: Client, shown: string): Promise<Session> {
  const path = absolutePath(caller, shown);
  const { sessions } = await client.request('session/list', {});
  const files = sessions.filter(({ variant }) => variant === undefined);
  const session = files.find((open) => open.path === path) ?? sessions.find((open) => open.session === shown);
  if (session) return session;
  throw failure(
    `${shown} is not open.${meantAmong(
      caller,
      shown,
      files.map((open) => open.path),
    )} List the open notebooks with: headwater ps`,
  );
}

/** By name alone where the file stands beside the one that was given, else by its path. */
function meantAmong(caller: Caller, shown: string, paths: readonly string[]): string {
  const near = nearestNames(
    basename(shown),
    paths.map((path) => basename(path)),
  );
  const meant = near.flatMap((name) => paths.filter((path) => basename(path) === name));
  const labels = meant.map((path) => (dirname(path) === dirname(absolutePath(caller, shown)) ? basename(path) : path));
  return meantText(labels.slice(0, suggestionsMax));
}

export function sessionTable(sessions: readonly Session[]): string {
  return table(
    ['NOTEBOOK', 'PYTHON', 'STATE', 'MEMORY'],
    sessions.map((session) => [
      notebookLabel(session),
      interpreter(session),
      state(session),
      session.memoryBytes === undefined ? '-' : size(session.memoryBytes),
    ]),
  );
}

function notebookLabel({ path, variant, session }: Session): string {
  return variant === undefined ? path : `${path} (variant ${variant}, ${session})`;
}

function record({ session, path, variant, format, kernel, memoryBytes, running, stale, clients }: Session): object {
  return {
    session,
    path,
    variant: variant ?? null,
    format: format ?? null,
    python: kernel.python ?? null,
    version: kernel.version ?? null,
    pid: kernel.pid ?? null,
    state: kernel.phase,
    running: running ?? null,
    stale,
    clients,
    memoryBytes: memoryBytes ?? null,
  };
}

function interpreter({ kernel: { python, version } }: Session): string {
  return [version, python].filter(Boolean).join(' ') || '-';
}

function state({ kernel, running, stale }: Session): string {
  const now =
    kernel.phase === 'busy' && running !== undefined
      ? `running ${running}`
      : kernel.phase === 'none'
        ? 'not started'
        : kernel.phase;
  return stale > 0 ? `${now}, ${count(stale, 'cell')} to run` : now;
}
