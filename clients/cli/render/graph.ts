/** A notebook's graph in four notations. */
import type { ResultOf } from '../../../protocol/methods.ts';
import { countLines, type PlaceOf, placesIn } from '../places.ts';
import { cellTitle, shortened } from './cell-title.ts';
import { inOrder } from './problems.ts';
import { count } from './size.ts';

export type CheckedGraph = ResultOf<'graph/check'>;
type Cell = CheckedGraph['cells'][number];

/** The record that `graph --json` prints: plain data, cells by index, places as people count them. */
export function graphRecord(path: string, { format, cells, edges, problems }: CheckedGraph, text: string) {
  const place = placesIn(text);
  const lines = countLines(text);
  const indexes = new Map(cells.map(({ id }, index) => [id, index]));
  return {
    path,
    format,
    cells: cells.map(({ id, name, kind, line, endLine, code, defs, refs, locals }) => ({
      id,
      name: name ?? null,
      kind,
      line: line + 1,
      // To an editor, the place behind the last line break is a line, too.
      endLine: Math.min(endLine + 1, lines),
      code,
      defs,
      refs,
      locals,
    })),
    edges,
    problems: inOrder(problems).map((problem) => ({
      code: problem.code,
      severity: problem.severity,
      ...placeOfRange(problem.range, place),
      message: problem.message,
      cells: problem.cells.flatMap((id) => indexes.get(id) ?? []),
    })),
  };
}

export function placeOfRange({ start, end }: CheckedGraph['problems'][number]['range'], place: PlaceOf) {
  const [from, to] = [place(start), place(end)];
  return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}

/** One line per cell: what it is, what it defines, and what it takes from where. */
export function graphText(shown: string, graph: CheckedGraph): string {
  const { cells, edges, format } = graph;
  const head = `${shown}: ${format}, ${count(cells.length, 'cell')}, ${count(edges.length, 'edge')}`;
  const titles = cells.map(
    (cell, index) => `${String(index + 1).padStart(String(cells.length).length)}  line ${cell.line + 1}${label(cell)}`,
  );
  const width = Math.max(0, ...titles.map((title) => title.length));
  const rows = cells.map((cell, index) => {
    const takes = edges.filter(([, to]) => to === index).map(([from, , names]) => `${from + 1} (${names.join(', ')})`);
    const facts = [
      cell.defs.length > 0 ? `defines ${cell.defs.join(', ')}` : '',
      takes.length > 0 ? `takes ${takes.join(', ')}` : '',
    ];
    return `  ${titles[index]?.padEnd(width)}  ${facts.filter(Boolean).join('; ')}`.trimEnd();
  });
  return [head, ...rows].join('\n');
}

export function graphMermaid(shown: string, { cells, edges }: CheckedGraph): string {
  // Mermaid takes entities for what would end a label.
  const quoted = (text: string) => `"${text.replace(/[&"<>#]/g, (char) => `#${char.charCodeAt(0)};`)}"`;
  return [
    `%% ${shown}`,
    'flowchart TD',
    ...cells.map((cell, index) => `  c${index + 1}[${quoted(title(cell))}]`),
    ...edges.map(([from, to, names]) => `  c${from + 1} -->|${quoted(names.join(', '))}| c${to + 1}`),
  ].join('\n');
}

export function graphDot(shown: string, { cells, edges }: CheckedGraph): string {
  const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;
  return [
    `digraph ${quoted(shown)} {`,
    '  node [shape=box];',
    ...cells.map((cell, index) => `  c${index + 1} [label=${quoted(title(cell))}];`),
    ...edges.map(([from, to, names]) => `  c${from + 1} -> c${to + 1} [label=${quoted(names.join(', '))}];`),
    '}',
  ].join('\n');
}

function label({ name, kind }: Cell): string {
  return [name === undefined ? '' : ` ${shortened(name)}`, kind === 'code' ? '' : ` [${kind}]`].join('');
}

function title(cell: Cell): string {
  return `${cell.line + 1}: ${cellTitle(cell)}`;
}
