/**
 * Percent format: which cells are given a name by a cell below them. Only where plain Python certainly fails: a name that it does not have by
 * birth, read certainly, bound by no cell above, and with one definition. A fact of the text: only a binding above that was seen at run time
 * counts besides it.
 */
import { births } from '../analysis/births.ts';
import type { Name } from '../analysis/facts.ts';
import { impossible } from '../assert.ts';
import type { CellId } from '../notebook/notebook.ts';
import { cellOf, type Graph, type GraphCell, indexOf } from './graph.ts';
import { perShapeAnd } from './per-shape.ts';

interface FromBelow {
  readonly readers: ReadonlySet<CellId>;
  readonly definition: CellId;
  /** By the place at which they count: readers that change the object stand right below the definition. */
  readonly writers: readonly CellId[];
}

/** Where the cell counts for the name: on the page, or right below the definition from which it is given the name. */
export function placeFor(graph: Graph, name: Name, id: CellId): number {
  const found = fromBelow(graph, name);
  return found?.readers.has(id) ? placeBelow(graph, found.definition, id) : indexOf(graph, id);
}

export function writersByPlace(graph: Graph, name: Name): readonly CellId[] {
  return fromBelow(graph, name)?.writers ?? graph.writers.get(name) ?? [];
}

/** The definition from which the cell is given the name though it stands below. */
export function definitionBelow(graph: Graph, name: Name, id: CellId): CellId | undefined {
  const found = fromBelow(graph, name);
  return found?.readers.has(id) ? found.definition : undefined;
}

/** The only cell whose text defines the name, wherever it stands. */
export function onlyDefinition({ cells, writers }: Pick<Graph, 'cells' | 'writers'>, name: Name): CellId | undefined {
  let only: CellId | undefined;
  for (const id of writers.get(name) ?? []) {
    if (!cells.get(id)?.facts.defs.has(name)) continue;
    if (only !== undefined) return undefined;
    only = id;
  }
  return only;
}

/** Nothing that stands below this cell is certain: the program may have ended, or any name may be bound. */
export function leavesDoubt({ kind, facts }: GraphCell): boolean {
  return facts.mayExit || facts.mayBindAny || kind === 'unparsable';
}

/** `gettext.install()` gives a program the name `_`, and no text shows it. */
const installed: Name = '_';

function fromBelow(graph: Graph, name: Name): FromBelow | undefined {
  return graph.early.has(name) && !births.has(name) && name !== installed ? knownFromBelow(graph, name) : undefined;
}

const knownFromBelow = perShapeAnd(findFromBelow);

function findFromBelow(graph: Graph, name: Name): FromBelow | undefined {
  const definition = onlyDefinition(graph, name) ?? impossible(`${name} is read above its definition, and has none`);
  // What only functions bind is not there when the cell has run.
  if (cellOf(graph, definition).facts.defs.get(name)?.isLate) return undefined;
  const writers = graph.writers.get(name) ?? [];
  const binder = writers.find((id) => mayBind(cellOf(graph, id), name));
  const last = Math.min(graph.certainUntil, binder === undefined ? Number.POSITIVE_INFINITY : indexOf(graph, binder));
  const cut = graph.cut.get(name);
  const isGiven = (id: CellId) =>
    indexOf(graph, id) <= last && cellOf(graph, id).facts.refs.get(name)?.isCertain === true && !cut?.has(id);
  const readers = new Set([...(graph.early.get(name) ?? [])].filter(isGiven));
  if (readers.size === 0) return undefined;
  const place = (id: CellId) => (readers.has(id) ? placeBelow(graph, definition, id) : indexOf(graph, id));
  return { readers, definition, writers: writers.toSorted((a, b) => place(a) - place(b)) };
}

/** It has the name when it has run, or had it and took it away. */
function mayBind({ facts, observed }: GraphCell, name: Name): boolean {
  return facts.defs.has(name) || facts.deleted.has(name) || observed.writes.includes(name);
}

/** Between the definition and the next cell of the page; of several readers, in page order. */
function placeBelow(graph: Graph, definition: CellId, id: CellId): number {
  return indexOf(graph, definition) + (indexOf(graph, id) + 1) / (graph.order.length + 1);
}
