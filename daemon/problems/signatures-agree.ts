/** Whether the first and last lines of all cells say what the facts say: then nobody has to write the notebook as marimo would, and compare. */
import type { CheckedCell, CheckedNotebook } from '../core/check/problem.ts';
import type { Graph } from '../core/graph/graph.ts';

const name = '[\\p{L}_][\\p{L}\\p{N}_]*';
const names = `(?:${name}(?:,\\s*${name})*,?)?`;
const head = new RegExp(`^(?:async )?def ${name}\\(\\s*(${names})\\s*\\):$`, 'u');
const last = new RegExp(`^ {4}return(?: \\(?\\s*(${names})\\s*\\)?)?$`, 'u');

/** False where it is not plain to see. */
export function signaturesAgree({ graph, cells }: CheckedNotebook, lines: readonly string[]): boolean {
  return cells.every((placed) => agrees(graph, placed, lines));
}

function agrees(graph: Graph, { text, cell }: CheckedCell, lines: readonly string[]): boolean {
  if (text.kind === 'setup') return true;
  // Functions and classes that marimo may keep outside of cells are no arguments.
  if ((text.kind !== 'code' && text.kind !== 'markdown') || mayBeReusable(cell)) return false;
  const end = text.codeLine + cell.code.split('\n').length;
  const given = last.exec(
    lines
      .slice(end, text.endLine + 1)
      .join('\n')
      .trimEnd(),
  );
  const taken = head.exec(
    lines
      .slice(text.line, text.codeLine)
      .join('\n')
      .replace(/^@.*\n/, '')
      .trimEnd(),
  );
  if (!given || !taken || cell.code === '') return false;
  return isSame(namesIn(taken[1]), takes(graph, cell)) && isEnough(namesIn(given[1]), cell, graph);
}

function mayBeReusable({ facts }: CheckedCell['cell']): boolean {
  const [only, ...others] = facts.defs.values();
  return others.length === 0 && (only?.kind === 'function' || only?.kind === 'class');
}

function namesIn(list: string | undefined): readonly string[] {
  return list === undefined || list === '' ? [] : list.split(/,\s*/).filter((one) => one !== '');
}

function takes(graph: Graph, { id, facts }: CheckedCell['cell']): ReadonlySet<string> {
  const isTaken = (ref: string) =>
    !facts.defs.has(ref) &&
    (graph.writers.get(ref) ?? []).some((writer) => writer !== id && graph.cells.get(writer)?.kind !== 'setup');
  return new Set([...facts.refs].flatMap(([ref, { isByText }]) => (!isByText && isTaken(ref) ? [ref] : [])));
}

function isSame(some: readonly string[], others: ReadonlySet<string>): boolean {
  return some.length === others.size && some.every((one) => others.has(one));
}

/** What others read is given, and nothing is that is not there. */
function isEnough(given: readonly string[], { id, facts }: CheckedCell['cell'], graph: Graph): boolean {
  if (given.some((one) => !facts.defs.has(one))) return false;
  for (const def of facts.defs.keys()) {
    const isRead = [...(graph.readers.get(def) ?? [])].some(
      (reader) => reader === id || graph.cells.get(reader)?.facts.refs.has(def),
    );
    if (isRead && !given.includes(def)) return false;
  }
  return true;
}
