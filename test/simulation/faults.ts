// Faults to plant between the scheduler and the simulation: each is a promise of the scheduler, broken.
import type { Facts, SeenChange } from '../../daemon/core/analysis/facts.ts';
import { PersistentMap } from '../../daemon/core/collections/persistent-map.ts';
import type { GraphCell } from '../../daemon/core/graph/graph.ts';
import { allChildrenOf } from '../../daemon/core/graph/implicit-inputs.ts';
import type { Begin, Effect, Step } from '../../daemon/core/scheduler/effects.ts';
import type { Event } from '../../daemon/core/scheduler/events.ts';
import type { State } from '../../daemon/core/scheduler/state.ts';
import { step } from '../../daemon/core/scheduler/step.ts';

type Fault = (before: State, event: Event, after: Step) => Step;

export const faults: Readonly<Record<string, Fault>> = {
  'names of other texts stay bound': (_, __, after) => withEvaluate(after, (effect) => ({ ...effect, unbind: [] })),
  'an input is not bound': (_, __, after) => withEvaluate(after, (effect) => ({ ...effect, bind: effect.bind.slice(1) })),
  'values are dropped while they are in force': (_, __, after) =>
    withEvaluate(after, (effect) => ({ ...effect, forget: [...effect.forget, ...[...after.state.bound.values()].slice(0, 1)] })),
  'two steps are handed over at once': (_, __, after) => ({
    ...after,
    effects: [...after.effects, ...after.effects.filter(({ type }) => type === 'evaluate')],
  }),
  'an edit leaves what it touches fresh': (before, event, after) =>
    event.type === 'edited' ? withState(after, { standings: withOld(before, after.state) }) : after,
  'a read that may not happen changes the order': (before, event, after) =>
    withFacts(before, event, after, ({ refs }) => ({
      refs: new Map([...refs].map(([name, ref]) => [name, { ...ref, isCertain: true }])),
    })),
  'a read below an exit, or below what may bind any name, changes the order': (before, event, after) =>
    withFacts(before, event, after, () => ({ mayExit: false, mayBindAny: false })),
  'a read that plain Python fails at waits for nothing': (before, event, after) =>
    withFacts(before, event, after, ({ refs }) => ({
      refs: new Map([...refs].map(([name, ref]) => [name, { ...ref, isCertain: false }])),
    })),
  'what functions read further down is nothing to those who call them': (before, event, after) =>
    withFacts(before, event, after, () => ({ deferredReads: new Set() })),
  'an edit starts a run': (_, event, after) =>
    event.type === 'edited' && after.state.kernel.phase === 'idle' ? then(after, runAll) : after,
  'a late answer counts': (before, event, after) =>
    event.type === 'finished' && before.kernel.phase === 'busy'
      ? step(before, { ...event, step: before.kernel.step, generation: before.kernel.generation })
      : after,
  'a failed step counts': (before, event, after) =>
    event.type === 'finished' ? step(before, { ...event, outcome: 'ok' }) : after,
  'a failure skips nobody': (_, __, after) =>
    withState(after, {
      runs: after.state.runs.map((run) => ({
        ...run,
        lost: PersistentMap.empty(),
        done: PersistentMap.from([...run.planned].map((id) => [id, true])),
      })),
    }),
  'stale ancestors are left out': (_, event, after) => (event.type === 'run-requested' ? withoutAncestors(after) : after),
  'what follows from ancestors runs, too': (_, event, after) =>
    event.type === 'run-requested' && event.mode === 'reactive' ? withDependents(after) : after,
  'an import that was edited counts as before': (before, event, after) =>
    event.type === 'edited' ? step(before, { ...event, cells: event.cells.map(withOneModule) }) : after,
  'a cell that does more than import keeps its imports': (before, event, after) =>
    event.type === 'edited' ? step(before, { ...event, cells: event.cells.map(asImportCell) }) : after,
  'used-up versions are given again': (_, __, after) => withState(after, { spent: PersistentMap.empty() }),
  'deletions go unnoticed': (before, event, after) =>
    event.type === 'finished' && event.outcome === 'ok' ? step(before, { ...event, deleted: [] }) : after,
  'values of a dead kernel count': (_, __, after) =>
    withState(after, {
      records: PersistentMap.from(
        [...after.state.records].map(([id, r]) => [id, { ...r, generation: after.state.kernel.generation }]),
      ),
    }),
  'a cancelled step runs all the same': (before, event, after) =>
    event.type === 'cancel-requested' ? withNothingDropped(before, after) : after,
  'a newer value leaves what was to compute from the older': (before, event, after) =>
    event.type === 'control-moved' ? withNothingDropped(before, after) : after,
  'what two requests want runs twice': (_, __, after) =>
    withState(after, { runs: after.state.runs.map((run) => ({ ...run, since: Number.POSITIVE_INFINITY })) }),
  'whatever is given again counts as unchanged': (before, event, after) =>
    event.type === 'finished' && before.kernel.phase === 'busy'
      ? step(before, { ...event, unchanged: [...(before.records.get(before.kernel.cell)?.kept.keys() ?? [])] })
      : after,
  'an equal value gets a new number': (before, event, after) =>
    event.type === 'finished' ? step(before, { ...event, unchanged: [] }) : after,
  'names made at run time belong to nobody': (before, event, after) =>
    event.type === 'finished' ? step(before, { ...event, observed: { ...event.observed, writes: [] } }) : after,
  'changes seen at run time count for nothing': (before, event, after) =>
    event.type === 'finished' ? step(before, { ...event, observed: { ...event.observed, changes: [] } }) : after,
  'an implicit state is not set back': (_, __, after) =>
    withEvaluate(after, (effect) => ({ ...effect, bind: effect.bind.filter(([name]) => !name.startsWith('<')) })),
  'what a removed cell set stays': (_, __, after) =>
    withEvaluate(after, (effect) => ({ ...effect, unbind: effect.unbind.filter((name) => !name.startsWith('<')) })),
  'a draw is not told': (before, event, after) =>
    event.type === 'finished' ? step(before, { ...event, observed: { ...event.observed, implicit: undefined } }) : after,
  'a layer leaks into the next cell': (before, event, after) =>
    event.type === 'finished' && before.kernel.phase === 'evaluating'
      ? withState(after, { unsettled: PersistentMap.empty() })
      : after,
  'the layer of another client is seen': (before, event, after) =>
    event.type === 'placeless-requested' ? step(before, { ...event, client: 'ann' }) : after,
  'a layer outlives its client': (before, event, after) =>
    event.type === 'layer-dropped' ? withState(after, { layers: before.layers }) : after,
  'a layer outlives its kernel': (before, event, after) =>
    event.type === 'kernel-died' ? withState(after, { layers: before.layers }) : after,
  'values of a layer are dropped while it lives': (_, __, after) =>
    withEvaluate(after, (effect) => ({ ...effect, forget: [...effect.forget, ...layerSteps(after.state)] })),
  'values of a layer are kept when it is gone': (_, event, after) =>
    event.type === 'layer-dropped' ? withState(after, { forgettable: [] }) : after,
  'a placeless step sees the bottom of the page instead of the newest values': (before, event, after) =>
    event.type === 'placeless-requested' && event.at === undefined
      ? step(before, { ...event, at: before.graph.order.at(-1) })
      : after,
  'the place of a placeless step is ignored': (before, event, after) =>
    event.type === 'placeless-requested' ? step(before, { ...event, at: undefined }) : after,
  'values that are out of date are not named': (_, __, after) =>
    after.state.kernel.phase === 'evaluating' ? withState(after, { kernel: { ...after.state.kernel, stale: [] } }) : after,
  'what the text of a placeless step changes counts on': (before, event, after) =>
    event.type === 'placeless-requested'
      ? step(before, { ...event, facts: { ...event.facts, mutations: new Map() } })
      : withState(after, { spent: before.kernel.phase === 'evaluating' ? before.spent : after.state.spent }),
  'what a placeless step is seen to change counts on': (before, event, after) =>
    event.type === 'finished' && before.kernel.phase === 'evaluating'
      ? step(before, { ...event, observed: { ...event.observed, changes: [] } })
      : after,
  'what is one object under two versions is consumed as one of them': (before, event, after) => {
    if (event.type !== 'finished' || before.kernel.phase !== 'evaluating') return after;
    const alone = step(before, { ...event, aside: [] });
    return withState(alone, { spent: onlyFirst(before.spent, alone.state.spent) });
  },
  'a change is told under the name alone by which the step had the object': (before, event, after) =>
    event.type === 'finished' && before.kernel.phase === 'busy'
      ? step(before, { ...event, aside: [], observed: { ...event.observed, changes: withoutAliases(event.observed.changes) } })
      : after,
  'consumed versions are given to who reads them through functions': (before, event, after) =>
    event.type === 'run-requested' ? step({ ...before, spent: onlyRead(before) }, event) : after,
  'a failed placeless step leaves no names': (before, event, after) =>
    event.type === 'finished' && before.kernel.phase === 'evaluating' && event.outcome !== 'ok'
      ? step(before, { ...event, written: [], observed: { ...event.observed, writes: [] } })
      : after,
  'a placeless step overtakes runs': (before, event, after) =>
    event.type === 'placeless-requested' ? step({ ...before, runCount: 0 }, event) : after,
  'runs overtake placeless steps': (_, __, after) =>
    withState(after, { placeless: after.state.placeless.map((one) => ({ ...one, after: after.state.runCount })) }),
  'a step of a client that is gone runs all the same': (before, event, after) =>
    event.type === 'layer-dropped' ? { state: { ...after.state, placeless: before.placeless }, effects: [] } : after,
};

