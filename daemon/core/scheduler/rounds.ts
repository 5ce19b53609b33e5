/** The rounds of a run: where its steps set states of `mo.state`, it goes on with those who read them, until no step sets one. */
import { itemAt } from '../assert.ts';
import { PersistentMap } from '../collections/persistent-map.ts';
import { cellOf } from '../graph/graph.ts';
import type { CellId } from '../notebook/notebook.ts';
import { stateRoundsMax } from './bounds.ts';
import { isRunByItself, planRun } from './plan.ts';
import type { PlannedStep, Rounds, Run, SkipReason, State } from './state.ts';

export function firstRound({ graph }: State): Rounds {
  return { count: 0, texts: graph, lost: PersistentMap.empty(), due: PersistentMap.empty(), isLast: false };
}

/** The run as it goes on when the plan is done; undefined where that was all. */
export function nextRound(state: State, run: Run): Run | undefined {
  const roots = isFollowed(state, run) ? rootsOf(state, run) : [];
  const plan = roots.length > 0 ? planOfRound(state, roots) : [];
  if (plan.length === 0 || plan.some(({ cell }) => isEdited(state, run, cell))) return undefined;
  const planned = new Set(plan.map(({ cell }) => cell));
  const count = run.rounds.count + 1;
  return {
    ...run,
    roots: new Set(roots),
    plan,
    planned,
    graph: state.graph,
    standings: state.standings,
    since: state.stepCount,
    next: 0,
    done: PersistentMap.empty(),
    lost: PersistentMap.empty(),
    cancelled: count > stateRoundsMax ? endless(state, itemAt(roots, 0)) : undefined,
    rounds: { ...run.rounds, count, lost: lostBefore(run, planned), due: PersistentMap.empty() },
  };
}

function lostBefore({ lost, rounds }: Run, planned: ReadonlySet<CellId>): Run['lost'] {
  const all = [...lost].reduce((before, [cell, end]) => before.set(cell, end), rounds.lost);
  return [...planned].reduce((others, cell) => others.delete(cell), all);
}

function endless({ records }: State, root: CellId): SkipReason | undefined {
  const stateSet = records.get(root)?.stateSet;
  return stateSet?.type === 'state-set' ? { ...stateSet, type: 'state-set-endlessly' } : undefined;
}

/** As what follows from a cell: not where only some cells were asked for, and where a run only marks what follows. */
function isFollowed({ options }: State, { mode, cancelled, rounds }: Run): boolean {
  if (cancelled || rounds.isLast || rounds.due.size === 0 || mode === 'only' || mode === 'upstream') return false;
  return mode === 'stale' || options.mode === 'eager';
}

/** One that has run since then has seen the new state, and one whose input could not be had would not get it now. */
function rootsOf(state: State, { rounds, lost }: Run): CellId[] {
  const isDue = (id: CellId) => {
    const end = lost.get(id);
    return (
      state.graph.cells.has(id) &&
      state.records.get(id)?.stateSet?.type === 'state-set' &&
      (end === undefined || end === 'failed')
    );
  };
  return [...rounds.due.keys()].filter((id) => isDue(id) && isRunByItself(state, id));
}

function planOfRound(state: State, roots: readonly CellId[]): readonly PlannedStep[] {
  return planRun(state, 'reactive', roots).map((step) => (step.reason === 'asked for' ? { ...step, reason: 'state set' } : step));
}

/** What was typed since the run was asked for runs when somebody asks for it. */
function isEdited({ graph }: State, { rounds }: Run, id: CellId): boolean {
  return rounds.texts.cells.get(id)?.facts.tokens !== cellOf(graph, id).facts.tokens;
}
