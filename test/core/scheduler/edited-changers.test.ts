/** A cell was seen to do what its text does not say, and is edited: until the new text has run, it may do the same. */
import { describe, expect, it } from 'vitest';
import { Bench } from './bench.ts';

const kinds = [
  ['changes an object', ['a = #1', 'a ~ #2', 'b = a #3'], 'a ~ #4'],
  ['changes it through a function', ['a = #1\nfn f = a #2', 'poke f #3', 'b = call f #4'], 'poke f #5'],
] as const;
const ofScripts = [
  ['changes it under another name', ['a = #1\nb is a #2', 'a ! #3', 'c = b #4'], 'a ! #5'],
  ['binds a name', ['a = #1', 'exec a #2', 'b = a #3'], 'exec a #4'],
] as const;

describe.each([
  ...kinds.flatMap((kind) => [['percent', ...kind] as const, ['marimo', ...kind] as const]),
  ...ofScripts.map((kind) => ['percent', ...kind] as const),
])('in %s format, a cell that %s (A42)', (format, _, cells, code) => {
  const fresh = (texts: readonly string[]) => new Bench(texts, format).run('all').run('stale');
  const lastOf = (bench: Bench) => bench.valueOf(2, cells[2].charAt(0));

  it('runs before a reader of it that is asked for', () => {
    const bench = fresh(cells).edit(1, code);
    expect(bench.statuses).toBe('fresh stale stale');
    expect(bench.plan('upstream', 2)).toMatch(/1 stale ancestor, 2 asked for$/);
    expect(bench.run('upstream', 2).statuses).toBe('fresh fresh fresh');
    expect(lastOf(bench)).toBe(lastOf(fresh([cells[0], code, cells[2]])));
  });

  it('leaves its readers out of date when it is edited again', () => {
    const bench = fresh(cells).edit(1, 'e = #8').run('stale').edit(1, code).run('only', 1);
    expect(bench.statuses).toBe('fresh fresh stale');
    expect(bench.edit(1, 'e = #9').statuses).toBe('fresh stale stale');
    expect(bench.edit(1, 'e = #8').statuses).toBe('fresh stale stale');
  });

  it('is a changer no more once the new text has run and does it no more', () => {
    const bench = fresh(cells).edit(1, 'e = #9').run('only', 1);
    expect(bench.plan('upstream', 2)).not.toContain('1 stale ancestor');
    expect(bench.run('upstream', 2).statuses).toMatch(/fresh fresh$/);
    expect(bench.edit(1, 'e = #8').statuses).toMatch(/stale fresh$/);
  });

  it('is a changer again once a text is back that did it, whatever has run since', () => {
    const bench = fresh(cells);
    for (const other of ['e = #8', 'g = #9'])
      expect(bench.edit(1, other).run('stale').run('stale').statuses).toBe('fresh fresh fresh');
    expect(bench.edit(1, cells[1]).statuses).toBe('fresh stale stale');
    expect(bench.run('stale').statuses).toBe('fresh fresh fresh');
    expect(lastOf(bench)).toBe(lastOf(fresh(cells)));
    expect(bench.edit(1, 'e = #8').statuses).toBe('fresh stale stale');
    expect(bench.run('stale').edit(1, 'g = #10').statuses).toBe('fresh stale fresh');
  });

  // In marimo's format the reader is given what a failed cell leaves, as in a fresh run.
  it('may still do it when the new text has failed', () => {
    const bench = fresh(cells).edit(1, 'e = missing #9').run('only', 1);
    expect(bench.statuses).toMatch(/failed stale$/);
    const after = format === 'percent' ? /failed skipped$/ : /failed fresh$/;
    expect(bench.run('upstream', 2).statuses).toMatch(after);
  });

  it('does nothing without code', () => {
    const bench = fresh(cells).blank(1);
    expect(bench.plan('upstream', 2)).not.toContain('1 ');
    expect(bench.run('upstream', 2).statuses).toMatch(/fresh fresh$/);
  });
});

it.each([
  ['is disabled', (bench: Bench) => bench.option(1, { disabled: true })],
  ['needs a cell that is', (bench: Bench) => bench.option(0, { disabled: true })],
])("leaves the object as it was in marimo's format when the changer %s", (_, disable) => {
  const cells = ['e = #1', 'a ~ e #2', 'a = #3', 'b = a #4'];
  const bench = disable(new Bench(cells, 'marimo').run('all').run('stale'));
  expect(bench.statuses).toMatch(/fresh stale$/);
  expect(bench.run('stale').statuses).toMatch(/fresh fresh$/);
  expect(bench.valueOf(3, 'b')).toBe(new Bench(['a = #3', 'b = a #4'], 'marimo').run('all').valueOf(1, 'b'));
});
