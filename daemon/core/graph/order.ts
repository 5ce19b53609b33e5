/** In which order cells run: page order wherever that is valid, else topological with ties in page order. */
import { itemAt } from '../assert.ts';
import type { CellId } from '../notebook/notebook.ts';
import { conflictsOf } from './conflicts.ts';
import { type Graph, indexOf } from './graph.ts';
import { childrenOf, followersOf } from './inputs.ts';
import { perShape } from './per-shape.ts';

type Children = (graph: Graph, id: CellId) => ReadonlySet<CellId>;

/**
 * Orders the cells of a run. Paths count also where they lead through cells that are not in the run. Whether implicit names count is up to
 * `childrenIn`: a run of all has the same order with and without them.
 */
export function orderCells(graph: Graph, cells: Iterable<CellId>, childrenIn: Children = childrenOf): CellId[] {
  const asked = new Set(cells);
  const page = [...asked].sort((a, b) => indexOf(graph, a) - indexOf(graph, b));
  const reached = reach(graph, page, childrenIn);
  return isValidOrder(graph, page, asked, reached) ? page : topological(graph, reached).filter((id) => asked.has(id));
}

/** The place of each cell in a run of all. */
export const placesInRun = perShape(
  (graph): ReadonlyMap<CellId, number> => new Map(orderCells(graph, graph.order).map((id, at) => [id, at])),
);

type Reach = ReadonlyMap<CellId, readonly CellId[]>;

/** The cells at or after the given ones, each with those that must come after it. */
function reach(graph: Graph, from: readonly CellId[], childrenIn: Children): Reach {
  const found = new Map<CellId, readonly CellId[]>();
  const todo = [...from];
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    if (found.has(id)) continue;
    const after = cellsAfter(graph, id, childrenIn);
    found.set(id, after);
    todo.push(...after);
  }
  return found;
}

/**
 * Inside a unit of mutual recursion page order rules. Who needs one cell of it comes after all of them: the functions that it calls
 * may read what any of them binds.
 */
function cellsAfter(graph: Graph, id: CellId, childrenIn: Children): CellId[] {
  const unit = conflictsOf(graph).units.get(id);
  if (!unit) return [...childrenIn(graph, id), ...followersOf(graph, id)];
  const nextInUnit = unit[unit.indexOf(id) + 1];
  if (nextInUnit !== undefined) return [nextInUnit];
  const members = new Set(unit);
  const after = new Set(unit.flatMap((member) => [...childrenIn(graph, member), ...followersOf(graph, member)]));
  return [...after].filter((next) => !members.has(next));
}

/** Whether no asked cell is reached from one that stands below it: each reached cell knows the lowest asked cell above it in the graph. */
function isValidOrder(graph: Graph, page: readonly CellId[], asked: ReadonlySet<CellId>, reached: Reach): boolean {
  if (everyEdgePointsDown(graph, reached)) return true;
  const lowest = new Map<CellId, number>();
  for (const start of page.toReversed()) {
    const todo = [start];
    for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
      for (const next of reached.get(id) ?? []) {
        if (lowest.has(next)) continue;
        lowest.set(next, indexOf(graph, start));
        if (asked.has(next) && indexOf(graph, start) > indexOf(graph, next)) return false;
        todo.push(next);
      }
    }
  }
  return true;
}

function everyEdgePointsDown(graph: Graph, reached: Reach): boolean {
  return [...reached].every(([id, after]) => after.every((next) => indexOf(graph, next) > indexOf(graph, id)));
}

/** Kahn's algorithm, the first ready cell of the page first. Cells of a cycle come when only they and what hangs on them is left. */
function topological(graph: Graph, reached: Reach): CellId[] {
  const waits = new Map<CellId, number>([...reached.keys()].map((id) => [id, 0]));
  for (const after of reached.values()) for (const next of after) waits.set(next, (waits.get(next) ?? 0) + 1);
  const ready = new PageQueue(graph);
  for (const [id, count] of waits) if (count === 0) ready.push(id);
  const placed = new Set<CellId>();
  const place = (id: CellId) => {
    placed.add(id);
    for (const next of reached.get(id) ?? []) {
      const count = (waits.get(next) ?? 0) - 1;
      waits.set(next, count);
      if (count === 0 && !placed.has(next)) ready.push(next);
    }
  };
  const placeReady = () => {
    for (let id = ready.pop(); id !== undefined; id = ready.pop()) if (!placed.has(id)) place(id);
  };
  placeReady();
  if (placed.size === reached.size) return [...placed];
  const stuck = conflictsOf(graph)
    .cycles.flat()
    .filter((id) => reached.has(id) && !placed.has(id));
  for (const id of stuck.sort((a, b) => indexOf(graph, a) - indexOf(graph, b))) place(id);
  placeReady();
  // A unit runs as one, and a cell in the midst of it may share an implicit name with its cells.
  const left = [...reached.keys()].filter((id) => !placed.has(id)).sort((a, b) => indexOf(graph, a) - indexOf(graph, b));
  return [...placed, ...left];
}

/** A binary heap of cells by their place on the page. */
class PageQueue {
  readonly #graph: Graph;
  readonly #heap: CellId[] = [];

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  push(id: CellId): void {
    const heap = this.#heap;
    let at = heap.push(id) - 1;
    for (let up = (at - 1) >> 1; at > 0 && this.#isBefore(id, itemAt(heap, up)); up = (at - 1) >> 1) {
      heap[at] = itemAt(heap, up);
      at = up;
    }
    heap[at] = id;
  }

  pop(): CellId | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return first;
    let at = 0;
    for (
      let child = this.#smaller(1);
      child < heap.length && this.#isBefore(itemAt(heap, child), last);
      child = this.#smaller(2 * at + 1)
    ) {
      heap[at] = itemAt(heap, child);
      at = child;
    }
    heap[at] = last;
    return first;
  }

  #smaller(left: number): number {
    const right = left + 1;
    const heap = this.#heap;
    return right < heap.length && this.#isBefore(itemAt(heap, right), itemAt(heap, left)) ? right : left;
  }

  #isBefore(a: CellId, b: CellId): boolean {
    return indexOf(this.#graph, a) < indexOf(this.#graph, b);
  }
}
