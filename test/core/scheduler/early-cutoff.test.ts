// A step that gives a name an equal value again spares those who read it. `~1` and `~4` give the same value, `~2` another.
import { describe, expect, it } from 'vitest';
import { Bench } from './bench.ts';

// 0 → 1 → 2; `a` has one of two plain values.
const cells = ['a = ~1', 'b = a #2', 'c = b #3'];

function settled(lines: readonly string[] = cells, format: 'percent' | 'marimo' = 'percent'): Bench {
  const bench = new Bench(lines, format).earlyCutoff().run('all');
  bench.news;
  return bench;
}

describe.each(['percent', 'marimo'] as const)('in a %s notebook', (format) => {
  it('what follows from an equal value stays fresh, and is passed over where it was planned', () => {
    const bench = settled(cells, format).edit(0, 'a = ~4');
    expect(bench.statuses).toBe('stale stale stale');
    expect(bench.run('reactive', 0).news).toBe('0 ok, 1 cached, 2 cached, run 2 ok');
    expect(bench.statuses).toBe('fresh fresh fresh');
  });

  it('what follows from another value runs', () => {
    const bench = settled(cells, format).edit(0, 'a = ~2');
    expect(bench.run('reactive', 0).news).toBe('0 ok, 1 ok, 2 ok, run 2 ok');
  });

  it('what follows from an object that can change runs', () => {
    const bench = settled(['a = #1', 'b = a #2'], format);
    expect(bench.run('reactive', 0).news).toBe('0 ok, 1 ok, run 2 ok');
  });

  it('what follows is fresh again without a run of its own where the notebook is lazy', () => {
    const bench = settled(cells, format).lazy().edit(0, 'a = ~4').run('reactive', 0);
    expect(bench.statuses).toBe('fresh fresh fresh');
  });
});

it('is off unless asked for', () => {
  const bench = new Bench(cells).run('all').edit(0, 'a = ~4');
  bench.news;
  expect(bench.run('reactive', 0).news).toBe('0 ok, 1 ok, 2 ok, run 2 ok');
});

it('spares by name: who reads the other name of the cell runs', () => {
  const bench = settled(['a = ~1\nb = #2', 'c = a #3', 'd = b #4']).edit(0, 'a = ~4\nb = #2');
  expect(bench.run('reactive', 0).news).toBe('0 ok, 1 cached, 2 ok, run 2 ok');
});

it('goes on over several runs of the cell', () => {
  const bench = settled();
  for (const code of ['a = ~4', 'a = ~1', 'a = ~4']) bench.edit(0, code).run('reactive', 0);
  expect(bench.news).not.toContain('1 ok');
  expect(bench.edit(0, 'a = ~2').run('reactive', 0).news).toBe('0 ok, 1 ok, 2 ok, run 5 ok');
});

it('spares what changes a number in place, too, when its definition has to run again', () => {
  const bench = settled(['a = ~1', 'a ! #2', 'c = a #3', 'd = a #4']);
  expect(bench.run('reactive', 1).news).toBe('0 ok, 1 ok, 2 cached, 3 cached, run 2 ok');
  expect(bench.edit(0, 'a = ~4').run('reactive', 0).news).toBe('0 ok, 1 cached, 2 cached, 3 cached, run 3 ok');
  expect(bench.edit(0, 'a = ~2').run('reactive', 0).news).toContain('0 ok, 1 ok');
  expect(bench.statuses).toBe('fresh fresh fresh fresh');
});

it('spares nobody who reads what was changed in place', () => {
  const bench = settled(['a = #1', 'a ! #2', 'c = a #3']);
  expect(bench.run('reactive', 1).news).toBe('0 ok, 1 ok, 2 ok, run 2 ok');
});

it('forgets with the kernel', () => {
  const bench = settled();
  bench.take({ type: 'kernel-died', generation: 1 });
  expect(bench.run('all').news).toBe('0 ok, 1 ok, 2 ok, run 2 ok');
});

it('compares with nothing after a failure', () => {
  const bench = settled().edit(0, 'a = z ~1').run('reactive', 0);
  bench.news;
  expect(bench.edit(0, 'a = ~1').run('reactive', 0).news).toBe('0 ok, 1 ok, 2 ok, run 3 ok');
});
