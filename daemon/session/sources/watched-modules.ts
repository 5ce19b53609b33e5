/** Files that a notebook's modules were loaded from: says when one holds something else than was known of it. */
import { folderOf } from '../../core/paths.ts';
import type { FileMarks } from '../../core/scheduler/state.ts';
import type { Timer, Timers, WatchedFiles } from '../../host.ts';
import { moduleFilesMax, moduleFoldersWatchedMax, moduleLookDelayMilliseconds } from '../../limits.ts';

interface Known {
  readonly mark: string;
  /** Of the content that the mark was made from; undefined where only the kernel has seen it. */
  readonly signature: string | undefined;
}

const missing = 'missing';

export interface WatchedModulesOptions {
  readonly timers: Timers;
  /** Where there are none, nothing is looked at. */
  readonly watchedFiles: WatchedFiles | undefined;
  readonly onChange: (files: FileMarks) => void;
}

export class WatchedModules {
  readonly #options: WatchedModulesOptions;
  readonly #known = new Map<string, Known>();
  readonly #watchers = new Map<string, { close(): void }>();
  #delay: Timer | undefined;

  constructor(options: WatchedModulesOptions) {
    this.#options = options;
  }

  /** A step has loaded these. They are looked at from now on, and at once: they may have changed since. */
  know(files: FileMarks): void {
    for (const [file, mark] of files) {
      if (this.#known.has(file) || this.#known.size >= moduleFilesMax) continue;
      this.#known.set(file, { mark, signature: undefined });
      this.#watch(folderOf(file));
    }
    if (files.size > 0) this.look();
  }

  /** Looks at all of them, and tells what has changed. Where nothing has, it reads none. */
  look(): void {
    const { watchedFiles, onChange } = this.#options;
    this.#delay?.stop();
    this.#delay = undefined;
    if (!watchedFiles) return;
    const changed = new Map<string, string>();
    for (const [file, before] of this.#known) {
      const signature = watchedFiles.signatureOf(file) ?? missing;
      if (signature === before.signature) continue;
      // As `modules.py` makes it.
      const mark = watchedFiles.hashOf(file) ?? missing;
      this.#known.set(file, { mark, signature });
      if (mark !== before.mark) changed.set(file, mark);
    }
    if (changed.size > 0) onChange(changed);
  }

  close(): void {
    this.#delay?.stop();
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
    this.#known.clear();
  }

  /** Folders, as editors put a new file in the place of the old one. What cannot be watched is looked at when a run starts. */
  #watch(folder: string): void {
    if (this.#watchers.has(folder) || this.#watchers.size >= moduleFoldersWatchedMax) return;
    const { watchedFiles, timers } = this.#options;
    const watcher = watchedFiles?.watch(folder, () => {
      this.#delay ??= timers.after(moduleLookDelayMilliseconds, () => this.look());
    });
    if (watcher) this.#watchers.set(folder, watcher);
  }
}
