// Faults to plant between the scheduler and the simulation: each is a promise of the scheduler, broken.
import { PersistentMap } from '../../daemon/core/collections/persistent-map.ts';
import type { Evaluate, Step } from '../../daemon/core/scheduler/effects.ts';
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
};

const runAll: Event = { type: 'run-requested', mode: 'all', roots: [], parameters: undefined, stopAtFailure: false };

function withState(after: Step, changes: Partial<State>): Step {
  return { ...after, state: { ...after.state, ...changes } };
}

function withNothingDropped(before: State, after: Step): Step {
  const runs = [...before.runs, ...after.state.runs.filter(({ run }) => run > before.runCount)];
  const effects = after.effects.filter((effect) => effect.type !== 'step-skipped' && effect.type !== 'run-sealed');
  return { state: { ...after.state, runs }, effects };
}

function withEvaluate(after: Step, change: (effect: Evaluate) => Evaluate): Step {
  return { ...after, effects: after.effects.map((effect) => (effect.type === 'evaluate' ? change(effect) : effect)) };
}

function then(after: Step, event: Event): Step {
  const next = step(after.state, event);
  return { state: next.state, effects: [...after.effects, ...next.effects] };
}

function withOld(before: State, after: State): State['standings'] {
  return PersistentMap.from([...after.standings].map(([id, standing]) => [id, before.standings.get(id) ?? standing]));
}

function withoutAncestors(after: Step): Step {
  const runs = after.state.runs.map((run) => {
    const plan = run.plan.filter(({ reason }) => reason !== 'stale ancestor');
    return run.next > 0 ? run : { ...run, plan, planned: new Set(plan.map(({ cell }) => cell)) };
  });
  return withState(after, { runs });
}
