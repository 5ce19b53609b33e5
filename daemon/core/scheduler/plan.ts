/** Which cells a run takes, in which order, and why each. */
import { readersAfter } from '../graph/changers.ts';
import { conflictsOf } from '../graph/conflicts.ts';
import { cellOf } from '../graph/graph.ts';
import { allChildrenOf, allInputsOf, allParentsOf, runsInPageOrder } from '../graph/implicit-inputs.ts';
import { orderCells } from '../graph/order.ts';
import type { CellId } from '../notebook/notebook.ts';
import { changersMissing } from './shared.ts';
import { isInert, standingOf, versionGiven } from './standing.ts';
import type { PlannedStep, RunMode, State } from './state.ts';
import { consumedBehind } from './values/behind.ts';
import { isUsedUp } from './values/spent.ts';

/** The plan of a run on the state as it is. `roots` counts for the modes that are asked for cells. */
export function planRun(state: State, mode: RunMode, roots: readonly CellId[]): PlannedStep[] {
  const reasons = new Map<CellId, PlannedStep['reason']>();
  for (const root of rootsOf(state, mode, roots)) reasons.set(root, mode === 'stale' ? 'stale' : 'asked for');
  if (mode !== 'only') complete(state, reasons, takesDescendants(state, mode));
  return orderCells(state.graph, reasons.keys(), allChildrenOf).map((cell) => ({
    cell,
    reason: reasons.get(cell) ?? 'asked for',
  }));
}

/** How many steps of a plan the roots need, and how many follow, for "Run cell (+2 above, 7 below)". */
export function countAround(plan: readonly PlannedStep[], roots: readonly CellId[]): { above: number; below: number } {
  const others = plan.filter(({ cell }) => !roots.includes(cell));
  const above = others.filter(({ reason }) => reason === 'stale ancestor' || reason === 'used up').length;
  return { above, below: others.length - above };
}

function rootsOf(state: State, mode: RunMode, roots: readonly CellId[]): readonly CellId[] {
  const { graph } = state;
  const isRunnable = (id: CellId) => {
    const cell = graph.cells.get(id);
    return cell !== undefined && !isInert(graph, cell);
  };
  if (mode === 'all') return graph.order.filter((id) => isRunnable(id) && !graph.cells.get(id)?.options.manual);
  if (mode !== 'stale') return roots.filter(isRunnable);
  return graph.order.filter((id) => isRunnable(id) && !standingOf(state, id).isFresh && isRunByItself(state, id));
}

/** Cells that run though nobody named them: neither manual nor blocked. */
function isRunByItself(state: State, id: CellId): boolean {
  const cell = cellOf(state.graph, id);
  return !cell.options.manual && !standingOf(state, id).blocked && !isInert(state.graph, cell);
}

/** What follows from a stale cell is stale itself; what follows from a definition that runs again for one is about to be. */
function takesDescendants(state: State, mode: RunMode): boolean {
  return mode === 'stale' || (mode !== 'upstream' && state.options.mode === 'eager');
}

/** Adds until nothing is missing; what is added may itself need, and make stale, other cells. */
function complete(state: State, reasons: Map<CellId, PlannedStep['reason']>, withDescendants: boolean): void {
  for (let size = -1; size !== reasons.size; ) {
    size = reasons.size;
    const isWhole = close(state, reasons, withDescendants);
    if (!isWhole) addBetween(state, reasons);
  }
}

/** A cell between two of the plan is fresh now, and stale once the upper one has run: then the lower one would not get its names. */
function addBetween(state: State, reasons: Map<CellId, PlannedStep['reason']>): void {
  const planned = [...reasons.keys()].filter((id) => !standingOf(state, id).blocked);
  if (planned.length < 2) return;
  const outdated = reachedFrom(state, planned);
  for (const id of reasons.keys()) {
    if (standingOf(state, id).blocked) continue;
    for (const giver of allParentsOf(state.graph, id)) {
      if (outdated.has(giver) && !reasons.has(giver) && isRunByItself(state, giver)) reasons.set(giver, 'stale ancestor');
    }
  }
}

/** Cells that take names from these, as far as another of these can stand below them. */
function reachedFrom({ graph }: State, cells: readonly CellId[]): ReadonlySet<CellId> {
  const { ranks } = conflictsOf(graph);
  const isRanked = graph.implicit.writers.size === 0 || runsInPageOrder(graph);
  const rankOf = (id: CellId) => (isRanked ? (ranks.get(id) ?? 0) : 0);
  const highest = cells.reduce((rank, id) => Math.max(rank, rankOf(id)), 0);
  const reached = new Set<CellId>();
  const todo = [...cells];
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    for (const child of allChildrenOf(graph, id)) {
      if (reached.has(child) || rankOf(child) > highest) continue;
      reached.add(child);
      todo.push(child);
    }
  }
  return reached;
}

/**
 * Adds what the cells need and, in an eager run, what follows from them, until nothing is missing. Whether all that follows is there: a manual cell
 * is left out, with what follows from it alone.
 */
function close(state: State, reasons: Map<CellId, PlannedStep['reason']>, withDescendants: boolean): boolean {
  const { graph } = state;
  let isWhole = withDescendants;
  const { units } = conflictsOf(graph);
  const add = (id: CellId, reason: PlannedStep['reason']) => {
    if (!reasons.has(id) && isRunByItself(state, id)) reasons.set(id, reason);
  };
  for (const id of reasons.keys()) {
    if (standingOf(state, id).blocked) continue;
    for (const [name, givers] of allInputsOf(graph, id)) {
      for (const giver of givers) {
        const version = versionGiven(state.records.get(giver), name);
        if (!standingOf(state, giver).isFresh) add(giver, 'stale ancestor');
        else if (version && isUsedUp(state, state, name, version, id)) add(giver, 'used up');
      }
    }
    for (const { giver } of consumedBehind(state, state, id)) add(giver, 'used up');
    for (const changer of changersMissing(state, id)) add(changer, 'stale ancestor');
    for (const member of units.get(id) ?? []) add(member, 'unit');
    if (!withDescendants) continue;
    for (const child of [...allChildrenOf(graph, id), ...readersAfter(graph, id)]) {
      add(child, 'descendant');
      if (!reasons.has(child) && graph.cells.get(child)?.options.manual) isWhole = false;
    }
  }
  return isWhole;
}
