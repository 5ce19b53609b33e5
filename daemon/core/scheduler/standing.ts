/** Which cells are fresh: derived from text, records and graph, and kept up to date from what changed downwards. */
import type { Name } from '../analysis/facts.ts';
import { isFile } from '../analysis/implicit-files.ts';
import { itemAt } from '../assert.ts';
import { hasSameItems, hasSameKeys } from '../collections/same.ts';
import { changersBefore, readersAfter } from '../graph/changers.ts';
import { conflictsOf } from '../graph/conflicts.ts';
import { cellOf, changesOf, type Graph, type GraphCell, indexOf, writesOf } from '../graph/graph.ts';
import { implicitOf } from '../graph/implicit.ts';
import { allChildrenOf, allInputsOf, allParentsOf } from '../graph/implicit-inputs.ts';
import { type Inputs, inputsOf, parentsOf, writersFor } from '../graph/inputs.ts';
import type { CellId } from '../notebook/notebook.ts';
import {
  type Blocked,
  type Parameters,
  type Standing,
  type State,
  type StepNumber,
  type StepRecord,
  spentKey,
  unbound,
  type Version,
} from './state.ts';
import type { Turn } from './turn.ts';
import { changedFile } from './values/changed-files.ts';

const noNames: ReadonlySet<Name> = new Set();
const noInputs: Inputs = new Map();
const unknownCell: Standing = { isFresh: false, imports: noNames, blocked: undefined };

export function standingOf(state: State, id: CellId): Standing {
  return state.standings.get(id) ?? unknownCell;
}

/** Cells that do nothing: only comments, or prose. They count as fresh and never run. */
export function isInert(graph: Graph, { kind, facts }: GraphCell): boolean {
  return facts.tokens === '' || (kind === 'markdown' && graph.format === 'percent');
}

/** What a cell computes, as text: its tokens with the parameters that stand in it. */
export function effectiveTokens(cell: GraphCell, parameters: Parameters): string {
  const values = cell.facts.parameters
    .filter(({ name }) => parameters.has(name))
    .map(({ name }) => `\0${name}=${parameters.get(name)}`);
  return cell.facts.tokens + values.join('');
}

/**
 * Puts the standings right after these cells gave other values: they, those that take from them, and downwards from there as far
 * as something flips. Names of the cells concerned become unsettled.
 */
export function refresh(turn: Turn, changed: Iterable<CellId>): void {
  const cells = [...changed];
  const next = new Set(cells);
  for (const id of cells) {
    const cell = turn.state.graph.cells.get(id);
    if (!cell) continue;
    unsettle(turn, givenBy(turn.state.graph, cell));
    turn.touch([id]);
    for (const dependent of dependents(turn.state.graph, id)) next.add(dependent);
  }
  review(turn, next);
}

/** A step of the cell begins, so that what an earlier one gave counts no more. Where none of it counted, nobody is concerned. */
export function outdate(turn: Turn, id: CellId): void {
  const { graph } = turn.state;
  const { isFresh, imports } = standingOf(turn.state, id);
  const cell = graph.cells.get(id);
  const concernsOthers = isFresh || imports.size > 0 || graph.changers.size > 0 || conflictsOf(graph).units.size > 0;
  if (!cell || concernsOthers) return refresh(turn, [id]);
  unsettle(turn, givenBy(graph, cell));
  turn.touch([id]);
}

/** marimo runs the setup cell before all others, and refuses one that takes a name from them. */
export function needsOthersAsSetup(graph: Graph, id: CellId): boolean {
  return graph.format === 'marimo' && graph.cells.get(id)?.kind === 'setup' && parentsOf(graph, id).size > 0;
}

/** Computes the standings of these cells, and downwards from there as far as something flips. */
export function review(turn: Turn, cells: Iterable<CellId>): void {
  const queue = [...cells];
  const queued = new Set(queue);
  for (let at = 0; at < queue.length; at++) {
    const id = itemAt(queue, at);
    queued.delete(id);
    const cell = turn.state.graph.cells.get(id);
    if (!cell) {
      keepStanding(turn, id, undefined);
      continue;
    }
    unsettle(turn, sharedChanges(turn.state.graph, cell));
    const before = turn.state.standings.get(id);
    const after = computeStanding(turn.state, cell);
    if (before !== undefined && sameStanding(before, after)) continue;
    keepStanding(turn, id, after);
    unsettle(turn, givenBy(turn.state.graph, cell));
    turn.touch([id]);
    for (const next of dependents(turn.state.graph, id)) {
      if (queued.has(next)) continue;
      queued.add(next);
      queue.push(next);
    }
  }
}

