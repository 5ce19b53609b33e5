/** What a step was seen to do, though its text does not say so: it is added to the text that ran, before the next step begins. */
import type { Name } from '../../analysis/facts.ts';
import { sharers } from '../../graph/changers.ts';
import { conflictsOf } from '../../graph/conflicts.ts';
import { type EditedGraph, noChange, withObserved } from '../../graph/edit.ts';
import { cellOf, type Graph } from '../../graph/graph.ts';
import { isImplicit } from '../../graph/implicit.ts';
import { type Inputs, inputsOf } from '../../graph/inputs.ts';
import { afterEdit, isNothing, type Observed } from '../../graph/observed.ts';
import type { CellId } from '../../notebook/notebook.ts';
import { addedTo, innerInputs, outerInputs, refresh, unsettle } from '../standing.ts';
import { runUnderWay, type StepNumber, type StepRecord, unbound, type Version } from '../state.ts';
import type { Turn } from '../turn.ts';
import { changeRecord, recordOf } from '../values/records.ts';
import { spend, unspendBy } from '../values/spent.ts';
import { differingInConflict } from './edits.ts';
import { noteFirstSeen } from './first-seen.ts';

export function observe(turn: Turn, id: CellId, step: StepNumber, observed: Observed): void {
  if (isNothing(observed)) return;
  const before = turn.state.graph;
  const known = cellOf(runUnderWay(turn.state).graph, id).observed.pure ?? [];
  const { graph, change } = addToText(turn, id, observed);
  const { pure = known } = observed;
  useUp(turn, id, step, [...observed.changes.map(({ name }) => name), ...known.filter((name) => !pure.includes(name))]);
  takeBack(turn, id, step, new Set(pure));
  if (observed.implicit || observed.files) noteStates(turn, id, step);
  noteReads(turn, id, step, observed.evaluated ?? []);
  turn.emit({ type: 'observed', cell: id, observed });
  if (graph !== before) turn.emit({ type: 'graph-changed', change });
  const readers = observed.writes.flatMap((name) => [...(graph.readers.get(name) ?? [])]);
  const drawn = noteFirstSeen(turn, step, observed.implicit?.writes ?? []);
  const inConflict = differingInConflict(conflictsOf(before), conflictsOf(graph));
  const sharing = graph === before ? [] : [...sharers(before), ...sharers(graph)];
  refresh(turn, [...readers, ...drawn, ...(change.relinked ?? []), ...inConflict, ...sharing]);
}

/** Where the text that ran is that of today, and where a run under way has it, too. An edited text may still do what concerns no variable. */
function addToText(turn: Turn, id: CellId, observed: Observed): EditedGraph {
  const before = turn.state.graph;
  const { tokens } = cellOf(runUnderWay(turn.state).graph, id).facts;
  const edited = (graph: Graph) => {
    const cell = graph.cells.get(id);
    if (!cell) return { graph, change: noChange };
    const isSame = cell.facts.tokens === tokens;
    return withObserved(graph, id, isSame ? observed : afterEdit({ ...observed, expected: cell.observed.expected }));
  };
  const { graph, change } = edited(before);
  turn.update({
    graph,
    runs: turn.state.runs.map((run) => ({ ...run, graph: run.graph === before ? graph : edited(run.graph).graph })),
  });
  return { graph, change };
}

/** The versions of implicit names that the step was given count among its inputs, as far as somebody gives them. */
function noteStates(turn: Turn, id: CellId, step: StepNumber): void {
  const { bound } = turn.state;
  const { graph } = runUnderWay(turn.state);
  const record = recordOf(turn.state, id);
  const added = graph.cells.has(id) ? addedTo(cellOf(graph, id), bound) : [];
  const given = (before: ReadonlyMap<Name, Version | undefined>, inputs: Inputs) =>
    new Map([
      ...[...before].filter(([name]) => !isImplicit(name)),
      ...[...inputs.keys()].filter(isImplicit).map((name) => [name, bound.get(name) ?? unbound] as const),
    ]);
  if (record)
    changeRecord(turn, id, step, {
      inputs: new Map([...given(record.inputs, outerInputs(graph, id)), ...added]) as StepRecord['inputs'],
      inner: given(record.inner, innerInputs(graph, id)),
    });
}

/** What it drew on cannot be given again as it was, however the step ended. */
export function consumeStates(turn: Turn, id: CellId, step: StepNumber, names: readonly Name[]): void {
  const { bound, spent } = turn.state;
  if (names.length > 0) turn.update({ spent: spend(spent, names, (name) => bound.get(name), { cell: id, step }) });
  unsettle(turn, names);
}

/** The versions that the step was given of the names that it changed. */
function useUp(turn: Turn, id: CellId, step: StepNumber, names: readonly Name[]): void {
  if (names.length === 0) return;
  const { bound, spent } = turn.state;
  turn.update({ spent: spend(spent, names, (name) => bound.get(name), { cell: id, step }) });
  noteInputs(turn, id, step, names);
  unsettle(turn, names);
}

/** The versions that the step would have changed, and did not. */
function takeBack(turn: Turn, id: CellId, step: StepNumber, pure: ReadonlySet<Name>): void {
  if (pure.size === 0) return;
  turn.update({ spent: unspendBy(turn.state.spent, { cell: id, step }, pure) });
  unsettle(turn, pure);
}

/** What the step was given of names that nobody knew it would read: everything that plain Python would show it was there. */
function noteReads(turn: Turn, id: CellId, step: StepNumber, names: readonly Name[]): void {
  const record = names.length > 0 ? recordOf(turn.state, id) : undefined;
  if (!record) return;
  const { bound } = turn.state;
  const known = outerInputs(runUnderWay(turn.state).graph, id);
  const added = names.filter((name) => known.has(name) && !record.inputs.has(name));
  changeRecord(turn, id, step, {
    inputs: new Map([...record.inputs, ...added.map((name) => [name, bound.get(name) ?? unbound] as const)]),
  });
}

/**
 * What a function read for the cell counts among what the cell was given, now that the cell changes it: also where nobody gives the name
 * now that the cell is a writer of it, above its definition. Then the cell would not be given it again.
 */
function noteInputs(turn: Turn, id: CellId, step: StepNumber, names: readonly Name[]): void {
  const { bound } = turn.state;
  const { graph } = runUnderWay(turn.state);
  const record = recordOf(turn.state, id);
  if (!record) return;
  const added = (inputs: Inputs) => names.filter((name) => inputs.has(name) && !record.inputs.has(name));
  const inputs = new Map(record.inputs);
  for (const name of added(outerInputs(graph, id))) inputs.set(name, bound.get(name) ?? unbound);
  for (const name of names) if (bound.has(name) && !inputsOf(graph, id).has(name)) inputs.set(name, bound.get(name) ?? unbound);
  const inner = new Map(record.inner);
  for (const name of added(innerInputs(graph, id))) if (!inner.has(name)) inner.set(name, bound.get(name) ?? unbound);
  changeRecord(turn, id, step, { inputs, inner });
}
