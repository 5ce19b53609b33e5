/** `headwater check`: the problems of many notebooks, and their mending. */
import { refusalName } from '../../protocol/errors.ts';
import type { Problem } from '../../protocol/types.ts';
import type { Caller } from './caller.ts';
import { type Stateless, withStateless } from './embedded.ts';
import { CommandError } from './exit.ts';
import {
  isFolder,
  mentionsNotebook,
  mentionsOtherMarkers,
  type NotebookFile,
  notANotebook,
  pythonFilesIn,
  readNotebookFile,
} from './files.ts';
import { fixNotebook } from './fix.ts';
import { placesIn } from './places.ts';
import { type CheckedGraph, placeOfRange } from './render/graph.ts';
import { annotationLines, countProblems, inOrder, type ProblemCounts, problemLines, problemSummary } from './render/problems.ts';
import { count } from './render/size.ts';
import { note, say } from './say.ts';

export interface CheckFlags {
  readonly format: 'text' | 'json' | 'github';
  /** Warnings also fail, second definitions are errors, and definitions that nothing reads are reported. */
  readonly isStrict: boolean;
  readonly isFixing: boolean;
}

export interface CheckResult {
  readonly counts: ProblemCounts;
  /** Whether a path that was named could not be read as a notebook's. */
  readonly isUnreadable: boolean;
  /** Whether something could not be checked. */
  readonly isIncomplete: boolean;
}

const noProblems: ProblemCounts = { error: 0, warning: 0 };

export async function check(caller: Caller, paths: readonly string[], options: CheckFlags): Promise<CheckResult> {
  const { files, complaints } = findFiles(caller, paths);
  for (const complaint of complaints) note(caller, `headwater: ${complaint}`);
  const { notebooks, counts, isIncomplete } =
    files.length === 0
      ? { notebooks: 0, counts: noProblems, isIncomplete: false }
      : await withStateless(caller.environment, { asksPython: true }, (stateless) =>
          checkFiles(caller, stateless, files, options),
        );
  if (options.format !== 'json') note(caller, `${count(notebooks, 'notebook')}: ${problemSummary(counts)}`);
  return { counts, isUnreadable: complaints.length > 0, isIncomplete };
}

async function checkFiles(caller: Caller, stateless: Stateless, files: readonly Found[], options: CheckFlags) {
  const asked: CheckScope = {
    world: true,
    problemsOnly: true,
    ...(options.isStrict && { strict: true }),
    tidy: options.isStrict || options.format === 'json',
  };
  let [notebooks, counts, isIncomplete] = [0, noProblems, false];
  const complaints = new Set<string>();
  for (const { file, isNamed } of files) {
    const checked = await checkFile(caller, stateless, file, { ...asked, isNamed }, options.isFixing);
    if (!checked && isNamed) note(caller, `headwater: ${notANotebook(file)}`);
    if (!checked) continue;
    const { unchecked = [] } = checked.graph;
    isIncomplete ||= unchecked.length > 0;
    for (const complaint of [...checked.graph.complaints, ...unchecked]) {
      // Many notebooks share one pyproject.toml, and one Python.
      if (!complaints.has(complaint)) note(caller, `headwater: warning: ${complaint}`);
      complaints.add(complaint);
    }
    const { error, warning } = countProblems(checked.graph.problems);
    notebooks++;
    counts = { error: counts.error + error, warning: counts.warning + warning };
    show(caller, checked.file, checked.graph, options.format);
  }
  return { notebooks, counts, isIncomplete };
}

async function checkFile(caller: Caller, stateless: Stateless, file: NotebookFile, asked: CheckScope, isFixing: boolean) {
  const ask = (text: string) => analyse(caller, stateless, { ...file, text }, asked);
  const graph = await ask(file.text);
  return graph && (isFixing ? fixNotebook(caller, file, graph, ask, asked.strict === true) : { file, graph });
}

/** What is asked for besides the graph and what its text tells. */
export interface CheckScope {
  readonly world?: boolean;
  readonly problemsOnly?: boolean;
  readonly tidy?: boolean;
  readonly strict?: boolean;
  /** The person named the file: it is a notebook by other lines than "# %%", too. */
  readonly isNamed?: boolean;
}

/** The graph of a file, or nothing when it is no notebook. */
export async function analyse(
  { environment }: Caller,
  stateless: Stateless,
  { path, text }: NotebookFile,
  { isNamed = false, ...asked }: CheckScope = {},
): Promise<CheckedGraph | undefined> {
  const ask = (format?: 'percent') =>
    stateless.request('graph/check', { path, text, ...(format && { format }), ...asked, ...(asked.world && { environment }) });
  try {
    if (mentionsNotebook(text)) return await ask();
  } catch (error) {
    if (refusalName(error) !== 'not-a-notebook') throw error;
  }
  return isNamed && mentionsOtherMarkers(text) ? await ask('percent') : undefined;
}

interface Found {
  readonly file: NotebookFile;
  /** Named by the person, not found in a folder. */
  readonly isNamed: boolean;
}

function findFiles(
  caller: Caller,
  paths: readonly string[],
): { readonly files: readonly Found[]; readonly complaints: readonly string[] } {
  const complaints: string[] = [];
  const attempt = <T>(work: () => readonly T[]): readonly T[] => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      complaints.push(error.message);
      return [];
    }
  };
  const named = paths.flatMap((path) =>
    isFolder(caller, path)
      ? attempt(() => pythonFilesIn(caller, path)).map((shown) => ({ shown, isNamed: false }))
      : [{ shown: path, isNamed: true }],
  );
  const files = named.flatMap(({ shown, isNamed }) => attempt(() => [{ file: readNotebookFile(caller, shown), isNamed }]));
  return { files, complaints };
}

function show(caller: Caller, file: NotebookFile, { format, problems, unchecked }: CheckedGraph, as: CheckFlags['format']): void {
  const place = placesIn(file.text);
  if (as === 'json') {
    say(caller, JSON.stringify({ path: file.shown, format, problems: inOrder(problems).map(record), unchecked }));
    return;
  }
  const lines = as === 'github' ? annotationLines(file.shown, problems, place) : problemLines(file.shown, problems, place);
  for (const line of lines) say(caller, line);

  function record({ code, severity, range, message, related, fixes }: Problem) {
    return {
      code,
      severity,
      ...placeOfRange(range, place),
      message,
      related: related.map((other) => ({ ...placeOfRange(other.range, place), message: other.message })),
      ...(fixes && { fixes: fixes.map(({ title }) => title) }),
    };
  }
}
