/** Layers: what the placeless steps of each client have defined and deleted, as long as the client is there. */
import type { Facts, Name } from '../../analysis/facts.ts';
import { PersistentMap } from '../../collections/persistent-map.ts';
import { type ClientId, type Evaluating, type Layer, type State, type StepNumber, unbound } from '../state.ts';
import type { Turn } from '../turn.ts';

const nothing: Layer = PersistentMap.empty();

export function layerOf({ layers }: State, client: ClientId): Layer {
  return layers.get(client) ?? nothing;
}

/** Names that the text binds or deletes when it runs. What only functions bind is found when they are called. */
export function definedBy({ defs, deleted }: Facts): ReadonlySet<Name> {
  return new Set([...[...defs].filter(([, { isLate }]) => !isLate).map(([name]) => name), ...deleted]);
}

/**
 * What the step has made of names is its client's. `del x` of a name of the client's own shows that of the notebook again; of a name of
 * the notebook, it hides that.
 */
export function keepInLayer(turn: Turn, evaluating: Evaluating, defined: readonly Name[], deleted: readonly Name[]): void {
  const { placeless, step, isOrphan } = evaluating;
  const before = layerOf(turn.state, placeless.client);
  if (isOrphan) return forget(turn, before, before, [step]);
  let after = before;
  for (const name of deleted) {
    const isOwn = (before.get(name)?.version ?? unbound) !== unbound;
    after = isOwn ? after.delete(name) : after.set(name, { version: unbound, reads: new Set() });
  }
  for (const name of defined) after = after.set(name, { version: step, reads: placeless.facts.deferredReads });
  setLayer(turn, placeless.client, after);
  forget(turn, before, after, [step]);
}

export function forgetLayer(turn: Turn, client: ClientId): void {
  const before = layerOf(turn.state, client);
  setLayer(turn, client, nothing);
  forget(turn, before, nothing, []);
}

/** The kernel may drop what is in any layer. */
export function withoutLayers(state: State): State {
  const steps = [...state.layers.values()].flatMap((layer) => [...stepsOf(layer)]);
  return { ...state, layers: PersistentMap.empty(), forgettable: [...state.forgettable, ...steps] };
}

function setLayer(turn: Turn, client: ClientId, layer: Layer): void {
  const { layers } = turn.state;
  turn.update({ layers: layer.size === 0 ? layers.delete(client) : layers.set(client, layer) });
}

/** The kernel may drop the values of these steps, and of those of the layer before, as far as nothing of the layer is theirs. */
function forget(turn: Turn, before: Layer, after: Layer, steps: readonly StepNumber[]): void {
  const kept = stepsOf(after);
  const gone = [...new Set([...stepsOf(before), ...steps])].filter((step) => !kept.has(step));
  if (gone.length > 0) turn.update({ forgettable: [...turn.state.forgettable, ...gone] });
}

function stepsOf(layer: Layer): ReadonlySet<StepNumber> {
  return new Set([...layer.values()].map(({ version }) => version).filter((version) => version !== unbound));
}
