/** Where a daemon is found: the names that it and its clients must agree on, and what the discovery file says. */
import { join } from 'node:path';
import * as z from 'zod';
import type { Described } from '../read-only.ts';
import { packageVersion, protocolVersion } from '../version.ts';

/** Content of the discovery file. Whoever can read it may speak to the daemon. */
export const Discovery = z.object({
  pid: z.int(),
  socket: z.string().describe('Path of the Unix domain socket.'),
  token: z.string().describe('Goes into initialize.'),
  incarnation: z.string(),
  version: z.string().describe('Version of the package that the daemon runs.'),
  protocol: z.int(),
  startedAt: z.number().describe('Milliseconds since 1970.'),
  log: z.string().describe('Path of the log.'),
});
export type Discovery = Described<typeof Discovery>;

export interface PathSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly uid: number;
  readonly temporaryFolder: string;
}

export interface RuntimePaths {
  readonly folder: string;
  /** `v1-0.1.0`: one daemon per user and version, so that two versions live side by side. */
  readonly name: string;
  readonly discovery: string;
  readonly log: string;
}

export function runtimePaths(around: PathSources): RuntimePaths {
  const folder = runtimeFolder(around);
  const name = `v${protocolVersion}-${packageVersion}`;
  return { folder, name, discovery: join(folder, `${name}.json`), log: join(folder, `${name}.log`) };
}

function runtimeFolder({ environment, uid, temporaryFolder }: PathSources): string {
  if (environment.HEADWATER_RUNTIME_DIR) return environment.HEADWATER_RUNTIME_DIR;
  if (environment.XDG_RUNTIME_DIR) return join(environment.XDG_RUNTIME_DIR, 'headwater');
  return join(temporaryFolder, `headwater-${uid}`);
}