/** Undefined: the cell is gone. */
export function keepStanding(turn: Turn, id: CellId, standing: Standing | undefined): void {
  const { standings, blockedCount } = turn.state;
  const before = standings.get(id)?.blocked ? 1 : 0;
  const after = standing?.blocked ? 1 : 0;
  turn.update({
    standings: standing ? standings.set(id, standing) : standings.delete(id),
    blockedCount: blockedCount + after - before,
  });
}

/**
 * In marimo's format readers share the object that the cell changes: whether they may still be given it follows from what the cell would
 * do today, fresh or failed (see values/spent.ts).
 */
export function sharedChanges(graph: Graph, cell: GraphCell): Iterable<Name> {
  return graph.format === 'marimo' ? changesOf(cell) : [];
}

/** Every name that the cell gives a version, implicit ones too. */
export function givenBy(graph: Graph, cell: GraphCell): Iterable<Name> {
  const { writes } = implicitOf(cell);
  return writes.length === 0 ? writesOf(graph.format, cell) : [...writesOf(graph.format, cell), ...writes];
}

export function unsettle(turn: Turn, names: Iterable<Name>): void {
  let { unsettled } = turn.state;
  for (const name of names) unsettled = unsettled.set(name, true);
  turn.update({ unsettled });
}

/**
 * The version that a name has for a reader, if all who might have given it are fresh. Of the reader's own unit, whose cells are
 * fresh only together, each counts as soon as it has run with its text.
 */
export function currentVersion(
  state: State,
  name: Name,
  givers: readonly CellId[],
  unit: readonly CellId[] = [],
): Version | undefined {
  for (const giver of givers) {
    const counts = unit.includes(giver) ? hasRunItsText(state, giver) : stillGives(standingOf(state, giver), name);
    if (!counts) return undefined;
    const version = versionGiven(state.records.get(giver), name);
    if (version !== undefined) return version;
  }
  return unbound;
}

/** Whether what the cell has given the name is what it would give now. */
export function stillGives({ isFresh, imports }: Standing, name: Name): boolean {
  return isFresh || imports.has(name);
}

function hasRunItsText(state: State, id: CellId): boolean {
  const record = state.records.get(id);
  const cell = state.graph.cells.get(id);
  return (
    cell !== undefined &&
    record?.outcome === 'ok' &&
    isHeld(state, record) &&
    record.tokens === effectiveTokens(cell, state.parameters)
  );
}

/** What the cell's last step made of the name; undefined when it left the name alone. */
export function versionGiven(record: StepRecord | undefined, name: Name): Version | undefined {
  if (record?.written.has(name)) return record.kept.get(name) ?? record.step;
  return record?.deleted.has(name) ? unbound : undefined;
}

/** Inputs without those that come from within the cell's own unit: its cells run together, so these are never out of date. */
export function outerInputs(graph: Graph, id: CellId): Inputs {
  const unit = conflictsOf(graph).units.get(id);
  const inputs = allInputsOf(graph, id);
  return unit ? new Map([...inputs].filter(([, givers]) => !givers.every((giver) => unit.includes(giver)))) : inputs;
}

/** What a cell further down in the unit gives is not there yet, also where an earlier run of the unit has left it. */
export function isGivenLater(graph: Graph, id: CellId, givers: readonly CellId[]): boolean {
  const unit = conflictsOf(graph).units.get(id);
  return unit !== undefined && givers.some((giver) => unit.includes(giver) && indexOf(graph, giver) > indexOf(graph, id));
}

/** The inputs that come from within the cell's own unit. */
export function innerInputs(graph: Graph, id: CellId): Inputs {
  const unit = conflictsOf(graph).units.get(id);
  return unit
    ? new Map([...allInputsOf(graph, id)].filter(([, givers]) => givers.every((giver) => unit.includes(giver))))
    : noInputs;
}

