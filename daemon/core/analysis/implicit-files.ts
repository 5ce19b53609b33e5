/** Files as states that cells share without a variable: who writes one gives it to those that read it by the same path, see graph/implicit.ts. */
import { normalPath } from './constant-paths.ts';
import type { Implicit, Name } from './facts.ts';
import type { FileAccess, FileUse } from './file-uses.ts';

const [before, after] = ['<file ', '>'];

/** What functions do counts where they are called, and there a run tells of it. */
export function implicitFiles(uses: readonly FileUse[]): Implicit | undefined {
  const own = uses.filter(({ isDeferred }) => !isDeferred);
  if (own.length === 0) return undefined;
  const names = (...accesses: FileAccess[]) => [
    ...new Set(own.filter(({ access }) => accesses.includes(access)).map(({ path }) => before + normalPath(path) + after)),
  ];
  return { reads: names('read', 'change'), writes: names('write', 'change'), consumes: [] };
}

/** There is one version of a file at a time, and the disk holds it. */
export function isFile(name: Name): boolean {
  return name.startsWith(before);
}

/** As the text writes it. */
export function pathOfFile(name: Name): string {
  return name.slice(before.length, -after.length);
}

/** Whether the name can stand for this file, of which the absolute path is given. */
export function mayBeFile(name: Name, path: string): boolean {
  const written = pathOfFile(name).replace(/^(?:\.\.\/)+/, '');
  return path === written || path.endsWith(`/${written}`);
}
