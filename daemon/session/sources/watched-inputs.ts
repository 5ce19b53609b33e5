/** Files that cells were given, modules and data: says what steps found in them, and when one holds something else than was known of it. */
import type { CellId } from '../../core/notebook/notebook.ts';
import { folderOf, pathIn } from '../../core/paths.ts';
import type { Event } from '../../core/scheduler/events.ts';
import type { FileMarks } from '../../core/scheduler/state.ts';
import type { Timer, Timers, WatchedFiles } from '../../host.ts';
import type { FileState, SeenFiles, StepNumber } from '../../kernel/kernel.ts';
import {
  dataFilesSliceMilliseconds,
  dataStepsWaitingMax,
  inputFilesMax,
  inputFoldersWatchedMax,
  inputLookDelayMilliseconds,
  inputLookDelayMillisecondsMax,
  inputLookShare,
} from '../../limits.ts';
import { FileContents } from './file-contents.ts';

interface Known {
  readonly mark: string;
  /** Of the content that the mark was made from; undefined where only the kernel has seen it. */
  readonly signature: string | undefined;
}

/** A step whose data files are still to be compared with what is known of them. */
interface Waiting {
  readonly cell: CellId;
  readonly step: StepNumber;
  readonly files: readonly (readonly [kind: 'read' | 'written', state: FileState])[];
  readonly contents: FileContents;
  next: number;
  hasMore: boolean;
  readonly read: Map<string, string>;
  readonly written: Map<string, string>;
  /** What these files hold now: those that had changed before the step, and those that have since. */
  readonly before: Map<string, string>;
  readonly since: Map<string, string>;
}

const missing = 'missing';

export interface WatchedInputsOptions {
  readonly timers: Timers;
  /** Where there are none, nothing is looked at. */
  readonly watchedFiles: WatchedFiles | undefined;
  readonly onEvent: (event: Extract<Event, { type: 'files-changed' | 'data-used' }>) => void;
}

export class WatchedInputs {
  readonly #options: WatchedInputsOptions;
  readonly #known = new Map<string, Known>();
  readonly #watchers = new Map<string, { close(): void }>();
  readonly #waiting: Waiting[] = [];
  #delay: Timer | undefined;
  #lookMilliseconds = 0;
  #isSlicing = false;

  constructor(options: WatchedInputsOptions) {
    this.#options = options;
  }

  /** Steps have loaded or read these. They are looked at from now on, and at once: they may have changed since. */
  know(files: FileMarks): void {
    for (const [file, mark] of files) if (!this.#known.has(file)) this.#keep(file, { mark, signature: undefined });
    this.#lookAtAll(files.keys());
  }

  /** A step has read and written these data files. What they hold is found out in a moment. */
  use(cell: CellId, step: StepNumber, { read, written, hasMore }: SeenFiles): void {
    const { watchedFiles } = this.#options;
    if (!watchedFiles) return;
    if (this.#waiting.length >= dataStepsWaitingMax) this.#compareWaiting(Number.POSITIVE_INFINITY);
    const files = [...read.map((state) => ['read', state] as const), ...written.map((state) => ['written', state] as const)];
    const found = { read: new Map(), written: new Map(), before: new Map(), since: new Map() };
    this.#waiting.push({ cell, step, files, contents: new FileContents(watchedFiles), next: 0, hasMore, ...found });
    this.#compareSoon();
  }

  /** Looks at all of them, and tells what has changed. Where nothing has, it reads none. */
  look(): void {
    this.#delay?.stop();
    this.#delay = undefined;
    const { timers } = this.#options;
    const began = timers.elapsed();
    this.#compareWaiting(Number.POSITIVE_INFINITY);
    this.#lookAtAll(this.#known.keys());
    this.#lookMilliseconds = timers.elapsed() - began;
  }

  close(): void {
    this.#delay?.stop();
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
    this.#known.clear();
    this.#waiting.length = 0;
  }

  #lookAtAll(files: Iterable<string>): void {
    const { watchedFiles } = this.#options;
    if (!watchedFiles) return;
    const contents = new FileContents(watchedFiles);
    const changed = new Map<string, string>();
    for (const file of files) {
      const before = this.#known.get(file);
      const now = before && this.#lookAt(file, contents);
      if (now && now.mark !== before.mark) changed.set(file, now.mark);
    }
    this.#tellChanged(changed);
  }

  #compareSoon(): void {
    if (this.#isSlicing) return;
    this.#isSlicing = true;
    const { timers } = this.#options;
    timers.defer(() => {
      this.#isSlicing = false;
      this.#compareWaiting(timers.elapsed() + dataFilesSliceMilliseconds);
      if (this.#waiting.length > 0) this.#compareSoon();
    });
  }

  #compareWaiting(until: number): void {
    for (let step = this.#waiting[0]; step; step = this.#waiting[0]) {
      for (let file = step.files[step.next]; file; file = step.files[step.next]) {
        if (this.#options.timers.elapsed() > until) return;
        step.next += 1;
        this.#compare(step, ...file);
      }
      this.#waiting.shift();
      const { cell, step: number, read, written, hasMore, before, since } = step;
      this.#tellChanged(before);
      this.#options.onEvent({ type: 'data-used', cell, step: number, read, written, hasMore });
      this.#tellChanged(since);
    }
  }

  #compare(step: Waiting, kind: 'read' | 'written', [file, state]: FileState): void {
    const signature = state ?? missing;
    const before = this.#known.get(file);
    const now = before?.signature === signature ? before : this.#lookAt(file, step.contents);
    if (!this.#known.has(file)) {
      step.hasMore = true;
      return;
    }
    const isAsItWas = now.signature === signature;
    step[kind].set(file, isAsItWas ? now.mark : `as it was: ${signature}`);
    if (!isAsItWas) step.since.set(file, now.mark);
    // What the step itself has written is told with it.
    else if (kind === 'read' && before && before.mark !== now.mark) step.before.set(file, now.mark);
  }

  #lookAt(file: string, contents: FileContents): Known {
    const before = this.#known.get(file);
    // First of all: what happens after the look is to be heard.
    if (!before) this.#watch(folderOf(file));
    const signature = this.#options.watchedFiles?.signatureOf(file) ?? missing;
    if (before?.signature === signature) return before;
    const mark = signature === missing ? missing : (contents.markOf(file, signature, before?.mark) ?? missing);
    return this.#keep(file, { mark, signature });
  }

  /** Of too many, the newest are not kept. */
  #keep(file: string, known: Known): Known {
    if (!this.#known.has(file) && this.#known.size >= inputFilesMax) return known;
    this.#known.set(file, known);
    this.#watch(folderOf(file));
    return known;
  }

  #tellChanged(files: FileMarks): void {
    if (files.size > 0) this.#options.onEvent({ type: 'files-changed', files });
  }

  /** Folders, as editors put a new file in the place of the old one. What cannot be watched is looked at when a run starts. */
  #watch(folder: string): void {
    if (this.#watchers.has(folder) || this.#watchers.size >= inputFoldersWatchedMax) return;
    const watcher = this.#options.watchedFiles?.watch(folder, (name) => {
      if (name === undefined || this.#known.has(pathIn(folder, name))) this.#lookSoon();
    });
    if (watcher) this.#watchers.set(folder, watcher);
  }

  #lookSoon(): void {
    const wanted = Math.max(inputLookDelayMilliseconds, this.#lookMilliseconds * inputLookShare);
    const delay = Math.min(inputLookDelayMillisecondsMax, wanted);
    this.#delay ??= this.#options.timers.after(delay, () => this.look());
  }
}
