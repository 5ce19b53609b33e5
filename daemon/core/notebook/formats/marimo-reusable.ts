/** Which cells marimo writes as plain functions and classes, so that other modules can import them. */
import { marimoBuiltins } from './marimo-builtins.ts';
import type { WritableCell } from './writable-cell.ts';

export type Placing = 'cell' | 'reusable' | 'unparsable';

export interface Placed {
  readonly cell: WritableCell;
  readonly placing: Placing;
  readonly name: string;
}

export interface Reuse {
  readonly placed: readonly Placed[];
  /** Names that are no arguments: of the setup cell, built in, of reusable definitions. */
  readonly allowed: ReadonlySet<string>;
}

const reserved = new Set(['app', '__name__', '__generated_with']);
type Phase = Placing | 'unresolved';

interface Entry {
  readonly cell: WritableCell;
  readonly candidate: string | undefined;
  /** What marimo files the cell under: a definition's own name, else the cell's. */
  readonly key: string;
  phase: Phase;
}

/**
 * A cell that is one definition is reusable when all it reads is built in, of the setup cell, or reusable itself; what its
 * signature needs has to stand above it. This is marimo's decision, in its order, since the order shows in the file.
 */
export function findReusable(cells: readonly WritableCell[], setupDefs: Iterable<string>): Reuse {
  const allowed = new Set(setupDefs);
  const entries = cells.map((cell) => entryOf(cell, allowed));
  const defined = new Set(cells.flatMap((cell) => (cell.isPython ? [...cell.defs] : [])));
  for (const name of marimoBuiltins) if (!defined.has(name)) allowed.add(name);
  const reusable = new Set(entries.filter(({ phase }) => phase === 'reusable').map(({ key }) => key));
  const unsettled = new Set(entries.filter(({ phase }) => phase !== 'reusable').map(({ key }) => key));
  const waiting = new Map<string, Entry>();
  const ordinary = new Map(entries.filter(({ phase }) => phase === 'cell').map((entry) => [entry.key, entry]));
  for (const entry of entries) {
    if (entry.phase !== 'cell') {
      allowed.add(entry.key);
      continue;
    }
    ordinary.delete(entry.key);
    entry.phase = secondLook(entry, allowed, reusable, unsettled, waiting);
    if (entry.phase === 'reusable') {
      allowed.add(entry.key);
      reusable.add(entry.key);
    } else (entry.phase === 'cell' ? ordinary : waiting).set(entry.key, entry);
  }
  const broken = entries.filter(({ phase }) => phase === 'unparsable').map(({ key }) => key);
  resolveWaiting(waiting, ordinary, new Set(broken), allowed, reusable);
  return { placed: entries.map((entry) => placedOf(entry, ordinary.get(entry.key) === entry)), allowed };
}

function entryOf(cell: WritableCell, setup: ReadonlySet<string>): Entry {
  if (!cell.isPython) return { cell, candidate: undefined, key: cell.name, phase: 'unparsable' };
  const { definition } = cell;
  if (definition === undefined || isPrivate(definition.name))
    return { cell, candidate: undefined, key: cell.name, phase: 'cell' };
  const { name } = definition;
  if (reserved.has(name) || definition.hasTrailingComment) return { cell, candidate: undefined, key: name, phase: 'cell' };
  const known = (ref: string) => setup.has(ref) || ref === name;
  const isClosed = [...definition.signatureRefs].every(known) && [...cell.refs].every(known);
  return { cell, candidate: name, key: name, phase: isClosed ? 'reusable' : 'cell' };
}

function isPrivate(name: string): boolean {
  return name.startsWith('_');
}

function secondLook(
  { cell, candidate }: Entry,
  allowed: ReadonlySet<string>,
  reusable: ReadonlySet<string>,
  unsettled: ReadonlySet<string>,
  waiting: ReadonlyMap<string, Entry>,
): Phase {
  if (candidate === undefined || cell.definition === undefined) return 'cell';
  const needed = [...cell.definition.signatureRefs].filter((ref) => ref !== candidate && !allowed.has(ref));
  if (needed.some((ref) => !waiting.has(ref))) return 'cell';
  const open = [...cell.refs].filter((ref) => ref !== candidate && !allowed.has(ref) && !reusable.has(ref));
  if (open.length === 0) return 'reusable';
  return open.every((ref) => unsettled.has(ref)) ? 'unresolved' : 'cell';
}

/** Functions that call each other: reusable together, unless one of them needs an ordinary cell. */
function resolveWaiting(
  waiting: Map<string, Entry>,
  ordinary: Map<string, Entry>,
  broken: ReadonlySet<string>,
  allowed: Set<string>,
  reusable: ReadonlySet<string>,
): void {
  const settled = new Map<string, boolean>();
  const resolve = (name: string): boolean => {
    const entry = waiting.get(name);
    if (entry === undefined) return settled.get(name) ?? (reusable.has(name) || !(ordinary.has(name) || broken.has(name)));
    waiting.delete(name);
    const isResolved = [...entry.cell.refs].map(resolve).every((found) => found);
    entry.phase = isResolved ? 'reusable' : 'cell';
    if (isResolved) allowed.add(name);
    else ordinary.set(name, entry);
    settled.set(name, isResolved);
    return isResolved;
  };
  for (const name of [...waiting.keys()]) resolve(name);
}

/** Where several cells define the same name, marimo gives its cell names back to the last of them alone. */
function placedOf({ cell, candidate, key, phase }: Entry, isFiled: boolean): Placed {
  if (phase === 'reusable') return { cell, placing: phase, name: candidate ?? key };
  if (phase === 'unparsable') return { cell, placing: phase, name: cell.name };
  const name = cell.isDefinitionCell ? '_' : cell.name;
  return { cell, placing: 'cell', name: isFiled ? name : key };
}
