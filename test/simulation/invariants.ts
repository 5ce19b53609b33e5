/** What is always true of a state, in words. Asserted after each step of the simulation. */
import type { Name } from '../../daemon/core/analysis/facts.ts';
import { changersBefore, readersAfter } from '../../daemon/core/graph/changers.ts';
import { conflictsOf } from '../../daemon/core/graph/conflicts.ts';
import type { GraphCell } from '../../daemon/core/graph/graph.ts';
import { allChildrenOf, allParentsOf } from '../../daemon/core/graph/implicit-inputs.ts';
import type { Inputs } from '../../daemon/core/graph/inputs.ts';
import { nothingObserved } from '../../daemon/core/graph/observed.ts';
import type { CellId } from '../../daemon/core/notebook/notebook.ts';
import type { Event } from '../../daemon/core/scheduler/events.ts';
import {
  computeStanding,
  isSharedAsBefore,
  outerInputs,
  sameStanding,
  standingOf,
} from '../../daemon/core/scheduler/standing.ts';
import { type Run, type State, spentKey, type Version } from '../../daemon/core/scheduler/state.ts';
import { stepsHeld, versionsOf } from '../../daemon/core/scheduler/values/early-cutoff.ts';

/** Sentences about what is wrong with a state; none when all is well. */
export function violations(state: State): string[] {
  return [...oneRunning(state), ...freshMeansCurrent(state), ...conflictsDoNotRun(state), ...blockedAreCounted(state)];
}

function blockedAreCounted({ standings, blockedCount }: State): string[] {
  const count = [...standings.values()].filter(({ blocked }) => blocked).length;
  return count === blockedCount ? [] : [`${blockedCount} cells count as blocked, and ${count} are`];
}

/** Steps whose values someone can be given, or that the kernel is to forget with the next step. */
export function stepsNeeded({ records, removed, layers, forgettable }: State): ReadonlySet<number> {
  const held = [...records.values(), ...removed.values()].flatMap(stepsHeld);
  const own = [...layers.values()].flatMap((layer) => [...layer.values()].map(({ version }) => version));
  return new Set([...held, ...own, ...forgettable]);
}

/** Sentences about what a step must not have done. */
export function stepViolations(before: State, event: Event, after: State): string[] {
  const started = after.stepCount - before.stepCount;
  const isRequest = ['run-requested', 'control-moved', 'placeless-requested'].includes(event.type);
  const waited = before.runs.length > 0 || before.placeless.length > 0 || isRequest;
  const wrong = started > 0 && !waited ? [`${event.type} started a step that nobody asked for`] : [];
  if (started > 0) wrong.push(...outdated(after));
  if (event.type === 'cancel-requested') wrong.push(...stillQueued(event, after));
  return started > 1 ? [...wrong, `${event.type} started ${started} steps at once`] : wrong;
}

function stillQueued({ run: only, cells }: Extract<Event, { type: 'cancel-requested' }>, { runs, kernel }: State): string[] {
  return runs
    .filter(({ run, cancelled }) => !cancelled && (only === undefined || run === only))
    .flatMap(({ run, planned, done, lost }) =>
      [...planned]
        .filter((id) => (cells?.includes(id) ?? true) && !done.has(id) && !lost.has(id))
        .filter((id) => kernel.phase !== 'busy' || kernel.cell !== id || runs[0]?.run !== run)
        .map((id) => `${id} was cancelled and waits in run ${run}`),
    );
}

/** No step begins with a value that a newer one has replaced. */
function outdated({ kernel, runs, parameters }: State): string[] {
  const [run] = runs;
  if (kernel.phase !== 'busy' || !run) return [];
  const { facts } = run.graph.cells.get(kernel.cell) as GraphCell;
  return facts.parameters
    .filter(({ name }) => run.parameters.get(name) !== parameters.get(name))
    .map(({ name }) => `${kernel.cell} runs with an old value of ${name}`);
}

/** A step that began after its run was accepted, at the step count `since`, and gave what the cell would give now is not made again. */
export function repeatViolations(before: State, event: Event, after: State, since: (run: number) => number): string[] {
  const { kernel, runs } = after;
  if (kernel.phase !== 'busy' || after.stepCount === before.stepCount) return [];
  const [now, earlier, run] = [after.records.get(kernel.cell), before.records.get(kernel.cell), runs[0]];
  if (!now || !run || earlier?.outcome !== 'ok' || earlier.generation !== now.generation || earlier.step <= since(run.run))
    return [];
  const isSame =
    earlier.tokens === now.tokens && sameVersions(earlier.inputs, now.inputs) && isSharedAsBefore(after, kernel.cell, earlier);
  const { observed, aside = [] } = event.type === 'finished' ? event : { observed: nothingObserved };
  const mutated = new Set([...observed.changes.map(({ name }) => name), ...aside.map(([name]) => name)]);
  const isSpent = versionsOf(earlier).some(([name, version]) => mutated.has(name) || before.spent.has(spentKey(version, name)));
  const isUnit = earlier.inner.size > 0 || conflictsOf(after.graph).units.has(kernel.cell);
  return isSame && !isSpent && !isUnit ? [`${kernel.cell} ran twice for run ${run.run} though nothing changed in between`] : [];
}