/** What `refresh` keeps for a cell, from the standings of its parents. */
export function computeStanding(state: State, cell: GraphCell): Standing {
  const blocked = findBlock(state, cell);
  const counts = !blocked && isFresh(state, cell);
  const imports = blocked || counts ? noNames : sameImports(state, cell, state.records.get(cell.id));
  return { isFresh: counts, imports, blocked };
}

/** Names whose import stands in the cell as it did when the cell ran, whatever else was edited in it. */
export function sameImports(state: State, { id, facts }: GraphCell, record: StepRecord | undefined): ReadonlySet<Name> {
  if (!record || record.imports.size === 0 || !facts.isImportCell) return noNames;
  if (record.outcome !== 'ok' || !isHeld(state, record) || changedFile(state, id, record)) return noNames;
  const isSame = ([name, imported]: readonly [Name, string]) =>
    facts.defs.get(name)?.imported === imported && isGivenAsBefore(state, id, record, name);
  return new Set([...record.imports].filter(isSame).map(([name]) => name));
}

/** `import a.b` adds to what others have loaded of the package. */
function isGivenAsBefore(state: State, id: CellId, { inputs }: StepRecord, name: Name): boolean {
  const givers = inputsOf(state.graph, id).get(name);
  return inputs.get(name) === (givers && currentVersion(state, name, givers));
}

/** Why the cell cannot run: its own text, or what it needs. */
function findBlock(state: State, cell: GraphCell): Blocked | undefined {
  const members = conflictsOf(state.graph).units.get(cell.id);
  return members ? findBlockOfUnit(state, cell, new Set(members)) : (ownBlock(state.graph, cell) ?? blockAbove(state, cell.id));
}

/** Who calls a function of many needs all of them: they are gone through only where some cell is blocked. */
function blockAbove(state: State, id: CellId): Blocked | undefined {
  if (state.blockedCount === 0) return undefined;
  for (const parent of allParentsOf(state.graph, id)) {
    const { blocked } = standingOf(state, parent);
    if (blocked) return blocked;
  }
  return undefined;
}

/** Cells of a unit need each other: what blocks one of them comes from its own text or from outside, so each is asked once. */
function findBlockOfUnit(state: State, cell: GraphCell, unit: ReadonlySet<CellId>): Blocked | undefined {
  const needed = new Set([cell.id]);
  // The set grows while it is walked.
  for (const id of needed) {
    const own = ownBlock(state.graph, cellOf(state.graph, id));
    if (own) return own;
    for (const parent of allParentsOf(state.graph, id)) {
      if (unit.has(parent)) {
        needed.add(parent);
        continue;
      }
      const above = standingOf(state, parent).blocked;
      if (above) return above;
    }
  }
  return undefined;
}

function ownBlock(graph: Graph, { id, kind, options }: GraphCell): Blocked | undefined {
  if (conflictsOf(graph).cells.has(id) || needsOthersAsSetup(graph, id)) return { why: 'conflict', cell: id };
  if (kind === 'unparsable') return { why: 'unparsable', cell: id };
  return options.disabled ? { why: 'disabled', cell: id } : undefined;
}

function isFresh(state: State, cell: GraphCell): boolean {
  if (isInert(state.graph, cell)) return true;
  const unit = conflictsOf(state.graph).units.get(cell.id);
  if (!unit) return hasCurrentRecord(state, cell);
  // A member that cannot run and that this cell needs would block it, too.
  const counts = (id: CellId) => id === cell.id || !standingOf(state, id).blocked;
  return unit.filter(counts).every((id) => hasCurrentRecord(state, cellOf(state.graph, id)));
}

function hasCurrentRecord(state: State, cell: GraphCell): boolean {
  const record = state.records.get(cell.id);
  return record?.outcome === 'ok' && isOfToday(state, cell, record) && isSharedAsBefore(state, cell.id, record);
}

/** Whether the record tells what a step would do now: same kernel, same text, same inputs. A name that nobody gives is as one that somebody has unbound. */
export function isOfToday(state: State, cell: GraphCell, record: StepRecord): boolean {
  if (!isHeld(state, record) || record.tokens !== effectiveTokens(cell, state.parameters)) return false;
  if (record.stateSet) return false;
  if (changedFile(state, cell.id, record)) return false;
  const inputs = outerInputs(state.graph, cell.id);
  const inner = innerInputs(state.graph, cell.id);
  const unit = conflictsOf(state.graph).units.get(cell.id);
  if (!hasNoOtherInputs(state.graph, record, inputs) || inner.size !== record.inner.size) return false;
  for (const name of inner.keys()) if (!record.inner.has(name)) return false;
  for (const [name, givers] of inputs) {
    const version = currentVersion(state, name, givers, unit);
    if (version === undefined || record.inputs.get(name) !== version) return false;
  }
  return true;
}

