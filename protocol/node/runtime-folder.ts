/** The folder of sockets and tokens must be ours alone: Node cannot ask a socket who is on the other side. */
import { lstat, mkdir } from 'node:fs/promises';

/** Creates the folder, and refuses with a sentence one that others own or can read. */
export async function secureFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { uid, mode, isDirectory } = await look(folder);
  const advice = 'Remove it, or set HEADWATER_RUNTIME_DIR to a folder of your own.';
  if (!isDirectory) throw new Error(`${folder} is a link or a file, not a folder. ${advice}`);
  if (uid !== process.getuid?.()) throw new Error(`${folder} belongs to another user. ${advice}`);
  if ((mode & 0o077) !== 0)
    throw new Error(`Others can open ${folder} (mode ${(mode & 0o777).toString(8)}). Run: chmod 700 '${folder}'`);
}

async function look(folder: string): Promise<{ uid: number; mode: number; isDirectory: boolean }> {
  const stats = await lstat(folder);
  return { uid: stats.uid, mode: stats.mode, isDirectory: stats.isDirectory() };
}
