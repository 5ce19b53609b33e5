/** Marks of what files hold: of their whole content, as long as that costs little. */
import { notebookBytesMax } from '../../../protocol/limits.ts';
import type { WatchedFiles } from '../../host.ts';
import { dataBytesComparedMax, dataFileComparedBytesMax } from '../../limits.ts';

/** Of one look, or of one step. */
export class FileContents {
  readonly #watchedFiles: WatchedFiles;
  #bytesLeft = dataBytesComparedMax;

  constructor(watchedFiles: WatchedFiles) {
    this.#watchedFiles = watchedFiles;
  }

  /** The same kind of mark as the file had before, so that the two can be compared. Undefined where it cannot be read. */
  markOf(file: string, signature: string, before: string | undefined): string | undefined {
    // Modules are marked as `modules.py` does, which reads none that is larger.
    if (file.endsWith('.py')) return this.#watchedFiles.markOf(file, notebookBytesMax);
    const size = Number(signature.split(' ')[2]);
    const isWhole = size <= dataFileComparedBytesMax && !isOfEnds(before);
    if (isWhole && size > this.#bytesLeft && before !== undefined) return `not compared: ${signature}`;
    if (!isWhole || size > this.#bytesLeft) return this.#watchedFiles.markOf(file, 0);
    this.#bytesLeft -= size;
    return this.#watchedFiles.markOf(file, dataFileComparedBytesMax);
  }
}

function isOfEnds(mark: string | undefined): boolean {
  return mark !== undefined && /^\d+ \d+ /.test(mark);
}
