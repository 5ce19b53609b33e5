/** The cells of a notebook in page order, as a value: an edit of one, or a line more in it, shares what stands above and below. */
import { itemAt } from '../core/assert.ts';
import { firstWithout } from '../core/collections/sorted.ts';
import type { GraphCell } from '../core/graph/graph.ts';
import type { CellText } from '../core/notebook/notebook.ts';
import { movedCell } from '../core/notebook/reread.ts';

export interface ReadCell {
  readonly text: CellText;
  readonly cell: GraphCell;
  /** How the cell was read. */
  readonly hasLazyAnnotations: boolean;
}

/** Cells next to each other. They stand so many lines further down than they say. */
interface Stretch {
  cells: readonly ReadCell[];
  lines: number;
}

/** An edit touches the cells of one stretch, and one number of each stretch below it. */
const stretchCells = 32;

export class Page implements Iterable<ReadCell> {
  readonly #stretches: readonly Stretch[];
  readonly length: number;
  #all: readonly ReadCell[] | undefined;

  private constructor(stretches: readonly Stretch[], length: number) {
    this.#stretches = stretches;
    this.length = length;
  }

  static of(cells: readonly ReadCell[]): Page {
    const stretches: Stretch[] = [];
    for (let from = 0; from < cells.length; from += stretchCells) {
      stretches.push({ cells: cells.slice(from, from + stretchCells), lines: 0 });
    }
    return new Page(stretches, cells.length);
  }

  at(index: number): ReadCell | undefined {
    return this.#settled(Math.floor(index / stretchCells))[index % stretchCells];
  }

  /** Index of the last cell that begins at the line or above it; -1 above all cells. */
  indexAtLine(line: number): number {
    return firstWithout(0, this.length, (at) => this.#lineOf(at) <= line) - 1;
  }

  /** Another cell at this place, and those below it so many lines further down. */
  with(index: number, cell: ReadCell, linesBelow: number): Page {
    const own = Math.floor(index / stretchCells);
    const at = index % stretchCells;
    const stretches = this.#stretches.slice();
    const cells = this.#settled(own).map((old, place) =>
      place < at ? old : place === at ? cell : linesBelow === 0 ? old : moved(old, linesBelow),
    );
    stretches[own] = { cells, lines: 0 };
    if (linesBelow !== 0) {
      for (let below = own + 1; below < stretches.length; below += 1) {
        const { cells: same, lines } = itemAt(stretches, below);
        stretches[below] = { cells: same, lines: lines + linesBelow };
      }
    }
    return new Page(stretches, this.length);
  }

  get all(): readonly ReadCell[] {
    this.#all ??= this.#stretches.flatMap((_, at) => this.#settled(at));
    return this.#all;
  }

  [Symbol.iterator](): Iterator<ReadCell> {
    return this.all[Symbol.iterator]();
  }

  #lineOf(index: number): number {
    const stretch = this.#stretches[Math.floor(index / stretchCells)];
    return (stretch?.cells[index % stretchCells]?.text.line ?? 0) + (stretch?.lines ?? 0);
  }

  /** The cells of a stretch with the lines where they stand. */
  #settled(at: number): readonly ReadCell[] {
    const stretch = this.#stretches[at];
    if (!stretch) return [];
    if (stretch.lines !== 0) {
      stretch.cells = stretch.cells.map((cell) => moved(cell, stretch.lines));
      stretch.lines = 0;
    }
    return stretch.cells;
  }
}

function moved({ text, cell, hasLazyAnnotations }: ReadCell, lines: number): ReadCell {
  return { text: movedCell(text, lines), cell, hasLazyAnnotations };
}
