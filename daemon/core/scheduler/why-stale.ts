/** Why a cell that has run is out of date, in one fact: the first that is found. Looked for when somebody is told how the cell stands, never kept. */
import type { Name } from '../analysis/facts.ts';
import { isFile } from '../analysis/implicit-files.ts';
import { changersBefore } from '../graph/changers.ts';
import { conflictsOf } from '../graph/conflicts.ts';
import { cellOf, type GraphCell } from '../graph/graph.ts';
import type { CellId } from '../notebook/notebook.ts';
import {
  currentVersion,
  effectiveTokens,
  isHeld,
  isOfToday,
  outerInputs,
  spendersOf,
  standingOf,
  stepInForce,
  versionGiven,
} from './standing.ts';
import type { SkipReason, State, StepRecord } from './state.ts';
import { changedFile } from './values/changed-files.ts';

export function whyStale(state: State, cell: GraphCell, record: StepRecord): SkipReason | undefined {
  return (
    kernelGone(state, record) ??
    otherText(state, cell, record) ??
    record.stateSet ??
    changedFile(state, cell.id, record) ??
    otherInput(state, cell.id, record) ??
    changedInPlace(state, cell.id, record) ??
    staleUnit(state, cell.id)
  );
}

function kernelGone(state: State, record: StepRecord): SkipReason | undefined {
  if (isHeld(state, record)) return undefined;
  const { phase, generation } = state.kernel;
  if (record.generation !== generation) return { type: 'restarted' };
  return { type: phase === 'dead' ? 'kernel-died' : 'kernel-ended' };
}

function otherText({ parameters }: State, cell: GraphCell, { tokens }: StepRecord): SkipReason | undefined {
  if (tokens === effectiveTokens(cell, parameters)) return undefined;
  return { type: tokens.split('\0', 1)[0] === cell.facts.tokens ? 'parameter-set' : 'edited' };
}

function otherInput(state: State, id: CellId, record: StepRecord): SkipReason | undefined {
  const inputs = outerInputs(state.graph, id);
  const unit = conflictsOf(state.graph).units.get(id);
  for (const [name, givers] of inputs) {
    const version = currentVersion(state, name, givers, unit);
    if (version !== undefined && record.inputs.get(name) === version) continue;
    return inputFrom(state, name, givers, record);
  }
  for (const name of record.inputs.keys()) if (!inputs.has(name) && !isFile(name)) return { type: 'not-given', name };
  return undefined;
}

/** One that ran before the cell did has not given the name anew: the cell had it from another. */
function inputFrom(state: State, name: Name, givers: readonly CellId[], { step }: StepRecord): SkipReason {
  const isMissing = (giver: CellId) => !standingOf(state, giver).isFresh;
  for (const cell of givers) {
    const given = state.records.get(cell);
    if (isMissing(cell)) return { type: given?.outcome === 'raised' ? 'failed' : 'stale', cell, name };
    if (versionGiven(given, name) !== undefined)
      return { type: (given?.step ?? 0) > step ? 'given-anew' : 'given-by', cell, name };
  }
  return { type: 'not-given', name };
}

/** In marimo's format readers share the object with those that change it. */
function changedInPlace(state: State, id: CellId, { shared }: StepRecord): SkipReason | undefined {
  for (const [name, changers] of changersBefore(state.graph, id)) {
    const spenders = spendersOf(state, state.graph, id, name);
    for (const cell of changers) {
      const step = stepInForce(state, cell);
      if (step === 'missing') return { type: 'stale', cell, name };
      if (step !== 'none' && spenders.includes(step) && !shared.get(name)?.includes(step))
        return { type: 'changed-by', cell, name };
    }
  }
  for (const name of shared.keys()) return { type: 'not-changed', name };
  return undefined;
}

/** Cells that need each other are up to date together. */
function staleUnit(state: State, id: CellId): SkipReason | undefined {
  const unit = conflictsOf(state.graph).units.get(id) ?? [];
  const isCurrent = (cell: CellId) => {
    const record = state.records.get(cell);
    return record?.outcome === 'ok' && isOfToday(state, cellOf(state.graph, cell), record);
  };
  const cell = unit.find((other) => other !== id && !isCurrent(other));
  return cell === undefined ? undefined : { type: 'unit-stale', cell };
}