const runAll: Event = { type: 'run-requested', mode: 'all', roots: [], parameters: undefined, stopAtFailure: false };

function withState(after: Step, changes: Partial<State>): Step {
  return { ...after, state: { ...after.state, ...changes } };
}

/** Analysis of the edited cells says something else. */
function withFacts(before: State, event: Event, after: Step, change: (facts: Facts) => Partial<Facts>): Step {
  if (event.type !== 'edited') return after;
  return step(before, {
    ...event,
    cells: event.cells.map((cell) => ({ ...cell, facts: { ...cell.facts, ...change(cell.facts) } })),
  });
}

function withNothingDropped(before: State, after: Step): Step {
  const runs = [...before.runs, ...after.state.runs.filter(({ run }) => run > before.runCount)];
  const effects = after.effects.filter((effect) => effect.type !== 'step-skipped' && effect.type !== 'run-sealed');
  return { state: { ...after.state, runs }, effects };
}

function withEvaluate(after: Step, change: <E extends Begin>(effect: E) => E): Step {
  const isOne = ({ type }: Effect) => type === 'evaluate' || type === 'evaluate-placeless';
  return { ...after, effects: after.effects.map((effect) => (isOne(effect) ? change(effect as Effect & Begin) : effect)) };
}

function layerSteps({ layers }: State): number[] {
  return [...layers.values()].flatMap((layer) => [...layer.values()].map(({ version }) => version)).slice(0, 1);
}

