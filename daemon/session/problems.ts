/** What is wrong with a notebook's text, each with a place to show. */

import type { Problem, Range } from '../../protocol/types.ts';
import type { Name } from '../core/analysis/facts.ts';
import { conflictsOf } from '../core/graph/conflicts.ts';
import type { Graph } from '../core/graph/graph.ts';
import { edgeNames } from '../core/graph/inputs.ts';
import { type CellId, documentRange } from '../core/notebook/notebook.ts';
import type { Reading } from './reading.ts';
import { cellLabel } from './reasons.ts';

export function findProblems(reading: Reading, graph: Graph): Problem[] {
  const { redefinitions, cycles } = conflictsOf(graph);
  return [
    ...reading.problems.map(({ code, severity, message, range }) => ({
      code,
      severity,
      message,
      range: copy(range),
      cells: [],
      related: [],
    })),
    ...reading.cells.flatMap((read) => ownProblems(read)),
    ...[...redefinitions].flatMap(([name, cells]) => redefinitionProblems(reading, graph, name, cells)),
    ...cycles.flatMap((cells) => cycleProblems(reading, graph, cells)),
  ].sort((a, b) => a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character);
}

function ownProblems({ text, cell }: Reading['cells'][number]): Problem[] {
  const own = cell.facts.problems.map(({ code, severity, message, span }) => ({
    code,
    severity,
    message,
    range: copy(documentRange(text, span)),
    cells: [cell.id],
    related: [],
  }));
  if (text.kind !== 'unparsable') return own;
  const message = 'No cell can be read here: Python does not accept this text.';
  return [
    { code: 'unparsable', severity: 'error', message, range: wholeLine(text.codeLine), cells: [cell.id], related: [] },
    ...own,
  ];
}

/** marimo refuses a second definition; in a script it is shown and means what Python means. */
function redefinitionProblems(reading: Reading, graph: Graph, name: Name, cells: readonly CellId[]): Problem[] {
  const severity = graph.format === 'marimo' ? 'error' : 'warning';
  const where = (id: CellId) => definitionRange(reading, name, id);
  return cells.map((id, at) => {
    const others = cells.filter((other) => other !== id);
    const message =
      graph.format === 'marimo'
        ? `${name} is defined in ${others.map((other) => cellLabel(graph, other)).join(', ')} too. Rename one, or make it local with a leading underscore.`
        : percentMessage(graph, name, cells, at);
    const related = others.map((other) => ({ range: where(other), message: `${name} is defined here too` }));
    return { code: 'multiple-definition', severity, message, range: where(id), cells: [id, ...others], related };
  });
}

function percentMessage(graph: Graph, name: Name, cells: readonly CellId[], at: number): string {
  const before = cells[at - 1];
  const after = cells[at + 1];
  if (before === undefined)
    return `${name} is defined again in ${cellLabel(graph, after as CellId)}; cells below that one see the new value.`;
  return `${name} is defined before in ${cellLabel(graph, before)}; cells below this one see this value.`;
}

function cycleProblems(reading: Reading, graph: Graph, cells: readonly CellId[]): Problem[] {
  const path = cyclePath(graph, cells);
  const steps = path.map((id, at) => {
    const next = path[(at + 1) % path.length] as CellId;
    return `${cellLabel(graph, id)} gives ${edgeNames(graph, id, next).join(', ') || 'its turn'} to ${cellLabel(graph, next)}`;
  });
  const message = `These cells need each other: ${[...path, path[0] as CellId].map((id) => cellLabel(graph, id)).join(' → ')} (${steps.join('; ')}).`;
  return cells.map((id) => {
    const others = cells.filter((other) => other !== id);
    const related = others.map((other) => ({
      range: cellRange(reading, other),
      message: `${cellLabel(graph, other)} is on the cycle`,
    }));
    return {
      code: 'cycle',
      severity: 'error' as const,
      message,
      range: cycleRange(reading, graph, id, cells),
      cells: [id, ...others],
      related,
    };
  });
}

/** One way around, from the first cell of the component back to it. */
function cyclePath(graph: Graph, cells: readonly CellId[]): CellId[] {
  const members = new Set(cells);
  const first = cells[0] as CellId;
  const from = new Map<CellId, CellId>();
  const queue = [first];
  for (const id of queue) {
    for (const next of cells) {
      if (!members.has(next) || edgeNames(graph, id, next).length === 0) continue;
      if (next === first) return trace(from, first, id);
      if (from.has(next)) continue;
      from.set(next, id);
      queue.push(next);
    }
  }
  return [...cells];
}

function trace(from: ReadonlyMap<CellId, CellId>, first: CellId, last: CellId): CellId[] {
  const path = [last];
  for (let id = last; id !== first; ) {
    id = from.get(id) as CellId;
    path.unshift(id);
  }
  return path;
}

/** Where the cell reads a name from the cycle. */
function cycleRange(reading: Reading, graph: Graph, id: CellId, cells: readonly CellId[]): Range {
  const read = reading.byId.get(id);
  const name = cells.flatMap((other) => (other === id ? [] : edgeNames(graph, other, id)))[0];
  const span = name === undefined ? undefined : read?.cell.facts.refs.get(name)?.spans[0];
  return read && span ? copy(documentRange(read.text, span)) : cellRange(reading, id);
}

function definitionRange(reading: Reading, name: Name, id: CellId): Range {
  const read = reading.byId.get(id);
  const span = read?.cell.facts.defs.get(name)?.spans[0];
  return read && span ? copy(documentRange(read.text, span)) : cellRange(reading, id);
}

function cellRange(reading: Reading, id: CellId): Range {
  return wholeLine(reading.byId.get(id)?.text.codeLine ?? 0);
}

function wholeLine(line: number): Range {
  return { start: { line, character: 0 }, end: { line: line + 1, character: 0 } };
}

/** The protocol's ranges are mutable values; the core's are not. */
function copy({ start, end }: { readonly start: Readonly<Range['start']>; readonly end: Readonly<Range['end']> }): Range {
  return { start: { ...start }, end: { ...end } };
}
