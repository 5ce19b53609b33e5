/** The numbered events of a notebook, published once for everyone who listens, and the view of each cell that they fold to. */
import { changeCell, changeCells } from '../../../protocol/changes.ts';
import { changePlaceless, isOfPlaceless } from '../../../protocol/fold-placeless.ts';
import type { CellView, KernelView, PlacelessView, Problem, SessionEvent } from '../../../protocol/types.ts';
import { impossible } from '../../core/assert.ts';
import type { Graph } from '../../core/graph/graph.ts';
import type { CellId } from '../../core/notebook/notebook.ts';
import { isInert } from '../../core/scheduler/standing.ts';
import type { State } from '../../core/scheduler/state.ts';
import { removedCellsMax, standingsToldAtOnceMax } from '../../limits.ts';
import type { Reading } from '../../reading/reading.ts';
import { EventLog } from './event-log.ts';
import { type EditedCode, withFollowedError, withPlacedError } from './followed-errors.ts';
import { gapOf, type Showing } from './gaps.ts';
import { PlacelessAnswers } from './placeless-answers.ts';
import { type CellStanding, cellStanding, cellView, layoutOf, placeOf, sameEdges } from './view.ts';

type CellPatch = Extract<SessionEvent, { type: 'cells' }>['cells'][number];
type WithoutPlace<T> = T extends unknown ? Omit<T, 'session' | 'seq'> : never;

/** An event before it has its number. */
export type News = WithoutPlace<SessionEvent>;

/** What a cell showed in an earlier life of the daemon. */
export type Remembered = Pick<CellView, 'outputs' | 'error' | 'asOf'>;

/** What is remembered of the cell, if this is still its code. */
export type Recall = (cell: CellId, tokens: string) => Remembered | undefined;

export class Told {
  readonly events = new EventLog();
  readonly answers = new PlacelessAnswers();
  readonly #session: string;
  readonly #recall: Recall;
  readonly #cells: Record<CellId, CellView> = {};
  /** The graph that the edges of a cell were last looked up in. */
  readonly #edgesIn = new Map<CellId, Graph>();
  /** Cells whose values may come back with them, with what they showed. */
  readonly #removed = new Map<CellId, CellView>();
  /** Cells whose text has nothing left that could show something, with what their code showed: it may come back. */
  readonly #setAside = new Map<CellId, CellView>();
  /** Cells that were told anew, and by which state. */
  #renewed: { readonly state: State; readonly cells: ReadonlySet<CellId> } | undefined;
  /** Cells that may stand otherwise than clients know: beside a cell whose text changed, or told soon together with others. */
  readonly #untold = new Set<CellId>();
  #problems: readonly Problem[] = [];
  #kernel: Pick<KernelView, 'phase' | 'pid'> = { phase: 'none' };
  #notice: string | undefined;
  #placeless: readonly PlacelessView[] = [];

  constructor(session: string, recall: Recall) {
    this.#session = session;
    this.#recall = recall;
  }

