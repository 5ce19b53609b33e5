/** Compares what a session shows with a fresh run of the final text in a new interpreter. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Format } from '../../../daemon/core/notebook/notebook.ts';
import type { FreshRun, FreshRuns } from './fresh-runs.ts';
import type { History } from './moves.ts';
import { namesCode, type Played, type ShownCell } from './play.ts';

/**
 * `python`: all cells but disabled ones were fresh, and `python FILE` printed the same. `cells`: some failed, or it is a marimo
 * notebook; the cells printed the same one by one. `apart`: they did, and plain Python does not get through, because a name is read
 * above its only definition.
 */
export type Verdict = 'python' | 'cells' | 'apart';

const pythonSecondsMax = 30;

export interface Means {
  readonly python: string;
  readonly runs: FreshRuns;
  /** That of the notebook. */
  readonly folder: string;
}

/** Why the session is wrong, in words, or what it was compared with. */
export async function judge(history: History, played: Played, means: Means): Promise<{ wrong: string } | Verdict> {
  const { format, families } = history;
  const unexplained = unexplainedCell(played.cells) ?? changedOrder(played);
  if (unexplained !== undefined) return { wrong: unexplained };
  const isWhole = played.cells.every(({ status }) => status === 'fresh' || status === 'disabled');
  // What a script reads of the files that it has written is for `FreshRuns` to say.
  const plain =
    format === 'percent' && isWhole && !families.includes('files') ? await comparePlain(played, means) : ('cells' as const);
  if (plain === 'python' || typeof plain !== 'string') return plain;
  const fresh = await freshRun(format, played, means);
  const wrong = [...differences(played.cells, fresh), ...differingNames(played, fresh.names)];
  return wrong.length === 0 ? plain : { wrong: wrong.join('\n') };
}

/** Nothing is left stale or skipped without a failure that explains it: one of the cell's own unit, or of a cell above. */
function unexplainedCell(cells: readonly ShownCell[]): string | undefined {
  if (cells.some(({ status }) => status === 'failed' || status === 'conflict')) return undefined;
  const at = cells.findIndex(({ status }) => status !== 'fresh' && status !== 'disabled');
  return at < 0 ? undefined : `cell ${at} is ${cells[at]?.status} after all that is stale was run: ${cells[at]?.reason}`;
}

/** The order is a fact of the text: what a run finds out does not change it. */
function changedOrder({ order, orderBefore }: Played): string | undefined {
  return order.join() === orderBefore.join() ? undefined : `the order was ${orderBefore}, and after the run it is ${order}`;
}

const mark = '\u001e';

/** A line that tells the cells apart is printed in between. */
async function comparePlain(played: Played, { python, folder }: Means): Promise<{ wrong: string } | Verdict> {
  const copy = await mkdtemp(join(tmpdir(), 'hw-plain-'));
  await cp(folder, copy, { recursive: true });
  const file = join(copy, 'notebook.py');
  const cells = played.cells.filter(({ status }) => status !== 'disabled');
  const codes = [...cells.map(({ code }) => code), namesCode];
  await writeFile(file, codes.map((code) => `# %%\n${code}\nprint(${JSON.stringify(mark)}, end="")\n`).join(''));
  const { stdout, stderr } = await run(python, file, copy);
  await rm(copy, { recursive: true, force: true });
  const printed = stdout.split(mark);
  const wrong = [
    ...cells.flatMap((cell, at) => (cell.printed === printed[at] ? [] : [named(cell.printed, printed[at], cell.code)])),
    ...differingNames(played, printed[cells.length] ?? ''),
  ];
  if (wrong.length === 0 && stderr === '') return 'python';
  // Where Python comes to its end, the session does what it does, in whichever order.
  return stderr === '' || isInPageOrder(played) ? { wrong: [...wrong, stderr].join('\n') } : 'apart';
}

function isInPageOrder({ order }: Played): boolean {
  return order.every((at, place) => place === 0 || at > (order[place - 1] as number));
}

/** A cell is left stale where one of its own unit failed. */
const hasRun = new Set(['fresh', 'failed', 'stale']);

function freshRun(format: Format, { cells, order }: Played, { runs, folder }: Means): Promise<FreshRun> {
  const codes = cells.map(({ status, code }) => (hasRun.has(status) ? code : null));
  return runs.of({ format, cells: codes, order, names: namesCode, folder });
}

function differences(cells: readonly ShownCell[], fresh: FreshRun): string[] {
  return cells.flatMap(({ status, printed, failsAsInPython }, at) => {
    const anew = fresh.cells[at];
    if (anew === null || failsAsInPython) return [];
    if (status === 'fresh' && anew?.error) return [`cell ${at} is fresh, and a fresh run ends with ${anew.error}`];
    if (status === 'failed' && !anew?.error) return [`cell ${at} failed, and a fresh run does not`];
    return status === 'fresh' && anew?.printed !== printed ? [named(printed, anew?.printed, `cell ${at}`)] : [];
  });
}

/** A name that a disabled or failed cell writes is not there for those below it. In a script it may still have an older value. */
function differingNames({ cells, names }: Played, fresh: string | null): string[] {
  if (names === fresh || fresh === null) return [];
  const isWhole = cells.every(({ status }) => status === 'fresh');
  const theirs = new Set(fresh.split('\n'));
  return isWhole || !names.split('\n').every((line) => theirs.has(line)) ? [named(names, fresh, 'names at the end')] : [];
}

function named(ours: string, theirs: string | undefined, where: string): string {
  return `${where}: the session shows ${JSON.stringify(ours)}, a fresh run ${JSON.stringify(theirs)}`;
}

function run(python: string, file: string, cwd: string): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(python, [file], { cwd, timeout: pythonSecondsMax * 1000 }, (_, stdout, stderr) => resolve({ stdout, stderr }));
  });
}
