/**
 * The problems of a notebook while it is edited: after each edit only the cells are looked at again that it can concern. Without
 * fixes, which are worked out when someone asks for them.
 */
import { type Name, noFacts } from '../analysis/facts.ts';
import { type Conflicts, conflictsOf, cyclesOf } from '../graph/conflicts.ts';
import type { GraphChange } from '../graph/edit.ts';
import { inputsOf } from '../graph/inputs.ts';
import type { CellId, FormatProblem } from '../notebook/notebook.ts';
import type { Range } from '../text.ts';
import { type CheckOptions, formatProblems, inPageOrder, problemsIn, settle } from './check.ts';
import { cycles } from './cycles.ts';
import type { CheckedCell, CheckedNotebook, CheckProblem } from './problem.ts';
import { type Checked, Surroundings } from './surroundings.ts';

export interface LiveEdit {
  /** Cells that are new or whose text has changed. */
  readonly cells: readonly CellId[];
  readonly graph: GraphChange;
  readonly moved: Moved;
}

/** Whether cells stand at other lines: what stood below a line now stands so many lines further down, or any cell anywhere. */
export type Moved = 'nowhere' | { readonly below: number; readonly lines: number } | 'anywhere';

export class LiveCheck {
  readonly #options: CheckOptions;
  #surroundings: Surroundings;
  /** Cells without problems are not in it. */
  readonly #byCell = new Map<CellId, readonly CheckProblem[]>();
  #cycles: readonly CheckProblem[] = [];
  #cyclesOf: Conflicts['cycles'] = [];
  #certainUntil = Number.POSITIVE_INFINITY;
  #format: readonly FormatProblem[];
  #sorted: readonly CheckProblem[] | undefined;

  constructor(notebook: CheckedNotebook, options: CheckOptions = {}) {
    this.#options = options;
    this.#surroundings = new Surroundings(notebook);
    this.#format = notebook.problems;
    this.#lookAtAll(notebook);
  }

  /** In the order of the page. */
  get problems(): readonly CheckProblem[] {
    this.#sorted ??= this.#sort();
    return this.#sorted;
  }