  /** What clients know from the start. */
  begin(cells: Readonly<Record<CellId, CellView>>, problems: readonly Problem[], kernel: KernelView): void {
    Object.assign(this.#cells, cells);
    this.#problems = problems;
    this.#kernel = kernel;
  }

  get cells(): Record<CellId, CellView> {
    return { ...this.#cells };
  }

  get problems(): readonly Problem[] {
    return this.#problems;
  }

  get notice(): string | undefined {
    return this.#notice;
  }

  /** The last placeless steps. */
  get placeless(): readonly PlacelessView[] {
    return this.#placeless;
  }

  placelessStep(step: number): PlacelessView | undefined {
    return this.#placeless.find((one) => one.step === step);
  }

  /** Whether the cell is on the page, or may come back to it with what it showed. */
  remembers(id: CellId): boolean {
    return id in this.#cells || this.#removed.has(id);
  }

  cell(id: CellId): CellView | undefined {
    return this.#cells[id];
  }

  showsBlob(blob: string): boolean {
    const bundles = Object.values(this.#cells).flatMap(({ outputs }) =>
      outputs.flatMap((o) => (o.type === 'stream' ? [] : [o.bundle])),
    );
    return bundles.some((bundle) => Object.values(bundle).some((part) => typeof part === 'object' && part.blob === blob));
  }

  /** The one way in which anything becomes known: who keeps something of it, or passes it on, listens to `events`. */
  publish(news: News): void {
    const event = { ...news, session: this.#session, seq: this.events.seq + 1 } as SessionEvent;
    const before = this.#showing(event);
    this.#fold(event);
    this.events.push(event, gapOf(event, before, this.#showing(event)));
  }

  /** The cell or the placeless step that the event is about. */
  #showing(event: SessionEvent): Showing | undefined {
    if (event.type === 'placeless.output') return this.placelessStep(event.step);
    return 'step' in event && 'cell' in event && event.cell !== undefined ? this.#cells[event.cell] : undefined;
  }

  #fold(event: SessionEvent): void {
    changeCells(this.#cells, event);
    if (event.type === 'problems') this.#problems = event.problems;
    if (event.type === 'kernel') this.#kernel = event.kernel;
    if (event.type === 'notice') this.#notice = event.message;
    if (isOfPlaceless(event)) this.#placeless = changePlaceless(this.#placeless, event);
    if (!('step' in event && 'cell' in event) || event.cell === undefined) return;
    for (const views of [this.#setAside, this.#removed]) {
      const view = views.get(event.cell);
      if (view) views.set(view.id, changeCell(view, event));
    }
  }

  /** The text is another: cells that came, went, changed or moved. */
  tellText(state: State, version: number, reading: Reading): void {
    const { change, format } = reading;
    for (const id of change.removed) this.#remove(id);
    const isRelabelled = this.#relabelledBy(change);
    const followed = this.#followErrors(reading);
    const renewed = change.cells.map(({ id }) => this.#renew(state, reading, id));
    this.#renewed = { state, cells: new Set(renewed.map(({ id }) => id)) };
    const cells = [...renewed, ...followed.filter(({ id }) => !this.#renewed?.cells.has(id))];
    this.publish({ type: 'text', version, format, ...placesIn(reading), removed: change.removed, cells });
    // Reasons name cells by title or place.
    for (const { id, reason } of Object.values(this.#cells))
      if (reason !== undefined && isRelabelled(reason)) this.#untold.add(id);
  }

  /** Brings errors to where their lines are now; the cells on the page that show them. */
  #followErrors({ change, byId }: Reading): readonly CellView[] {
    const edited = new Map<CellId, EditedCode>();
    for (const { id, code } of change.cells) {
      const before = (this.#setAside.get(id) ?? this.#cells[id] ?? this.#removed.get(id))?.code;
      if (before !== undefined && before !== code) edited.set(id, { before, after: code });
    }
    if (edited.size === 0) return [];
    for (const views of [this.#setAside, this.#removed])
      for (const [id, view] of views) views.set(id, withFollowedError(view, edited));
    return Object.values(this.#cells).flatMap((view) => {
      const followed = withFollowedError(view, edited);
      this.#cells[view.id] = followed;
      return followed === view || !byId.has(view.id) ? [] : [followed];
    });
  }

  /** Whether a reason may name a cell otherwise now. Typing in a title concerns those that name it. */
  #relabelledBy({ order, cells }: Reading['change']): (reason: string) => boolean {
    if (order !== undefined) return () => true;
    const renamed = cells.filter(({ id, name }) => this.#cells[id]?.name !== name);
    const labels = renamed.map(({ id }) => this.#cells[id]?.name ?? 'cell ');
    return labels.length === 0 ? () => false : (reason) => labels.some((label) => reason.includes(label));
  }

  /** The cell was seen to bind names that its text does not say. */
  tellObserved(state: State, version: number, reading: Reading, id: CellId): void {
    if (reading.byId.has(id)) this.#tellAnew(state, version, reading, id);
  }

  /** A step of the cell has ended whose code was taken away while it ran or waited. */
  tellEmptied(state: State, version: number, reading: Reading, id: CellId): void {
    const view = this.#cells[id];
    if (view && hasShown(view) && showsNothing(state, id)) this.#tellAnew(state, version, reading, id);
  }

  /** With the next standings that are told. */
  tellStandingsLater(cells: Iterable<CellId>): void {
    for (const id of cells) this.#untold.add(id);
  }

  /** Whether there are cells of which it is to be told how they stand. */
  get hasUntold(): boolean {
    return this.#untold.size > 0;
  }

  /** Of all that wait. */
  tellStandings(state: State): void {
    do this.tellSomeStandings(state);
    while (this.hasUntold);
  }

  /**
   * Statuses and edges, as far as they are not what clients know already, of cells that wait and of those that change with them; so many that
   * the rest of a large notebook keeps nobody waiting.
   */
  tellSomeStandings(state: State): void {
    const patches: CellPatch[] = [];
    for (const id of this.#untold) {
      if (patches.length >= standingsToldAtOnceMax) break;
      this.#untold.delete(id);
      const view = this.#cells[id];
      if (!view || !state.graph.cells.has(id)) continue;
      if (this.#renewed?.state === state && this.#renewed.cells.has(id)) continue;
      const standing = cellStanding(state, id, this.#edgesIn.get(id) === state.graph ? view : undefined);
      this.#edgesIn.set(id, state.graph);
      const isAsBefore = sameEdges(view, standing);
      if (isAsBefore && isToldAs(view, standing)) continue;
      addConcerned(this.#untold, view, standing);
      patches.push(patchOf(id, standing, isAsBefore));
    }
    this.#renewed = undefined;
    if (patches.length > 0) this.publish({ type: 'cells', cells: patches });
  }

  tellProblems(problems: readonly Problem[]): void {
    if (problems.length === 0 && this.#problems.length === 0) return;
    this.publish({ type: 'problems', problems });
  }

  tellKernel(kernel: KernelView): void {
    this.publish({ type: 'kernel', kernel });
  }

  /**
   * Between two steps of a run the kernel stays busy: only another phase is worth an event, or that there is a process at last, also
   * where it is to stop by then.
   */
  hasToldKernel(phase: KernelView['phase'], pid: number | undefined): boolean {
    return phase === this.#kernel.phase && pid === this.#kernel.pid;
  }

  #tellAnew(state: State, version: number, reading: Reading, id: CellId): void {
    this.publish({ type: 'text', version, format: reading.format, removed: [], cells: [this.#renew(state, reading, id)] });
  }

  #remove(id: CellId): void {
    const view = this.#setAside.get(id) ?? this.#cells[id];
    this.#setAside.delete(id);
    this.#edgesIn.delete(id);
    if (view) this.#removed.set(id, view);
    for (const oldest of this.#removed.keys()) {
      if (this.#removed.size <= removedCellsMax) return;
      this.#removed.delete(oldest);
    }
  }

  #renew(state: State, reading: Reading, id: CellId): CellView {
    const before = this.#cells[id];
    const read = reading.byId.get(id) ?? impossible(`cell ${id} is shown again, but it is not on the page`);
    const last = this.#setAside.get(id) ?? before ?? (state.records.has(id) ? this.#removed.get(id) : undefined);
    const made = cellView(state, read, last);
    this.#removed.delete(id);
    this.#setAside.delete(id);
    const isEmptied = hasShown(made) && showsNothing(state, id);
    // Lines of errors are those of the code that is set aside.
    if (isEmptied) this.#setAside.set(id, { ...made, code: last?.code ?? made.code });
    // A cell that has run in this life shows what that gave.
    const recalled = () => (made.lastStep ? made : withRemembered(made, this.#recall(id, read.cell.facts.tokens)));
    const view = isEmptied ? withoutShown(made) : recalled();
    addConcerned(this.#untold, before ?? { ...view, parents: [], children: [] }, view);
    this.#edgesIn.set(id, state.graph);
    return view;
  }
}

function patchOf(id: CellId, standing: CellStanding, hasSameEdges: boolean): CellPatch {
  const { status, reason, unwatched, parameters, parents, children } = standing;
  return {
    id,
    status,
    ...(reason !== undefined && { reason }),
    ...(unwatched && { unwatched }),
    ...(parameters && { parameters }),
    ...(!hasSameEdges && { parents, children }),
  };
}

function isToldAs(view: CellView, { status, reason, unwatched, parameters }: CellStanding): boolean {
  if (view.status !== status || view.reason !== reason || view.unwatched?.names.join() !== unwatched?.names.join()) return false;
  return parameters === view.parameters || JSON.stringify(parameters) === JSON.stringify(view.parameters);
}

/** By its text, unless an older one of it runs. */
function showsNothing({ graph, kernel }: State, id: CellId): boolean {
  const cell = graph.cells.get(id);
  return cell !== undefined && isInert(graph, cell) && !(kernel.phase === 'busy' && kernel.cell === id);
}

function hasShown({ lastStep, outputs, error }: CellView): boolean {
  return lastStep !== undefined || outputs.length > 0 || error !== undefined;
}

function withoutShown({ error: _, asOf: __, lastStep: ___, ...view }: CellView): CellView {
  return { ...view, outputs: [] };
}

function withRemembered(view: CellView, remembered: Remembered | undefined): CellView {
  if (!remembered) return view;
  const { error: _, ...rest } = view;
  return withPlacedError({ ...rest, ...remembered });
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
  if (before === after) return;
  const [old, now] = [new Set(before), new Set(after)];
  for (const id of before) if (!now.has(id)) cells.add(id);
  for (const id of after) if (!old.has(id)) cells.add(id);
}
