/** How a step ends: what it gave counts from here on, or nothing of it. */
import type { Name } from '../../analysis/facts.ts';
import { cellOf, changes, type GraphCell } from '../../graph/graph.ts';
import { implicitOf, nothingImplicit, sameImplicit } from '../../graph/implicit.ts';
import { allChildrenOf } from '../../graph/implicit-inputs.ts';
import { isConditional } from '../../graph/inputs.ts';
import { isNothing, nothingObserved, type Observed } from '../../graph/observed.ts';
import type { CellId } from '../../notebook/notebook.ts';
import type { Event } from '../events.ts';
import { finishPlaceless } from '../placeless/steps.ts';
import { replaceRun } from '../runs.ts';
import { refresh, unsettle } from '../standing.ts';
import { type KernelState, type Run, runUnderWay, type State, type StepNumber, type StepRecord, type Version } from '../state.ts';
import type { Turn } from '../turn.ts';
import { spendAside, withAside } from '../values/aliases.ts';
import { boundAfter, writesForWorker } from '../values/environment.ts';
import { changeRecord, recordOf } from '../values/records.ts';
import { consumeStates, observe } from './observations.ts';
import { noteStatesSet } from './set-states.ts';

type Finished = Extract<Event, { type: 'finished' }>;

/** A result whose step is not the one under way changes nothing. */
export function onFinished(turn: Turn, heard: Finished): void {
  const { kernel } = turn.state;
  if (kernel.phase === 'evaluating' && isItsEnd(kernel, heard)) return finishPlaceless(turn, kernel, heard);
  if (kernel.phase !== 'busy' || !isItsEnd(kernel, heard)) return;
  const run = runUnderWay(turn.state);
  const { cell: id, step, generation } = kernel;
  const event = withAside(turn.state, id, heard);
  turn.update({ kernel: { phase: 'idle', generation } });
  observe(turn, id, step, countedOf(event, cellOf(run.graph, id)));
  consumeStates(turn, id, step, event.observed.implicit?.consumes ?? []);
  spendAside(turn, event.aside ?? [], { cell: id, step });
  const { gone, ...gave } = event.outcome === 'ok' ? endWell(turn.state, run, id, event) : endBadly(run, id, event);
  const outcome = event.outcome === 'exited' ? 'stopped' : event.outcome;
  const { observed } = cellOf(runUnderWay(turn.state).graph, id);
  const unwatched = event.unwatched ?? [];
  changeRecord(turn, id, step, { outcome, ...gave, observed, ...(unwatched.length > 0 && { unwatched }) });
  turn.update({ bound: boundAfter(turn.state.bound, { step, written: gave.written, kept: gave.kept, gone }) });
  unsettle(turn, [...gave.written, ...gone]);
  concludeStep(turn, id, event.outcome);
  turn.emit({ type: 'step-finished', run: run.run, step, cell: id, outcome });
  turn.touch([id]);
  // Those that it gives a state or a file may be stale for another reason now, which no edge of variables tells.
  if (implicitOf(cellOf(run.graph, id)).writes.length > 0) turn.touch(allChildrenOf(turn.state.graph, id));
  refresh(turn, [id]);
  noteStatesSet(turn, id, event.statesSet ?? []);
}

/** The kernel that ran the step is gone or going: the step ends as an interrupted one. */
export function abandonStep(turn: Turn, id: CellId, step: StepNumber): void {
  changeRecord(turn, id, step, { outcome: 'interrupted' });
  const run = runUnderWay(turn.state);
  replaceRun(turn, { ...run, lost: run.lost.set(id, 'failed') });
  turn.emit({ type: 'step-finished', run: run.run, step, cell: id, outcome: 'interrupted' });
  turn.touch([id]);
}

function isItsEnd({ step, generation }: Extract<KernelState, { step: StepNumber }>, event: Finished): boolean {
  return step === event.step && generation === event.generation;
}

/** What a step has changed or read it has, however it ended. One that ended well has done what it may do. */
function countedOf({ outcome, observed }: Finished, { observed: known }: GraphCell): Observed {
  if (isNothing(observed) && isNothing(known)) return nothingObserved;
  const { changes, evaluated, pure, files = nothingImplicit } = observed;
  if (outcome !== 'ok') return { ...nothingObserved, changes, evaluated };
  const isTakenBack = known.pure !== undefined && pure === undefined;
  return {
    ...observed,
    files: sameImplicit(files, known.files) ? undefined : files,
    ...(isTakenBack && { pure: [] }),
    ...(known.expected && { expected: [] }),
  };
}

/** What a step made of names. */
interface NamesAfter extends Pick<StepRecord, 'written' | 'kept' | 'same' | 'deleted'> {
  /** Bound no more, as far as it was. */
  readonly gone: readonly Name[];
}

function endWell(state: State, run: Run, id: CellId, event: Finished): NamesAfter {
  const { deleted, untouched = [], observed } = event;
  const cell = cellOf(run.graph, id);
  const changed = observed.changes.map(({ name }) => name).filter((name) => !deleted.includes(name));
  const written = [
    ...event.written.filter((name) => !untouched.includes(name) || !mayLeaveAlone(run, cell, name)),
    ...observed.writes,
    ...(run.graph.format === 'percent' ? changed : []),
    ...implicitOf(cellOf(runUnderWay(state).graph, id)).writes,
  ];
  return {
    written: new Set(written),
    kept: keptVersions(state, id, event),
    same: new Set(written.filter((name) => untouched.includes(name) && !changes(cell, name))),
    deleted: new Set(deleted),
    gone: deleted,
  };
}

function endBadly(run: Run, id: CellId, { deleted, observed }: Finished): NamesAfter {
  const gone = [...writesForWorker(run.graph, cellOf(run.graph, id)), ...deleted, ...observed.writes];
  return { written: new Set(), kept: new Map(), same: new Set(), deleted: new Set(), gone };
}

/**
 * The cell might have bound the name, and where it left it as it was given, it gives no version of its own, which a change in place further
 * down would use up while the same object went on as that of the giver.
 */
function mayLeaveAlone({ graph }: Run, cell: GraphCell, name: Name): boolean {
  return (isConditional(graph, cell.id, name) || cell.observed.pure?.includes(name) === true) && !changes(cell, name);
}

/** While a step runs, its record holds what it is compared with. */
function keptVersions(state: State, id: CellId, { unchanged = [] }: Finished): ReadonlyMap<Name, Version> {
  const compared = recordOf(state, id)?.kept;
  return new Map(
    unchanged.flatMap((name) => {
      const version = compared?.get(name);
      return version === undefined ? [] : [[name, version]];
    }),
  );
}

function concludeStep(turn: Turn, id: CellId, outcome: Finished['outcome']): void {
  const run = runUnderWay(turn.state);
  if (outcome === 'ok') return replaceRun(turn, { ...run, done: run.done.set(id, true) });
  const isFailure = outcome !== 'stopped' && outcome !== 'exited';
  const ends = outcome !== 'stopped' && run.stopAtFailure && !run.cancelled;
  replaceRun(turn, {
    ...run,
    lost: run.lost.set(id, isFailure ? 'failed' : 'stopped'),
    ...(ends && { cancelled: { type: isFailure ? 'run-stopped' : 'run-exited', cell: id } as const }),
  });
}
