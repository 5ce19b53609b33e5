/** Notebooks on the disk, read before a server is asked anything, so that a wrong name is reported at once. */
import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { messageOf, systemCode } from '../../protocol/errors.ts';
import { notebookBytesMax } from '../../protocol/limits.ts';
import { readRegularSync } from '../../protocol/node/regular-file.ts';
import type { Caller } from './caller.ts';
import { wrongUse } from './exit.ts';
import { didYouMean } from './nearest.ts';

/** Where names count from. */
type Where = Pick<Caller, 'resolve'>;

const halfMarker = /^# ?%[ \t]*\r?$/m;

export interface NotebookFile {
  /** As the person wrote it, for messages. */
  readonly shown: string;
  /** Absolute, symbolic links followed. */
  readonly path: string;
  readonly text: string;
}

/** Folders that hold other people's code. */
const foldersPassedOver = new Set(['node_modules', '__pycache__', 'site-packages']);

export function readNotebookFile(where: Where, shown: string): NotebookFile {
  try {
    const path = realpathSync(where.resolve(shown));
    // The byte-order mark stays: places in the text count from where the daemon sees it begin.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readRegularSync(path, notebookBytesMax));
    return { shown, path, text };
  } catch (error) {
    throw wrongUse(unreadable(where, shown, error));
  }
}

/** The file's absolute path, whether it still exists or not. */
export function absolutePath(where: Where, shown: string): string {
  try {
    return realpathSync(where.resolve(shown));
  } catch {
    return where.resolve(shown);
  }
}

/** No name at all is not that of the working directory. What cannot be looked at is none: whoever reads it then says why it cannot. */
export function isFolder(where: Where, shown: string): boolean {
  try {
    return shown !== '' && statSync(where.resolve(shown)).isDirectory();
  } catch {
    return false;
  }
}

/** All `.py` files below a folder, in the order of their names; virtual environments and hidden folders are skipped. */
export function pythonFilesIn(where: Where, folder: string): readonly string[] {
  const entries = readFolder(where, folder).sort((a, b) => (a.name < b.name ? -1 : 1));
  if (entries.some(({ name }) => name === 'pyvenv.cfg')) return [];
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return entry.name.startsWith('.') || foldersPassedOver.has(entry.name) ? [] : pythonFilesIn(where, path);
    return entry.isFile() && entry.name.endsWith('.py') ? [path] : [];
  });
}

/** What to tell about a file that is Python, and no notebook. */
export function notANotebook({ shown, text }: Pick<NotebookFile, 'shown' | 'text'>): string {
  const advice = halfMarker.test(text)
    ? 'Its "# %" lines lack a percent sign; printf, for example, writes "%%" as "%", and needs "%%%%" for two.'
    : `Put "# %%" on a line of its own where each cell begins, or run it as it is with: python ${shown}`;
  return `${shown} is not a notebook: it has no "# %%" line and no marimo app. ${advice}`;
}

/** Whether the text may be a notebook at all; spares asking the server about each file of a folder. */
export function mentionsNotebook(text: string): boolean {
  return text.includes('%%') || text.includes('marimo');
}

/** Whether cells may begin with lines that stand in other files too: so only in a file that the person has named. */
export function mentionsOtherMarkers(text: string): boolean {
  return /^#(?:#{19}|[ \t]*(?:In[ \t]*\[|<(?:code|markdown|heading|raw)cell))/m.test(text);
}

function readFolder(where: Where, folder: string): Dirent[] {
  try {
    return readdirSync(where.resolve(folder), { withFileTypes: true });
  } catch (error) {
    throw wrongUse(unreadable(where, folder, error));
  }
}

function unreadable(where: Where, shown: string, error: unknown): string {
  switch (systemCode(error)) {
    case 'ENOENT':
      return `${shown} does not exist.${didYouMean(basename(shown), neighbours(where, shown))}`;
    case 'EISDIR':
      return `${shown} is a folder; name a notebook in it.`;
    case 'EACCES':
      return `${shown} cannot be read: you have no permission. Change it with: chmod u+r ${shown}`;
    case 'ERR_ENCODING_INVALID_ENCODED_DATA':
      return `${shown} is not UTF-8 text. Save it as UTF-8, or run it with: python ${shown}`;
    default:
      return `${shown} cannot be read: ${messageOf(error)}`;
  }
}

function neighbours(where: Where, shown: string): readonly string[] {
  try {
    return readdirSync(dirname(where.resolve(shown))).filter((name) => /\.(?:py|ipynb|md)$/.test(name));
  } catch {
    return [];
  }
}
