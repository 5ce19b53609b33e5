// What became of each step of each run, checked when the run is sealed: every planned cell has one end, and a failure skips
// exactly what follows from it.
import { expect } from 'vitest';
import type { Observed } from '../../daemon/core/graph/observed.ts';
import type { Effect } from '../../daemon/core/scheduler/effects.ts';
import { outerInputs } from '../../daemon/core/scheduler/standing.ts';
import type { Run, SkipReason } from '../../daemon/core/scheduler/state.ts';

type End = 'ok' | 'raised' | 'stopped' | 'interrupted' | 'cached' | SkipReason;

export class RunLedger {
  readonly #runs = new Map<number, { readonly run: Run; readonly ends: Map<string, End> }>();

  /** Names that were seen at run time may have come between a reader and its writer after the plan was made. */
  readonly #found = new Set<string>();

  /** Runs that were accepted before: who gives what to whom may not be as it was then. */
  readonly #shifted = new Set<number>();

  note(effect: Effect): void {
    switch (effect.type) {
      case 'run-accepted':
        this.#runs.set(effect.run.run, { run: effect.run, ends: new Map() });
        return;
      case 'step-finished':
        return this.#end(effect.run, effect.cell, effect.outcome);
      case 'step-skipped':
        return this.#end(effect.run, effect.cell, effect.reason);
      case 'step-cached':
        return this.#end(effect.run, effect.cell, 'cached');
      case 'observed':
        return this.#noteObserved(effect.observed);
      case 'run-sealed':
        return this.#check(effect.run, effect.outcome);
      default:
    }
  }

  #noteObserved({ writes, changes, implicit }: Observed): void {
    for (const name of [...writes, ...changes.map(({ name }) => name), ...(implicit?.writes ?? [])]) this.#found.add(name);
    for (const number of this.#runs.keys()) this.#shifted.add(number);
  }

  #end(run: number, cell: string, end: End): void {
    const { ends } = this.#known(run);
    if (ends.has(cell)) throw new Error(`${cell} ends a second time in run ${run}`);
    ends.set(cell, end);
  }

  #check(number: number, outcome: 'ok' | 'failed' | 'interrupted'): void {
    const { run, ends } = this.#known(number);
    const isOk = [...ends.values()].every((end) => isQuiet(end));
    const calm = [...ends.values()].some((end) => typeof end === 'object' && isDropped(end)) ? 'interrupted' : 'ok';
    if (outcome !== 'interrupted') expect(outcome, `run ${number} ends as its steps do`).toBe(isOk ? calm : 'failed');
    expect([...ends.keys()].sort(), `every step of run ${number} ends`).toEqual([...run.planned].sort());
    for (const [cell, end] of ends) {
      if (this.#shifted.has(number)) continue;
      if (typeof end !== 'object') this.#checkGivers(run, ends, cell);
      else if (!('name' in end && this.#found.has(end.name))) checkSkip(run, ends, cell, end);
    }
  }

  #checkGivers(run: Run, ends: ReadonlyMap<string, End>, cell: string): void {
    for (const [nearest] of outerInputs(run.graph, cell).values())
      expect(isLost(ends.get(nearest ?? '')), `${cell} did not run after ${nearest} was lost`).toBe(false);
  }

  #known(run: number) {
    const known = this.#runs.get(run);
    if (!known) throw new Error(`run ${run} was never accepted`);
    return known;
  }
}

function checkSkip(run: Run, ends: ReadonlyMap<string, End>, cell: string, reason: SkipReason): void {
  if (reason.type === 'failed')
    expect(['raised', 'interrupted'], `${cell} names ${reason.cell} as failed`).toContain(ends.get(reason.cell));
  if (reason.type === 'stopped' && typeof ends.get(reason.cell) !== 'object')
    expect(ends.get(reason.cell), `${cell} names ${reason.cell} as stopped`).toBe('stopped');
  if (reason.type === 'skipped') expect(typeof ends.get(reason.cell), `${cell} names ${reason.cell} as skipped`).toBe('object');
  if (reason.type === 'dropped') expect(isDropped(ends.get(reason.cell)), `${cell} names ${reason.cell} as dropped`).toBe(true);
  // A planned giver that did run may have been edited or removed since.
  if (reason.type === 'stale' && run.planned.has(reason.cell))
    expect(isLost(ends.get(reason.cell)), `${cell} was told that ${reason.cell} is stale, not that it was lost`).toBe(false);
}

/** Taken out of its run, or in need of what was. */
function isDropped(end: End | undefined): boolean {
  return typeof end === 'object' && ['cancelled', 'superseded', 'dropped'].includes(end.type);
}

/** Ran, or was stopped or dropped: itself, or what gives it its names. */
function isQuiet(end: End): boolean {
  return typeof end === 'object'
    ? end.type === 'stopped' || end.type === 'run-exited' || end.type === 'disabled' || isDropped(end)
    : end === 'ok' || end === 'cached' || end === 'stopped';
}

function isLost(end: End | undefined): boolean {
  return end === 'raised' || end === 'stopped' || end === 'interrupted' || typeof end === 'object';
}
