/** What clients have been told of a notebook: the numbered events, and the view of each cell that they fold to. */
import { changeCell } from '../../protocol/changes.ts';
import type { CellView, KernelView, Problem, SessionEvent } from '../../protocol/types.ts';
import type { CellId } from '../core/notebook/notebook.ts';
import type { State } from '../core/scheduler/state.ts';
import { EventLog } from './event-log.ts';
import type { Reading } from './reading.ts';
import { type CellPatch, cellPatch, cellView, layoutOf, placeOf, samePatch } from './view.ts';

type WithoutPlace<T> = T extends unknown ? Omit<T, 'session' | 'seq'> : never;

/** An event before it has its number. */
export type News = WithoutPlace<SessionEvent>;

export class Told {
  readonly events = new EventLog();
  readonly #session: string;
  readonly #cells = new Map<CellId, CellView>();
  /** Removed cells whose values are kept for the case that they come back: what they showed is kept as long. */
  readonly #absent = new Map<CellId, CellView>();
  /** Cells that were told anew, and by which state. */
  #renewed: { readonly state: State; readonly cells: ReadonlySet<CellId> } | undefined;
  /** Cells beside a cell whose text changed: their edges may be others, and have not been told. */
  readonly #beside = new Set<CellId>();
  #problems: readonly Problem[] = [];
  #kernel: Pick<KernelView, 'phase' | 'pid'> = { phase: 'none' };

  constructor(session: string) {
    this.#session = session;
  }

  get cells(): Record<CellId, CellView> {
    return Object.fromEntries(this.#cells);
  }

  get problems(): Problem[] {
    return [...this.#problems];
  }

  cell(id: CellId): CellView | undefined {
    return this.#cells.get(id);
  }

  tell(news: News): void {
    const event = { ...news, session: this.#session, seq: this.events.seq + 1 } as SessionEvent;
    if ('step' in event) {
      for (const views of [this.#cells, this.#absent]) {
        const cell = views.get(event.cell);
        if (cell) views.set(event.cell, changeCell(cell, event));
      }
    }
    this.events.push(event);
  }

  /** The text is another: cells that came, went, changed or moved. */
  tellText(state: State, version: number, reading: Reading): void {
    const { change, format } = reading;
    for (const id of change.removed) this.#remove(id);
    const isRelabelled = change.order !== undefined || change.cells.some(({ id, name }) => this.#cells.get(id)?.name !== name);
    const cells = change.cells.map(({ id }) => this.#renew(state, reading, id));
    for (const id of this.#absent.keys()) if (!state.removed.has(id)) this.#absent.delete(id);
    this.#renewed = { state, cells: new Set(cells.map(({ id }) => id)) };
    // Reasons name cells by title or place.
    if (isRelabelled) for (const { id, reason } of this.#cells.values()) if (reason !== undefined) this.#beside.add(id);
    this.tell({ type: 'text', version, format, ...placesIn(reading), removed: [...change.removed], cells });
  }

  /** Names of the cell were found at run time. */
  tellFound(state: State, version: number, reading: Reading, id: CellId): void {
    if (reading.byId.has(id))
      this.tell({ type: 'text', version, format: reading.format, removed: [], cells: [this.#renew(state, reading, id)] });
  }

  /** Statuses and edges, as far as they are not what clients know already, of these cells and of those that change with them. */
  tellStandings(state: State, touched: Iterable<CellId>): void {
    const patches: CellPatch[] = [];
    const cells = new Set([...touched, ...this.#beside]);
    this.#beside.clear();
    for (const id of cells) {
      const view = this.#cells.get(id);
      if (!view || !state.graph.cells.has(id)) continue;
      if (this.#renewed?.state === state && this.#renewed.cells.has(id)) continue;
      const patch = cellPatch(state, id);
      if (samePatch(view, patch)) continue;
      addConcerned(cells, view, patch);
      const { reason: _, ...rest } = view;
      this.#cells.set(id, { ...rest, ...patch });
      patches.push(patch);
    }
    this.#renewed = undefined;
    if (patches.length > 0) this.tell({ type: 'cells', cells: patches });
  }

  tellProblems(problems: readonly Problem[]): void {
    if (problems.length === 0 && this.#problems.length === 0) return;
    this.#problems = problems;
    this.tell({ type: 'problems', problems: [...problems] });
  }

  tellKernel(kernel: KernelView): void {
    this.#kernel = kernel;
    this.tell({ type: 'kernel', kernel });
  }

  /**
   * Between two steps of a run the kernel stays busy: only another phase is worth an event, or that there is a process at last, also
   * where it is to stop by then.
   */
  tellKernelPhase(kernel: KernelView): void {
    if (kernel.phase !== this.#kernel.phase || kernel.pid !== this.#kernel.pid) this.tellKernel(kernel);
  }

  #remove(id: CellId): void {
    const view = this.#cells.get(id);
    if (view) this.#absent.set(id, view);
    this.#cells.delete(id);
  }

  #renew(state: State, reading: Reading, id: CellId): CellView {
    const before = this.#cells.get(id) ?? (state.records.has(id) ? this.#absent.get(id) : undefined);
    const view = cellView(state, reading.byId.get(id) as Reading['cells'][number], before);
    addConcerned(this.#beside, before ?? { ...view, parents: [], children: [] }, view);
    this.#cells.set(id, view);
    return view;
  }
}

/** Where cells stand, as far as that is news. */
function placesIn(reading: Reading): Pick<Extract<News, { type: 'text' }>, 'layout' | 'shift'> {
  const { hasMoved, reread } = reading.change;
  if (!hasMoved) return {};
  const moved = reread && reading.byId.get(reread.cell);
  return moved ? { shift: { place: placeOf(moved), lines: reread.lines } } : { layout: layoutOf(reading) };
}

type Standing = Pick<CellView, 'status' | 'parents' | 'children'>;

/** Edges are shown at both ends, and how a cell stands may say how its children do. */
function addConcerned(cells: Set<CellId>, before: Standing, after: Standing): void {
  addDiffering(cells, before.parents, after.parents);
  addDiffering(cells, before.children, after.children);
  if (before.status !== after.status) for (const id of after.children) cells.add(id);
}

function addDiffering(cells: Set<CellId>, before: readonly CellId[], after: readonly CellId[]): void {
  const [old, now] = [new Set(before), new Set(after)];
  for (const id of before) if (!now.has(id)) cells.add(id);
  for (const id of after) if (!old.has(id)) cells.add(id);
}
