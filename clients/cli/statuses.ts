/** `headwater ps NOTEBOOK`: how the cells of an open notebook stand, and why. */
import type { CellPlace, CellView, NotebookView } from '../../protocol/types.ts';
import type { Caller } from './caller.ts';
import { noDaemon, withRunningDaemon } from './daemon.ts';
import { failure } from './exit.ts';
import { cellTitle } from './render/cell-title.ts';
import { table } from './render/table.ts';
import { say } from './say.ts';
import { requireSession } from './sessions.ts';

export async function listCells(caller: Caller, shown: string, isJson: boolean): Promise<void> {
  const cells = await withRunningDaemon(caller, async (client) => {
    const { session, path, variant } = await requireSession(caller, client, shown);
    // To open the file once more reads it again where no editor has it.
    const { view } = await (variant === undefined
      ? client.request('session/open', { path })
      : client.request('session/attach', { session }));
    if (!view) throw failure(`${shown} has been closed.`);
    return placedCells(view);
  });
  if (cells === undefined) throw noDaemon();
  if (isJson) for (const [at, cell] of cells.entries()) say(caller, JSON.stringify(record(at, cell)));
  else if (cells.length > 0) say(caller, cellTable(cells));
}

interface PlacedCell {
  readonly cell: CellView;
  readonly place: CellPlace;
}

function placedCells({ layout, cells }: NotebookView): readonly PlacedCell[] {
  return layout.flatMap((place) => {
    const cell = cells[place.id];
    return cell ? [{ cell, place }] : [];
  });
}

function cellTable(cells: readonly PlacedCell[]): string {
  return table(
    ['LINE', 'STATUS', 'CELL', 'WHY'],
    cells.map(({ cell, place }) => [String(place.line + 1), cell.status, cellTitle(cell), cell.reason ?? '']),
  );
}

function record(index: number, { cell, place }: PlacedCell): object {
  const { name, kind, status, reason } = cell;
  return { cell: index, line: place.line + 1, name: name ?? null, kind, status, reason: reason ?? null };
}
