/** What clients have been told of a notebook: the numbered events, and the view of each cell that they fold to. */
import { changeCell } from '../../protocol/changes.ts';
import type { CellView, KernelView, Problem, SessionEvent } from '../../protocol/types.ts';
import type { CellId } from '../core/notebook/notebook.ts';
import type { State } from '../core/scheduler/state.ts';
import { EventLog } from './event-log.ts';
import { findProblems } from './problems.ts';
import type { Reading } from './reading.ts';
import { type CellPatch, cellPatch, cellView, layoutOf, samePatch } from './view.ts';

type WithoutPlace<T> = T extends unknown ? Omit<T, 'session' | 'seq'> : never;

/** An event before it has its number. */
export type News = WithoutPlace<SessionEvent>;

export class Told {
  readonly events = new EventLog();
  readonly #session: string;
  readonly #cells = new Map<CellId, CellView>();
  #problems: readonly Problem[] = [];
  #kernelPhase: KernelView['phase'] = 'none';

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
      const cell = this.#cells.get(event.cell);
      if (cell) this.#cells.set(event.cell, changeCell(cell, event));
    }
    this.events.push(event);
  }

  /** The text is another: cells that came, went, changed or moved. */
  tellText(state: State, version: number, reading: Reading): void {
    const { change, format } = reading;
    for (const id of change.removed) this.#cells.delete(id);
    const cells = change.cells.map(({ id }) => this.#renew(state, reading, id));
    const layout = change.hasMoved ? { layout: layoutOf(reading) } : {};
    this.tell({ type: 'text', version, format, ...layout, removed: [...change.removed], cells });
  }

  /** Names of the cell were found at run time. */
  tellFound(state: State, version: number, reading: Reading, id: CellId): void {
    if (reading.byId.has(id))
      this.tell({ type: 'text', version, format: reading.format, removed: [], cells: [this.#renew(state, reading, id)] });
  }

  /** Statuses and edges, as far as they are not what clients know already. */
  tellStandings(state: State, touched: ReadonlySet<CellId>): void {
    const patches: CellPatch[] = [];
    for (const id of this.#withNeighbours(state, touched)) {
      const view = this.#cells.get(id);
      if (!view || !state.graph.cells.has(id)) continue;
      const patch = cellPatch(state, id);
      if (samePatch(view, patch)) continue;
      const { reason: _, ...rest } = view;
      this.#cells.set(id, { ...rest, ...patch });
      patches.push(patch);
    }
    if (patches.length > 0) this.tell({ type: 'cells', cells: patches });
  }

  tellProblems(reading: Reading, state: State): void {
    const problems = findProblems(reading, state.graph);
    if (JSON.stringify(problems) === JSON.stringify(this.#problems)) return;
    this.#problems = problems;
    this.tell({ type: 'problems', problems });
  }

  tellKernel(kernel: KernelView): void {
    this.#kernelPhase = kernel.phase;
    this.tell({ type: 'kernel', kernel });
  }

  /** Between two steps of a run the kernel stays busy: only a change of its phase is worth an event. */
  tellKernelPhase(kernel: KernelView): void {
    if (kernel.phase !== this.#kernelPhase) this.tellKernel(kernel);
  }

  #renew(state: State, reading: Reading, id: CellId): CellView {
    const view = cellView(state, reading.byId.get(id) as Reading['cells'][number], this.#cells.get(id));
    this.#cells.set(id, view);
    return view;
  }

  /** Edges are shown at both ends: who was or is beside a touched cell may have other edges. */
  #withNeighbours(state: State, touched: ReadonlySet<CellId>): Set<CellId> {
    const all = new Set(touched);
    for (const id of touched) {
      const known = this.#cells.get(id);
      const now = state.graph.cells.has(id) ? cellPatch(state, id) : undefined;
      for (const beside of [known?.parents, known?.children, now?.parents, now?.children])
        for (const other of beside ?? []) all.add(other);
    }
    return all;
  }
}
