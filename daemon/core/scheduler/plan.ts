/** Which cells a run takes, in which order, and why each. */
import { changersBefore, readersAfter } from '../graph/changers.ts';
import { conflictsOf } from '../graph/conflicts.ts';
import { cellOf } from '../graph/graph.ts';
import { allChildrenOf, allInputsOf, allParentsOf, runsInPageOrder } from '../graph/implicit-inputs.ts';
import { orderCells } from '../graph/order.ts';
import type { CellId } from '../notebook/notebook.ts';
import { changersMissing } from './shared.ts';
import { isInert, standingOf, stillGives, versionGiven } from './standing.ts';
import type { PlannedStep, RunMode, State } from './state.ts';
import { consumedBehind } from './values/behind.ts';
import { isUsedUp } from './values/spent.ts';

type Reasons = Map<CellId, PlannedStep['reason']>;

/** The plan of a run on the state as it is. `roots` counts for the modes that are asked for cells. */
export function planRun(state: State, mode: RunMode, roots: readonly CellId[]): PlannedStep[] {
  const reasons: Reasons = new Map();
  for (const root of rootsOf(state, mode, roots)) reasons.set(root, mode === 'stale' ? 'stale' : 'asked for');
  if (mode === 'reactive' && state.options.mode === 'eager') addDescendants(state, reasons, whatIsConcerned);
  if (mode !== 'only') complete(state, reasons, mode === 'stale');
  return orderCells(state.graph, reasons.keys(), allChildrenOf).map((cell) => ({
    cell,
    reason: reasons.get(cell) ?? 'asked for',
  }));
}

/** How many steps of a plan what is asked for needs, and how many follow from it, for "Run cell (+2 above, 7 below)". */
export function countAround(plan: readonly PlannedStep[]): { above: number; below: number } {
  const asked = plan.filter(({ reason }) => reason === 'asked for' || reason === 'stale').length;
  const below = plan.filter(({ reason }) => reason === 'descendant').length;
  return { above: plan.length - asked - below, below };
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
export function isRunByItself(state: State, id: CellId): boolean {
  const cell = cellOf(state.graph, id);
  return !cell.options.manual && !standingOf(state, id).blocked && !isInert(state.graph, cell);
}

/** What follows from the cells that are there. A manual cell is left out, with what follows from it alone. */
function addDescendants(state: State, reasons: Reasons, follow: typeof whatIsConcerned = whatFollows): void {
  // The map grows while it is walked.
  for (const id of reasons.keys()) {
    if (standingOf(state, id).blocked) continue;
    for (const child of follow(state, id)) add(state, reasons, child, 'descendant');
  }
}

/**
 * What follows, without fresh cells where this one is out of date: these take nothing of it that would be another, as the users of an import
 * beside the one that was added (P64).
 */
function whatIsConcerned(state: State, id: CellId): Iterable<CellId> {
  const children = whatFollows(state, id);
  return standingOf(state, id).isFresh ? children : children.filter((child) => !standingOf(state, child).isFresh);
}

/** Who takes a name from the cell, and in marimo's format also who reads the object that it changes. */
export function whatFollows({ graph }: State, id: CellId): readonly CellId[] {
  return [...allChildrenOf(graph, id), ...readersAfter(graph, id)];
}

/** The same from the other end. */
export function whatPrecedes({ graph }: State, id: CellId): ReadonlySet<CellId> {
  return new Set([...allParentsOf(graph, id), ...[...changersBefore(graph, id).values()].flat()]);
}

function add(state: State, reasons: Reasons, id: CellId, reason: PlannedStep['reason']): void {
  if (!reasons.has(id) && isRunByItself(state, id)) reasons.set(id, reason);
}

/**
 * Adds until nothing is missing; what is added may itself need, and make stale, other cells. A run of what is stale leaves nothing
 * stale, so it takes what follows from a definition that runs again, too. Other runs mark that.
 */
function complete(state: State, reasons: Reasons, leavesNothingStale: boolean): void {
  for (let size = -1; size !== reasons.size; ) {
    size = reasons.size;
    addNeeds(state, reasons);
    if (leavesNothingStale) addDescendants(state, reasons);
    addBetween(state, reasons);
  }
}

function addNeeds(state: State, reasons: Reasons): void {
  const { graph } = state;
  const { units } = conflictsOf(graph);
  for (const id of reasons.keys()) {
    if (standingOf(state, id).blocked) continue;
    for (const [name, givers] of allInputsOf(graph, id)) {
      for (const giver of givers) {
        const version = versionGiven(state.records.get(giver), name);
        if (!stillGives(standingOf(state, giver), name)) add(state, reasons, giver, 'stale ancestor');
        else if (version && isUsedUp(state, state, name, version, id)) add(state, reasons, giver, 'used up');
      }
    }
    for (const { giver } of consumedBehind(state, state, id)) add(state, reasons, giver, 'used up');
    for (const changer of changersMissing(state, id)) add(state, reasons, changer, 'stale ancestor');
    for (const member of units.get(id) ?? []) add(state, reasons, member, 'unit');
  }
}

/** A cell between two of the plan is fresh now, and stale once the upper one has run: then the lower one would not get its names. */
function addBetween(state: State, reasons: Reasons): void {
  const outdated = outdatedBeside(state, reasons);
  if (outdated.size === 0) return;
  for (const id of reasons.keys()) {
    if (standingOf(state, id).blocked) continue;
    for (const giver of allParentsOf(state.graph, id)) if (outdated.has(giver)) add(state, reasons, giver, 'stale ancestor');
  }
}

/** Cells outside of the plan that take names from cells in it, as far as one of these can stand below them. */
function outdatedBeside(state: State, reasons: Reasons): ReadonlySet<CellId> {
  const { graph } = state;
  const { ranks } = conflictsOf(graph);
  const isRanked = graph.implicit.writers.size === 0 || runsInPageOrder(graph);
  const rankOf = (id: CellId) => (isRanked ? (ranks.get(id) ?? 0) : 0);
  const planned = [...reasons.keys()].filter((id) => !standingOf(state, id).blocked);
  const highest = planned.reduce((rank, id) => Math.max(rank, rankOf(id)), 0);
  const outdated = new Set<CellId>();
  const todo = planned;
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    for (const child of whatFollows(state, id)) {
      if (reasons.has(child) || outdated.has(child) || rankOf(child) > highest) continue;
      outdated.add(child);
      todo.push(child);
    }
  }
  return outdated;
}
