/** Definitions that nothing in the notebook reads. Told on request only: a notebook's last results are often there to be looked at. */
import { type CheckedCell, type CheckedNotebook, type CheckProblem, problemIn } from './problem.ts';

export function unusedDefinitions({ graph }: CheckedNotebook, placed: CheckedCell): CheckProblem[] {
  const { kind } = placed.text;
  if ((kind !== 'code' && kind !== 'setup') || graph.writers.has('__all__')) return [];
  const counts = wordCounts(placed.cell.code);
  return [...placed.cell.facts.defs].flatMap(([name, { spans, kind, imported }]) => {
    const isRead = (graph.readers.get(name)?.size ?? 0) > 0 || (counts.get(name) ?? 0) > spans.length;
    if (isRead || name.startsWith('_') || imported?.startsWith('__future__.')) return [];
    const what = kind === 'import' ? 'imported' : 'defined';
    const message = `${name} is ${what} here, but nothing in this notebook reads it.`;
    return [problemIn(placed, { code: 'unused-definition', severity: 'hint', message, span: spans[0] })];
  });
}

/** A word in a comment or a string counts as a read: better to miss one than to accuse one. */
function wordCounts(code: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of code.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? []) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
