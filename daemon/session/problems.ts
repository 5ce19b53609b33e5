/** What is wrong with a notebook's text, as clients see it. */
import type { Problem } from '../../protocol/types.ts';
import { type CheckOptions, checkNotebook, settle } from '../core/check/check.ts';
import type { CheckProblem } from '../core/check/problem.ts';
import type { Graph } from '../core/graph/graph.ts';
import type { Parse } from '../parser/parser.ts';
import type { Reading } from './reading.ts';
import { staleSignatures } from './signatures.ts';
import { type World, worldProblems } from './world/problems.ts';

/** With every keystroke: without fixes, which are worked out when someone asks for them (`graph/check`). */
export function findProblems(reading: Reading, graph: Graph): Problem[] {
  return checkNotebook({ ...reading, graph }).map((problem) => problemView({ ...problem, fixes: [] }));
}

/** A file whose problems someone asks for. */
export interface CheckedFile {
  readonly reading: Reading;
  readonly graph: Graph;
  readonly text: string;
  readonly parse: Parse;
}

/** With fixes and, where a world is given, with what only the world can tell. */
export async function findAllProblems(file: CheckedFile, options: CheckOptions, world?: World): Promise<Problem[]> {
  const notebook = { ...file.reading, graph: file.graph };
  const lines = file.text.split(/\r\n|[\n\r]/);
  const whole = { ...options, parse: file.parse, lineOf: (line: number) => lines[line] };
  const told = [...checkNotebook(notebook, whole), ...staleSignatures(notebook, file.text, file.parse)];
  const problems = world ? await worldProblems(notebook, told, world) : told;
  return settle(notebook, problems, whole).map(problemView);
}

/** The protocol's values are mutable; the core's are not. */
export function problemView({ fixes, ...problem }: CheckProblem): Problem {
  return structuredClone({ ...problem, ...(fixes.length > 0 && { fixes }) }) as Problem;
}
