/** What is wrong with a notebook's text, as clients see it. */
import type { Problem } from '../../protocol/types.ts';
import { type CheckOptions, checkNotebook, inPageOrder, settle } from '../core/check/check.ts';
import type { CheckedNotebook, CheckProblem } from '../core/check/problem.ts';
import type { Graph } from '../core/graph/graph.ts';
import type { Reading } from './reading.ts';
import { type World, worldProblems } from './world/problems.ts';

/** The list of cells is made when a rule asks for it, which at most edits none does. */
export function checkedNotebook(reading: Reading, graph: Graph): CheckedNotebook {
  const { format, byId, problems } = reading;
  return {
    format,
    byId,
    problems,
    graph,
    get cells() {
      return reading.cells;
    },
  };
}

/** With fixes and, where a world is given, with what only the world can tell. */
export async function findAllProblems(reading: Reading, graph: Graph, options: CheckOptions, world?: World): Promise<Problem[]> {
  const notebook = checkedNotebook(reading, graph);
  const problems = checkNotebook(notebook, options);
  if (!world) return problems.map(problemView);
  return settle(notebook, await worldProblems(notebook, problems, world), options)
    .sort(inPageOrder)
    .map(problemView);
}

/** The protocol's types say nothing of who may change a value; nobody changes these. */
export function problemView({ fixes, ...problem }: CheckProblem): Problem {
  return { ...problem, ...(fixes.length > 0 && { fixes }) } as unknown as Problem;
}
