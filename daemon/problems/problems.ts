/** What is wrong with a notebook's text, as clients see it. */
import type { Problem } from '../../protocol/types.ts';
import { type CheckOptions, checkNotebook, inPageOrder, settle } from '../core/check/check.ts';
import type { CheckedNotebook, CheckProblem } from '../core/check/problem.ts';
import type { Graph } from '../core/graph/graph.ts';
import type { Parse } from '../parser/parser.ts';
import type { Reading } from '../reading/reading.ts';
import { staleSignatures } from './signatures.ts';
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

/** A file whose problems someone asks for. */
export interface CheckedFile {
  readonly reading: Reading;
  readonly graph: Graph;
  readonly text: string;
  readonly parse: Parse;
}

export interface FoundProblems {
  readonly problems: readonly Problem[];
  /** Sentences about what could not be found out. */
  readonly unchecked: readonly string[];
}

/** With fixes and, where a world is given, with what only the world can tell. */
export async function findAllProblems(file: CheckedFile, options: CheckOptions, world?: World): Promise<FoundProblems> {
  const notebook = checkedNotebook(file.reading, file.graph);
  const lines = file.text.split(/\r\n|[\n\r]/);
  const whole = { ...options, parse: file.parse, lineOf: (line: number) => lines[line] };
  const told = [...checkNotebook(notebook, whole), ...staleSignatures(notebook, file.text, file.parse)];
  const { problems, unchecked } = world ? await worldProblems(notebook, told, world) : { problems: told, unchecked: [] };
  return { problems: settle(notebook, problems, whole).sort(inPageOrder).map(problemView), unchecked };
}

export function problemView({ fixes, ...problem }: CheckProblem): Problem {
  return { ...problem, ...(fixes.length > 0 && { fixes }) };
}