function onlyFirst(before: State['spent'], after: State['spent']): State['spent'] {
  const news = [...after].filter(([key, spendings]) => before.get(key) !== spendings);
  return news.slice(1).reduce((spent, [key]) => spent.delete(key), after);
}

function withoutAliases(changes: readonly SeenChange[]): readonly SeenChange[] {
  return changes.filter(({ through }) => through === undefined);
}

/** Consumed versions of names that some cell reads itself. */
function onlyRead({ graph, spent }: State): State['spent'] {
  const isRead = (key: string) =>
    [...graph.cells.values()].some(({ facts }) => facts.refs.get(key.split(':')[1] ?? '')?.isDeferred === false);
  return PersistentMap.from([...spent].filter(([key]) => isRead(key)));
}

function then(after: Step, event: Event): Step {
  const next = step(after.state, event);
  return { state: next.state, effects: [...after.effects, ...next.effects] };
}

function withOld(before: State, after: State): State['standings'] {
  return PersistentMap.from([...after.standings].map(([id, standing]) => [id, before.standings.get(id) ?? standing]));
}

/** Children of all planned cells, where no cell is blocked. */
function withDependents(after: Step): Step {
  const runs = after.state.runs.map((run) => {
    const added = [...run.planned].flatMap((id) => [...allChildrenOf(run.graph, id)]).filter((id) => !run.planned.has(id));
    const plan = [...run.plan, ...[...new Set(added)].map((cell) => ({ cell, reason: 'descendant' as const }))];
    return run.next > 0 ? run : { ...run, plan, planned: new Set(plan.map(({ cell }) => cell)) };
  });
  return withState(after, { runs });
}

/** Whatever is imported seems to be the same module. */
function withOneModule(cell: GraphCell): GraphCell {
  const defs = [...cell.facts.defs].map(([name, def]) => [name, { ...def, imported: def.imported && 'm' }] as const);
  return { ...cell, facts: { ...cell.facts, defs: new Map(defs) } };
}

function asImportCell(cell: GraphCell): GraphCell {
  return { ...cell, facts: { ...cell.facts, isImportCell: true } };
}

function withoutAncestors(after: Step): Step {
  const runs = after.state.runs.map((run) => {
    const plan = run.plan.filter(({ reason }) => reason !== 'stale ancestor');
    return run.next > 0 ? run : { ...run, plan, planned: new Set(plan.map(({ cell }) => cell)) };
  });
  return withState(after, { runs });
}
