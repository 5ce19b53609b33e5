/** What is wrong with a notebook's text, as clients see it. */
import type { Problem } from '../../protocol/types.ts';
import { type CheckOptions, checkNotebook } from '../core/check/check.ts';
import type { CheckProblem } from '../core/check/problem.ts';
import type { Graph } from '../core/graph/graph.ts';
import type { Reading } from './reading.ts';

/** With every keystroke: without fixes, which are worked out when someone asks for them (`graph/check`). */
export function findProblems(reading: Reading, graph: Graph): Problem[] {
  return checkNotebook({ ...reading, graph }).map((problem) => problemView({ ...problem, fixes: [] }));
}

export function findProblemsWithFixes(reading: Reading, graph: Graph, options: CheckOptions): Problem[] {
  return checkNotebook({ ...reading, graph }, options).map(problemView);
}

/** The protocol's values are mutable; the core's are not. */
export function problemView({ fixes, ...problem }: CheckProblem): Problem {
  return structuredClone({ ...problem, ...(fixes.length > 0 && { fixes }) }) as Problem;
}
