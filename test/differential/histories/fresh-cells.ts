/** Compares the fresh cells of a session with fresh runs of its text as it is now, also while other cells are stale. */
import { setTimeout } from 'node:timers/promises';
import type { CellView } from '../../../protocol/types.ts';
import type { TestNotebook } from '../../support/daemon.ts';
import type { FreshCell, FreshRun } from './fresh-runs.ts';

/** Which cells are to run in a fresh run, by place: the others are left out. */
export type Ask = (isRun: (at: number) => boolean) => Promise<FreshRun>;

/**
 * What is wrong, a sentence for each cell. A cell counts where it has run and all of its ancestors are fresh. It may show what it shows in a
 * run of all cells, or in one of the cells that have run as they are: nobody can know what a cell does without saying so until it has
 * run.
 */
export async function wrongCells(notebook: TestNotebook, ask: Ask, isUnknown = isOutOfDate): Promise<string[]> {
  const counted = settled(notebook).filter((at) => !failsAsInPython(notebook, at));
  if (counted.length === 0) return [];
  const whole = await ask((at) => notebook.cell(at).status !== 'disabled');
  const suspect = counted.filter((at) => difference(notebook.cell(at), at, whole.cells[at]) !== undefined);
  if (suspect.length === 0) return [];
  // What failed says nothing of cells that are out of date: one of them may give it what it lacks.
  const judge = async (status: 'fresh' | 'failed', isLeftOut: typeof isOutOfDate) => {
    const judged = suspect.filter((at) => notebook.cell(at).status === status);
    if (judged.length === 0) return [];
    const hasRun = await ask((at) => !isLeftOut(notebook.cell(at)));
    return judged.flatMap((at) => difference(notebook.cell(at), at, hasRun.cells[at]) ?? []);
  };
  return [...(await judge('fresh', isUnknown)), ...(await judge('failed', isOutOfDate))];
}

function isOutOfDate({ status }: CellView): boolean {
  return status !== 'fresh' && status !== 'failed';
}

/** Nothing that it does was ever seen. */
export function isNew({ status }: CellView): boolean {
  return status === 'new' || status === 'disabled';
}

function settled({ followed: { view }, statuses }: TestNotebook): number[] {
  const isSure = new Map<string, boolean>();
  const look = (id: string): boolean => {
    const known = isSure.get(id);
    if (known !== undefined) return known;
    const cell = view.cells[id];
    // Those in a circle count where the rest of it does.
    isSure.set(id, true);
    const is = cell?.status === 'fresh' && cell.parents.every(look);
    isSure.set(id, is);
    return is;
  };
  const isFailed = ({ status, parents }: CellView) => status === 'failed' && parents.every(look);
  return statuses.flatMap((_, at) => {
    const id = view.layout[at]?.id ?? '';
    return look(id) || isFailed(view.cells[id] as CellView) ? [at] : [];
  });
}

/** A cell of a script that is given a name from below certainly fails under plain Python, too. */
export function failsAsInPython({ followed: { view } }: TestNotebook, at: number): boolean {
  const cell = view.cells[view.layout[at]?.id ?? ''];
  if (view.format !== 'percent' || cell?.status !== 'failed') return false;
  return cell.parents.some((parent) => view.layout.findIndex(({ id }) => id === parent) > at);
}

function difference(cell: CellView, at: number, anew: FreshCell | undefined): string | undefined {
  const printed = printedBy(cell);
  if (anew === null) return undefined;
  if (cell.status === 'failed') return anew?.error ? undefined : `cell ${at + 1} failed, and a fresh run does not`;
  if (anew?.error) return `cell ${at + 1} is fresh, and a fresh run ends with ${anew.error}`;
  if (anew?.printed === printed) return undefined;
  return `cell ${at + 1} is fresh and shows ${JSON.stringify(printed)}, a fresh run ${JSON.stringify(anew?.printed)}`;
}

export function printedBy({ outputs }: CellView): string {
  return outputs.map((output) => (output.type === 'stream' && output.stream === 'stdout' ? output.text : '')).join('');
}

/** How long a session may take to see that another program has written a file. */
const noticeMilliseconds = 2000;

/** Waits for what a session says of such a file, if it says anything. */
export async function noticed(event: Promise<unknown>): Promise<void> {
  const late = new AbortController();
  const deadline = setTimeout(noticeMilliseconds, undefined, { signal: late.signal });
  await Promise.race([event, deadline].map((one) => one.catch(() => undefined)));
  late.abort();
}
