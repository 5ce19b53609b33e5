/**
 * What only the world can tell, while a notebook is being edited: what Python's compiler refuses, modules and files that are missing.
 * Some time after the last change it asks, and only for what it has not asked before; until the answer comes, what was found stays
 * with the cells that have not changed.
 */
import { assert, itemAt } from '../../core/assert.ts';
import type { CheckedNotebook, CheckProblem } from '../../core/check/problem.ts';
import type { GraphCell } from '../../core/graph/graph.ts';
import type { Timer, Timers } from '../../host.ts';
import { compiledCellsKeptMax, probeCellsMax, worldDelayMilliseconds } from '../../limits.ts';
import { type World, worldProblems } from './problems.ts';
import type { AskPython, PythonAnswer, PythonQuestion } from './question.ts';

type Ask = (question: PythonQuestion) => ReturnType<AskPython>;
type CompileErrors = readonly Omit<PythonAnswer['errors'][number], 'cell'>[];

interface Found {
  readonly cell: GraphCell;
  readonly codeLine: number;
  readonly problem: CheckProblem;
}

export interface LiveWorldOptions {
  readonly timers: Timers;
  /** Asked at each look, since who opens the notebook next may have another environment. */
  readonly world: () => World;
  /** `problemsOf` gives something else than before. */
  readonly onNews: () => void;
}

export class LiveWorld {
  readonly #options: LiveWorldOptions;
  /** By code; the one used longest ago first. */
  readonly #compiled = new Map<string, CompileErrors>();
  #found: readonly Found[] = [];
  #notebook: CheckedNotebook | undefined;
  #timer: Timer | undefined;
  #isLooking = false;
  #isClosed = false;

  constructor(options: LiveWorldOptions) {
    this.#options = options;
  }

  get hasFound(): boolean {
    return this.#found.length > 0;
  }

  /** To be called when the notebook is opened, and after every change of it. */
  changed(notebook: CheckedNotebook): void {
    this.#notebook = notebook;
    this.#wait();
  }

  /** To be called when the folder or the environment may have changed: a file was written, a run has ended. */
  lookAgain(): void {
    this.#wait();
  }

  /** Of the cells that are as they were when they were looked at, where they stand now. */
  problemsOf({ byId }: CheckedNotebook): readonly CheckProblem[] {
    return this.#found.flatMap(({ cell, codeLine, problem }) => {
      const placed = byId.get(cell.id);
      if (placed?.cell !== cell) return [];
      const down = placed.text.codeLine - codeLine;
      return [down === 0 ? problem : { ...problem, range: moved(problem.range, down) }];
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.stop();
  }

  #wait(): void {
    if (this.#isClosed) return;
    this.#timer?.stop();
    this.#timer = this.#options.timers.after(worldDelayMilliseconds, () => void this.#look());
  }

  async #look(): Promise<void> {
    const notebook = this.#notebook;
    if (!notebook) return;
    // One look at a time; the next one begins when this one has ended.
    if (this.#isLooking) return this.#wait();
    this.#isLooking = true;
    try {
      const world = this.#options.world();
      const askPython: AskPython = (question, place) => this.#ask(question, (part) => world.askPython(part, place));
      const { problems } = await worldProblems(notebook, [], { ...world, askPython });
      if (this.#isClosed) return;
      const before = JSON.stringify(this.#found.map(({ problem }) => problem));
      this.#found = problems.flatMap((problem) => {
        const placed = notebook.byId.get(problem.cells[0] ?? '');
        return placed ? [{ cell: placed.cell, codeLine: placed.text.codeLine, problem }] : [];
      });
      if (JSON.stringify(problems) !== before) this.#options.onNews();
    } finally {
      this.#isLooking = false;
    }
  }

  /** Code that was compiled before is not sent again; a large notebook is sent in pieces, so that others get their turn. */
  async #ask(question: PythonQuestion, ask: Ask): ReturnType<AskPython> {
    const fresh = [...new Set(question.cells)].filter((code) => !this.#compiled.has(code));
    let rest: PythonAnswer | undefined;
    for (let from = 0; from === 0 || from < fresh.length; from += probeCellsMax) {
      const cells = fresh.slice(from, from + probeCellsMax);
      const part = from === 0 ? { ...question, cells } : { ...question, cells, modules: [], stars: [] };
      const answer = await ask(part);
      if ('problem' in answer) return answer;
      rest ??= answer;
      for (const code of cells) this.#compiled.set(code, []);
      for (const { cell, ...error } of answer.errors) {
        const code = itemAt(cells, cell);
        this.#compiled.set(code, [...(this.#compiled.get(code) ?? []), error]);
      }
    }
    const errors = question.cells.flatMap((code, cell) => this.#use(code).map((error) => ({ ...error, cell })));
    this.#dropOldest();
    assert(rest, 'at least one question is asked');
    return { ...rest, errors };
  }

  #use(code: string): CompileErrors {
    const errors = this.#compiled.get(code) ?? [];
    this.#compiled.delete(code);
    this.#compiled.set(code, errors);
    return errors;
  }

  #dropOldest(): void {
    for (const code of this.#compiled.keys()) {
      if (this.#compiled.size <= compiledCellsKeptMax) return;
      this.#compiled.delete(code);
    }
  }
}

function moved({ start, end }: CheckProblem['range'], lines: number): CheckProblem['range'] {
  return { start: { ...start, line: start.line + lines }, end: { ...end, line: end.line + lines } };
}
