/** Versions that a step has changed in place, and who may still be given them. */
import type { Name } from '../../analysis/facts.ts';
import { isDatabase, isFile, mayBeFile } from '../../analysis/implicit-files.ts';
import { standsBefore } from '../../graph/changers.ts';
import { cellOf, changesOf, type Graph, type GraphCell } from '../../graph/graph.ts';
import { isImplicit } from '../../graph/implicit.ts';
import { inputsOf } from '../../graph/inputs.ts';
import type { CellId } from '../../notebook/notebook.ts';
import { effectiveTokens, isHeld, isOfToday, standingOf, versionGiven } from '../standing.ts';
import { type Parameters, type Spending, type State, type StepRecord, spentKey, unbound, type Version } from '../state.ts';
import { versionsOf } from './early-cutoff.ts';

/** The text that counts: that of a run, or that of today. */
export interface CountingText {
  readonly graph: Graph;
  readonly parameters: Parameters;
}

export function spend(
  spent: State['spent'],
  names: Iterable<Name>,
  versionOf: (name: Name) => Version | undefined,
  by: Spending,
): State['spent'] {
  let after = spent;
  for (const name of names) {
    const version = versionOf(name);
    if (version === undefined || version === unbound) continue;
    const key = spentKey(version, name);
    const others = (after.get(key) ?? []).filter(({ cell }) => cell !== by.cell);
    after = after.set(key, [...others, by]);
  }
  return after;
}

/**
 * Uses up, with the version that a cell of a script changes in place, those that are the same object: a cell may have bound the name to
 * what it was given (`q = same(q)`). In marimo's format no other cell has the name.
 */
export function spendSame(state: State, graph: Graph, cell: GraphCell, spent: State['spent']): State['spent'] {
  if (graph.format !== 'percent') return spent;
  let after = spent;
  for (const name of usedUpBy(graph, cell)) {
    let giver = giverOf(state, graph, cell.id, name);
    const by = giver && after.get(spentKey(giver.version, name));
    while (by && giver?.record.same.has(name)) {
      giver = giverOf(state, graph, giver.cell, name);
      if (giver) after = after.set(spentKey(giver.version, name), by);
    }
  }
  return after;
}

/**
 * The names whose objects the cell changes so that others need them made anew. To import again gives a module, and what stands in it, as it
 * is: what was set in one stays set.
 */
export function usedUpBy(graph: Graph, cell: GraphCell): readonly Name[] {
  return [...changesOf(cell)].filter((name) => !isImported(graph, name));
}

function isImported(graph: Graph, name: Name): boolean {
  let isImport = false;
  for (const id of graph.writers.get(name) ?? []) {
    const kind = cellOf(graph, id).facts.defs.get(name)?.kind;
    // Most names have another definition, which stands above the cells that change the object.
    if (kind !== undefined && kind !== 'import') return false;
    isImport ||= kind === 'import';
  }
  return isImport;
}

interface Giver {
  readonly cell: CellId;
  readonly record: StepRecord;
  readonly version: Version;
}

function giverOf(state: State, graph: Graph, reader: CellId, name: Name): Giver | undefined {
  for (const cell of inputsOf(graph, reader).get(name) ?? []) {
    const record = state.records.get(cell);
    const version = versionGiven(record, name);
    if (record && version !== undefined) return version === unbound ? undefined : { cell, record, version };
  }
  return undefined;
}

/** Whoever gave these versions runs again, or is gone. */
export function unspend(spent: State['spent'], record: StepRecord): State['spent'] {
  let after = spent;
  for (const [name, version] of versionsOf(record)) after = after.delete(spentKey(version, name));
  return after;
}

/** A step has left the objects of these names as they were. */
export function unspendBy(spent: State['spent'], { cell, step }: Spending, names: ReadonlySet<Name>): State['spent'] {
  let after = spent;
  for (const [key, spendings] of spent) {
    if (!names.has(key.slice(key.indexOf(':') + 1))) continue;
    const others = spendings.filter((by) => by.cell !== cell || by.step !== step);
    if (others.length < spendings.length) after = others.length > 0 ? after.set(key, others) : after.delete(key);
  }
  return after;
}

/**
 * Whether the definition must run again before the cell can be given this version of the name. In a script each change gives a version
 * of its own, so one that was changed is nobody's any more. In marimo's format readers share the object: a cell is given it as it
 * is where a run from top to bottom would have changed it in the same way before.
 */
export function isUsedUp(state: State, text: CountingText, name: Name, version: Version, reader: CellId): boolean {
  if (isFile(name)) return !isOnDisk(state, name, version);
  const spendings = state.spent.get(spentKey(version, name));
  if (!spendings) return false;
  if (hasOwnVersions(text, name)) return true;
  return spendings.some(
    (by) =>
      by.cell === undefined || by.cell === reader || !isInForce(state, text, by) || !standsBefore(text.graph, by.cell, reader),
  );
}

/** Whether the step that gave the version has changed it, or another has since. */
export function isConsumed(state: State, name: Name, version: Version): boolean {
  return isFile(name) ? !isOnDisk(state, name, version) : state.spent.has(spentKey(version, name));
}

/** Whether the file still is as the step has left it. */
function isOnDisk({ bound, files }: State, name: Name, version: Version): boolean {
  if (isDatabase(name)) return true;
  if (bound.get(name) !== version) return false;
  for (const [path, { since, writer }] of files)
    if (writer === undefined && since >= version && mayBeFile(name, path)) return false;
  return true;
}

/** Whether each change gives a version of its own, so that one that was changed is nobody's any more. */
function hasOwnVersions({ graph }: CountingText, name: Name): boolean {
  return graph.format === 'percent' || isImplicit(name);
}

/** Whether no text of today would have changed the version so. */
export function isSpoilt(state: State, text: CountingText, name: Name, version: Version): boolean {
  const spendings = state.spent.get(spentKey(version, name));
  if (!spendings) return false;
  return hasOwnVersions(text, name) || spendings.some((by) => !isInForce(state, text, by));
}

/** Whether the cell that changed the version can run, and would do so again in the same way: a failure counts, for it would fail again. */
function isInForce(state: State, { graph, parameters }: CountingText, by: Spending): boolean {
  if (by.cell === undefined) return false;
  const cell = graph.cells.get(by.cell);
  const record = state.records.get(by.cell);
  if (!cell || record?.step !== by.step || record.outcome === 'interrupted') return false;
  if (graph === state.graph) return !standingOf(state, by.cell).blocked && isOfToday(state, cell, record);
  return isHeld(state, record) && record.tokens === effectiveTokens(cell, parameters);
}
