/** Runs: accepted with their plan, advanced step by step while the kernel is free, sealed. */
import type { Name } from '../analysis/facts.ts';
import { PersistentMap } from '../collections/persistent-map.ts';
import { readersAfter } from '../graph/changers.ts';
import { conflictsOf } from '../graph/conflicts.ts';
import { cellOf, type GraphCell } from '../graph/graph.ts';
import { implicitOf, nothingImplicit } from '../graph/implicit.ts';
import type { CellId } from '../notebook/notebook.ts';
import type { Event } from './events.ts';
import { planRun } from './plan.ts';
import { firstRound, nextRound } from './rounds.ts';
import { changesGiven } from './shared.ts';
import { addedTo, effectiveTokens, hasNoOtherInputs, isHeld, isSharedAsBefore, outdate, review } from './standing.ts';
import type { Run, Skip, SkipReason, State, StepNumber, StepRecord, Version } from './state.ts';
import type { Turn } from './turn.ts';
import { changedFile } from './values/changed-files.ts';
import { comparable, stepsHeld, versionsOf } from './values/early-cutoff.ts';
import { rebind, writesForWorker } from './values/environment.ts';
import { type Given, resolveInputs } from './values/given.ts';
import { comparableImports, importsOf } from './values/imports.ts';
import { dropRemoved, earlierTexts } from './values/records.ts';
import { isConsumed, spend, spendSame, unspend, usedUpBy } from './values/spent.ts';
import { changingNames, knownReads, watchedNames } from './values/watched.ts';

export function acceptRun(turn: Turn, event: Extract<Event, { type: 'run-requested' }>): void {
  dropRemoved(turn);
  const { state } = turn;
  const plan = planRun(state, event.mode, event.roots);
  const run: Run = {
    run: state.runCount + 1,
    mode: event.mode,
    roots: new Set(event.roots),
    plan,
    planned: new Set(plan.map(({ cell }) => cell)),
    graph: state.graph,
    parameters: state.parameters,
    standings: state.standings,
    since: state.stepCount,
    next: 0,
    done: PersistentMap.empty(),
    lost: PersistentMap.empty(),
    stopAtFailure: event.stopAtFailure,
    cancelled: undefined,
    rounds: firstRound(state),
  };
  turn.update({ runCount: run.run, runs: [...state.runs, run] });
  turn.touch(run.planned);
  turn.emit({ type: 'run-accepted', run });
  if (plan.length > 0) wakeKernel(turn);
}

export function wakeKernel(turn: Turn): void {
  const { kernel } = turn.state;
  if (kernel.phase === 'none' || kernel.phase === 'dead') startKernel(turn, kernel.generation + 1);
  else if (kernel.phase === 'stopping') turn.update({ kernel: { ...kernel, next: 'start' } });
}

export function startKernel(turn: Turn, generation: number): void {
  turn.update({
    kernel: { phase: 'starting', generation },
    watchedSince: PersistentMap.empty(),
    bound: PersistentMap.empty(),
    settledFor: undefined,
    forgettable: [],
  });
  turn.emit({ type: 'start-kernel', generation });
  turn.emit({ type: 'kernel-changed' });
}

/** Goes on with the run that is due as far as that needs no kernel, and hands the kernel the next step if it is free. */
export function advance(turn: Turn): void {
  for (let run = dueRun(turn.state); run; run = dueRun(turn.state)) {
    const isBusy = turn.state.kernel.phase === 'busy';
    const step = run.plan[run.next];
    if (!step) {
      if (isBusy) return;
      conclude(turn, run);
    } else if (run.lost.has(step.cell)) {
      replaceRun(turn, { ...run, next: run.next + 1 });
    } else if (run.cancelled) {
      if (isBusy) return;
      skip(turn, run, step.cell, run.cancelled);
    } else if (turn.state.kernel.phase !== 'idle') {
      return;
    } else {
      takeStep(turn, run, step.cell);
    }
  }
}

/** The first run, unless a placeless step was asked for before it. */
function dueRun({ runs, placeless }: State): Run | undefined {
  const [run] = runs;
  const [next] = placeless;
  return run && next && next.after < run.run ? undefined : run;
}

/** No further step of these runs begins; each is told why. */
export function cancelRuns(turn: Turn, reason: SkipReason): void {
  turn.update({ runs: turn.state.runs.map((run) => (run.cancelled ? run : { ...run, cancelled: reason })) });
}

export function replaceRun(turn: Turn, run: Run): void {
  turn.update({ runs: turn.state.runs.map((other) => (other.run === run.run ? run : other)) });
}

/** A run that waits behind another is sealed as soon as nothing of it is left, so that values that come fast leave no queue behind. */
export function sealIfOver(turn: Turn, number: number): void {
  const at = turn.state.runs.findIndex(({ run }) => run === number);
  const run = turn.state.runs[at];
  if (run && at > 0 && run.lost.size === run.planned.size) seal(turn, run);
}

/** The plan is done. */
function conclude(turn: Turn, run: Run): void {
  const next = nextRound(turn.state, run);
  if (!next) return seal(turn, run);
  replaceRun(turn, next);
  turn.touch(next.planned);
  turn.emit({ type: 'run-continued', run: next.run, plan: next.plan });
}

function seal(turn: Turn, run: Run): void {
  turn.update({ runs: turn.state.runs.filter((other) => other !== run) });
  turn.touch(run.planned);
  turn.emit({ type: 'run-sealed', run: run.run, outcome: outcomeOf(run) });
}

function outcomeOf({ cancelled, lost, rounds }: Run): 'ok' | 'failed' | 'interrupted' {
  if (cancelled?.type === 'interrupted') return 'interrupted';
  const ends = new Set([...lost.values(), ...rounds.lost.values()]);
  if (ends.has('failed') || ends.has('skipped')) return 'failed';
  return ends.has('dropped') ? 'interrupted' : 'ok';
}

