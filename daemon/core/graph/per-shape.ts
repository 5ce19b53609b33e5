/** What follows from the links of a graph alone is found once for all graphs of its shape. */
import type { Graph } from './graph.ts';

export interface PerShape<T, Rest extends readonly unknown[]> {
  (graph: Graph, ...rest: Rest): T;
  /** Undefined where nobody has asked for it yet. */
  known(graph: Graph): T | undefined;
  /** After an edit: what holds on. */
  carry(graph: Graph, value: T): void;
}

export function perShape<T extends object, Rest extends readonly unknown[] = []>(
  make: (graph: Graph, ...rest: Rest) => T,
): PerShape<T, Rest> {
  const values = new WeakMap<object, T>();
  const known = (graph: Graph) => values.get(graph.shape);
  const carry = (graph: Graph, value: T) => void values.set(graph.shape, value);
  const get = (graph: Graph, ...rest: Rest) => {
    const value = known(graph) ?? make(graph, ...rest);
    carry(graph, value);
    return value;
  };
  return Object.assign(get, { known, carry });
}

/** The same for cells or names that are asked for one by one. */
export function perShapeAnd<K, T>(find: (graph: Graph, key: K) => T): (graph: Graph, key: K) => T {
  const tables = perShape(() => new Map<K, T>());
  return (graph, key) => {
    const table = tables(graph);
    const known = table.get(key);
    if (known !== undefined || table.has(key)) return known as T;
    const found = find(graph, key);
    table.set(key, found);
    return found;
  };
}
