/** Cells by id, over the page and the places of the ids on it: an edit that moves no cell shares the places. */
import type { CellId } from '../core/notebook/notebook.ts';

export class CellTable<Cell> implements ReadonlyMap<CellId, Cell> {
  readonly #cells: readonly Cell[];
  readonly #places: ReadonlyMap<CellId, number>;

  constructor(cells: readonly Cell[], places: ReadonlyMap<CellId, number>) {
    this.#cells = cells;
    this.#places = places;
  }

  get size(): number {
    return this.#places.size;
  }

  get(id: CellId): Cell | undefined {
    const at = this.#places.get(id);
    return at === undefined ? undefined : this.#cells[at];
  }

  has(id: CellId): boolean {
    return this.#places.has(id);
  }

  keys(): MapIterator<CellId> {
    return this.#places.keys();
  }

  *values(): MapIterator<Cell> {
    yield* this.#cells;
  }

  *entries(): MapIterator<[CellId, Cell]> {
    for (const [id, at] of this.#places) yield [id, this.#cells[at] as Cell];
  }

  [Symbol.iterator](): MapIterator<[CellId, Cell]> {
    return this.entries();
  }

  forEach(visit: (cell: Cell, id: CellId, table: ReadonlyMap<CellId, Cell>) => void): void {
    for (const [id, cell] of this) visit(cell, id, this);
  }
}
