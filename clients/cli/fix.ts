/** `headwater check --fix`: applies fixes until none is left, writes the file once, and says what it did. */
import { readFileSync } from 'node:fs';
import type { Fix, Problem } from '../../protocol/types.ts';
import { applyEdits, overlap } from './edits.ts';
import { failure } from './exit.ts';
import type { NotebookFile } from './files.ts';
import type { CheckedGraph } from './render/graph.ts';
import { replaceFile } from './replace-file.ts';

/** Rounds of fixing and checking again; each mends at least one problem. */
const fixRoundsMax = 100;

export interface Fixed {
  readonly file: NotebookFile;
  readonly graph: CheckedGraph;
}

/** In a script a second definition means something, and is renamed only where one is strict. */
export async function fixNotebook(
  file: NotebookFile,
  graph: CheckedGraph,
  ask: (text: string) => Promise<CheckedGraph | undefined>,
  isStrict: boolean,
): Promise<Fixed> {
  let [text, checked] = [file.text, graph];
  const done: string[] = [];
  for (let round = 0; round < fixRoundsMax; round++) {
    const fixes = chooseFixes(checked, isStrict);
    const next = applyEdits(
      text,
      fixes.flatMap(({ edits }) => edits),
    );
    const after = fixes.length === 0 ? undefined : await ask(next);
    // What makes more errors than it mends is no fix.
    if (!after || errorsIn(after) > errorsIn(checked)) break;
    done.push(...fixes.map(({ title }) => title));
    [text, checked] = [next, after];
  }
  if (done.length === 0) return { file, graph };
  if (readFileSync(file.path, 'utf8') !== file.text)
    throw failure(`${file.shown} changed while it was checked; nothing was written. Try again.`);
  replaceFile(file, text);
  for (const title of done) process.stderr.write(`${file.shown}: fixed: ${title}\n`);
  return { file: { ...file, text }, graph: checked };
}

/** The first way to mend each problem, the last on the page first, so that the first of several definitions keeps its name. */
function chooseFixes({ format, problems }: CheckedGraph, isStrict: boolean): readonly Fix[] {
  const chosen: Fix[] = [];
  const touched = new Set<string>();
  for (const problem of problems.toReversed()) {
    const [fix] = problem.fixes ?? [];
    const isWanted = problem.code !== 'multiple-definition' || format === 'marimo' || isStrict;
    if (!fix || !isWanted || problem.cells.some((cell) => touched.has(cell))) continue;
    if (chosen.some(({ edits }) => overlap(edits, fix.edits))) continue;
    chosen.push(fix);
    for (const cell of problem.cells) touched.add(cell);
  }
  return chosen;
}

function errorsIn({ problems }: { readonly problems: readonly Problem[] }): number {
  return problems.filter(({ severity }) => severity === 'error').length;
}
