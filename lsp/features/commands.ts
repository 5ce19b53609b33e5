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
 * it, with lines from 1 as editors show them; or nothing.
 */
export function readPlace(parameters: readonly unknown[]): CommandPlace {
  const [where, at, cell] = parameters;
  if (typeof where !== 'string' || where === '') return {};
  const isUri = where.startsWith('file:');
  const line = Number(at);
  const path = isUri ? pathOfUri(where) : resolve(where);
  return {
    ...(path !== undefined && { path }),
    ...(at !== undefined && at !== '' && Number.isInteger(line) && { line: Math.max(0, isUri ? line : line - 1) }),
    ...(typeof cell === 'string' && { cell }),
  };
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
