/** What the same cells mean otherwise in the other dialect: what marimo refuses, where plain Python fails. */
import type { Name } from '../core/analysis/facts.ts';
import { isCellLocal } from '../core/analysis/names.ts';
import { checkNotebook } from '../core/check/check.ts';
import type { CheckProblem } from '../core/check/problem.ts';
import { conflictsOf } from '../core/graph/conflicts.ts';
import { buildGraph } from '../core/graph/edit.ts';
import type { Graph } from '../core/graph/graph.ts';
import { type FileFormat, type Loss, loss, type NotebookDocument } from '../core/notebook/formats/document.ts';
import { fromPercent } from '../core/notebook/formats/from-percent.ts';
import { writePercent } from '../core/notebook/formats/write-percent.ts';
import type { CellId, Format } from '../core/notebook/notebook.ts';
import type { Parse } from '../parser/parser.ts';
import { checkedNotebook } from '../problems/problems.ts';
import { Reader, type Reading } from '../reading/reading.ts';

export interface Side {
  readonly format: FileFormat;
  readonly document: NotebookDocument;
  readonly text: string;
}

export function whatChanges(before: Side, after: Side, parse: Parse): readonly Loss[] {
  if (dialectOf(before.format) === dialectOf(after.format)) return [];
  const [old, next] = [meaningOf(before, parse), meaningOf(after, parse)];
  const known = new Map(old.problems.map(({ code, severity, cell }) => [`${code} ${cell}`, ranks[severity]] as const));
  const found = next.problems
    .filter(({ code, severity, cell }) => (known.get(`${code} ${cell}`) ?? 0) < ranks[severity])
    .map(({ code, severity, message, cell }) =>
      loss(code, severity === 'error' || severity === 'warning' ? 'warning' : 'hint', message, cell),
    );
  return [...(next.format === 'marimo' ? lossesInMarimo(next) : lossesInScript(next)), ...found];
}

/** What the dialect decides about; names that are defined twice are reported for each name, not for each cell. */
const dialectal = new Set([
  'cycle',
  'undefined-name',
  'read-above-definition',
  'private-name',
  'setup-dependency',
  'mutation-across-cells',
]);

function problemsOf(reading: Reading, graph: Graph): readonly CheckProblem[] {
  return checkNotebook(checkedNotebook(reading, graph)).filter(({ code }) => dialectal.has(code));
}

const ranks = { hint: 1, information: 2, warning: 3, error: 4 } as const;

/** In all formats but marimo's, cells mean what they mean in a script. */
function dialectOf(format: FileFormat): Format {
  return format === 'marimo' ? 'marimo' : 'percent';
}

interface Meaning {
  readonly format: Format;
  readonly reading: Reading;
  readonly graph: Graph;
  /** Index in the document; absent for a cell that only its file has. */
  readonly indexOf: (id: CellId) => number | undefined;
  readonly problems: readonly (CheckProblem & { readonly cell: number | undefined })[];
}

function meaningOf(side: Side, parse: Parse): Meaning {
  const format = dialectOf(side.format);
  const isScript = side.format !== 'marimo' && side.format !== 'percent';
  const text = isScript ? writePercent(side.document) : side.text;
  const { cells } = isScript ? fromPercent(text) : side.document;
  const reading = new Reader(parse, format).read(text);
  if (reading === 'not-a-notebook' || reading === 'too-large') throw new Error(`a ${format} notebook is ${reading}`);
  const graph = buildGraph(
    format,
    reading.cells.map(({ cell }) => cell),
  );
  const places = new Map(cells.map(({ line }, index) => [line, index]));
  const indexOf = (id: CellId) => places.get(reading.byId.get(id)?.text.line);
  const problems = problemsOf(reading, graph).map((problem) => ({
    ...problem,
    cell: problem.cells[0] === undefined ? undefined : indexOf(problem.cells[0]),
  }));
  return { format, reading, graph, indexOf, problems };
}

function lossesInMarimo({ graph, reading, indexOf }: Meaning): readonly Loss[] {
  const twice = [...conflictsOf(graph).redefinitions].map(([name, ids]) => {
    const cells = ids.map(indexOf).filter((index) => index !== undefined);
    const message = `${name} is defined in ${cells.length} cells, and marimo runs none of them. Rename it in all but one, or start it with an underscore.`;
    return loss('multiple-definition', 'warning', message, cells[0]);
  });
  const future = reading.cells
    .filter(({ cell }) => [...cell.facts.defs.values()].some(({ imported }) => imported?.startsWith('__future__.')))
    .map(({ cell }) => {
      const message =
        'marimo writes this import of __future__ below other lines, where Python refuses the whole file as a program: take it out.';
      return loss('future-import', 'warning', message, indexOf(cell.id));
    });
  return [...twice, ...future];
}

/** Names that are private in marimo are names like any other in a script: what a function reads later may be another cell's. */
function lossesInScript({ reading, indexOf }: Meaning): readonly Loss[] {
  const owners = new Map<Name, number>();
  const ownNames = reading.cells.map(({ cell }) => [...cell.facts.defs.keys()].filter(isCellLocal));
  for (const name of ownNames.flat()) owners.set(name, (owners.get(name) ?? 0) + 1);
  return reading.cells.flatMap(({ cell: { id, facts } }, at) =>
    (ownNames[at] ?? [])
      .filter((name) => (owners.get(name) ?? 0) > 1 && facts.deferredReads.has(name))
      .map((name) => {
        const message = `${name} is private to this cell in marimo; in a script, its functions see the value that the last cell gave the name. Rename it here.`;
        return loss('private-name', 'warning', message, indexOf(id));
      }),
  );
}
