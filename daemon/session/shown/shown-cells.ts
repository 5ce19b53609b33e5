/** How much of a view the outputs of cells take, so that those that were shown first can make room. */
import { cellStreamCharactersMax } from '../../../protocol/limits.ts';
import type { SessionEvent } from '../../../protocol/types.ts';
import type { CellId } from '../../core/notebook/notebook.ts';
import { sessionShownBytesMax } from '../../limits.ts';
import { wireBytes } from './wire-bytes.ts';

/** Of an output besides its content: names, types, references to blobs. */
const outputBytes = 500;

/** A view has no more of the streams of a cell. */
const cellStreamBytesMax = 6 * cellStreamCharactersMax;

interface Shown {
  streams: number;
  others: number;
}

export class ShownCells {
  /** Those whose step began longest ago first. */
  readonly #cells = new Map<CellId, Shown>();
  #bytes = 0;

  hear(event: SessionEvent): void {
    if (event.type === 'step.started') this.#begin(event.cell);
    else if (event.type === 'output.cleared') this.#set(event.cell, { streams: 0, others: 0 });
    else if (event.type === 'output.appended') this.#print(event.cell, event.text);
    else if (event.type === 'output.added') {
      this.#add(event.cell, outputBytes);
      if (event.output.type === 'stream') this.#print(event.cell, event.output.text);
    } else if (event.type === 'text') for (const cell of event.removed) this.#remove(cell);
  }

  /** The cell whose outputs are to go, as long as there is too much. */
  next(running: CellId | undefined): CellId | undefined {
    if (this.#bytes <= sessionShownBytesMax) return undefined;
    for (const cell of this.#cells.keys()) if (cell !== running) return cell;
    return undefined;
  }

  /** What it shows from now on is not looked at. */
  forget(cell: CellId): void {
    this.#remove(cell);
  }

  #begin(cell: CellId): void {
    this.#remove(cell);
    this.#cells.set(cell, { streams: 0, others: 0 });
  }

  #print(cell: CellId, text: string): void {
    const known = this.#cells.get(cell);
    // Of long text the view has the beginning.
    if (!known || known.streams >= cellStreamBytesMax) return;
    const streams = Math.min(cellStreamBytesMax, known.streams + wireBytes(text));
    this.#set(cell, { ...known, streams });
  }

  #add(cell: CellId, bytes: number): void {
    const known = this.#cells.get(cell);
    if (known) this.#set(cell, { ...known, others: known.others + bytes });
  }

  #set(cell: CellId, shown: Shown): void {
    const known = this.#cells.get(cell);
    if (!known) return;
    this.#bytes += shown.streams + shown.others - known.streams - known.others;
    this.#cells.set(cell, shown);
  }

  #remove(cell: CellId): void {
    this.#set(cell, { streams: 0, others: 0 });
    this.#cells.delete(cell);
  }
}
