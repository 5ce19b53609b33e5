import { expect, it } from 'vitest';
import { streamBacklogCharactersMax } from '../../../../daemon/limits.ts';
import { Told } from '../../../../daemon/session/told/told.ts';
import { changePlaceless, isOfPlaceless } from '../../../../protocol/fold-placeless.ts';
import { placelessKeptMax, placelessStreamCharactersMax } from '../../../../protocol/limits.ts';
import type { OutputChange, PlacelessView, SessionEvent } from '../../../../protocol/types.ts';
import { howMany } from '../../../support/histories.ts';
import { pick, type Roll, random } from '../../../support/random.ts';

const names = { stale: [], defined: [], deleted: [], changed: [] };

function start(told: Told, step: number): void {
  told.publish({ type: 'placeless.started', step, client: 'test', code: '1', startedAt: 0 });
}

function folded(events: readonly SessionEvent[], from: readonly PlacelessView[] = []): readonly PlacelessView[] {
  return events.filter(isOfPlaceless).reduce(changePlaceless, from);
}

it('leaves out what the view does not show, and says where it is missing (P39, P61)', () => {
  const told = new Told('s', () => undefined);
  const text = 'x'.repeat(placelessStreamCharactersMax);
  start(told, 1);
  told.publish({ type: 'placeless.output', step: 1, change: added(text) });
  const pieces = (2 * streamBacklogCharactersMax) / text.length;
  for (let at = 0; at < pieces; at += 1) told.publish({ type: 'placeless.output', step: 1, change: appended(0, text) });
  const events = told.events.since(0) ?? [];
  expect(events.filter((event) => event.type === 'placeless.output' && event.first !== undefined)).toEqual([
    {
      session: 's',
      seq: 2 + pieces / 2,
      first: 3,
      type: 'placeless.output',
      step: 1,
      change: { type: 'output.gap', index: 0, from: text.length, to: (1 + pieces / 2) * text.length },
    },
  ]);
  expect(folded(events)).toEqual(told.placeless);
  expect(told.placeless[0]?.outputs).toEqual([{ type: 'stream', stream: 'stdout', text, elided: pieces * text.length }]);
});

it('folds to the same view from wherever one begins, and drops the oldest step (P21, P61)', () => {
  for (let seed = 0; seed < howMany(100); seed++) {
    const roll = random(seed);
    const told = new Told('s', () => undefined);
    const seen: (readonly [number, readonly PlacelessView[]])[] = [];
    for (let step = 1; step <= placelessKeptMax + 5; step++) {
      start(told, step);
      for (let at = roll(6); at > 0; at--)
        told.publish({ type: 'placeless.output', step: step - roll(2), change: someChange(roll) });
      seen.push([told.events.seq, told.placeless]);
      if (roll(3)) told.publish({ type: 'placeless.finished', step, outcome: 'ok', durationMs: 1, names });
    }
    expect(told.placeless.map(({ step }) => step)).toEqual(Array.from({ length: placelessKeptMax }, (_, at) => at + 6));
    for (const [seq, view] of seen) expect(folded(told.events.since(seq) ?? [], view), `seed ${seed}`).toEqual(told.placeless);
  }
});

function someChange(roll: Roll): OutputChange {
  const text = 'x'.repeat(pick(roll, [1, 10, placelessStreamCharactersMax]));
  return pick(roll, [
    added(text),
    appended(roll(3), text),
    { ...appended(0, text), from: roll(5) },
    { type: 'output.updated', index: 0, output: { type: 'display', bundle: { 'text/plain': text } } },
    { type: 'output.cleared' },
  ] as const);
}

function added(text: string): OutputChange {
  return { type: 'output.added', output: { type: 'stream', stream: 'stdout', text, elided: 0 } };
}

function appended(index: number, text: string): Extract<OutputChange, { type: 'output.appended' }> {
  return { type: 'output.appended', index, text };
}
