/** Queued steps that are taken out of their run: because a person asked, or because a newer value makes them pointless. */
import type { Name } from '../../analysis/facts.ts';
import { allChildrenOf } from '../../graph/implicit-inputs.ts';
import type { CellId } from '../../notebook/notebook.ts';
import type { Event } from '../events.ts';
import { replaceRun, sealIfOver } from '../runs.ts';
import type { Parameters, Run, SkipReason, State } from '../state.ts';
import type { Turn } from '../turn.ts';

/** The step that is under way goes on. What needs the dropped cells is skipped at its turn. */
export function cancelSteps(turn: Turn, { run: only, cells }: Extract<Event, { type: 'cancel-requested' }>): void {
  for (const run of turn.state.runs) if (only === undefined || run.run === only) cancelIn(turn, run, cells);
}

/** Without cells it is the whole run that is not wanted, nor what its steps would lead to. */
function cancelIn(turn: Turn, run: Run, cells: readonly CellId[] | undefined): void {
  if (cells) return drop(turn, run, cells, { type: 'cancelled' });
  const last = { ...run, rounds: { ...run.rounds, isLast: true } };
  replaceRun(turn, last);
  drop(turn, last, run.planned, { type: 'cancelled' });
}

/** Of the runs before `newer`, the steps that were to compute from values which are not those of today. */
export function supersede(turn: Turn, newer: number): void {
  const { parameters, runs } = turn.state;
  for (const run of runs) {
    if (run.run >= newer) continue;
    const names = differingNames(run.parameters, parameters);
    if (names.length > 0) drop(turn, run, dependentsOn(run, names), { type: 'superseded', run: newer });
  }
}

/** Names that have another value, or none, in the other. */
export function differingNames(a: Parameters, b: Parameters): readonly Name[] {
  if (a === b) return [];
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name));
}

/** Cells whose step would end otherwise: those that hold the names, and what follows from them. */
function dependentsOn({ graph }: Run, names: readonly Name[]): ReadonlySet<CellId> {
  const found = new Set(names.flatMap((name) => graph.writers.get(name) ?? []));
  for (const id of found) for (const child of allChildrenOf(graph, id)) found.add(child);
  return found;
}

function drop(turn: Turn, run: Run, cells: Iterable<CellId>, reason: SkipReason): void {
  const dropped = [...cells].filter((id) => isWaiting(turn.state, run, id));
  if (dropped.length === 0) return;
  const lost = dropped.reduce((all, id) => all.set(id, 'dropped'), run.lost);
  replaceRun(turn, { ...run, lost });
  for (const cell of dropped) turn.emit({ type: 'step-skipped', run: run.run, cell, reason });
  turn.touch(dropped);
  sealIfOver(turn, run.run);
}

function isWaiting({ kernel, runs }: State, run: Run, id: CellId): boolean {
  const isUnderWay = kernel.phase === 'busy' && kernel.cell === id && runs[0]?.run === run.run;
  return run.planned.has(id) && !run.cancelled && !run.done.has(id) && !run.lost.has(id) && !isUnderWay;
}
