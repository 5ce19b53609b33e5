/** What is wrong with a notebook's text, as clients see it. */
import type { Problem } from '../../protocol/types.ts';
import { type CheckOptions, checkNotebook, settle } from '../core/check/check.ts';
import type { CheckProblem } from '../core/check/problem.ts';
import type { Graph } from '../core/graph/graph.ts';
import type { Reading } from './reading.ts';
import { type World, worldProblems } from './world/problems.ts';

/** With every keystroke: without fixes, which are worked out when someone asks for them (`graph/check`). */
export function findProblems(reading: Reading, graph: Graph): Problem[] {
  return checkNotebook({ ...reading, graph }).map((problem) => problemView({ ...problem, fixes: [] }));
}

/** With fixes and, where a world is given, with what only the world can tell. */
export async function findAllProblems(reading: Reading, graph: Graph, options: CheckOptions, world?: World): Promise<Problem[]> {
  const notebook = { ...reading, graph };
  const problems = checkNotebook(notebook, options);
  if (!world) return problems.map(problemView);
  return settle(notebook, await worldProblems(notebook, problems, world), options).map(problemView);
}

/** The protocol's values are mutable; the core's are not. */
export function problemView({ fixes, ...problem }: CheckProblem): Problem {
  return structuredClone({ ...problem, ...(fixes.length > 0 && { fixes }) }) as Problem;
}