  /** Whether any problem came, went or moved. */
  update(notebook: CheckedNotebook, edit: LiveEdit): boolean {
    const before = this.#sorted;
    const { relinked } = edit.graph;
    if (relinked === undefined || edit.moved === 'anywhere') {
      this.#surroundings = new Surroundings(notebook);
      this.#lookAtAll(notebook);
      return true;
    }
    if (edit.moved !== 'nowhere') this.#shift(edit.moved);
    const concerned = new Set([...edit.cells, ...relinked]);
    this.#addInvolved(new Set(concerned), concerned);
    if (cyclesOf(notebook.graph) !== this.#cyclesOf)
      for (const cycle of [...this.#cyclesOf, ...cyclesOf(notebook.graph)]) for (const id of cycle) concerned.add(id);
    const concernsAll = this.#look(notebook, edit, concerned);
    if (concernsAll || notebook.graph.certainUntil !== this.#certainUntil) this.#lookAtAll(notebook);
    else {
      const checked = this.#checked(notebook);
      for (const id of concerned) this.#check(checked, id);
      this.#checkCycles(notebook, concerned);
    }
    if (notebook.problems !== this.#format) this.#sorted = undefined;
    this.#format = notebook.problems;
    return this.#sorted !== before || before === undefined;
  }

  /** Renews the surroundings, and adds the cells that look at what has changed in them; true where that is all cells. */
  #look(notebook: CheckedNotebook, edit: LiveEdit, concerned: Set<CellId>): boolean {
    const { graph } = notebook;
    const { written, mentioned } = edit.graph;
    let concernsAll = false;
    for (const name of written) {
      this.#surroundings.noteWriters(graph, name);
      this.#addReaders(notebook, name, concerned);
      for (const id of graph.writers.get(name) ?? []) concerned.add(id);
    }
    for (const id of edit.cells) {
      const placed = notebook.byId.get(id);
      const change = placed && this.#surroundings.put(placed);
      for (const name of change?.names ?? []) this.#addReaders(notebook, name, concerned);
      concernsAll ||= change?.concernsAll === true;
      if (placed) this.#addChangers(notebook, placed, concerned);
    }
    if (written.size > 0) {
      // Other names are near, and other names are modules.
      for (const [id, problems] of this.#byCell) if (problems.some(({ code }) => code === 'undefined-name')) concerned.add(id);
      this.#addReaders(notebook, 'setattr', concerned);
    }
    if (written.size > 0 || mentioned.size > 0) {
      for (const id of this.#surroundings.changers) concerned.add(id);
      // Others may read the object now.
      for (const [id, problems] of this.#byCell) if (problems.some(({ code }) => code === 'hidden-mutation')) concerned.add(id);
    }
    for (const id of this.#surroundings.watched) concerned.add(id);
    this.#addTellers(notebook, edit.graph.relinked ?? [], concerned);
    return concernsAll;
  }

  /** One cell says of a name with several definitions that others read it: these may read it now. */
  #addTellers({ graph }: CheckedNotebook, relinked: Iterable<CellId>, cells: Set<CellId>): void {
    const { redefinitions } = conflictsOf(graph);
    if (redefinitions.size === 0 || graph.format === 'marimo') return;
    for (const id of relinked) {
      for (const name of inputsOf(graph, id).keys()) {
        const teller = redefinitions.get(name)?.[1];
        if (teller !== undefined) cells.add(teller);
      }
    }
  }

  #addReaders({ graph }: CheckedNotebook, name: Name, cells: Set<CellId>): void {
    for (const id of graph.readers.get(name) ?? []) cells.add(id);
  }

  /** What is said of a change depends on what makes the object, too. */
  #addChangers({ graph }: CheckedNotebook, { cell: { facts } }: CheckedCell, cells: Set<CellId>): void {
    for (const id of this.#surroundings.changers) {
      const { mutations } = graph.cells.get(id)?.facts ?? noFacts;
      for (const name of mutations.keys()) if (facts.defs.has(name)) cells.add(id);
    }
  }

  /** Cells with a problem that tells of one of these. */
  #addInvolved(told: ReadonlySet<CellId>, cells: Set<CellId>): void {
    for (const [id, problems] of this.#byCell)
      if (problems.some((one) => one.cells.some((cell) => told.has(cell)))) cells.add(id);
  }

  #checked(notebook: CheckedNotebook): Checked {
    return {
      format: notebook.format,
      byId: notebook.byId,
      problems: notebook.problems,
      graph: notebook.graph,
      surroundings: this.#surroundings,
      isStrict: this.#options.isStrict === true,
      renamer: undefined,
      get cells() {
        return notebook.cells;
      },
    };
  }

  #lookAtAll(notebook: CheckedNotebook): void {
    this.#byCell.clear();
    const checked = this.#checked(notebook);
    for (const { cell } of notebook.cells) this.#check(checked, cell.id);
    this.#cyclesOf = cyclesOf(notebook.graph);
    this.#certainUntil = notebook.graph.certainUntil;
    this.#cycles = settle(notebook, cycles(notebook), this.#options);
    this.#format = notebook.problems;
    this.#sorted = undefined;
  }

  #check(notebook: Checked, id: CellId): void {
    const placed = notebook.byId.get(id);
    const before = this.#byCell.get(id);
    const found = placed ? problemsIn(notebook, placed, this.#options) : [];
    if (found.length === 0 && before === undefined) return;
    const after = settle(notebook, found, this.#options).map((problem) => ({ ...problem, fixes: [] }));
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(after)) return;
    if (after.length === 0) this.#byCell.delete(id);
    else this.#byCell.set(id, after);
    this.#sorted = undefined;
  }

  #checkCycles(notebook: CheckedNotebook, concerned: ReadonlySet<CellId>): void {
    const now = cyclesOf(notebook.graph);
    if (now === this.#cyclesOf && !now.some((members) => members.some((id) => concerned.has(id)))) return;
    this.#cyclesOf = now;
    this.#cycles = settle(notebook, cycles(notebook), this.#options);
    this.#sorted = undefined;
  }

  #shift({ below, lines }: Exclude<Moved, string>): void {
    const moved = (range: Range): Range => {
      if (range.start.line <= below) return range;
      const { start, end } = range;
      return { start: { ...start, line: start.line + lines }, end: { ...end, line: end.line + lines } };
    };
    const shifted = (problem: CheckProblem): CheckProblem => ({
      ...problem,
      range: moved(problem.range),
      related: problem.related.map((other) => ({ ...other, range: moved(other.range) })),
    });
    if (this.#byCell.size === 0 && this.#cycles.length === 0) return;
    for (const [id, problems] of this.#byCell) this.#byCell.set(id, problems.map(shifted));
    this.#cycles = this.#cycles.map(shifted);
    this.#sorted = undefined;
  }

  #sort(): readonly CheckProblem[] {
    const found = settle({ byId: new Map() }, formatProblems({ problems: this.#format }), this.#options);
    for (const problems of this.#byCell.values()) found.push(...problems);
    return [...found, ...this.#cycles].sort(inPageOrder);
  }
}
