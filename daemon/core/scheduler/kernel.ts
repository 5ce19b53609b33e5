/** What the kernel says, and what is asked of it. */
import type { Name, SeenChange } from '../analysis/facts.ts';
import { PersistentMap } from '../collections/persistent-map.ts';
import { conflictsOf } from '../graph/conflicts.ts';
import { type EditedGraph, noChange, withFound } from '../graph/edit.ts';
import { changes, type Graph, type GraphCell } from '../graph/graph.ts';
import { withHeld } from '../graph/held-functions.ts';
import { type Inputs, inputsOf, isConditional } from '../graph/inputs.ts';
import { seenChangesOf, withSeenChanges } from '../graph/seen-changes.ts';
import type { CellId } from '../notebook/notebook.ts';
import { differingInConflict } from './edits.ts';
import { boundAfter, writesForWorker } from './environment.ts';
import type { Event } from './events.ts';
import { cancelRuns, replaceRun, startKernel } from './runs.ts';
import { spend } from './spent.ts';
import { innerInputs, outerInputs, refresh, unsettle } from './standing.ts';
import {
  type Asked,
  type KernelState,
  type Run,
  type SkipReason,
  type State,
  type StepNumber,
  type StepRecord,
  unbound,
  type Version,
} from './state.ts';
import type { Turn } from './turn.ts';

type Finished = Extract<Event, { type: 'finished' }>;

export function onStarted(turn: Turn, generation: number): void {
  const { kernel } = turn.state;
  if (kernel.phase !== 'starting' || kernel.generation !== generation) return;
  setKernel(turn, { phase: 'idle', generation });
}

/** A result whose step is not the one under way changes nothing. */
export function onFinished(turn: Turn, event: Finished): void {
  const { kernel } = turn.state;
  if (!isUnderWay(kernel, event)) return;
  const run = turn.state.runs[0] as Run;
  const { cell: id, step, generation } = kernel;
  turn.update({ kernel: { phase: 'idle', generation } });
  const isOk = event.outcome === 'ok';
  const outcome = event.outcome === 'exited' ? 'stopped' : event.outcome;
  if (isOk && event.found.length > 0) addFound(turn, id, event.found);
  if (isOk && event.held && event.held.length > 0) addHeld(turn, id, event.held);
  const mutated = addMutated(turn, id, step, event.mutated ?? []);
  const written = isOk
    ? [
        ...event.written.filter((name) => !isLeftAlone(run, cellOf(run, id), name, event)),
        ...event.found,
        ...(run.graph.format === 'percent' ? mutated.filter((name) => !event.deleted.includes(name)) : []),
      ]
    : [];
  const gone = isOk ? event.deleted : [...writesForWorker(run.graph, cellOf(run, id)), ...event.deleted, ...event.found];
  const kept = isOk ? keptVersions(turn, id, event) : new Map();
  setRecord(turn, id, step, {
    outcome,
    written: new Set(written),
    kept,
    same: new Set(written.filter((name) => event.untouched?.includes(name) && !changes(cellOf(run, id), name))),
    found: cellOf(turn.state.runs[0] as Run, id).found,
    held: cellOf(turn.state.runs[0] as Run, id).held ?? new Set(),
    deleted: new Set(isOk ? event.deleted : []),
  });
  turn.update({ bound: boundAfter(turn.state.bound, { step, written, kept, gone }) });
  unsettle(turn, [...written, ...gone]);
  concludeStep(turn, id, event.outcome);
  turn.emit({ type: 'step-finished', run: run.run, step, cell: id, outcome });
  turn.touch([id]);
  refresh(turn, [id]);
}

export function onDied(turn: Turn, generation: number): void {
  const { kernel } = turn.state;
  if (kernel.generation !== generation || kernel.phase === 'none' || kernel.phase === 'dead') return;
  const restarts = kernel.phase === 'stopping' && kernel.next === 'start';
  if (kernel.phase === 'busy') abandonStep(turn, kernel.cell, kernel.step);
  if (kernel.phase !== 'stopping') cancelRuns(turn, { type: 'kernel-died' });
  forgetValues(turn, { phase: kernel.phase === 'stopping' ? 'none' : 'dead', generation });
  if (restarts) startKernel(turn, generation + 1);
}

