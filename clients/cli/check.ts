/** `headwater check`: the problems of many notebooks. */
import { refusalName } from '../../protocol/errors.ts';
import type { Client } from '../node/client.ts';
import { withEmbedded } from './embedded.ts';
import { CommandError } from './exit.ts';
import { isFolder, mayBeNotebook, type NotebookFile, notANotebook, pythonFilesIn, readNotebook } from './files.ts';
import { placesIn } from './places.ts';
import { type CheckedGraph, placeOfRange } from './render/graph.ts';
import { countProblems, inOrder, type ProblemCounts, problemLines, problemSummary } from './render/problems.ts';
import { count } from './render/size.ts';

export interface CheckResult {
  readonly counts: ProblemCounts;
  /** Whether a path that was named could not be read as a notebook's. */
  readonly isUnreadable: boolean;
}

const noProblems: ProblemCounts = { error: 0, warning: 0 };

export async function check(paths: readonly string[], isJson: boolean): Promise<CheckResult> {
  const { files, complaints } = findFiles(paths);
  for (const complaint of complaints) process.stderr.write(`headwater: ${complaint}\n`);
  const { notebooks, counts } =
    files.length === 0 ? { notebooks: 0, counts: noProblems } : await withEmbedded((client) => checkFiles(client, files, isJson));
  if (!isJson) process.stderr.write(`${count(notebooks, 'notebook')}: ${problemSummary(counts)}\n`);
  return { counts, isUnreadable: complaints.length > 0 };
}

async function checkFiles(client: Client, files: readonly Found[], isJson: boolean) {
  let [notebooks, counts] = [0, noProblems];
  for (const { file, isNamed } of files) {
    const graph = await analyse(client, file);
    if (!graph && isNamed) process.stderr.write(`headwater: ${notANotebook(file)}\n`);
    if (!graph) continue;
    const { error, warning } = countProblems(graph.problems);
    notebooks++;
    counts = { error: counts.error + error, warning: counts.warning + warning };
    show(file, graph, isJson);
  }
  return { notebooks, counts };
}

/** The graph of a file, or nothing when it is no notebook. */
export async function analyse(client: Client, { path, text }: NotebookFile): Promise<CheckedGraph | undefined> {
  if (!mayBeNotebook(text)) return undefined;
  try {
    return await client.request('graph/check', { path, text });
  } catch (error) {
    if (refusalName(error) === 'not-a-notebook') return undefined;
    throw error;
  }
}

interface Found {
  readonly file: NotebookFile;
  /** Named by the person, not found in a folder. */
  readonly isNamed: boolean;
}

function findFiles(paths: readonly string[]): { readonly files: readonly Found[]; readonly complaints: readonly string[] } {
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
    isFolder(path)
      ? attempt(() => pythonFilesIn(path)).map((shown) => ({ shown, isNamed: false }))
      : [{ shown: path, isNamed: true }],
  );
  const files = named.flatMap(({ shown, isNamed }) => attempt(() => [{ file: readNotebook(shown), isNamed }]));
  return { files, complaints };
}

function show(file: NotebookFile, { format, problems }: CheckedGraph, isJson: boolean): void {
  const place = placesIn(file.text);
  if (!isJson) {
    for (const line of problemLines(file.shown, problems, place)) process.stdout.write(`${line}\n`);
    return;
  }
  const records = inOrder(problems).map(({ code, severity, range, message, related }) => ({
    code,
    severity,
    ...placeOfRange(range, place),
    message,
    related: related.map((other) => ({ ...placeOfRange(other.range, place), message: other.message })),
  }));
  process.stdout.write(`${JSON.stringify({ path: file.shown, format, problems: records })}\n`);
}
