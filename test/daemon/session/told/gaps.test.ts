import fc from 'fast-check';
import { expect, it } from 'vitest';
import { eventsKeptCharactersMax, eventsKeptTextMax, streamBacklogCharactersMax } from '../../../../daemon/limits.ts';
import { EventLog } from '../../../../daemon/session/told/event-log.ts';
import { gapOf } from '../../../../daemon/session/told/gaps.ts';
import type { News } from '../../../../daemon/session/told/told.ts';
import { applyChange, changeCell } from '../../../../protocol/changes.ts';
import { cellStreamCharactersMax, streamCharactersMax } from '../../../../protocol/limits.ts';
import { defaultOptions } from '../../../../protocol/running-options.ts';
import type { CellView, NotebookView, SessionEvent } from '../../../../protocol/types.ts';
import { howMany } from '../../../support/histories.ts';

const cell: CellView = {
  id: 'a',
  kind: 'code',
  code: '',
  defs: [],
  refs: [],
  locals: [],
  parents: [],
  children: [],
  status: 'running',
  manual: false,
  outputs: [],
};
const empty = (): NotebookView => ({
  session: 's',
  incarnation: 'i',
  seq: 0,
  path: '/n.py',
  options: defaultOptions,
  version: 0,
  layout: [],
  cells: {},
  problems: [],
  kernel: { phase: 'none', generation: 0 },
  runs: [],
  placeless: [],
});

/** What a session tells of one cell. */
class Teller {
  readonly events = new EventLog();
  cell = cell;

  tell(news: News): void {
    const event = { ...news, session: 's', seq: this.events.seq + 1 } as SessionEvent;
    const before = this.cell;
    this.cell = changeCell(before, event);
    this.events.push(event, gapOf(event, before, this.cell));
  }
}

function told(): Teller {
  const one = new Teller();
  one.tell({ type: 'text', version: 1, removed: [], cells: [cell] });
  one.tell({ type: 'step.started', run: 1, step: 1, cell: 'a', startedAt: 0 });
  return one;
}
const added = (stream: 'stdout' | 'stderr', text: string) =>
  ({ type: 'output.added', cell: 'a', step: 1, output: { type: 'stream', stream, text, elided: 0 } }) as const;
const appended = (index: number, text: string) => ({ type: 'output.appended', cell: 'a', step: 1, index, text }) as const;
const shown = (text: string) =>
  ({ type: 'display', bundle: { 'text/plain': text, 'image/png': { blob: 'b', size: 1 } } }) as const;
const displayed = (text: string): News => ({ type: 'output.added', cell: 'a', step: 1, output: shown(text) });
const updated = (text: string): News => ({ type: 'output.updated', cell: 'a', step: 1, index: 0, output: shown(text) });
const failed = (text: string): News => {
  const error = { name: 'ValueError', message: '', frames: [], text };
  return { type: 'step.finished', run: 1, step: 1, cell: 'a', outcome: 'raised', durationMs: 1, error };
};
const events = (one: Teller, seq = 0) => one.events.since(seq) ?? [];
const folded = (all: readonly SessionEvent[]) => all.reduce(applyChange, empty());

it('leaves out what a view does not show, and says where it is missing; control events stay', () => {
  const one = told();
  const piece = 'x'.repeat(streamCharactersMax);
  const pieces = (3 * streamBacklogCharactersMax) / streamCharactersMax;
  one.tell(added('stdout', piece));
  for (let at = 0; at < pieces; at += 1) {
    one.tell(appended(0, piece));
    if (at === 10) one.tell({ type: 'step.interrupt', cell: 'a', step: 1, level: 'soft', state: 'sent' });
  }
  const gaps = events(one).filter((event) => event.type === 'output.gap');
  expect(gaps.map(({ first, from, seq, to }) => ({ first, from, seq, to }))).toEqual([
    { first: 4, from: streamCharactersMax, seq: 14, to: 12 * streamCharactersMax },
    { first: 16, from: 12 * streamCharactersMax, seq: 4 + 32, to: 33 * streamCharactersMax },
  ]);
  expect(
    events(one)
      .map(({ type }) => type)
      .slice(0, 6),
  ).toEqual(['text', 'step.started', 'output.added', 'output.gap', 'step.interrupt', 'output.gap']);
  const text = events(one).reduce((sum, event) => sum + (event.type === 'output.appended' ? event.text.length : 0), 0);
  expect(text).toBe(streamBacklogCharactersMax);
  // Who comes back in the midst of a gap gets all of it.
  expect(events(one, 8)[0]).toMatchObject({ type: 'output.gap', first: 4, seq: 14 });
  expect(one.events.after(8)?.seq).toBe(14);
});

