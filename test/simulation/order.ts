// In which order a script runs: told once more, from the statements of its cells and by trying all that could be.
import { buildGraph } from '../../daemon/core/graph/edit.ts';
import type { Graph, GraphCell } from '../../daemon/core/graph/graph.ts';
import { childrenOf, followersOf, inputsOf } from '../../daemon/core/graph/inputs.ts';
import { nothingObserved, type Observed, observing } from '../../daemon/core/graph/observed.ts';
import { orderCells } from '../../daemon/core/graph/order.ts';
import { factsOf, isBuiltin, parse, type Statement } from './program.ts';

/** Sentences about what is wrong with the order of a script. */
export function orderViolations(graph: Graph): string[] {
  if (graph.format !== 'percent') return [];
  return [...comesFromHistory(graph), ...pointsUpWithoutNeed(graph), ...isLeftOut(graph)];
}

/**
 * Of what steps were seen to do, what they bind and change, or did with another text, counts as if the text said so, and nothing else: who reads an object from above its
 * changer comes before it. A script that runs in page order by its text does so whatever was seen.
 */
function comesFromHistory(graph: Graph): string[] {
  const orderOf = (one: Graph) => orderCells(one, one.order).join(' ');
  const seen = orderOf(graph);
  const [said, text] = [
    withSeen(graph, ({ writes, changes, expected }) => ({ ...nothingObserved, writes, changes, expected })),
    withSeen(graph),
  ].map(orderOf);
  if (seen !== said) return [`the order is ${seen}, and ${said} if the text says what was seen`];
  const page = graph.order.join(' ');
  return text === page && seen !== page ? [`the order is ${seen} after what was seen, and ${text} before it`] : [];
}

/** Whether the cell is not given what it reads from below because that closes a cycle with what was seen. */
export function isCutBySeen(graph: Graph, id: string): boolean {
  const text = withSeen(graph);
  return [...graph.cut].some(([name, readers]) => readers.has(id) && !text.cut.get(name)?.has(id));
}

/** The same cells, of which no more was seen than what is kept. */
function withSeen(graph: Graph, kept: (observed: Observed) => Observed = () => nothingObserved): Graph {
  const cells = graph.order.map((id) => {
    const cell = graph.cells.get(id) as GraphCell;
    return observing({ ...cell, facts: factsOf(cell.code), observed: nothingObserved }, kept(cell.observed));
  });
  return buildGraph(graph.format, cells);
}

/** Whoever gives a name from below is its only definition, and plain Python fails without it. */
function pointsUpWithoutNeed(graph: Graph): string[] {
  return pairsBelow(graph)
    .filter(([giver, reader]) => [...childrenOf(graph, giver), ...followersOf(graph, giver)].includes(reader))
    .filter(([giver, reader]) => !namesFromBelow(graph, giver, reader).some((name) => inputsOf(graph, reader).has(name)))
    .map(([giver, reader]) => `${giver} runs before ${reader}, which stands above it and needs nothing of it`);
}

/** A definition that plain Python fails without gives its name, unless it needs something of the reader itself. */
function isLeftOut(graph: Graph): string[] {
  const whole = graph.uncut ?? graph;
  return pairsBelow(graph).flatMap(([giver, reader]) =>
    namesFromBelow(graph, giver, reader)
      .filter((name) => !inputsOf(graph, reader).has(name) && !reaches(whole, reader, giver))
      .map((name) => `${reader} is not given ${name} of ${giver}, and plain Python fails there`),
  );
}

function pairsBelow({ order }: Graph): (readonly [giver: string, reader: string])[] {
  return order.flatMap((giver, at) => order.slice(0, at).map((reader) => [giver, reader] as const));
}

function reaches(graph: Graph, from: string, to: string): boolean {
  const reached = new Set([from]);
  // The set grows while it is walked.
  for (const id of reached) for (const next of [...childrenOf(graph, id), ...followersOf(graph, id)]) reached.add(next);
  return reached.has(to);
}

/** Names that the reader certainly reads, that nobody above it binds, and that the giver alone defines. */
function namesFromBelow({ order, cells }: Graph, giver: string, reader: string): string[] {
  const statements = new Map(order.map((id) => [id, parse(cells.get(id)?.code ?? '')]));
  const above = order.slice(0, order.indexOf(reader)).map((id) => statements.get(id) ?? []);
  if (above.flat().some(isDoubtful)) return [];
  return certainReads(statements.get(reader) ?? []).filter((name) => {
    const definers = order.filter((id) => statements.get(id)?.some((one) => defines(one, name)));
    const isLate = !statements.get(giver)?.some((one) => makes(one, name)) && !callsBinder(statements.get(giver), name);
    const isBoundAbove = above.flat().some((one) => defines(one, name) || (one.kind === 'del' && one.name === name));
    return !isBuiltin(name) && !isBoundAbove && definers.length === 1 && definers[0] === giver && !isLate;
  });
}

function isDoubtful({ kind }: Statement): boolean {
  return kind === 'raise' || kind === 'exec';
}

function defines(statement: Statement, name: string): boolean {
  return statement.binds === name || makes(statement, name);
}

function makes({ kind, name: made }: Statement, name: string): boolean {
  return made === name && !['mutate', 'touch', 'poke', 'del', 'exec', 'raise', 'seed'].includes(kind);
}

/** The cell itself calls a function of its own that binds the name. */
function callsBinder(statements: readonly Statement[] = [], name: string): boolean {
  return statements.some(
    ({ kind, name: made, binds }) =>
      kind === 'fn' && binds === name && statements.some((other) => other.kind !== 'fn' && other.reads.includes(made)),
  );
}

/** Up to the first statement that may end the program or bind any name, which reads before it does. */
function certainReads(statements: readonly Statement[]): string[] {
  const names = new Set<string>();
  const bound = new Set<string>();
  for (const statement of statements) {
    const { kind, name, reads } = statement;
    const looked = ['fn', 'try', 'touch', 'draw'].includes(kind) ? [] : reads;
    for (const read of ['mutate', 'touch'].includes(kind) ? [...looked, name] : looked) if (!bound.has(read)) names.add(read);
    if (isDoubtful(statement)) break;
    if (defines(statement, name)) bound.add(name);
  }
  return [...names];
}
