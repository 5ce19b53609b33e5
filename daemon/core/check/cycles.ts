/** Cells that need each other, shown as one way around: a → b → a, with the names that each gives to the next. */
import { impossible, itemAt } from '../assert.ts';
import { cyclesOf } from '../graph/conflicts.ts';
import { type Graph, indexOf } from '../graph/graph.ts';
import { childrenOf, edgeNames } from '../graph/inputs.ts';
import { type CellId, documentRange } from '../notebook/notebook.ts';
import type { Range } from '../text.ts';
import { cellLabel } from './labels.ts';
import { type CheckedNotebook, type CheckProblem, cellRange } from './problem.ts';

export function cycles(notebook: CheckedNotebook): CheckProblem[] {
  return cyclesOf(notebook.graph).flatMap((cells) => problemsOf(notebook, cells));
}

function problemsOf(notebook: CheckedNotebook, cells: readonly CellId[]): CheckProblem[] {
  const { graph } = notebook;
  const whole = graph.uncut ?? graph;
  const message = messageFor(whole, cyclePath(whole, cells));
  const places = cells.map((id) => ({ range: cellRange(notebook, id), message: `${cellLabel(graph, id)} is on the cycle` }));
  return cells.map((id, at) => ({
    code: 'cycle',
    severity: 'error',
    message,
    range: readRange(notebook, id, cells),
    cells: [id, ...cells.filter((other) => other !== id)],
    related: at === 0 ? places.slice(1) : places.slice(0, 1),
    fixes: [],
  }));
}

function messageFor(graph: Graph, path: readonly CellId[]): string {
  const steps = path.map((id, at) => {
    const next = itemAt(path, (at + 1) % path.length);
    return `${cellLabel(graph, id)} gives ${edgeNames(graph, id, next).join(', ') || 'its turn'} to ${cellLabel(graph, next)}`;
  });
  const around = [...path, itemAt(path, 0)].map((id) => cellLabel(graph, id)).join(' → ');
  const consequence = graph.format === 'percent' ? ' Plain Python fails here, and so does Headwater.' : '';
  return `These cells need each other: ${around} (${steps.join('; ')}).${consequence}`;
}

/** The shortest way around, from the first cell of the component back to it; of several the first on the page. */
function cyclePath(graph: Graph, cells: readonly CellId[]): readonly CellId[] {
  const members = new Set(cells);
  const first = itemAt(cells, 0);
  const from = new Map<CellId, CellId>();
  const queue = [first];
  for (const id of queue) {
    const next = childrenOf(graph, id);
    if (next.has(first)) return trace(from, first, id);
    for (const child of [...next].filter((one) => members.has(one)).sort((a, b) => indexOf(graph, a) - indexOf(graph, b))) {
      if (from.has(child)) continue;
      from.set(child, id);
      queue.push(child);
    }
  }
  return cells;
}

function trace(from: ReadonlyMap<CellId, CellId>, first: CellId, last: CellId): CellId[] {
  const path = [last];
  for (let id = last; id !== first; ) {
    id = from.get(id) ?? impossible(`the way back from ${last} to ${first} breaks off at ${id}`);
    path.unshift(id);
  }
  return path;
}

/** Where the cell reads a name from the cycle. */
function readRange(notebook: CheckedNotebook, id: CellId, cells: readonly CellId[]): Range {
  const placed = notebook.byId.get(id);
  const members = new Set(cells);
  for (const [name, { spans }] of placed?.cell.facts.refs ?? []) {
    const isFromCycle = (notebook.graph.writers.get(name) ?? []).some((writer) => writer !== id && members.has(writer));
    if (placed && isFromCycle) return documentRange(placed.text, spans[0]);
  }
  return cellRange(notebook, id);
}
