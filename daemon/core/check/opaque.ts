/** Names that are made where no reader of the text can see them. Headwater notices them when the cell runs. */
import type { Graph } from '../graph/graph.ts';
import type { Span } from '../text.ts';
import { type CheckedCell, type CheckedNotebook, type CheckProblem, problemIn } from './problem.ts';

export function opaqueDefinitions({ graph }: CheckedNotebook, placed: CheckedCell): CheckProblem[] {
  const { refs } = placed.cell.facts;
  if (!opaque.some((name) => refs.has(name))) return [];
  return [
    ...places(placed, 'exec', isBareExec),
    ...places(placed, 'globals', isStore),
    ...places(placed, 'setattr', (after) => isModule(graph, /^\(\s*([\p{L}_][\p{L}\p{N}_]*)\s*,/u.exec(after)?.[1] ?? '')),
  ];
}

const opaque = ['exec', 'globals', 'setattr'];

function isModule(graph: Graph, name: string): boolean {
  return (graph.writers.get(name) ?? []).some((id) => graph.cells.get(id)?.facts.defs.get(name)?.kind === 'import');
}

function places(placed: CheckedCell, name: string, isOpaque: (after: string) => boolean): CheckProblem[] {
  const { code, facts } = placed.cell;
  const spans = facts.refs.get(name)?.spans ?? [];
  return spans
    .filter((span) => isOpaque(code.slice(span.end, span.end + callUnitsMax)))
    .map((span) => problemAt(placed, name, span));
}

/** Of a call, what is looked at. */
const callUnitsMax = 2_000;

function problemAt(placed: CheckedCell, name: string, span: Span): CheckProblem {
  const message =
    name === 'setattr'
      ? 'This changes a module, which every cell shares. No cell runs again because of it.'
      : `${name} may define names that are not visible in the text. Which cells read them is known only after this cell has run.`;
  return problemIn(placed, { code: 'opaque-definition', severity: 'hint', message, span });
}

/** `exec(code)` writes into the notebook's names; `exec(code, names)` does not. */
function isBareExec(after: string): boolean {
  return after.startsWith('(') && !hasSecondArgument(after);
}

function isStore(after: string): boolean {
  return /^\(\)\s*(?:\.\s*(?:update|setdefault|__setitem__)\s*\(|\[[^\]\n]*\]\s*=(?!=))/.test(after);
}

/** Whether a comma stands in the outermost parentheses; what stands in strings does not count. */
function hasSecondArgument(call: string): boolean {
  const bare = call.replace(/'''[\s\S]*?'''|"""[\s\S]*?"""|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, '""');
  let depth = 0;
  for (let at = 0; at < bare.length; at++) {
    const char = bare.charAt(at);
    if ('([{'.includes(char)) depth++;
    else if (')]}'.includes(char) && --depth === 0) return false;
    else if (char === ',' && depth === 1) return !/^,\s*\)/.test(bare.slice(at));
  }
  return false;
}
