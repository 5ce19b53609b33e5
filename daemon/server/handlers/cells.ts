import { refusal } from '../../../protocol/errors.ts';
import type { CellId } from '../../core/notebook/notebook.ts';
import type { Session } from '../../session/session.ts';

/** The ids, or a refusal that names the first which the notebook does not have. */
export function knownCells(session: Session, cells: readonly CellId[]): readonly CellId[] {
  for (const cell of cells)
    if (!session.state.graph.cells.has(cell))
      throw refusal('no-such-cell', `The notebook has no cell ${cell}; it may have been removed.`);
  return cells;
}