/** Stops the running step and cancels every queued one. */
export function interrupt(turn: Turn, asked: Asked): void {
  const { kernel } = turn.state;
  if (kernel.phase === 'busy') turn.emit({ type: 'interrupt', step: kernel.step, asked });
  cancelRuns(turn, { type: 'interrupted' });
}

/** Ends the kernel; values are forgotten, text and outputs are not. */
export function stop(turn: Turn, next: 'start' | 'none'): void {
  const { kernel } = turn.state;
  const reason: SkipReason = { type: 'restarted' };
  cancelRuns(turn, reason);
  if (kernel.phase === 'none' || kernel.phase === 'dead') {
    if (next === 'start') startKernel(turn, kernel.generation + 1);
    return;
  }
  if (kernel.phase === 'stopping') return setKernel(turn, { ...kernel, next });
  if (kernel.phase === 'busy') abandonStep(turn, kernel.cell, kernel.step);
  setKernel(turn, { phase: 'stopping', generation: kernel.generation, next });
  turn.emit({ type: 'stop-kernel', generation: kernel.generation });
}

function isUnderWay(kernel: KernelState, event: Finished): kernel is Extract<KernelState, { phase: 'busy' }> {
  return kernel.phase === 'busy' && kernel.step === event.step && kernel.generation === event.generation;
}

/** The kernel that ran the step is gone or going: the step ends as an interrupted one. */
function abandonStep(turn: Turn, id: CellId, step: number): void {
  setRecord(turn, id, step, { outcome: 'interrupted' });
  const run = turn.state.runs[0] as Run;
  replaceRun(turn, { ...run, lost: run.lost.set(id, 'failed') });
  turn.emit({ type: 'step-finished', run: run.run, step, cell: id, outcome: 'interrupted' });
  turn.touch([id]);
}

function concludeStep(turn: Turn, id: CellId, outcome: Finished['outcome']): void {
  const run = turn.state.runs[0] as Run;
  if (outcome === 'ok') return replaceRun(turn, { ...run, done: run.done.set(id, true) });
  const isFailure = outcome !== 'stopped' && outcome !== 'exited';
  const ends = outcome !== 'stopped' && run.stopAtFailure && !run.cancelled;
  replaceRun(turn, {
    ...run,
    lost: run.lost.set(id, isFailure ? 'failed' : 'stopped'),
    ...(ends && { cancelled: { type: isFailure ? 'run-stopped' : 'run-exited', cell: id } as const }),
  });
}

/**
 * The cell might have bound the name, and left it as it was given: then it gives no version of its own, which a change in place further down
 * would use up while the same object went on as that of the giver.
 */
function isLeftAlone({ graph }: Run, cell: GraphCell, name: Name, { untouched }: Finished): boolean {
  return untouched?.includes(name) === true && isConditional(graph, cell.id, name) && !changes(cell, name);
}

/** While a step runs, its record holds what it is compared with. */
function keptVersions({ state }: Turn, id: CellId, { unchanged = [] }: Finished): ReadonlyMap<Name, Version> {
  const compared = (state.records.get(id) ?? state.removed.get(id))?.kept;
  return new Map(
    unchanged.flatMap((name) => {
      const version = compared?.get(name);
      return version === undefined ? [] : [[name, version]];
    }),
  );
}

/** What was seen belongs to the text that ran, where it is that of today, and where a run under way has it, too. */
function addToText(turn: Turn, id: CellId, add: (graph: Graph) => EditedGraph): EditedGraph {
  const before = turn.state.graph;
  const { tokens } = cellOf(turn.state.runs[0] as Run, id).facts;
  const edited = (graph: Graph) => (graph.cells.get(id)?.facts.tokens === tokens ? add(graph) : { graph, change: noChange });
  const { graph, change } = edited(before);
  turn.update({
    graph,
    runs: turn.state.runs.map((run) => ({ ...run, graph: run.graph === before ? graph : edited(run.graph).graph })),
  });
  return { graph, change };
}

function addFound(turn: Turn, id: CellId, names: readonly string[]): void {
  const before = turn.state.graph;
  const { graph, change } = addToText(turn, id, (one) => withFound(one, id, names));
  turn.emit({ type: 'names-found', cell: id, names });
  if (graph !== before) turn.emit({ type: 'graph-changed', change });
  const readers = names.flatMap((name) => [...(graph.readers.get(name) ?? [])]);
  const inConflict = differingInConflict(conflictsOf(before), conflictsOf(graph));
  refresh(turn, [...readers, ...(change.relinked ?? []), ...inConflict]);
}

