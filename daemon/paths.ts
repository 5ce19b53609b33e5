/** Where this daemon keeps what its clients look for, and what it keeps for itself. */
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RuntimePaths, runtimePaths } from '../protocol/node/discovery.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export function pathsFrom(environment: Environment): RuntimePaths {
  return runtimePaths({ environment, uid: process.getuid?.() ?? 0, temporaryFolder: tmpdir() });
}

/** Large, and to outlive a restart of the machine: the folder of sockets is in memory on many. Who has chosen that one has both in it. */
export function stateFolderFrom(environment: Environment): string {
  const { HEADWATER_STATE_DIR, HEADWATER_RUNTIME_DIR, XDG_STATE_HOME } = environment;
  if (HEADWATER_STATE_DIR) return HEADWATER_STATE_DIR;
  if (HEADWATER_RUNTIME_DIR) return join(HEADWATER_RUNTIME_DIR, 'state');
  return join(XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'headwater');
}
