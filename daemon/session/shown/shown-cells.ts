/** How much of a view the outputs of cells take, so that those that were shown first can make room. */
import { cellStreamCharactersMax, streamCharactersMax } from '../../../protocol/limits.ts';
import type { SessionEvent } from '../../../protocol/types.ts';
import type { CellId } from '../../core/notebook/notebook.ts';
import { sessionShownBytesMax } from '../../limits.ts';
import { wireBytes } from './wire-bytes.ts';

/** Of an output besides its content: names, types, references to blobs. */
const outputBytes = 500;

interface Shown {
  outputs: number;
  bytes: number;
  /** Characters, of each output that is a stream. */
  streams: Map<number, number>;
  characters: number;
}

const nothing = (): Shown => ({ outputs: 0, bytes: 0, streams: new Map(), characters: 0 });

export class ShownCells {
  /** Those whose step began longest ago first. */
  readonly #cells = new Map<CellId, Shown>();
  #bytes = 0;

  hear(event: SessionEvent): void {
    if (event.type === 'step.started') this.#begin(event.cell);
    else if (event.type === 'output.cleared') this.#set(event.cell, nothing());
    else if (event.type === 'output.appended') this.#print(event.cell, event.index, event.text);
    else if (event.type === 'output.added') {
      const index = this.#add(event.cell);
      if (event.output.type === 'stream') this.#print(event.cell, index, event.output.text);
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
    this.#cells.set(cell, nothing());
  }

  /** Of long text the view has the beginning. */
  #print(cell: CellId, index: number, text: string): void {
    const known = this.#cells.get(cell);
    if (!known) return;
    const characters = known.streams.get(index) ?? 0;
    const room = Math.min(streamCharactersMax - characters, cellStreamCharactersMax - known.characters);
    if (room <= 0) return;
    const shown = text.slice(0, room);
    known.streams.set(index, characters + shown.length);
    this.#set(cell, { ...known, bytes: known.bytes + wireBytes(shown), characters: known.characters + shown.length });
  }

  #add(cell: CellId): number {
    const known = this.#cells.get(cell) ?? nothing();
    this.#set(cell, { ...known, outputs: known.outputs + 1, bytes: known.bytes + outputBytes });
    return known.outputs;
  }

  #set(cell: CellId, shown: Shown): void {
    const known = this.#cells.get(cell);
    if (!known) return;
    this.#bytes += shown.bytes - known.bytes;
    this.#cells.set(cell, shown);
  }

  #remove(cell: CellId): void {
    this.#set(cell, nothing());
    this.#cells.delete(cell);
  }
}
