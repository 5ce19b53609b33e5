/** Functions that call each other, each in a cell of its own: what they cost is counted, not timed, beside functions that call nobody. */
import { describe, expect, it } from 'vitest';
import { noFacts } from '../../../daemon/core/analysis/facts.ts';
import type { GraphCell } from '../../../daemon/core/graph/graph.ts';
import { nothingObserved } from '../../../daemon/core/graph/observed.ts';
import { noOptions } from '../../../daemon/core/notebook/notebook.ts';
import type { Event } from '../../../daemon/core/scheduler/events.ts';
import { initialState, type State } from '../../../daemon/core/scheduler/state.ts';
import { step } from '../../../daemon/core/scheduler/step.ts';
import { defaultOptions } from '../../../protocol/running-options.ts';
import { countLooks } from '../../support/looks.ts';
import { random } from '../../support/random.ts';

const [small, large] = [300, 3_000];
/** Of what grows with the notebook: ten times as large, a little more than ten times as much. */
const growthMax = 11;
/** Of functions that call each other, beside functions that call nobody. */
const timesMax = 5;

/** Which function stands at which place, and which it calls. */
type Shape = (size: number) => { readonly order: readonly number[]; readonly calls: (at: number) => number | undefined };

const along = (size: number) => Array.from({ length: size }, (_, at) => at);
const ring = (size: number) => (at: number) => (at + 1) % size;

const shapes: Readonly<Record<string, Shape>> = {
  'a ring': (size) => ({ order: along(size), calls: ring(size) }),
  'a ring that stands the other way round': (size) => ({ order: along(size).reverse(), calls: ring(size) }),
  'a ring that stands anyhow': (size) => ({ order: shuffled(along(size)), calls: ring(size) }),
  'a chain': (size) => ({ order: along(size), calls: (at) => (at > 0 ? at - 1 : undefined) }),
};
const plain: Shape = (size) => ({ order: along(size), calls: () => undefined });

describe.each(Object.entries(shapes))('of %s', (_, shape) => {
  it('opening it costs about what plain functions cost, and grows with their number', () => {
    const [few, many] = [small, large].map((size) => costOfOpening(size, shape)) as [number, number];
    expect(many / few).toBeLessThan(growthMax);
    expect(many / costOfOpening(large, plain)).toBeLessThan(timesMax);
  });

  it('a key in a cell that calls none of them costs about what it costs beside plain functions', () => {
    const [linked, alone] = [shape, plain].map((one) => costOf(opened(large, one), typed(otherCell('y', 'z'))));
    expect((linked as number) / (alone as number)).toBeLessThan(timesMax);
  });

  it.each<[string, (size: number) => Event]>([
    ['a key in one of them', (size) => typed(functionCell(7, shape(size).calls(7), 'k'))],
    ['a key in who calls one, and so depends on all that it reaches', () => typed(callerCell('x', 'f0', 'f1'))],
  ])('%s grows no more than they do', (_, key) => {
    const [few, many] = [small, large].map((size) => costOf(opened(size, shape), key(size))) as [number, number];
    expect(many / few).toBeLessThan(growthMax);
  });
});

function opened(size: number, shape: Shape): State {
  return step(initialState('percent', defaultOptions), opening(size, shape)).state;
}

function costOfOpening(size: number, shape: Shape): number {
  return costOf(initialState('percent', defaultOptions), opening(size, shape));
}

function costOf(state: State, event: Event): number {
  return countLooks(() => step(state, event)).looks;
}

/** The functions, and below them a cell that calls the first, and one that calls none. */
function opening(size: number, shape: Shape): Event {
  const { order, calls } = shape(size);
  const cells = [...order.map((at) => functionCell(at, calls(at))), callerCell('x', 'f0'), otherCell('y')];
  return { type: 'edited', cells, removed: [], order: cells.map(({ id }) => id) };
}

function typed(cell: GraphCell): Event {
  return { type: 'edited', cells: [cell], removed: [], order: undefined };
}

function functionCell(at: number, called: number | undefined, ...others: readonly string[]): GraphCell {
  const reads = [...(called === undefined ? [] : [`f${called}`]), ...others];
  const facts = { deferredReads: new Set(reads), refs: refsTo(reads, true), defs: defOf(`f${at}`, 'function') };
  return cellOf(`c${at}`, facts, `def f${at} ${reads.join()}`);
}

function callerCell(def: string, ...reads: readonly string[]): GraphCell {
  return readingCell('caller', def, reads);
}

function otherCell(def: string, ...reads: readonly string[]): GraphCell {
  return readingCell('other', def, reads);
}

function readingCell(id: string, def: string, reads: readonly string[]): GraphCell {
  return cellOf(id, { refs: refsTo(reads, false), defs: defOf(def, 'variable') }, `${def} ${reads.join()}`);
}

const spans = [{ start: 0, end: 0 }] as const;

function refsTo(names: readonly string[], isDeferred: boolean): GraphCell['facts']['refs'] {
  return new Map(names.map((name) => [name, { isDeferred, isCertain: !isDeferred, spans }]));
}

function defOf(name: string, kind: 'function' | 'variable'): GraphCell['facts']['defs'] {
  return new Map([[name, { kind, spans, imported: undefined, isConditional: false, isLate: false }]]);
}

function cellOf(id: string, facts: Partial<GraphCell['facts']>, tokens: string): GraphCell {
  const kept = { name: undefined, options: noOptions, observed: nothingObserved };
  return { id, kind: 'code', code: tokens, facts: { ...noFacts, ...facts, tokens }, ...kept };
}

function shuffled(order: readonly number[]): readonly number[] {
  const roll = random(17);
  const left = [...order];
  return order.map(() => left.splice(roll(left.length), 1)[0] as number);
}
