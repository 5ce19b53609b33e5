/** The inputs of a step at the moment of its turn: the versions that count for its run, or why one of them cannot be had. */
import type { Name } from '../../analysis/facts.ts';
import { conflictsOf } from '../../graph/conflicts.ts';
import { cellOf } from '../../graph/graph.ts';
import type { Inputs } from '../../graph/inputs.ts';
import type { CellId } from '../../notebook/notebook.ts';
import {
  effectiveTokens,
  innerInputs,
  isGivenLater,
  isHeld,
  outerInputs,
  standingOf,
  stillGives,
  versionGiven,
} from '../standing.ts';
import { type Run, type SkipReason, type State, unbound, type Version } from '../state.ts';
import { consumedBehind } from './behind.ts';
import { isUsedUp } from './spent.ts';

/** What a step is given: inputs from outside of its unit, and from within, which functions read later. */
export interface Given {
  readonly outer: ReadonlyMap<Name, Version>;
  readonly later: ReadonlyMap<Name, Version>;
}

/** The versions that the step is to be given, or why one of them cannot be had. */
export function resolveInputs(state: State, run: Run, id: CellId): Given | SkipReason {
  const outer = resolve(state, run, id, outerInputs(run.graph, id));
  if (!(outer instanceof Map)) return outer;
  const [behind] = consumedBehind(state, run, id);
  if (behind) return { type: 'used-up', cell: behind.giver, name: behind.name };
  const inner = innerInputs(run.graph, id);
  const later = new Map([...inner].map(([name, givers]) => [name, laterVersion(state, run, id, name, givers)]));
  return { outer, later };
}

function resolve(state: State, run: Run, reader: CellId, inputs: Inputs): Map<Name, Version> | SkipReason {
  const versions = new Map<Name, Version>();
  for (const [name, givers] of inputs) {
    let version: Version = unbound;
    for (const giver of givers) {
      const missing = whatIsMissing(state, run, reader, giver, name);
      if (missing) return { ...missing, name };
      const given = versionGiven(state.records.get(giver), name);
      if (given === undefined) continue;
      if (isUsedUp(state, run, name, given, reader)) return { type: 'used-up', cell: giver, name };
      version = given;
      break;
    }
    versions.set(name, version);
  }
  return versions;
}

/** What stands above in the unit is there already. */
function laterVersion(state: State, run: Run, reader: CellId, name: Name, givers: readonly CellId[]): Version {
  if (isGivenLater(run.graph, reader, givers)) return unbound;
  const giver = givers.find((id) => !whyMissing(state, run, id, name) && versionGiven(state.records.get(id), name) !== undefined);
  const version = giver === undefined ? unbound : (versionGiven(state.records.get(giver), name) ?? unbound);
  return isUsedUp(state, run, name, version, reader) ? unbound : version;
}

type Missing = 'failed' | 'stopped' | 'skipped' | 'dropped' | 'stale';

/** Of a unit, a reader from outside needs all cells that can run: the functions that it calls may read what any of them binds. */
function whatIsMissing(
  state: State,
  run: Run,
  reader: CellId,
  giver: CellId,
  name: Name,
): { type: Missing; cell: CellId } | undefined {
  const unit = conflictsOf(run.graph).units.get(giver);
  const isOutside = unit !== undefined && !unit.includes(reader);
  const needed = isOutside ? unit.filter((id) => id === giver || !run.standings.get(id)?.blocked) : [giver];
  for (const cell of needed) {
    const type = whyMissing(state, run, cell, name);
    if (type) return { type, cell };
  }
  return undefined;
}

/** Why a giver's values do not count for the run: it was lost in it, or is neither in it nor was fresh when it was accepted. */
function whyMissing(state: State, run: Run, giver: CellId, name: Name): Missing | undefined {
  const lost = run.lost.get(giver);
  if (lost) return lost;
  const record = state.records.get(giver);
  if (record?.outcome !== 'ok' || !isHeld(state, record)) return 'stale';
  const hasRun = record.tokens === effectiveTokens(cellOf(run.graph, giver), run.parameters);
  if (run.planned.has(giver)) return hasRun && run.done.has(giver) ? undefined : 'stale';
  const standing = run.graph === state.graph ? standingOf(state, giver) : run.standings.get(giver);
  return standing && (hasRun ? stillGives(standing, name) : standing.imports.has(name)) ? undefined : 'stale';
}
