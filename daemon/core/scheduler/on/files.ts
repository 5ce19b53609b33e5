/** Files of the modules that cells import, and data files: what they hold now, and which cells ran with something else. */
import type { CellId } from '../../notebook/notebook.ts';
import type { Event } from '../events.ts';
import { review } from '../standing.ts';
import type { FileMarks, State } from '../state.ts';
import type { Turn } from '../turn.ts';
import { changeRecord } from '../values/records.ts';

type Loaded = Extract<Event, { type: 'files-loaded' }>;
type Used = Extract<Event, { type: 'data-used' }>;

/** The files hold something else now. Cells that ran with what they held are stale until it is that again, or they run. */
export function changeFiles(turn: Turn, marks: FileMarks): void {
  const changed = [...marks].filter(([file, mark]) => turn.state.files.get(file)?.mark !== mark);
  if (changed.length === 0) return;
  let { files, kernel, stepCount } = turn.state;
  // What the running step is about to leave is found half done, too.
  const since = kernel.phase === 'busy' ? kernel.step - 1 : stepCount;
  for (const [file, mark] of changed) files = files.set(file, { mark, writer: undefined, since });
  turn.update({ files });
  reviewCellsWith(turn, new Set(changed.map(([file]) => file)));
}

/** A step has loaded these. That says nothing of what is known: a file may have changed while the step ran. */
export function loadFiles(turn: Turn, { cell, step, files }: Loaded): void {
  knowFiles(turn, files);
  if (turn.state.records.get(cell)?.step !== step) return;
  changeRecord(turn, cell, step, { files });
  reviewCells(turn, [cell]);
}

/** A step has read some files and left others as it wants them. */
export function useData(turn: Turn, { cell, step, read, written, hasMore }: Used): void {
  knowFiles(turn, read);
  let { files } = turn.state;
  for (const [file, mark] of written) files = files.set(file, { mark, writer: cell, since: step });
  turn.update({ files });
  changeRecord(turn, cell, step, { data: read, ...(hasMore && { hasUnwatchedData: true }) });
  reviewCells(turn, [cell]);
  if (written.size > 0) reviewCellsWith(turn, new Set(written.keys()));
}

/** After cells moved, another one may be the last that wrote a file before it is read. */
export function reviewWritten(turn: Turn): void {
  const written = new Set([...turn.state.files].filter(([, { writer }]) => writer !== undefined).map(([file]) => file));
  if (written.size > 0) reviewCellsWith(turn, written);
}

function knowFiles(turn: Turn, marks: FileMarks): void {
  let { files } = turn.state;
  for (const [file, mark] of marks) if (!files.has(file)) files = files.set(file, { mark, writer: undefined, since: 0 });
  turn.update({ files });
}

function reviewCellsWith(turn: Turn, files: ReadonlySet<string>): void {
  reviewCells(turn, cellsWith(turn.state, files));
}

function reviewCells(turn: Turn, cells: readonly CellId[]): void {
  turn.touch(cells);
  review(turn, cells);
}

function cellsWith({ records, graph }: State, files: ReadonlySet<string>): CellId[] {
  const cells: CellId[] = [];
  for (const [id, record] of records) {
    const names = [...(record.files?.keys() ?? []), ...(record.data?.keys() ?? [])];
    if (graph.cells.has(id) && names.some((file) => files.has(file))) cells.push(id);
  }
  return cells;
}
