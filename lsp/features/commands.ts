/** The names of what a person can ask for; they are announced, so editors may call them from a menu, a key or their command line. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Those that need nothing but a place; each is a code action, too. */
export const actionNames = [
  'headwater.runCell',
  'headwater.runCellOnly',
  'headwater.runStale',
  'headwater.runAll',
  'headwater.cancel',
  'headwater.interrupt',
  'headwater.kill',
  'headwater.restart',
  'headwater.openOutput',
  'headwater.copyOutput',
  'headwater.whichPython',
] as const;

export const commandNames = [...actionNames, 'headwater.reply'] as const;

export type ActionName = (typeof actionNames)[number];
export type CommandName = (typeof commandNames)[number];

/** Where a command is meant. Without arguments it is where the editor last asked for something. */
export interface CommandPlace {
  readonly path?: string;
  /** From 0. */
  readonly line?: number;
  readonly cell?: string;
}

/**
 * `(uri, line, cell)` as our own actions and lenses send it, with lines from 0 as in LSP; `(path, line)` as a person or a key binding writes
 * it, with lines from 1 as editors show them; or nothing. Throws a sentence about a place that is none: what was meant is not guessed.
 */
export function readPlace([where, at, cell]: readonly unknown[]): CommandPlace {
  if (isAbsent(where)) return {};
  const path = pathAt(where);
  return {
    path,
    ...(!isAbsent(at) && { line: lineAt(at, String(where).startsWith('file:') ? 0 : 1) }),
    ...(typeof cell === 'string' && { cell }),
  };
}

/** A key binding may have nothing to put in. */
export function isAbsent(parameter: unknown): parameter is undefined | null | '' {
  return parameter === undefined || parameter === null || parameter === '';
}

/** Of an address or a path. */
export function pathAt(where: unknown): string {
  if (typeof where !== 'string') throw new Error(`${JSON.stringify(where)} is not the path or the address of a notebook.`);
  const path = where.startsWith('file:') ? pathOfUri(where) : resolve(where);
  if (path === undefined) throw new Error(`${where} is not the address of a file on this machine.`);
  return path;
}

function lineAt(at: unknown, first: 0 | 1): number {
  const line = Number(at);
  if (!Number.isInteger(line) || line < 0) throw new Error(`${JSON.stringify(at)} is not the number of a line.`);
  return Math.max(0, line - first);
}

/** Editors write one file's address in several ways (`%C3%A9` or `é`); its path is what counts. */
export function pathOfUri(uri: string): string | undefined {
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}

export function isCommandName(name: string): name is CommandName {
  return commandNames.some((known) => known === name);
}
