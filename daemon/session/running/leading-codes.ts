/** The beginning of a notebook as it would run, where its first imports stand, as far as somebody has run it. */

import { withoutHarmlessMagics } from '../../core/analysis/magics.ts';
import { isInert } from '../../core/scheduler/standing.ts';
import type { State } from '../../core/scheduler/state.ts';
import { leadingCellsMax, leadingCodeCharactersMax } from '../../limits.ts';

/** The code of the first cells that run, up to one that nobody has run as it is. Not all of it, where it is much. Nothing without a state. */
export function leadingCodesIn(stateOf: () => State | undefined): () => readonly string[] {
  /** What computes as a cell that once ran to its end: one that runs again has run before. */
  let hasRun: ReadonlySet<string> = new Set();
  return () => {
    const state = stateOf();
    const found = state ? leadingCells(state, hasRun) : [];
    hasRun = new Set(found.map(({ tokens }) => tokens));
    return found.map(({ code }) => code);
  };
}

function leadingCells({ graph, records }: State, hasRun: ReadonlySet<string>) {
  const found: { readonly tokens: string; readonly code: string }[] = [];
  let characters = 0;
  for (const id of graph.order) {
    const cell = graph.cells.get(id);
    if (cell === undefined || isInert(graph, cell) || cell.options.disabled) continue;
    const { tokens } = cell.facts;
    const record = records.get(id);
    const counts = hasRun.has(tokens) || (record?.outcome === 'ok' && record.tokens === tokens);
    characters += cell.code.length;
    if (!counts || found.length === leadingCellsMax || characters > leadingCodeCharactersMax) break;
    found.push({ tokens, code: withoutHarmlessMagics(cell.code) });
  }
  return found;
}
