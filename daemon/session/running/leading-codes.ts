/** The beginning of a notebook as it would run, where its first imports stand. */

import { withoutHarmlessMagics } from '../../core/analysis/magics.ts';
import type { Graph } from '../../core/graph/graph.ts';
import { leadingCellsMax, leadingCodeCharactersMax } from '../../limits.ts';

/** The code of the first cells that run. Not all of it, where it is much. */
export function leadingCodes(graph: Graph): readonly string[] {
  const codes: string[] = [];
  let characters = 0;
  for (const id of graph.order) {
    const cell = graph.cells.get(id);
    if (cell === undefined || cell.kind === 'markdown' || cell.options.disabled) continue;
    characters += cell.code.length;
    if (codes.length === leadingCellsMax || characters > leadingCodeCharactersMax) break;
    codes.push(withoutHarmlessMagics(cell.code));
  }
  return codes;
}
