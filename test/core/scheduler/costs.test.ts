/** What a step and a keystroke cost is counted, not timed: the same in a small notebook and in one of fifty times its size. */
import { describe, expect, it } from 'vitest';
import { noFacts } from '../../../daemon/core/analysis/facts.ts';
import type { GraphCell } from '../../../daemon/core/graph/graph.ts';
import { nothingObserved } from '../../../daemon/core/graph/observed.ts';
import { noOptions } from '../../../daemon/core/notebook/notebook.ts';
import type { Effect, Evaluate } from '../../../daemon/core/scheduler/effects.ts';
import type { Event } from '../../../daemon/core/scheduler/events.ts';
import { initialState, type State } from '../../../daemon/core/scheduler/state.ts';
import { step } from '../../../daemon/core/scheduler/step.ts';
import { defaultOptions } from '../../../protocol/running-options.ts';
import { countLooks } from '../../support/looks.ts';

const [small, large] = [100, 5_000];

const drawing = { reads: ['<state of random>'], writes: ['<state of random>'], consumes: [] };

/** What a cell defines, what it reads, and whether it draws from a state that all share. */
type Text = readonly [def: string, reads: readonly string[], draws?: 'draws'];

const shapes: Readonly<Record<string, (at: number) => Text>> = {
  'a chain': (at) => [`x${at}`, at > 0 ? [`x${at - 1}`] : []],
  'a fan': (at) => [`x${at}`, at > 0 ? ['x0'] : []],
  'a row that defines one name anew in each cell': (at) => ['x', at > 0 ? ['x'] : []],
  'cells that know nothing of each other': (at) => [`x${at}`, []],
  'cells that draw from one generator': (at) => [`x${at}`, [], 'draws'],
};

describe.each(Object.entries(shapes))('in %s', (_, shape) => {
  const ran = [small, large].map((size) => ({ size, notebook: Notebook.of(size, shape).runAll() }));

  it('a step looks at as much, and binds as many names anew, in 5,000 cells as in 100', () => {
    const [few, many] = ran.map(({ size, notebook }) => {
      const running = notebook
        .copy()
        .take(runOf('all'))
        .finishTo(size >> 1);
      return running.costOf(running.finished());
    });
    expect(many).toEqual(few);
  });

  it('a keystroke in the last cell does, whether it changes a value or what the cell reads', () => {
    const [few, many] = ran.map(({ size, notebook }) => {
      const [def, reads] = shape(size - 1);
      const [other] = shape(size - 3);
      return [reads, [...reads, other], [other]].map((now) => notebook.costOf(typed(size - 1, [def, now], 'typed')));
    });
    expect(many).toEqual(few);
  });

  it('a run of the last cell alone does', () => {
    const [few, many] = ran.map(({ size, notebook }) => notebook.costOf(runOf('reactive', size - 1)));
    expect(many).toEqual(few);
  });
});

it('a draw that is seen for the first time costs as much, and concerns nobody above', () => {
  const shape = (at: number): Text => [`x${at}`, []];
  const [few, many] = [100, 1_000].map((size) => {
    const notebook = Notebook.of(size, shape).take(runOf('all')).take({ type: 'kernel-started', generation: 1 });
    const end = () => ({ ...notebook.finished(), observed: { ...nothingObserved, implicit: drawing } });
    for (let at = 0; at < size >> 1; at++) notebook.take(end());
    return notebook.costOf(end());
  });
  expect(many?.looks).toBeLessThan(2 * (few?.looks ?? 0));
});

/** Its kernel ends each step well, when it is told to. */
class Notebook {
  #state: State = initialState('percent', defaultOptions);
  #job: Evaluate | undefined;

  static of(size: number, shape: (at: number) => Text): Notebook {
    const cells = Array.from({ length: size }, (_, at) => cellOf(at, shape(at), `t${at}`));
    return new Notebook().take({ type: 'edited', cells, removed: [], order: cells.map(({ id }) => id) });
  }

  /** What happens to it does not happen to this one. */
  copy(): Notebook {
    const other = new Notebook();
    other.#state = this.#state;
    return other;
  }

  take(event: Event): this {
    const { state, effects } = step(this.#state, event);
    this.#state = state;
    this.#job = effects.find(isEvaluate) ?? this.#job;
    return this;
  }

  runAll(): this {
    return this.take(runOf('all')).take({ type: 'kernel-started', generation: 1 }).finishTo(undefined);
  }

  /** Ends steps until that of this cell is under way, or until there are none. */
  finishTo(cell: number | undefined): this {
    while (this.#state.kernel.phase === 'busy' && this.#state.kernel.cell !== idOf(cell)) this.take(this.finished());
    return this;
  }

  /** The end of the step that is under way. */
  finished(): Extract<Event, { type: 'finished' }> {
    if (!this.#job) throw new Error('no step is under way');
    const { step: number, writes } = this.#job;
    const end = { generation: 1, outcome: 'ok', isPlain: true, written: writes, deleted: [], observed: nothingObserved } as const;
    return { type: 'finished', step: number, ...end };
  }

  /** Of one event, on the notebook as it stands. */
  costOf(event: Event): { readonly looks: number; readonly rebound: number } {
    const { looks, result } = countLooks(() => step(this.#state, event));
    const rebound = result.effects.filter(isEvaluate).flatMap(({ bind, unbind }) => [...bind, ...unbind]);
    return { looks, rebound: rebound.length };
  }
}

function isEvaluate(effect: Effect): effect is Evaluate {
  return effect.type === 'evaluate';
}

function runOf(mode: 'all' | 'reactive', ...roots: number[]): Event {
  return { type: 'run-requested', mode, roots: roots.map(idOf), parameters: undefined, stopAtFailure: false };
}

function typed(at: number, text: Text, tokens: string): Event {
  return { type: 'edited', cells: [cellOf(at, text, tokens)], removed: [], order: undefined };
}

function idOf(at: number | undefined): string {
  return `c${at}`;
}

function cellOf(at: number, [name, reads, draws]: Text, tokens: string): GraphCell {
  const spans = [{ start: 0, end: 0 }] as const;
  const def = { kind: 'variable', spans, imported: undefined, isConditional: false, isLate: false } as const;
  const refs = new Map(reads.map((read) => [read, { isDeferred: false, isCertain: true, spans }]));
  const facts = { ...noFacts, tokens, defs: new Map([[name, def]]), refs };
  const kept = {
    name: undefined,
    options: noOptions,
    observed: draws ? { ...nothingObserved, implicit: drawing } : nothingObserved,
  };
  return { id: idOf(at), kind: 'code', code: tokens, facts, ...kept };
}
