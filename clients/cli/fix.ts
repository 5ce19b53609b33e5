/** `headwater check --fix`: applies fixes until none is left, writes the file once, and says what it did. */
import { notebookBytesMax } from '../../protocol/limits.ts';
import { readRegularSync } from '../../protocol/node/regular-file.ts';
import type { Fix, Problem } from '../../protocol/types.ts';
import type { Caller } from './caller.ts';
import { applyEdits, overlap } from './edits.ts';
import { failure } from './exit.ts';
import type { NotebookFile } from './files.ts';
import type { CheckedGraph } from './render/graph.ts';
import { replaceFile } from './replace-file.ts';
import { note } from './say.ts';

/** Rounds of fixing and checking again; each fixes at least one problem. */
const fixRoundsMax = 100;

export interface Fixed {
  readonly file: NotebookFile;
  readonly graph: CheckedGraph;
}

/** In a script a second definition means something, and is renamed only where one is strict. */
export async function fixNotebook(
  caller: Caller,
  file: NotebookFile,
  graph: CheckedGraph,
  ask: Ask,
  isStrict: boolean,
): Promise<Fixed> {
  let [text, checked] = [file.text, graph];
  const done: string[] = [];
  for (let round = 0; round < fixRoundsMax; round++) {
    const fixes = chooseFixes(checked, isStrict);
    const mended = (await attempt(text, checked, fixes, ask)) ?? (await attemptOne(text, checked, fixes, ask));
    if (!mended) break;
    done.push(...mended.fixes.map(({ title }) => title));
    [text, checked] = [mended.text, mended.graph];
  }
  if (done.length === 0) return { file, graph };
  if (String(readRegularSync(file.path, notebookBytesMax)) !== file.text)
    throw failure(`${file.shown} changed while it was checked; nothing was written. Try again.`);
  replaceFile(file, text);
  for (const title of done) note(caller, `${file.shown}: fixed: ${title}`);
  return { file: { ...file, text }, graph: checked };
}

type Ask = (text: string) => Promise<CheckedGraph | undefined>;

interface Mended {
  readonly fixes: readonly Fix[];
  readonly text: string;
  readonly graph: CheckedGraph;
}

/** What adds more errors than it removes is not a fix. */
async function attempt(text: string, checked: CheckedGraph, fixes: readonly Fix[], ask: Ask): Promise<Mended | undefined> {
  if (fixes.length === 0) return undefined;
  const edits = fixes.flatMap((fix) => fix.edits);
  const next = applyEdits(text, edits);
  const graph = next === text ? undefined : await ask(next);
  return graph && errorsIn(graph) <= errorsIn(checked) ? { fixes, text: next, graph } : undefined;
}

/** Where they do not go together, the first that goes alone. */
async function attemptOne(text: string, checked: CheckedGraph, fixes: readonly Fix[], ask: Ask): Promise<Mended | undefined> {
  for (const fix of fixes.length > 1 ? fixes : []) {
    const mended = await attempt(text, checked, [fix], ask);
    if (mended) return mended;
  }
  return undefined;
}

/** The first fix of each problem that is not left to a person, the last on the page first, so that the first of several definitions keeps its name. */
function chooseFixes({ format, problems }: CheckedGraph, isStrict: boolean): readonly Fix[] {
  const chosen: Fix[] = [];
  const touched = new Set<string>();
  for (const problem of problems.toReversed()) {
    const fix = problem.fixes?.find(({ isManual }) => !isManual);
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
