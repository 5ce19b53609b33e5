/** Placeless steps: accepted, taken when it is their turn between the runs, ended. */
import type { Name } from '../../analysis/facts.ts';
import type { PlacelessFinished } from '../effects.ts';
import type { Event } from '../events.ts';
import { noteStatesSetBeside } from '../on/set-states.ts';
import { wakeKernel } from '../runs.ts';
import { unsettle } from '../standing.ts';
import { type ClientId, type Evaluating, type Placeless, unbound } from '../state.ts';
import type { Turn } from '../turn.ts';
import { heldByCells } from '../values/aliases.ts';
import { boundAfter } from '../values/environment.ts';
import { consume } from './consumed.ts';
import { definedBy, forgetLayer, keepInLayer, layerOf } from './layers.ts';
import { rebindFor, sightOf } from './sight.ts';

type Requested = Extract<Event, { type: 'placeless-requested' }>;
type Finished = Extract<Event, { type: 'finished' }>;

export function acceptPlaceless(turn: Turn, { client, clientName, code, facts, at }: Requested): void {
  const { placeless, placelessCount, runCount } = turn.state;
  const next: Placeless = { id: placelessCount + 1, client, clientName, code, facts, at, after: runCount };
  turn.update({ placelessCount: next.id, placeless: [...placeless, next] });
  wakeKernel(turn);
}

/** Hands the kernel the first one that waits, if it is due and the kernel is free. Whether it has ended without that. */
export function takePlaceless(turn: Turn): boolean {
  const { placeless, runs, kernel, graph } = turn.state;
  const [next, ...rest] = placeless;
  if (!next || kernel.phase !== 'idle' || (runs[0] && runs[0].run <= next.after)) return false;
  turn.update({ placeless: rest });
  if (next.at === undefined || graph.cells.has(next.at)) {
    begin(turn, next);
    return false;
  }
  turn.emit(cancelled(next));
  return true;
}

function begin(turn: Turn, placeless: Placeless): void {
  const { state } = turn;
  const step = state.stepCount + 1;
  const { generation } = state.kernel;
  const sight = sightOf(state, placeless);
  const { stale, hidden } = sight;
  const forget = state.forgettable;
  const { bind, unbind, bound } = rebindFor(state, sight);
  const layer = layerOf(state, placeless.client);
  const consumed = [...placeless.facts.mutations.keys()].filter((name) => !layer.has(name) && bound.has(name));
  turn.update({
    stepCount: step,
    kernel: { phase: 'evaluating', generation, step, placeless, stale, consumed, hidden, isOrphan: false },
    bound,
    forgettable: [],
  });
  unsettle(turn, [...bind.map(([name]) => name), ...unbind]);
  consume(
    turn,
    consumed.map((name) => ({ name, version: bound.get(name) ?? unbound })),
    step,
  );
  turn.emit({ type: 'placeless-started', placeless, step });
  turn.emit({
    type: 'evaluate-placeless',
    placeless,
    step,
    bind,
    unbind,
    forget,
    writes: [...definedBy(placeless.facts)],
    watched: sight.watched.filter((name) => !consumed.includes(name)),
    changing: consumed,
    hidden: [...hidden].map(([label, { name, version }]) => [label, name, version]),
  });
}

/** What it bound and unbound counts however it ended, as in Python. */
export function finishPlaceless(turn: Turn, evaluating: Evaluating, event: Finished): void {
  const { placeless, step, generation, hidden, consumed, stale } = evaluating;
  const { bound } = turn.state;
  turn.update({ kernel: { phase: 'idle', generation } });
  const layer = layerOf(turn.state, placeless.client);
  const changes = event.observed.changes.filter(({ name, through }) => through === undefined || !layer.has(name));
  const seen = [
    ...changes.map(({ name }) => hidden.get(name) ?? { name, version: bound.get(name) ?? unbound }),
    ...heldByCells(turn.state, event.aside ?? []).map(([name, version]) => ({ name, version })),
  ];
  const { writes: states = [], consumes = [] } = event.observed.implicit ?? {};
  consume(turn, [...seen, ...consumes.map((name) => ({ name, version: bound.get(name) ?? unbound }))], step);
  const defined = definedIn(placeless, event);
  const { deleted } = event;
  turn.update({ bound: boundAfter(bound, { step, written: [...defined, ...states], kept: new Map(), gone: deleted }) });
  keepInLayer(turn, evaluating, defined, deleted);
  unsettle(turn, [...defined, ...deleted, ...states]);
  noteStatesSetBeside(turn, step, event.statesSet ?? []);
  const outcome = event.outcome === 'exited' ? 'stopped' : event.outcome;
  const changed = [...new Set([...consumed, ...seen.map(({ name }) => name)])];
  turn.emit({ type: 'placeless-finished', placeless, step, outcome, stale, defined, deleted, changed });
}

/** A name that is bound to what it was bound to before is defined where the text says so for certain, as `import os` does. */
function definedIn({ facts }: Placeless, { outcome, written, untouched = [], observed }: Finished): readonly Name[] {
  const isSure = (name: Name) => outcome === 'ok' && facts.defs.get(name)?.isConditional === false;
  return [...written.filter((name) => !untouched.includes(name) || isSure(name)), ...observed.writes];
}

/** The kernel that ran it is gone or going. */
export function abandonPlaceless(turn: Turn, { placeless, step, stale, consumed: changed }: Evaluating): void {
  turn.emit({
    type: 'placeless-finished',
    placeless,
    step,
    outcome: 'interrupted',
    stale,
    defined: [],
    deleted: [],
    changed,
  });
}

export function cancelPlaceless(turn: Turn, id: number): void {
  const { kernel } = turn.state;
  if (kernel.phase === 'evaluating' && kernel.placeless.id === id) turn.emit({ type: 'interrupt', step: kernel.step, asked: {} });
  cancelWaiting(turn, (placeless) => placeless.id === id);
}

export function cancelWaiting(turn: Turn, isMeant: (placeless: Placeless) => boolean): void {
  const { placeless } = turn.state;
  turn.update({ placeless: placeless.filter((one) => !isMeant(one)) });
  for (const one of placeless.filter(isMeant)) turn.emit(cancelled(one));
}

/** What of the client's waits never begins; what runs goes on, for nobody. */
export function dropLayer(turn: Turn, client: ClientId): void {
  const { kernel } = turn.state;
  cancelWaiting(turn, (placeless) => placeless.client === client);
  if (kernel.phase === 'evaluating' && kernel.placeless.client === client) turn.update({ kernel: { ...kernel, isOrphan: true } });
  forgetLayer(turn, client);
}

function cancelled(placeless: Placeless): PlacelessFinished {
  const nothing = { stale: [], defined: [], deleted: [], changed: [] };
  return { type: 'placeless-finished', placeless, step: undefined, outcome: 'cancelled', ...nothing };
}
