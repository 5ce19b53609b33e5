/** Files that outlive the daemon, one for each name: written whole or not at all, and together bounded; the oldest go first. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRegular } from '../../protocol/node/regular-file.ts';
import { stateFilesBytesMax } from '../limits.ts';

export class StateFiles {
  readonly #folder: string;
  readonly #bytesMax: number;
  /** Written since it was last looked whether it is too much; at first nobody has looked. */
  #bytesUnseen = Number.POSITIVE_INFINITY;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(folder: string, bytesMax: number = stateFilesBytesMax) {
    this.#folder = folder;
    this.#bytesMax = bytesMax;
  }

  pathOf(name: string): string {
    return join(this.#folder, `${createHash('sha256').update(name).digest('hex').slice(0, 32)}.json`);
  }

  /** Undefined where there is none. Rejects where it is no file that can be read, or a larger one. */
  async read(name: string, bytesMax: number): Promise<string | undefined> {
    try {
      return String(await readRegular(this.pathOf(name), bytesMax));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
      throw error;
    }
  }

  /** One after the other, so that the last content is the one that stays. */
  write(name: string, content: string): Promise<void> {
    const next = this.#writing.then(() => this.#writeNow(this.pathOf(name), content));
    this.#writing = next.catch(() => {});
    return next;
  }

  async #writeNow(path: string, content: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const draft = `${path}.${randomBytes(4).toString('hex')}`;
    try {
      await writeFile(draft, content, { mode: 0o600, flag: 'wx' });
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    this.#bytesUnseen += content.length;
    if (this.#bytesUnseen > this.#bytesMax / 16) await this.#trim(path);
  }

  async #trim(newest: string): Promise<void> {
    this.#bytesUnseen = 0;
    const paths = (await readdir(this.#folder)).map((name) => join(this.#folder, name));
    const files = (await Promise.all(paths.map(described))).flatMap((file) => file ?? []);
    let bytes = files.reduce((sum, { size }) => sum + size, 0);
    for (const { path, size } of files.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
      if (bytes <= this.#bytesMax) return;
      if (path === newest) continue;
      await rm(path, { force: true });
      bytes -= size;
    }
  }
}

async function described(path: string) {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? { path, size: found.size, mtimeMs: found.mtimeMs } : undefined;
}