it.each([
  ['displays', displayed],
  ['updates of a display', updated],
  ['errors', failed],
])('keeps no more %s than their text has room', (_, news) => {
  const one = told();
  const text = 'x'.repeat(eventsKeptCharactersMax / 10);
  one.tell(displayed(''));
  for (let at = 0; at < 25; at += 1) one.tell(news(text));
  const { seq } = one.events;
  expect([one.events.after(seq - 11), one.events.after(seq - 10)?.seq]).toEqual([undefined, seq - 9]);
});

it('keeps no more printed text than has room, whatever displays there are beside it', () => {
  const log = new EventLog();
  const text = 'x'.repeat(eventsKeptTextMax / 10);
  for (let seq = 1; seq <= 50; seq += 2) {
    log.push({ type: 'output.unattributed', session: 's', seq, stream: 'stdout', text });
    log.push({ ...displayed(text), session: 's', seq: seq + 1 } as SessionEvent);
  }
  // Ten texts, the displays between them, and one before.
  expect([log.after(log.seq - 22), log.after(log.seq - 21)?.seq]).toEqual([undefined, log.seq - 20]);
});

it('keeps 4096 events for who comes back, and no more (P38)', () => {
  const one = new Teller();
  for (let seq = 1; seq <= 4097; seq += 1) one.tell({ type: 'notice', message: `trouble ${seq}` });
  expect(one.events.since(1)).toHaveLength(4096);
  expect(one.events.since(0)).toBeUndefined();
});

it('counts what no cell printed and is left out (P39)', () => {
  const one = told();
  const piece = 'x'.repeat(streamCharactersMax);
  for (let at = 0; at < 20; at += 1) one.tell({ type: 'output.unattributed', stream: 'stderr', text: piece });
  expect(events(one, 2)).toHaveLength(17);
  expect(events(one, 2)[0]).toMatchObject({ first: 3, seq: 6, text: '', elided: 4 * streamCharactersMax });
});

it('gives the same view with gaps and without, from any event on (P40)', () => {
  const half = streamCharactersMax / 2;
  const news = fc.oneof(
    { weight: 1, arbitrary: fc.constant({ isCleared: true } as const) },
    { weight: 2, arbitrary: fc.constantFrom('stdout', 'stderr').map((stream) => ({ stream, text: 'n'.repeat(half) }) as const) },
    {
      weight: 40,
      arbitrary: fc.record({ back: fc.integer({ min: 0, max: 60 }), length: fc.constantFrom(3, 100, half, half + 9) }),
    },
  );
  fc.assert(
    fc.property(fc.array(news, { minLength: 60, maxLength: 120 }), fc.nat(), (all, cut) => {
      const one = told();
      const whole: SessionEvent[] = [...events(one)];
      const lengths: number[] = [];
      for (const next of all) {
        const index = lengths.length - 1;
        if ('isCleared' in next) {
          one.tell({ type: 'output.cleared', cell: 'a', step: 1 });
          lengths.length = 0;
        } else if ('stream' in next) {
          one.tell(added(next.stream, next.text));
          lengths.push(next.text.length);
        } else if (index >= 0) {
          const length = lengths[index] as number;
          const from = Math.max(0, length - next.back);
          one.tell({ ...appended(index, 'x'.repeat(next.length)), ...(next.back > 0 && { from }) });
          lengths[index] = from + next.length;
        }
        whole.push(...events(one, whole.length).slice(-1));
      }
      const view = folded(whole);
      expect(view.cells['a']).toEqual(one.cell);
      const early = whole.slice(0, cut % whole.length);
      const late = early.reduce(applyChange, empty());
      const since = events(one, late.seq);
      expect(since.reduce(applyChange, late)).toEqual(view);
      const shown = view.cells['a']?.outputs ?? [];
      expect(shown.map((output) => (output.type === 'stream' ? output.text.length + output.elided : 0))).toEqual(lengths);
      const total = shown.reduce((sum, output) => sum + (output.type === 'stream' ? output.text.length : 0), 0);
      expect(total).toBeLessThanOrEqual(cellStreamCharactersMax);
    }),
    { numRuns: howMany(60) },
  );
});
