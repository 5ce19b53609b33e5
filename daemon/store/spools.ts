/** The spools of all sessions: their common bounds, and the files of the large ones. */
import { impossible, itemAt } from '../core/assert.ts';
import type { TextBytes } from '../host.ts';
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
import { Spool, type SpoolBounds, type SpoolFile, type SpoolKeeper } from './spool.ts';

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

export interface SpoolsOptions {
  readonly bytes: TextBytes;
  /** Throws where the disk refuses. Without files, everything stays in memory, within its bounds. */
  readonly openFile?: (() => SpoolFile) | undefined;
  readonly bounds?: SpoolBounds;
}

export class Spools implements SpoolKeeper {
  readonly bytes: TextBytes;
  readonly scratch: Uint8Array;
  readonly #openFile: (() => SpoolFile) | undefined;
  readonly #bounds: SpoolBounds;
  /** Those that can be made smaller, the oldest first. */
  readonly #spools = new Set<Spool>();
  #memoryBytes = 0;

  constructor({ bytes, openFile, bounds = spoolBounds }: SpoolsOptions) {
    this.bytes = bytes;
    this.#openFile = openFile;
    this.#bounds = bounds;
    // At most three bytes for each UTF-16 unit.
    this.scratch = new Uint8Array(3 * (bounds.chunkCharactersMax + bounds.rewrittenCharactersMax));
  }

  get hasFiles(): boolean {
    return this.#openFile !== undefined;
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

  openFile(): SpoolFile {
    const open = this.#openFile ?? impossible('a spool wants a file where there are none');
    while (this.#files().length >= this.#bounds.filesMax) this.#shrink(itemAt(this.#files(), 0));
    return open();
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
