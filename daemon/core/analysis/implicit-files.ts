/** Files as states that cells share without a variable: who writes one gives it to those that read it by the same path, see graph/implicit.ts. */
import { normalPath } from './constant-paths.ts';
import type { Implicit, Name } from './facts.ts';
import type { FileAccess, FileUse } from './file-uses.ts';

const [before, after] = ['<file ', '>'];
const database = ' (database)';

/** What functions do counts where they are called, and there a run tells of it. */
export function implicitFiles(uses: readonly FileUse[]): Implicit | undefined {
  const own = uses.filter(({ isDeferred }) => !isDeferred);
  if (own.length === 0) return undefined;
  const names = (...accesses: FileAccess[]) => [
    ...new Set(own.filter(({ access }) => accesses.includes(access)).map(({ path }) => fileName(normalPath(path)))),
  ];
  const adds = names('add');
  const writes = names('write', 'change', 'add', 'remove');
  return { reads: names('read', 'change'), writes, ...(adds.length > 0 && { adds }), consumes: [] };
}

/** Whether something of it is there when the cell has run: who only removes a file gives nobody anything to read. */
export function mayMake(uses: readonly FileUse[], name: Name): boolean {
  return uses.some(({ path, access, isDeferred }) => !isDeferred && access !== 'remove' && fileName(normalPath(path)) === name);
}

/** Paths from the notebook's folder, as most texts name them. */
export interface UsedFiles {
  readonly read: readonly string[];
  readonly written: readonly string[];
  /** Of those written: what they hold depends on what they held. */
  readonly changed: readonly string[];
  readonly added: readonly string[];
  readonly databases: readonly string[];
}

/** Of files that a step was seen to use. */
export function seenFiles({ read, written, changed, added, databases }: UsedFiles): Implicit {
  const nameOf = (path: string) => fileName(databases.includes(path) ? path + database : path);
  const adds = added.map(nameOf);
  return {
    reads: [...read, ...changed].map(nameOf),
    writes: written.map(nameOf),
    ...(adds.length > 0 && { adds }),
    consumes: [],
  };
}

function fileName(path: string): Name {
  return before + path + after;
}

/** There is one version of a file at a time, and the disk holds it. */
export function isFile(name: Name): boolean {
  return name.startsWith(before);
}

/** As the text writes it. */
export function pathOfFile(name: Name): string {
  const path = name.slice(before.length, -after.length);
  return isDatabase(name) ? path.slice(0, -database.length) : path;
}

/** What is written to it stays there: to run who wrote it first does not bring back what it held. */
export function isDatabase(name: Name): boolean {
  return name.endsWith(database + after);
}

/** Whether the name can stand for this file, of which the absolute path is given. */
export function mayBeFile(name: Name, path: string): boolean {
  const written = pathOfFile(name).replace(/^(?:\.\.\/)+/, '');
  return path === written || path.endsWith(`/${written}`);
}
