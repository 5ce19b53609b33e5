/** Percent format: cells that need each other run in page order, and fail or not as in Python. No read from below leads back up within a cycle. */
import type { Name } from '../analysis/facts.ts';
import { PersistentMap } from '../collections/persistent-map.ts';
import { hasSameKeys } from '../collections/same.ts';
import type { CellId } from '../notebook/notebook.ts';
import { conflictsOf } from './conflicts.ts';
import { definitionBelow } from './from-below.ts';
import type { Graph } from './graph.ts';
import { inputsOf } from './inputs.ts';

/** All that points up comes from a definition: without what does so within a component, its cells are in page order. */
export function withoutCycles(graph: Graph): Graph {
  if (graph.early.size === 0) return graph;
  const { components } = conflictsOf(graph);
  return components.length === 0 ? graph : { ...graph, shape: {}, cut: cutsIn(graph, components), uncut: graph };
}

function cutsIn(graph: Graph, components: readonly (readonly CellId[])[]): Graph['cut'] {
  const cuts = new Map<Name, Set<CellId>>();
  for (const component of components) {
    const members = new Set(component);
    for (const id of component) {
      for (const name of inputsOf(graph, id).keys()) {
        const definition = definitionBelow(graph, name, id);
        if (definition !== undefined && members.has(definition)) cuts.set(name, (cuts.get(name) ?? new Set<CellId>()).add(id));
      }
    }
  }
  return PersistentMap.from(cuts);
}

/** Names of which other reads are cut. */
export function differingCuts({ cut: before }: Graph, { cut: after }: Graph): readonly Name[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  const isSame = (name: Name) => {
    const [old, now] = [before.get(name), after.get(name)];
    return old !== undefined && now !== undefined && hasSameKeys(old, now);
  };
  return [...names].filter((name) => !isSame(name));
}
