/** Where this daemon keeps what its clients look for. */
import { tmpdir } from 'node:os';
import { type RuntimePaths, runtimePaths } from '../protocol/discovery.ts';

export function pathsFrom(environment: Readonly<Record<string, string | undefined>>): RuntimePaths {
  return runtimePaths({ environment, uid: process.getuid?.() ?? 0, temporaryFolder: tmpdir() });
}