/** Whoever reads what the cell gave may call functions that read these names: that is known before the next step begins. */
function addHeld(turn: Turn, id: CellId, names: readonly Name[]): void {
  const before = turn.state.graph;
  const { graph, change } = addToText(turn, id, (one) => withHeld(one, id, names));
  if (graph === before) return;
  turn.emit({ type: 'graph-changed', change });
  refresh(turn, [...(change.relinked ?? []), ...differingInConflict(conflictsOf(before), conflictsOf(graph))]);
}

/**
 * The cell has changed objects although its text does not say so: the versions that it was given are used up, and as long as it
 * has this text it counts as one that changes these names. Gives the names.
 */
function addMutated(turn: Turn, id: CellId, step: StepNumber, seen: readonly SeenChange[]): Name[] {
  const names = seen.map(({ name }) => name);
  if (names.length === 0) return names;
  const { bound, graph: before, spent } = turn.state;
  const { graph, change } = addToText(turn, id, (one) => withSeenChanges(one, id, seen));
  turn.update({ spent: spend(spent, names, (name) => bound.get(name), { cell: id, step }) });
  noteInputs(turn, id, step, names, bound);
  unsettle(turn, names);
  if (graph === before) return names;
  turn.emit({ type: 'graph-changed', change });
  refresh(turn, [...(change.relinked ?? []), ...differingInConflict(conflictsOf(before), conflictsOf(graph))]);
  return names;
}

/**
 * What was seen belongs to the step, and what a function read for the cell counts among what the cell was given, now that the cell changes it:
 * also where nobody gives the name now that the cell is a writer of it, above its definition. Then the cell would not be given it again.
 */
function noteInputs(turn: Turn, id: CellId, step: StepNumber, names: readonly Name[], bound: State['bound']): void {
  const { graph } = turn.state.runs[0] as Run;
  const record = turn.state.records.get(id) ?? turn.state.removed.get(id);
  if (!record) return;
  const seen = seenChangesOf(graph.cells.get(id) as GraphCell);
  const added = (inputs: Inputs) => names.filter((name) => inputs.has(name) && !record.inputs.has(name));
  const inputs = new Map(record.inputs);
  for (const name of added(outerInputs(graph, id))) inputs.set(name, bound.get(name) ?? unbound);
  for (const name of names) if (bound.has(name) && !inputsOf(graph, id).has(name)) inputs.set(name, bound.get(name) ?? unbound);
  const inner = new Map(record.inner);
  for (const name of added(innerInputs(graph, id))) if (!inner.has(name)) inner.set(name, bound.get(name) ?? unbound);
  setRecord(turn, id, step, { seen, inputs, inner });
}

function forgetValues(turn: Turn, kernel: KernelState): void {
  const cells = [...turn.state.records.keys()];
  turn.update({
    kernel,
    bound: PersistentMap.empty(),
    settledFor: undefined,
    unsettled: PersistentMap.empty(),
    spent: PersistentMap.empty(),
    removed: PersistentMap.empty(),
    forgettable: [],
  });
  turn.emit({ type: 'kernel-changed' });
  refresh(
    turn,
    cells.filter((id) => turn.state.graph.cells.has(id)),
  );
  turn.update({ unsettled: PersistentMap.empty() });
}

function setKernel(turn: Turn, kernel: KernelState): void {
  turn.update({ kernel });
  turn.emit({ type: 'kernel-changed' });
}

/** A cell that was removed while it ran has its record among the removed. */
function setRecord(turn: Turn, id: CellId, step: StepNumber, changes: Partial<StepRecord>): void {
  const { records, removed } = turn.state;
  const present = records.get(id);
  if (present?.step === step) return turn.update({ records: records.set(id, { ...present, ...changes }) });
  const gone = removed.get(id);
  if (gone?.step === step) turn.update({ removed: removed.set(id, { ...gone, ...changes }) });
}

function cellOf(run: Run, id: CellId): GraphCell {
  return run.graph.cells.get(id) as GraphCell;
}
