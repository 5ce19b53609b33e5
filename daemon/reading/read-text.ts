/** Notebooks at paths that a client names. */
import { messageOf, type Refusal, refusal, systemCode } from '../../protocol/errors.ts';
import { notebookBytesMax } from '../../protocol/limits.ts';
import type { Files } from '../host.ts';

/** The text of a file; refuses with a sentence that says why it cannot be read. */
export async function readTextFile(files: Files, path: string): Promise<string> {
  requireWhole(path);
  try {
    return await files.readText(path, notebookBytesMax);
  } catch (error) {
    throw unreadable(path, reasons[systemCode(error) ?? ''] ?? messageOf(error));
  }
}

/** Refuses what can be no notebook's path. There may be no file yet. */
export async function requireNotebookPath(files: Files, path: string): Promise<void> {
  requireWhole(path);
  const kind = await files.kindOf(path);
  if (kind === 'folder') throw unreadable(path, 'it is a folder');
  if (kind === 'other') throw unreadable(path, 'it is a pipe, a socket or a device');
}

const reasons: Readonly<Record<string, string>> = { ENOENT: 'there is no such file', EACCES: 'permission denied' };

/** The folder that a relative path starts in is the client's, and only the client knows it. */
function requireWhole(path: string): void {
  if (path === '') throw unreadable('The path ""', 'it is empty');
  if (!path.startsWith('/')) throw unreadable(path, 'the path is relative; send the absolute path');
  if (path.includes('\0')) throw unreadable(path, 'a path has no zero bytes');
}

function unreadable(path: string, why: string): Refusal {
  return refusal('unreadable-file', `${path} cannot be read: ${why}.`);
}
