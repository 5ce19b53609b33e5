/** The examples of `spec/vectors/graph`, and what we say of one in the same words. Cells are told by their place on the page, from 0. */
import { conflictsOf, cyclesOf } from '../../../daemon/core/graph/conflicts.ts';
import { type Graph, indexOf } from '../../../daemon/core/graph/graph.ts';
import { orderCells } from '../../../daemon/core/graph/order.ts';
import type { CellId, Format } from '../../../daemon/core/notebook/notebook.ts';
import { edgesOf } from '../../../daemon/core/outline/edges.ts';
import type { Parse } from '../../../daemon/parser/parser.ts';
import { graphOfCells } from '../../support/graphs.ts';

export interface GraphCase {
  readonly name: string;
  /** The code of each cell. */
  readonly cells: readonly string[];
  /** From, to, and the names that the one gives to the other, sorted. */
  readonly edges: readonly (readonly [from: number, to: number, names: readonly string[]])[];
  /** In which order all cells run; the page order where a case does not say. */
  readonly order?: readonly number[];
  /** Names that several cells define, with those cells; none where a case does not say. */
  readonly redefinitions?: Readonly<Record<string, readonly number[]>>;
  /** Cells that need each other: in marimo they cannot run, and a script fails there; none where a case does not say. */
  readonly cycles?: readonly (readonly number[])[];
  /** Cells that need each other only later, and run as one; none where a case does not say. */
  readonly units?: readonly (readonly number[])[];
}

/** The case with our answers. */
export function answered({ name, cells }: GraphCase, format: Format, parse: Parse): Required<GraphCase> {
  const graph = graphOfCells(cells, format, parse);
  const { redefinitions, units } = conflictsOf(graph);
  const places = (ids: readonly CellId[]) => placesOf(graph, ids);
  return {
    name,
    cells,
    edges: edgesOf(graph),
    order: places(orderCells(graph, graph.order)),
    redefinitions: Object.fromEntries([...redefinitions].map(([defined, ids]) => [defined, places(ids)])),
    cycles: cyclesOf(graph).map(places),
    units: [...new Set(units.values())].map(places),
  };
}

/** What a case leaves out. */
export function completed(given: GraphCase): Required<GraphCase> {
  return { order: given.cells.map((_, place) => place), redefinitions: {}, cycles: [], units: [], ...given };
}

function placesOf(graph: Graph, ids: readonly CellId[]): readonly number[] {
  return ids.map((id) => indexOf(graph, id));
}
