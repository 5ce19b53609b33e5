/** Random edits of random notebooks: what is kept and renewed after each equals what a graph built anew has. SEED=… makes others. */
import { describe, expect, it } from 'vitest';
import { conflictsOf, cyclesOf } from '../../../daemon/core/graph/conflicts.ts';
import { buildGraph, editGraph, withObserved } from '../../../daemon/core/graph/edit.ts';
import type { Graph, GraphCell } from '../../../daemon/core/graph/graph.ts';
import { childrenOf, inputsOf, precedersOf } from '../../../daemon/core/graph/inputs.ts';
import { nothingObserved } from '../../../daemon/core/graph/observed.ts';
import { type Format, noOptions } from '../../../daemon/core/notebook/notebook.ts';
import { factsOf } from '../../simulation/program.ts';
import { howMany } from '../../support/histories.ts';
import { pick, type Roll, random } from '../../support/random.ts';

const seed = Number(process.env['SEED'] ?? 17);
const notebooks = howMany(300);
const editsPerNotebook = 25;
const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'abs'];

describe.each<Format>(['marimo', 'percent'])('graphs of notebooks in %s format', (format) => {
  it(`are after edits as if built anew (SEED=${seed})`, () => {
    const roll = random(seed);
    for (let notebook = 0; notebook < notebooks; notebook += 1) {
      let ids = 0;
      let graph = buildGraph(
        format,
        Array.from({ length: 2 + roll(9) }, () => randomCell(roll, `c${ids++}`)),
      );
      for (let edit = 0; edit < editsPerNotebook; edit += 1) {
        const before = { graph, links: linksOf(graph) };
        const { graph: after, change } = randomEdit(roll, graph, () => `c${ids++}`);
        expect(summary(after)).toEqual(summary(rebuilt(after)));
        if (change.relinked)
          expect([...change.relinked]).toEqual(expect.arrayContaining([...differing(before.links, linksOf(after))]));
        graph = after;
      }
    }
  });
});

function randomEdit(roll: Roll, graph: Graph, newId: () => string): ReturnType<typeof editGraph> {
  const id = pick(roll, graph.order);
  const others = graph.order.filter((other) => other !== id);
  const at = roll(others.length + 1);
  switch (roll(10)) {
    case 0: {
      const cell = randomCell(roll, newId());
      return editGraph(graph, { cells: [cell], removed: [], order: graph.order.toSpliced(at, 0, cell.id) });
    }
    case 1:
      return others.length === 0
        ? editGraph(graph, { cells: [], removed: [], order: undefined })
        : editGraph(graph, { cells: [], removed: [id], order: others });
    case 2:
      return editGraph(graph, { cells: [], removed: [], order: others.toSpliced(at, 0, id) });
    case 3:
      return withObserved(graph, id, { ...nothingObserved, writes: [pick(roll, names)] });
    default:
      return editGraph(graph, { cells: [randomCell(roll, id)], removed: [], order: undefined });
  }
}

function randomCell(roll: Roll, id: string): GraphCell {
  const name = () => pick(roll, names);
  const reads = () => Array.from({ length: roll(3) }, name).join(' ');
  const line = () =>
    pick(roll, [
      () => `${name()} = ${reads()} #1`,
      () => `${name()} = ${reads()} #1`,
      () => `maybe ${name()} = ${reads()} #1`,
      () => `try ${name()} = ${reads()} #1`,
      () => (roll(4) > 0 ? `${name()} = #1` : pick(roll, [`raise ${reads()} #1`, `exec ${name()} #1`])),
      () => `${name()} ! ${reads()} #1`,
      () => `fn ${name()} = ${reads()} #1`,
      () => `fn ${name()} = ${reads()} > ${name()} #1`,
      () => `${name()} = call ${name()} #1`,
      () => `del ${name()}`,
    ])();
  const code = Array.from({ length: 1 + roll(2) }, line).join('\n');
  return { id, kind: 'code', name: undefined, code, options: noOptions, facts: factsOf(code), observed: nothingObserved };
}

function rebuilt(graph: Graph): Graph {
  return buildGraph(
    graph.format,
    graph.order.map((id) => graph.cells.get(id) as GraphCell),
  );
}

type Links = ReadonlyMap<string, string>;

/** Inputs, and cells to run after, by cell. */
function linksOf(graph: Graph): Links {
  return new Map(
    graph.order.map((id) => [id, JSON.stringify([[...inputsOf(graph, id)].sort(), [...precedersOf(graph, id)].sort()])]),
  );
}

function differing(a: Links, b: Links): readonly string[] {
  return [...b.keys()].filter((id) => a.get(id) !== b.get(id));
}

function summary(graph: Graph) {
  const { redefinitions, components: several, units, cells, ranks } = conflictsOf(graph);
  const components = new Map(several.flatMap((members) => members.map((id) => [id, members])));
  const givers = (id: string) => [...[...inputsOf(graph, id).values()].flat(), ...precedersOf(graph, id)];
  const isUnranked = (id: string) => (giver: string) =>
    giver !== id && !components.get(id)?.includes(giver) && (ranks.get(giver) ?? 0) >= (ranks.get(id) ?? 0);
  return {
    code: graph.order.map((id) => graph.cells.get(id)?.code),
    links: linksOf(graph),
    children: graph.order.map((id) => [...childrenOf(graph, id)].sort()),
    positional: [...graph.positional.keys()].sort(),
    writers: [...graph.writers].sort(),
    readers: [...graph.readers].map(([name, readers]) => [name, [...readers].sort()]).sort(),
    redefinitions: [...redefinitions].sort(),
    cycles: cyclesOf(graph),
    units,
    early: [...graph.early].map(([name, ids]) => [name, [...ids].sort()]).sort(),
    cut: [...graph.cut].map(([name, ids]) => [name, [...ids].sort()]).sort(),
    certainUntil: graph.certainUntil,
    conflicting: [...cells].sort(),
    unranked: graph.order.flatMap((id) => givers(id).filter(isUnranked(id))),
  };
}
