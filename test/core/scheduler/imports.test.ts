// Cells that do nothing but import give each name for itself. `import a #1` binds `a` to the module 1.
import { describe, expect, it } from 'vitest';
import { Bench } from './bench.ts';

describe.each(['percent', 'marimo'] as const)('in a %s notebook', (format) => {
  const settled = (...cells: string[]): Bench => {
    const bench = new Bench(cells, format).run('all');
    bench.news;
    return bench;
  };

  it('another import concerns only who uses it, before the cell has run and after (P64)', () => {
    const bench = settled('import a #1', 'b = a #2', 'c = d #3', 'import d #4');
    expect(bench.edit(0, 'import a #1\nimport e #5').statuses).toBe('stale fresh fresh fresh');
    expect(bench.plan('reactive', 0)).toBe('0 asked for');
    expect(bench.run('reactive', 0).news).toBe('0 ok, run 2 ok');
    expect(bench.statuses).toBe('fresh fresh fresh fresh');
  });

  it('another module under the name concerns who uses it (P64)', () => {
    const bench = settled('import a #1\nimport d #2', 'b = a #3', 'c = d #4');
    expect(bench.edit(0, 'import a #9\nimport d #2').statuses).toBe('stale stale fresh');
    expect(bench.run('reactive', 0).news).toBe('0 ok, 1 ok, run 2 ok');
  });

  it('so does an edit of a cell that is stale already (P64)', () => {
    const bench = settled('import a #1', 'b = a #3').edit(0, 'import a #1\nimport d #2');
    expect(bench.edit(0, 'import a #9\nimport d #2').statuses).toBe('stale stale');
    expect(bench.edit(0, 'import a #1\nimport e #2').statuses).toBe('stale fresh');
    expect(bench.edit(0, 'import e #2').statuses).toBe('stale stale');
  });

  it('who is out of date runs, too, where it follows (P64)', () => {
    const bench = settled('import a #1', 'b = a #3').edit(1, 'b = a #4');
    expect(bench.plan('reactive', 0)).toBe('0 asked for, 1 descendant');
  });

  it('a cell that also does something else gives all of its names anew (P64)', () => {
    const bench = settled('import a #1', 'b = a #3').edit(0, 'import a #1\nd = #2');
    expect(bench.statuses).toBe('stale stale');
    bench.run('all').edit(0, 'import a #1\nd = #4');
    expect(bench.statuses).toBe('stale stale');
  });

  it('who uses an unchanged import runs without the cell (P64)', () => {
    const bench = settled('import a #1', 'b = a #3', 'c = d #4').edit(0, 'import a #1\nimport d #2');
    expect(bench.plan('reactive', 1)).toBe('1 asked for');
    expect(bench.plan('reactive', 2)).toBe('0 stale ancestor, 2 asked for');
    expect(bench.run('reactive', 1).news).toBe('1 ok, run 2 ok');
    expect(bench.statuses).toBe('stale fresh stale');
  });

  it('does not count after a failure, or with another kernel (P64)', () => {
    const bench = settled('import a #1', 'b = a #3').edit(0, 'import a #1\nimport d #2');
    bench.take({ type: 'kernel-died', generation: 1 });
    expect(bench.statuses).toBe('stale stale');
    expect(bench.run('reactive', 1).statuses).toBe('fresh fresh');
  });
});

it('a module that a cell has changed in place counts as another (P64)', () => {
  const bench = new Bench(['import a #1', 'a ! #2', 'b = a #3']).run('all');
  bench.news;
  expect(bench.run('reactive', 1).news).toBe('0 ok, 1 ok, 2 ok, run 2 ok');
});
