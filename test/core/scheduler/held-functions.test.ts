// Functions that values hold which a cell in between has made: seen when it ran.
import { describe, expect, it } from 'vitest';
import { nothingObserved } from '../../../daemon/core/graph/observed.ts';
import type { Evaluate } from '../../../daemon/core/scheduler/effects.ts';
import { step } from '../../../daemon/core/scheduler/step.ts';
import { Bench } from './bench.ts';

/** The third cell puts the function into a value, which the last one reads. */
const cells = ['a = #1', 'fn f = a #2', 'g = f #3', 'a = #4', 'b = g #5'];

const ran = () => new Bench(cells).hold().run('all').finish().finish().finish(['a']).release();

describe('a cell that reads a value with functions in it', () => {
  it('reads what they read, as soon as that is seen', () => {
    const bench = ran();
    expect([bench.readFrom(4), bench.statuses]).toEqual(['g of 2; a of 3', 'fresh fresh fresh fresh fresh']);
    expect(bench.edit(3, 'a = #6').statuses).toBe('fresh fresh fresh stale stale');
  });

  it('does so until the text changes that made the value, and again when that is undone', () => {
    const bench = ran().edit(2, 'g = f #6');
    expect(bench.readFrom(4)).toBe('g of 2');
    bench.edit(2, 'g = f #3');
    expect([bench.readFrom(4), bench.statuses]).toEqual(['g of 2; a of 3', 'fresh fresh fresh fresh fresh']);
  });
});

it('functions are looked for in what a cell makes that is given some, or such a value', () => {
  const looked: string[] = [];
  const note = ({ cell, knownReads }: Evaluate) => looked.push(`${cell.id}: ${knownReads?.join(' ') ?? 'no'}`);
  let { state } = ran();
  for (const id of cells.keys()) {
    const asked = { type: 'run-requested', mode: 'only', roots: [`${id}`], parameters: undefined, stopAtFailure: false } as const;
    const next = step(state, asked);
    for (const effect of next.effects) if (effect.type === 'evaluate') note(effect);
    const { kernel } = next.state;
    if (kernel.phase !== 'busy') throw new Error('It does not run.');
    const end = {
      type: 'finished',
      generation: kernel.generation,
      step: kernel.step,
      outcome: 'ok',
      deleted: [],
      observed: nothingObserved,
    } as const;
    const written = [...(next.state.graph.cells.get(`${id}`)?.facts.defs.keys() ?? [])];
    state = step(next.state, { ...end, written }).state;
  }
  expect(looked).toEqual(['0: no', '1: no', '2: a', '3: no', '4: ']);
});