/** A name that nobody gives is as one that somebody has unbound, and files that no cell gives any more are as the disk has them. */
export function hasNoOtherInputs(graph: Graph, record: StepRecord, inputs: ReadonlyMap<Name, unknown>): boolean {
  const isStillUnbound = (name: Name, version: Version) => version === unbound && (graph.writers.get(name)?.length ?? 0) === 0;
  for (const [name, version] of record.inputs)
    if (!inputs.has(name) && !isFile(name) && !isStillUnbound(name, version)) return false;
  return true;
}

/** The versions of files that a cell adds to: cells that read them may come later. */
export function addedTo(cell: GraphCell, bound: State['bound']): readonly (readonly [Name, Version])[] {
  return (implicitOf(cell).adds ?? []).map((name) => [name, bound.get(name) ?? unbound] as const);
}

/**
 * Whether a step would be given what others have changed as the cell's last one was. In marimo's format readers share an object, and a run from top
 * to bottom gives it to each of them as those before it have left it.
 */
export function isSharedAsBefore(state: State, id: CellId, { shared }: StepRecord): boolean {
  if (shared.size === 0 && state.graph.changers.size === 0) return true;
  const wanted = new Map<Name, readonly StepNumber[]>();
  for (const [name, changers] of changersBefore(state.graph, id)) {
    const steps = changers.map((changer) => stepInForce(state, changer));
    if (steps.includes('missing')) return false;
    const spenders = spendersOf(state, state.graph, id, name);
    const changed = spenders.filter((step) => steps.includes(step));
    if (changed.length > 0) wanted.set(name, changed);
  }
  return wanted.size === shared.size && [...wanted].every(([name, steps]) => hasSameItems(steps, shared.get(name) ?? []));
}

/** The step by which the cell has changed what others read: a failure counts, for it would fail again. None where the cell cannot run, or only by name. */
export function stepInForce(state: State, id: CellId): StepNumber | 'none' | 'missing' {
  const cell = state.graph.cells.get(id);
  const record = state.records.get(id);
  const { isFresh, blocked } = standingOf(state, id);
  if (!cell || blocked) return 'none';
  if (isFresh && record) return record.step;
  const hasFailed = record?.outcome === 'raised' || record?.outcome === 'stopped';
  if (hasFailed && isOfToday(state, cell, record)) return record.step;
  return cell.options.manual || state.skips.has(id) ? 'none' : 'missing';
}

/** The steps that have changed what the cell would be given of the name now. */
export function spendersOf(state: State, graph: Graph, id: CellId, name: Name): readonly StepNumber[] {
  for (const giver of writersFor(graph, name, id)) {
    const record = state.records.get(giver);
    const version = record && isHeld(state, record) ? versionGiven(record, name) : undefined;
    if (version !== undefined) return (state.spent.get(spentKey(version, name)) ?? []).map(({ step }) => step);
  }
  return [];
}

/** Whether the kernel of today still has what the step gave. */
export function isHeld({ kernel }: State, record: StepRecord): boolean {
  return record.generation === kernel.generation && kernel.phase !== 'none' && kernel.phase !== 'dead';
}

/** Cells whose standing follows from this one's: of a unit, what one cell needs concerns all. */
function dependents(graph: Graph, id: CellId): ReadonlySet<CellId> {
  const sharing = readersAfter(graph, id);
  const own = allChildrenOf(graph, id);
  const children = sharing.length > 0 ? new Set([...own, ...sharing]) : own;
  const { units } = conflictsOf(graph);
  if (units.size === 0) return children;
  const concerned = new Set([id, ...children].flatMap((cell) => units.get(cell) ?? [cell]));
  concerned.delete(id);
  return concerned;
}

export function sameStanding(a: Standing, b: Standing): boolean {
  return (
    a.isFresh === b.isFresh &&
    a.blocked?.why === b.blocked?.why &&
    a.blocked?.cell === b.blocked?.cell &&
    hasSameKeys(a.imports, b.imports)
  );
}
