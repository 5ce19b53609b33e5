/** What is wrong with an open notebook: by its text at every edit, by Python and the disk a moment later, as its project's settings want it. */
import type { Problem } from '../../protocol/types.ts';
import { type CheckOptions, inPageOrder, settle } from '../core/check/check.ts';
import { LiveCheck, type LiveEdit } from '../core/check/live.ts';
import type { CheckedNotebook } from '../core/check/problem.ts';
import { problemView } from './problems.ts';
import { type Settings, sameSettings } from './settings.ts';
import type { LiveWorld } from './world/live.ts';

/** Looks at what only the world can tell; absent where nobody looks at the problems as they come. */
export type WatchWorld = ((onNews: () => void) => LiveWorld) | undefined;

export interface LiveProblemsOptions {
  readonly settings: Settings;
  readonly watchWorld: WatchWorld;
  /** A line of the document as it is, for comments that switch problems off. */
  readonly lineOf: (line: number) => string;
  readonly tell: (problems: readonly Problem[]) => void;
}

export class LiveProblems {
  readonly #options: LiveProblemsOptions;
  readonly #world: LiveWorld | undefined;
  #settings: Settings;
  #notebook: CheckedNotebook | undefined;
  #check: LiveCheck | undefined;

  constructor(options: LiveProblemsOptions) {
    this.#options = options;
    this.#settings = options.settings;
    this.#world = options.watchWorld?.(() => this.#tell());
  }

  /** What is wrong with it as it is has been told. */
  know(notebook: CheckedNotebook): void {
    this.#notebook = notebook;
  }

  /** The notebook has changed since this edit. */
  update(notebook: CheckedNotebook, edit: LiveEdit): void {
    this.#notebook = notebook;
    this.#world?.changed(notebook);
    const isSame = this.#check?.update(notebook, edit) === false;
    this.#check ??= new LiveCheck(notebook, this.#checkOptions);
    if (!isSame || this.#world?.hasFound) this.#tell();
  }

  /** Files may have come or gone. */
  lookAgain(): void {
    this.#world?.lookAgain();
  }

  /** The settings of the project may be others now. */
  set(settings: Settings): void {
    if (!this.#notebook || sameSettings(settings, this.#settings)) return;
    this.#settings = settings;
    this.#check = new LiveCheck(this.#notebook, this.#checkOptions);
    this.#tell();
  }

  close(): void {
    this.#world?.close();
  }

  #tell(): void {
    const notebook = this.#notebook;
    if (!notebook) return;
    const told = this.#check?.problems ?? [];
    const found = settle(notebook, this.#world?.problemsOf(notebook) ?? [], this.#checkOptions);
    this.#options.tell((found.length > 0 ? [...told, ...found].sort(inPageOrder) : told).map(problemView));
  }

  get #checkOptions(): CheckOptions {
    const { disabled, isStrict } = this.#settings;
    return { disabled, isStrict, lineOf: this.#options.lineOf };
  }
}