function takeStep(turn: Turn, run: Run, id: CellId): void {
  const cell = cellOf(run.graph, id);
  if (!turn.state.graph.cells.has(id)) return skip(turn, run, id, { type: 'removed' });
  const { blocked } = run.standings.get(id) ?? {};
  if (blocked) return skip(turn, run, id, { type: blocked.why, cell: blocked.cell });
  const given = resolveInputs(turn.state, run, id);
  if ('outer' in given) begin(turn, run, cell, given);
  else skip(turn, run, id, given);
}

function begin(turn: Turn, run: Run, cell: GraphCell, given: Given): void {
  const { state } = turn;
  const { outer, later } = given;
  const record = state.records.get(cell.id);
  const tokens = effectiveTokens(cell, run.parameters);
  if (record && isEnough(run, cell.id, record.step) && isDone(state, cell, record, tokens, outer))
    return pass(turn, run, cell.id);
  const step = state.stepCount + 1;
  const implicit = implicitOf(cell);
  const compare = comparable(state, cell, record);
  const compareObjects = comparableImports(state, cell, record);
  const versions = later.size === 0 ? outer : new Map([...outer, ...later]);
  const { bind, unbind, ...settled } = rebind(state, run, cell, versions);
  const forget = record ? [...state.forgettable, ...stepsHeld(record)] : state.forgettable;
  turn.update({
    stepCount: step,
    kernel: { phase: 'busy', generation: state.kernel.generation, cell: cell.id, step },
    records: state.records.set(cell.id, {
      step,
      generation: state.kernel.generation,
      tokens,
      imports: importsOf(cell.facts),
      inputs: new Map([...outer, ...addedTo(cell, state.bound)]),
      inner: new Map([...later.keys()].map((name) => [name, undefined])),
      outcome: 'running',
      written: new Set(),
      kept: new Map([...compare, ...compareObjects]),
      same: new Set(),
      shared: changesGiven(state, run.graph, cell.id),
      deleted: new Set(),
      observed: cell.observed,
      earlier: earlierTexts(record, tokens),
    }),
    skips: state.skips.delete(cell.id),
    spent: spendSame(
      state,
      run.graph,
      cell,
      spend(
        record ? unspend(state.spent, record) : state.spent,
        [...usedUpBy(run.graph, cell), ...implicit.consumes],
        (name) => versions.get(name),
        {
          cell: cell.id,
          step,
        },
      ),
    ),
    ...settled,
    forgettable: [],
  });
  replaceRun(turn, { ...run, next: run.next + 1 });
  turn.touch([cell.id]);
  turn.emit({ type: 'step-started', run: run.run, step, cell: cell.id });
  turn.emit({
    type: 'evaluate',
    cell,
    step,
    bind,
    unbind,
    forget,
    writes: [...writesForWorker(run.graph, cell)],
    watched: watchedNames(run.graph, cell, given, settled.bound),
    changing: changingNames(cell, settled.bound),
    compare,
    compareObjects,
    knownReads: knownReads(run.graph, cell),
    implicit: cell.observed.implicit ?? nothingImplicit,
    parameters: run.parameters,
  });
  outdate(turn, cell.id);
}

/** What is asked for by name runs, unless it began after it was asked for: then an older run had it to run, too. */
function isEnough(run: Run, cell: CellId, step: StepNumber): boolean {
  return step > run.since || (run.mode !== 'all' && !run.roots.has(cell));
}

/** Whether an earlier run has already given what this step would give. The cells of a unit run together or not at all. */
function isDone(state: State, cell: GraphCell, record: StepRecord, tokens: string, inputs: ReadonlyMap<Name, Version>): boolean {
  if (conflictsOf(state.graph).units.has(cell.id) || record.inner.size > 0) return false;
  if (record.outcome !== 'ok' || !isHeld(state, record) || record.tokens !== tokens) return false;
  if (versionsOf(record).some(([name, version]) => isConsumed(state, name, version))) return false;
  if (record.stateSet || changedFile(state, cell.id, record)) return false;
  if (!isSharedAsBefore(state, cell.id, record)) return false;
  return (
    hasNoOtherInputs(state.graph, record, inputs) && [...inputs].every(([name, version]) => record.inputs.get(name) === version)
  );
}

function pass(turn: Turn, run: Run, id: CellId): void {
  replaceRun(turn, { ...run, next: run.next + 1, done: run.done.set(id, true) });
  turn.touch([id]);
  turn.emit({ type: 'step-cached', run: run.run, cell: id });
}

function skip(turn: Turn, run: Run, id: CellId, reason: SkipReason): void {
  const skipped: Skip = { reason, causeStep: 'cell' in reason ? turn.state.records.get(reason.cell)?.step : undefined };
  if (turn.state.graph.cells.has(id)) turn.update({ skips: turn.state.skips.set(id, skipped) });
  replaceRun(turn, { ...run, next: run.next + 1, lost: run.lost.set(id, lostBy(reason)) });
  turn.touch([id]);
  turn.emit({ type: 'step-skipped', run: run.run, cell: id, reason });
  // They wait no more for the cell to change what they read.
  review(turn, readersAfter(turn.state.graph, id));
}

/** What needs a cell that was stopped or dropped is so for the same reason. That, and a cell that is disabled, is no failure. */
function lostBy({ type }: SkipReason): 'stopped' | 'dropped' | 'skipped' {
  if (type === 'dropped') return 'dropped';
  return type === 'stopped' || type === 'run-exited' || type === 'disabled' ? 'stopped' : 'skipped';
}
