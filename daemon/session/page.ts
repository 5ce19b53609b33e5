/** The cells of a notebook in page order, as a value: an edit of one, or a line more in it, shares what stands above and below. */
import type { CellText } from '../core/notebook/notebook.ts';
import { movedCell } from '../core/notebook/reread.ts';

interface Placed {
  readonly text: CellText;
}

/** Cells next to each other. They stand so many lines further down than they say. */
interface Stretch<Cell> {
  cells: readonly Cell[];
  lines: number;
}

/** An edit touches the cells of one stretch, and one number of each stretch below it. */
const stretchCells = 64;

export class Page<Cell extends Placed> implements Iterable<Cell> {
  readonly #stretches: readonly Stretch<Cell>[];
  readonly length: number;
  #all: readonly Cell[] | undefined;

  private constructor(stretches: readonly Stretch<Cell>[], length: number) {
    this.#stretches = stretches;
    this.length = length;
  }

  static of<Cell extends Placed>(cells: readonly Cell[]): Page<Cell> {
    const stretches: Stretch<Cell>[] = [];
    for (let from = 0; from < cells.length; from += stretchCells) {
      stretches.push({ cells: cells.slice(from, from + stretchCells), lines: 0 });
    }
    return new Page(stretches, cells.length);
  }

  at(index: number): Cell | undefined {
    return this.#settled(Math.floor(index / stretchCells))[index % stretchCells];
  }

  /** Index of the last cell that begins at the line or above it; -1 above all cells. */
  indexAtLine(line: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#lineOf(middle) <= line) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Another cell at this place, and those below it so many lines further down. */
  with(index: number, cell: Cell, linesBelow: number): Page<Cell> {
    const own = Math.floor(index / stretchCells);
    const at = index % stretchCells;
    const stretches = this.#stretches.slice();
    const cells = this.#settled(own).map((old, place) =>
      place < at ? old : place === at ? cell : linesBelow === 0 ? old : moved(old, linesBelow),
    );
    stretches[own] = { cells, lines: 0 };
    if (linesBelow !== 0) {
      for (let below = own + 1; below < stretches.length; below += 1) {
        const { cells: same, lines } = stretches[below] as Stretch<Cell>;
        stretches[below] = { cells: same, lines: lines + linesBelow };
      }
    }
    return new Page(stretches, this.length);
  }

  get all(): readonly Cell[] {
    this.#all ??= this.#stretches.flatMap((_, at) => this.#settled(at));
    return this.#all;
  }

  [Symbol.iterator](): Iterator<Cell> {
    return this.all[Symbol.iterator]();
  }

  #lineOf(index: number): number {
    const stretch = this.#stretches[Math.floor(index / stretchCells)];
    return (stretch?.cells[index % stretchCells]?.text.line ?? 0) + (stretch?.lines ?? 0);
  }

  /** The cells of a stretch with the lines where they stand. */
  #settled(at: number): readonly Cell[] {
    const stretch = this.#stretches[at];
    if (!stretch) return [];
    if (stretch.lines !== 0) {
      stretch.cells = stretch.cells.map((cell) => moved(cell, stretch.lines));
      stretch.lines = 0;
    }
    return stretch.cells;
  }
}

function moved<Cell extends Placed>(cell: Cell, lines: number): Cell {
  return { ...cell, text: movedCell(cell.text, lines) };
}
