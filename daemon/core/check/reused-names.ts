/**
 * Names that several cells of a script define. It means what Python means, so that is no fault; it is said once of a name, and only where
 * a cell reads a definition of another one and might be taken to read the wrong one.
 */
import type { Name } from '../analysis/facts.ts';
import { type Graph, indexOf } from '../graph/graph.ts';
import { inputsOf, possibleReaders } from '../graph/inputs.ts';
import { type CellId, documentRange } from '../notebook/notebook.ts';
import { cellLabel, listed } from './labels.ts';
import { type CheckedCell, type CheckProblem, cellRange, definitionRange, problemIn } from './problem.ts';
import { renameFixes } from './rename.ts';
import type { Checked } from './surroundings.ts';

/** Definitions that are shown, of hundreds that a name may have; those that the message names; and those that can be renamed. */
const placesMax = 100;
const labelsMax = 4;
const renamedMax = 10;

/** `cells` define the name, in page order: the second one says it. */
export function reusedName(notebook: Checked, placed: CheckedCell, name: Name, cells: readonly CellId[]): CheckProblem[] {
  if (cells[1] !== placed.cell.id) return [];
  const read = firstRead(notebook.graph, name, cells);
  if (!read) return [];
  const others = cells.filter((_, at) => at !== 1).slice(0, placesMax);
  const definitions = others.map((id) => ({
    range: definitionRange(notebook, name, id),
    message: `${name} is defined here too`,
  }));
  const reading = { range: readRange(notebook, name, read.reader), message: `${name} is read here` };
  return [
    problemIn(placed, {
      code: 'multiple-definition',
      severity: 'information',
      message: messageFor(notebook.graph, name, cells, read),
      span: placed.cell.facts.defs.get(name)?.spans[0] ?? { start: 0, end: 0 },
      others: [...others, read.reader],
      related: [...definitions, reading],
      fixes: fixesFor(notebook, placed.cell.id, name, cells),
    }),
  ];
}

/** The cell that is read from is the last of those that define the name above the reader. */
interface Reading {
  readonly reader: CellId;
  readonly definer: CellId;
}

/** The first cell of the page that gets the name from another, itself or by functions that it calls. */
function firstRead(graph: Graph, name: Name, cells: readonly CellId[]): Reading | undefined {
  let first: Reading | undefined;
  for (const reader of possibleReaders(graph, name)) {
    if (first && indexOf(graph, reader) > indexOf(graph, first.reader)) continue;
    const [giver] = readsForSure(graph, reader, name) ? (inputsOf(graph, reader).get(name) ?? []) : [];
    if (giver === undefined) continue;
    const definer = cells.findLast((id) => indexOf(graph, id) <= indexOf(graph, giver)) ?? giver;
    first = { reader, definer };
  }
  return first;
}

/** Not one that has surely bound the name before it reads it, or in a loop that hardly ever runs not even once. */
function readsForSure(graph: Graph, reader: CellId, name: Name): boolean {
  const facts = graph.cells.get(reader)?.facts;
  return facts !== undefined && (!facts.defs.has(name) || facts.refs.has(name) || facts.mutations.has(name));
}

function messageFor(graph: Graph, name: Name, cells: readonly CellId[], { reader, definer }: Reading): string {
  const labels = cells.slice(0, labelsMax).map((id) => cellLabel(graph, id));
  const left = cells.length - labels.length;
  const where = listed(left > 0 ? [...labels, `${left} more`] : labels);
  const read = `${cellLabel(graph, reader)} reads that of ${cellLabel(graph, definer)}`;
  return `${name} is defined in ${where}. Cells read the last definition above them: ${read}.`;
}

/** Also for the other definitions, since nothing is said there. */
function fixesFor(notebook: Checked, here: CellId, name: Name, cells: readonly CellId[]): CheckProblem['fixes'] {
  const { renamer } = notebook;
  if (!renamer) return [];
  const [first = 0, own = 0, ...others] = cells.slice(0, renamedMax).keys();
  return [own, first, ...others].flatMap((at) => renameFixes(notebook, renamer, name, cells, at, here));
}

function readRange(notebook: Checked, name: Name, id: CellId): CheckProblem['range'] {
  const placed = notebook.byId.get(id);
  const span = placed?.cell.facts.refs.get(name)?.spans[0];
  return placed && span ? documentRange(placed.text, span) : cellRange(notebook, id);
}