function sameVersions(a: ReadonlyMap<Name, Version>, b: ReadonlyMap<Name, Version>): boolean {
  return a.size === b.size && [...a].every(([name, version]) => b.get(name) === version);
}

function oneRunning(state: State): string[] {
  const running = [...state.records].filter(([, record]) => record.outcome === 'running').map(([id]) => id);
  if (running.length > 1) return [`${running.join(', ')} run at once`];
  const [id] = running;
  const isKernels = state.kernel.phase === 'busy' && state.kernel.cell === id;
  return id === undefined || isKernels ? [] : [`${id} runs but the kernel is ${state.kernel.phase}`];
}

/** The kept standings are what computing them anew gives: fresh cells ran with the current text and current versions of fresh writers. */
function freshMeansCurrent(state: State): string[] {
  const wrong: string[] = [];
  for (const id of state.graph.order) {
    const anew = computeStanding(state, state.graph.cells.get(id) as GraphCell);
    if (!sameStanding(anew, standingOf(state, id)))
      wrong.push(`${id} is kept as ${JSON.stringify(standingOf(state, id))} and is ${JSON.stringify(anew)}`);
  }
  for (const id of state.standings.keys()) if (!state.graph.cells.has(id)) wrong.push(`${id} is gone but has a standing`);
  return wrong;
}

function conflictsDoNotRun(state: State): string[] {
  const { kernel } = state;
  if (kernel.phase !== 'busy') return [];
  const run = state.runs[0];
  return run?.standings.get(kernel.cell)?.blocked ? [`${kernel.cell} runs although it is blocked`] : [];
}

/** What is wrong with a plan at the moment at which the run is accepted. Names that are found later cannot be in it. */
export function planViolations(run: Run): string[] {
  return [...isOrdered(run), ...isComplete(run), ...isNeeded(run)];
}

/** No step stands before a step that gives it a name. */
function isOrdered({ graph, plan, run, standings }: Run): string[] {
  const wrong: string[] = [];
  const at = new Map(plan.map(({ cell }, place) => [cell, place]));
  for (const { cell } of plan) {
    if (standings.get(cell)?.blocked) continue;
    for (const [name, givers] of outerInputs(graph, cell)) {
      for (const giver of givers) {
        if ((at.get(giver) ?? -1) > (at.get(cell) ?? 0))
          wrong.push(`run ${run} plans ${cell} before ${giver}, which gives it ${name}`);
      }
    }
  }
  return wrong;
}

/** Whatever a planned cell needs is fresh and stays so, is planned too, or runs only when it is asked for. */
function isComplete({ graph, planned, run, standings, mode }: Run): string[] {
  const wrong: string[] = [];
  if (mode === 'only') return wrong;
  const outdated = new Set([...planned].filter((id) => !standings.get(id)?.blocked));
  for (const id of outdated) for (const child of allChildrenOf(graph, id)) outdated.add(child);
  for (const cell of planned) {
    if (standings.get(cell)?.blocked) continue;
    for (const [name, giver] of givers(outerInputs(graph, cell))) {
      const { isFresh, imports, blocked } = standings.get(giver) ?? {};
      const isGiven = imports?.has(name) || (isFresh && !outdated.has(giver));
      const needsNoStep = planned.has(giver) || isGiven || blocked;
      const { options } = graph.cells.get(giver) as GraphCell;
      if (!needsNoStep && !options.manual) wrong.push(`run ${run} plans ${cell} without ${giver}, which it needs`);
    }
  }
  return wrong;
}

/** Whatever is planned was asked for, follows from what was, or is needed by such a cell. */
function isNeeded({ graph, plan, run, roots, mode }: Run): string[] {
  if (mode === 'stale' || mode === 'all') return [];
  const followers = new Set(roots);
  const following = (id: CellId) => [...allChildrenOf(graph, id), ...readersAfter(graph, id)];
  if (mode === 'reactive') for (const id of followers) for (const child of following(id)) followers.add(child);
  const usedUp = plan.filter(({ reason }) => reason === 'used up').map(({ cell }) => cell);
  const needed = new Set([...followers, ...usedUp].filter((id) => graph.cells.has(id)));
  const { units } = conflictsOf(graph);
  for (const id of needed) {
    const changers = [...changersBefore(graph, id).values()].flat();
    for (const other of [...allParentsOf(graph, id), ...changers, ...(units.get(id) ?? [])]) needed.add(other);
  }
  return plan
    .filter(({ cell }) => !needed.has(cell))
    .map(({ cell }) => `run ${run} plans ${cell}, which nobody asked for or needs`);
}

function givers(inputs: Inputs): (readonly [Name, CellId])[] {
  return [...inputs].flatMap(([name, ids]) => ids.map((id) => [name, id] as const));
}
