// What a fresh run of the current text gives: plain Python's one namespace, top to bottom, wherever page order is the order.
import { type GraphCell, writesOf } from '../../daemon/core/graph/graph.ts';
import { implicitOf } from '../../daemon/core/graph/implicit.ts';
import { orderCells } from '../../daemon/core/graph/order.ts';
import { outerInputs, standingOf } from '../../daemon/core/scheduler/standing.ts';
import { initialState, type State } from '../../daemon/core/scheduler/state.ts';
import { step } from '../../daemon/core/scheduler/step.ts';
import { defaultOptions } from '../../protocol/running-options.ts';
import { FakeKernel } from './fake-kernel.ts';
import { execute, type Globals, States } from './program.ts';

/** Values of the names that each cell writes, right after it; undefined for a cell that does not come to its end. */
export type Snapshots = Map<string, Map<string, string> | undefined>;

export function freshRun(state: State): Snapshots {
  return isPlainPython(state) ? plainPython(state) : anotherSession(state);
}

/** Page order is the order, and nothing is disabled. */
export function isPlainPython(state: State): boolean {
  const { graph } = state;
  const order = orderCells(graph, graph.order);
  const isInOrder = order.every((id, at) => graph.order[at] === id);
  return graph.format === 'percent' && isInOrder && graph.order.every((id) => !standingOf(state, id).blocked);
}

/** One namespace. What a failed cell may have touched is dead until it is bound anew; a cell that needs it is skipped. */
function plainPython({ graph, parameters }: State): Snapshots {
  const globals: Globals = new Map();
  const dead = new Set<string>();
  const snapshots: Snapshots = new Map();
  let states = new States();
  for (const id of graph.order) {
    const cell = graph.cells.get(id) as GraphCell;
    const needs = [...outerInputs(graph, id).keys()];
    const before = new Map(globals);
    const after = new States(states.values);
    const isGood = !needs.some((name) => dead.has(name)) && execute(cell.code, globals, parameters, after) === 'ok';
    if (isGood) states = after;
    for (const name of implicitOf(cell).writes)
      if (isGood) dead.delete(name);
      else dead.add(name);
    const names = new Set([...writesOf('percent', cell), ...rebound(before, globals)]);
    for (const name of names) {
      if (isGood && (globals.get(name) !== before.get(name) || isBoundAnew(cell, name))) dead.delete(name);
      if (!isGood) dead.add(name);
    }
    const alive = [...names].filter((name) => !dead.has(name));
    snapshots.set(id, isGood ? new Map([...valuesOf(globals, alive), ...states.values]) : undefined);
  }
  return snapshots;
}

/** Whatever it was: an import may bind the very module that a failed cell might have left. */
function isBoundAnew({ facts }: GraphCell, name: string): boolean {
  const def = facts.defs.get(name);
  return facts.deleted.has(name) || (def !== undefined && !def.isConditional && !def.isLate);
}

/** Names that the cell was seen to bind, announced or not. */
function rebound(before: Globals, after: Globals): string[] {
  return [...after].filter(([name, thing]) => before.get(name) !== thing).map(([name]) => name);
}

/** Where plain Python says nothing (marimo's order, blocked cells): the same text, run once in a new session. */
function anotherSession(state: State): Snapshots {
  const snapshots: Snapshots = new Map();
  const cells = state.graph.order
    .map((id) => state.graph.cells.get(id) as GraphCell)
    .map((cell) => ({ ...cell, options: { ...cell.options, manual: false } }));
  const kernel = new FakeKernel(1);
  let current = step(initialState(state.graph.format, defaultOptions), {
    type: 'edited',
    cells,
    removed: [],
    order: state.graph.order,
  });
  current = step(current.state, {
    type: 'run-requested',
    mode: 'all',
    roots: [],
    parameters: state.parameters,
    stopAtFailure: false,
  });
  current = step(current.state, { type: 'kernel-started', generation: 1 });
  for (;;) {
    const job = current.effects.find((effect) => effect.type === 'evaluate');
    if (!job) return snapshots;
    kernel.evaluate(job);
    const finished = kernel.finish();
    if (!finished) return snapshots;
    snapshots.set(
      job.cell.id,
      finished.outcome === 'ok'
        ? new Map([...valuesOf(kernel.globals, [...finished.written, ...finished.observed.writes]), ...kernel.states])
        : undefined,
    );
    current = step(current.state, finished);
  }
}

function valuesOf(globals: Globals, names: readonly string[]): Map<string, string> {
  return new Map(names.flatMap((name) => (globals.has(name) ? [[name, globals.get(name)?.value ?? ''] as const] : [])));
}
