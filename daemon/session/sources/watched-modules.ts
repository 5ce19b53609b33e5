/** Files that a notebook's modules were loaded from: says when one holds something else than was known of it. */

import { createHash } from 'node:crypto';
import { type FSWatcher, readFileSync, statSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import type { FileMarks } from '../../core/scheduler/state.ts';
import { moduleFilesMax, moduleFoldersWatchedMax, moduleLookDelayMilliseconds } from '../../limits.ts';

interface Known {
  readonly mark: string;
  /** Of the content that the mark was made from; undefined where only the kernel has seen it. */
  readonly signature: string | undefined;
}

const missing = 'missing';

export class WatchedModules {
  readonly #onChange: (files: FileMarks) => void;
  readonly #known = new Map<string, Known>();
  readonly #watchers = new Map<string, FSWatcher>();
  #delay: NodeJS.Timeout | undefined;

  constructor(onChange: (files: FileMarks) => void) {
    this.#onChange = onChange;
  }

  /** A step has loaded these. They are looked at from now on, and at once: they may have changed since. */
  know(files: FileMarks): void {
    for (const [file, mark] of files) {
      if (this.#known.has(file) || this.#known.size >= moduleFilesMax) continue;
      this.#known.set(file, { mark, signature: undefined });
      this.#watch(dirname(file));
    }
    if (files.size > 0) this.look();
  }

  /** Looks at all of them, and tells what has changed. Where nothing has, it reads none. */
  look(): void {
    clearTimeout(this.#delay);
    this.#delay = undefined;
    const changed = new Map<string, string>();
    for (const [file, before] of this.#known) {
      const signature = signatureOf(file);
      if (signature === before.signature) continue;
      const mark = signature === missing ? missing : markOf(file);
      this.#known.set(file, { mark, signature });
      if (mark !== before.mark) changed.set(file, mark);
    }
    if (changed.size > 0) this.#onChange(changed);
  }

  close(): void {
    clearTimeout(this.#delay);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
    this.#known.clear();
  }

  /** Folders, as editors put a new file in the place of the old one. What cannot be watched is looked at when a run starts. */
  #watch(folder: string): void {
    if (this.#watchers.has(folder) || this.#watchers.size >= moduleFoldersWatchedMax) return;
    try {
      const watcher = watch(folder, { persistent: false }, () => {
        this.#delay ??= setTimeout(() => this.look(), moduleLookDelayMilliseconds).unref();
      });
      watcher.on('error', () => watcher.close());
      this.#watchers.set(folder, watcher);
    } catch {
      // Gone, or the system has no more watches to give.
    }
  }
}

function signatureOf(file: string): string {
  const status = statSync(file, { bigint: true, throwIfNoEntry: false });
  return status === undefined ? missing : `${status.mtimeNs} ${status.ctimeNs} ${status.size} ${status.ino}`;
}

/** As `modules.py` makes it. */
function markOf(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return missing;
  }
}
