/** The file by which clients find the daemon. */
import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { Discovery } from '../../protocol/node/discovery.ts';

/** Whoever reads the file sees the old one or the new one, never a part. */
export async function publish(path: string, discovery: Discovery): Promise<void> {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, `${JSON.stringify(discovery, undefined, 2)}\n`, { mode: 0o600, flag: 'wx' });
  await rename(draft, path);
}

/** Removes the file, unless another daemon has put its own there. */
export async function withdraw(path: string, incarnation: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => '');
  if (incarnationIn(text) === incarnation) await rm(path, { force: true });
}

/** Whose file it is; undefined where nothing of ours can be read. */
export function incarnationIn(text: string): string | undefined {
  try {
    return Discovery.parse(JSON.parse(text)).incarnation;
  } catch {
    return undefined;
  }
}
