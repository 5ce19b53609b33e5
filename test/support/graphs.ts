/** Graphs out of source text, read, parsed and analysed as a session does it. */
import { analyze } from '../../daemon/core/analysis/analyze.ts';
import { buildGraph } from '../../daemon/core/graph/edit.ts';
import type { Graph, GraphCell } from '../../daemon/core/graph/graph.ts';
import { nothingObserved } from '../../daemon/core/graph/observed.ts';
import { readNotebook } from '../../daemon/core/notebook/formats/read.ts';
import type { Format } from '../../daemon/core/notebook/notebook.ts';
import { noOptions } from '../../daemon/core/notebook/notebook.ts';
import type { Parse } from '../../daemon/parser/parser.ts';

/** The graph of a file's text. */
export function graphOfText(text: string, parse: Parse): Graph {
  const notebook = readNotebook(text);
  if (notebook === undefined) throw new Error('the text is no notebook');
  const { format, cells } = notebook;
  return buildGraph(
    format,
    cells.map((cell, index) => ({
      ...graphCell(cell.code, index, format, parse),
      kind: cell.kind,
      name: cell.name,
      options: cell.options,
    })),
  );
}

/** The graph of cells that are code and nothing else. */
export function graphOfCells(codes: readonly string[], format: Format, parse: Parse): Graph {
  return buildGraph(
    format,
    codes.map((code, index) => graphCell(code, index, format, parse)),
  );
}

function graphCell(code: string, index: number, format: Format, parse: Parse): GraphCell {
  const facts = analyze(code, parse(code), { format, parse });
  return { id: `c${index}`, kind: 'code', name: undefined, code, options: noOptions, facts, observed: nothingObserved };
}
