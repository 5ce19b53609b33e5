/** The spools of all sessions: their common bounds, and the folder in which the large ones have their files. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { itemAt } from '../core/assert.ts';
import {
  rewrittenCharactersMax,
  spoolChunkCharactersMax,
  spoolFilesMax,
  spoolHeadBytesMax,
  spoolMemoryBytesMax,
  spoolShrunkBytesMax,
  spoolsMemoryBytesMax,
  spoolTailBytesMax,
} from '../limits.ts';
import { Spool, type SpoolBounds, type SpoolKeeper } from './spool.ts';

export const spoolBounds: SpoolBounds = {
  headBytesMax: spoolHeadBytesMax,
  tailBytesMax: spoolTailBytesMax,
  memoryBytesMax: spoolMemoryBytesMax,
  shrunkBytesMax: spoolShrunkBytesMax,
  chunkCharactersMax: spoolChunkCharactersMax,
  rewrittenCharactersMax,
  allMemoryBytesMax: spoolsMemoryBytesMax,
  filesMax: spoolFilesMax,
};

export class Spools implements SpoolKeeper {
  readonly #folder: string | undefined;
  readonly #bounds: SpoolBounds;
  /** Those that can be made smaller, the oldest first. */
  readonly #spools = new Set<Spool>();
  #memoryBytes = 0;
  readonly scratch: Buffer;

  /** Without a folder everything stays in memory, within its bounds. */
  constructor(folder: string | undefined, bounds: SpoolBounds = spoolBounds) {
    this.#folder = folder;
    this.#bounds = bounds;
    // At most three bytes for each UTF-16 unit.
    this.scratch = Buffer.allocUnsafe(3 * (bounds.chunkCharactersMax + bounds.rewrittenCharactersMax));
  }

  get hasFolder(): boolean {
    return this.#folder !== undefined;
  }

  get memoryBytes(): number {
    return this.#memoryBytes;
  }

  /** `onTrouble` hears at most once that the disk takes no more. */
  create(onTrouble: (error: Error) => void): Spool {
    const spool = new Spool(this, this.#bounds, onTrouble);
    this.#spools.add(spool);
    return spool;
  }

  /** A file without a name: it is gone when it is closed, and when the daemon is, however that ends. */
  openFile(): number {
    if (this.#folder === undefined) throw new Error('There is no folder for spools.');
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    while (this.#files().length >= this.#bounds.filesMax) this.#shrink(itemAt(this.#files(), 0));
    const path = join(this.#folder, `spool-${randomBytes(8).toString('hex')}`);
    const file = openSync(path, 'wx+', 0o600);
    rmSync(path);
    return file;
  }

  countMemory(bytes: number): void {
    this.#memoryBytes += bytes;
    for (const spool of this.#spools) {
      if (this.#memoryBytes <= this.#bounds.allMemoryBytesMax) return;
      this.#shrink(spool);
    }
  }

  forget(spool: Spool): void {
    if (this.#spools.delete(spool)) this.#memoryBytes -= spool.memoryBytes;
  }

  #files(): readonly Spool[] {
    return [...this.#spools].filter(({ hasFile }) => hasFile);
  }

  /** What is left of it counts no more: it is little. */
  #shrink(spool: Spool): void {
    this.#spools.delete(spool);
    this.#memoryBytes -= spool.memoryBytes;
    spool.shrink();
  }
}
