/** Reads of names that are worked out when the cell runs: what it needs is seen only then, or never. */
import type { Span } from '../text.ts';
import { type CheckedCell, type CheckedNotebook, type CheckProblem, problemIn } from './problem.ts';

/** The first of a cell stands for all of them. */
export function opaqueReads(_: CheckedNotebook, placed: CheckedCell): CheckProblem[] {
  const { facts } = placed.cell;
  if (facts.unseenReads.length === 0) return [];
  const span = facts.unseenReads.find((one) => isTold(placed, one));
  return span ? [problemIn(placed, { code: 'opaque-read', severity: 'hint', message: messageFor(placed, span), span })] : [];
}

/** Of `exec` it is said already that it may define names, and queries of databases know no names of Python. */
function isTold(placed: CheckedCell, span: Span): boolean {
  const word = wordAt(placed, span);
  return word !== 'exec' && (!isQuery(placed, span) || /["'][^"'\n]*@[\p{L}_]/u.test(placed.cell.code));
}

/** Objects of many libraries have methods of these names. */
function isQuery({ cell: { code } }: CheckedCell, { start, end }: Span): boolean {
  return code[start - 1] === '.' && ['query', 'eval'].includes(code.slice(start, end));
}

function messageFor(placed: CheckedCell, span: Span): string {
  const word = wordAt(placed, span);
  if (isQuery(placed, span))
    return `The text does not show which names ${word} reads. Headwater sees those with @ when the cell runs. Write the query here, or give it local_dict.`;
  if (seenWhenRun.has(word))
    return `The text does not show which names ${word} reads. Headwater sees them when the cell runs. Write the expression itself, or give ${word} its own dictionary.`;
  return 'Headwater cannot see which names are read here: when they change, this cell stays fresh. Write the names, or keep the values in a dictionary.';
}

const seenWhenRun = new Set(['eval', 'evaluate', 'run']);

function wordAt({ cell: { code } }: CheckedCell, { start, end }: Span): string {
  return code.slice(start, end);
}
