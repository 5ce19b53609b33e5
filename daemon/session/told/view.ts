/** State → protocol. The one place where the core's words become the wire's. */

import type { CellPlace, CellView, KernelView, RunView, SetParameter, Unwatched } from '../../../protocol/types.ts';
import { writesOf } from '../../core/graph/graph.ts';
import type { CellId } from '../../core/notebook/notebook.ts';
import { setIn } from '../../core/outline/parameters.ts';
import { whatFollows, whatPrecedes } from '../../core/scheduler/plan.ts';
import type { Run, State } from '../../core/scheduler/state.ts';
import { statusOf } from '../../core/scheduler/status.ts';
import type { ReadCell, Reading } from '../../reading/reading.ts';
import { describeReason } from './reasons.ts';

/** What follows from state and graph alone. */
export type CellStanding = Pick<CellView, 'status' | 'parents' | 'children'> & {
  reason?: string | undefined;
  unwatched?: Unwatched | undefined;
  parameters?: readonly SetParameter[] | undefined;
};

/** Status and edges; the edges of `known` hold where it is given. */
export function cellStanding(state: State, id: CellId, known?: Pick<CellView, 'parents' | 'children'>): CellStanding {
  const { status, reason } = statusOf(state, id);
  const parents = known?.parents ?? inPageOrder(state, whatPrecedes(state, id));
  const children = known?.children ?? inPageOrder(state, new Set(whatFollows(state, id)));
  const standing: CellStanding = { status, parents, children };
  if (reason) standing.reason = describeReason(state.graph, reason, id);
  const names = status === 'fresh' ? state.records.get(id)?.unwatched : undefined;
  if (names) standing.unwatched = { names, why: 'the search for other names of what the cell changed was cut short' };
  const cell = state.parameters.size > 0 ? state.graph.cells.get(id) : undefined;
  const parameters = cell ? setIn(cell, state.parameters) : [];
  if (parameters.length > 0) standing.parameters = parameters;
  return standing;
}

/** A cell as its text says it; outputs and the last step are those of the view before. */
export function cellView(state: State, { text, cell }: ReadCell, before: CellView | undefined): CellView {
  const { id, facts, kind, name, code, options } = cell;
  const { status, reason, unwatched, parameters, parents, children } = cellStanding(state, id);
  return {
    id,
    status,
    parents,
    children,
    kind,
    code,
    defs: [...writesOf('marimo', state.graph.cells.get(id) ?? cell)],
    refs: [...facts.refs.keys()],
    locals: [...facts.locals],
    manual: text.options.manual || options.manual,
    outputs: before?.outputs ?? [],
    ...(reason !== undefined && { reason }),
    ...(unwatched && { unwatched }),
    ...(parameters && { parameters }),
    ...(name !== undefined && { name }),
    ...(before?.error && { error: before.error }),
    ...(before?.asOf !== undefined && { asOf: before.asOf }),
    ...(before?.lastStep && { lastStep: before.lastStep }),
  };
}

export function sameEdges(a: Pick<CellView, 'parents' | 'children'>, b: Pick<CellView, 'parents' | 'children'>): boolean {
  return sameIds(a.parents, b.parents) && sameIds(a.children, b.children);
}

export function layoutOf(reading: Reading): CellPlace[] {
  return reading.cells.map(placeOf);
}

export function placeOf({ cell, text }: ReadCell): CellPlace {
  return { id: cell.id, line: text.line, endLine: text.endLine, codeLine: text.codeLine };
}

export function runView(run: Run): RunView {
  return {
    id: run.run,
    mode: run.mode,
    roots: [...run.roots],
    plan: run.plan,
    done: run.done.size + run.lost.size,
  };
}

/** What the shell knows of the kernel besides its phase. */
export interface KernelDetails {
  readonly python?: string;
  readonly source?: string;
  readonly version?: string;
  readonly pid?: number;
  readonly reason?: string;
}

/** A kernel that executes something is busy, whatever it is. */
export function phaseOf({ kernel }: State): KernelView['phase'] {
  return kernel.phase === 'evaluating' ? 'busy' : kernel.phase;
}

export function kernelView(state: State, details: KernelDetails): KernelView {
  const { kernel } = state;
  return { ...details, phase: phaseOf(state), generation: kernel.generation };
}

function inPageOrder({ graph }: State, cells: ReadonlySet<CellId>): CellId[] {
  return [...cells].sort((a, b) => (graph.index.get(a) ?? 0) - (graph.index.get(b) ?? 0));
}

function sameIds(a: readonly CellId[], b: readonly CellId[]): boolean {
  return a === b || (a.length === b.length && a.every((id, at) => id === b[at]));
}
