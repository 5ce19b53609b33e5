/** Files of the modules that cells import: what they hold now, and which cells ran with something else. */
import type { CellId } from '../../notebook/notebook.ts';
import type { Event } from '../events.ts';
import { review } from '../standing.ts';
import type { FileMarks, State } from '../state.ts';
import type { Turn } from '../turn.ts';

type Loaded = Extract<Event, { type: 'files-loaded' }>;

/** The files hold something else now. Cells that ran with what they held are stale until it is that again, or they run. */
export function changeFiles(turn: Turn, marks: FileMarks): void {
  const changed = [...marks].filter(([file, mark]) => turn.state.files.get(file) !== mark);
  if (changed.length === 0) return;
  let { files } = turn.state;
  for (const [file, mark] of changed) files = files.set(file, mark);
  turn.update({ files });
  const cells = cellsWith(
    turn.state,
    changed.map(([file]) => file),
  );
  turn.touch(cells);
  review(turn, cells);
}

/** A step has loaded these. That says nothing of what is known: a file may have changed while the step ran. */
export function loadFiles(turn: Turn, { cell, step, files: marks }: Loaded): void {
  let { files } = turn.state;
  for (const [file, mark] of marks) if (!files.has(file)) files = files.set(file, mark);
  turn.update({ files });
  const record = turn.state.records.get(cell);
  if (record?.step !== step) return;
  turn.update({ records: turn.state.records.set(cell, { ...record, files: marks }) });
  turn.touch([cell]);
  review(turn, [cell]);
}

function cellsWith({ records, graph }: State, files: readonly string[]): CellId[] {
  const cells: CellId[] = [];
  for (const [id, record] of records) if (graph.cells.has(id) && files.some((file) => record.files?.has(file))) cells.push(id);
  return cells;
}
