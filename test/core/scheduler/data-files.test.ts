import { describe, expect, it } from 'vitest';
import { statusOf } from '../../../daemon/core/scheduler/status.ts';
import { pick, random } from '../../support/random.ts';
import { FileBench, fileCell } from './file-bench.ts';

const lines = ['a = #1', 'b = a #2', 'c = #3', 'd = c #4'];

describe('a data file (P67)', () => {
  it('that changed makes the cells stale that have read it, and what follows, until it is what it was', () => {
    const bench = new FileBench(lines, { 0: { reads: 'm' } }).run('all').change('m', '2');
    expect(bench.statuses).toBe('stale stale fresh fresh');
    expect(statusOf(bench.state, '0').reason).toEqual({ type: 'data-changed', file: 'm' });
    expect(bench.change('m', 'missing').statuses).toBe('fresh fresh fresh fresh');
    expect(bench.change('m', '2').run('reactive', 1).statuses).toBe('fresh fresh fresh fresh');
  });

  it('that a cell writes makes the cells below stale that have read something else', () => {
    const bench = new FileBench(lines, { 0: { writes: ['m', '+'] }, 2: { reads: 'm' } }).run('all');
    expect(bench.statuses).toBe('fresh fresh fresh fresh');
    expect(bench.run('reactive', 0).statuses).toBe('fresh fresh stale stale');
    expect(bench.run('stale').statuses).toBe('fresh fresh fresh fresh');
  });

  it('that is written as it was changes nothing', () => {
    const bench = new FileBench(lines, { 0: { writes: ['m', '1'] }, 2: { reads: 'm' } }).run('all').run('reactive', 0);
    expect(bench.statuses).toBe('fresh fresh fresh fresh');
  });

  it('that a cell below writes leaves those above alone that have read it before', () => {
    const bench = new FileBench(lines, { 0: { reads: 'm' }, 2: { writes: ['m', '+'] } }).run('all');
    expect(bench.statuses).toBe('fresh fresh fresh fresh');
    // A change from outside is another thing.
    expect(bench.change('m', 'x').statuses).toBe('stale stale fresh fresh');
  });

  it('counts as written by the place where its writer stands now', () => {
    const bench = new FileBench(lines, { 0: { reads: 'm' }, 2: { writes: ['m', '+'] } }).run('all');
    expect(bench.move(2, 3, 0, 1).statuses).toBe('fresh fresh stale stale');
    expect(bench.move(0, 1, 2, 3).statuses).toBe('fresh fresh fresh fresh');
    bench.take({ type: 'edited', cells: [], removed: ['2', '3'], order: ['0', '1'] });
    expect(bench.statuses).toBe('stale stale');
  });

  it('makes no loop of cells that write what they read, or what others read', () => {
    const bench = new FileBench(lines, { 0: { reads: 'm', writes: ['m', '+'] }, 2: { reads: 'm', writes: ['m', '+'] } });
    for (let times = 0; times < 3; times++) expect(bench.run('all').statuses).toBe('fresh fresh fresh fresh');
  });

  it.each([1, 2, 3])('at any moment, and any number of times: history %i', (seed) => {
    const roll = random(seed);
    const bench = new FileBench(lines, { 0: { reads: 'm' }, 1: { writes: ['m', '1'] }, 2: { reads: 'm' }, 3: { reads: 'n' } });
    for (let move = 0; move < 200; move++) {
      if (roll(2) === 0) bench.change(pick(roll, ['m', 'n']), String(roll(3)));
      else bench.run(pick(roll, ['reactive', 'upstream', 'only', 'stale', 'all']), roll(4));
    }
    bench.run('stale').run('stale');
    expect(bench.statuses).toBe('fresh fresh fresh fresh');
  });
});

describe('a data file that a cell was seen to write, and another to read (P69)', () => {
  const uses = { 0: { writes: ['m', '+'], isSeen: true }, 3: { reads: 'm', isSeen: true } } as const;

  it('links them as a variable does', () => {
    const bench = new FileBench(lines, uses).run('all');
    bench.take({ type: 'edited', cells: [fileCell('0', 'a = #9')], removed: [], order: undefined });
    expect(bench.statuses).toBe('stale stale fresh stale');
    bench.run('reactive', 3);
    expect([bench.ran, bench.statuses]).toEqual([['0', '3'], 'fresh stale fresh fresh']);
  });

  it('gives no order: a reader above stays there', () => {
    const bench = new FileBench(lines, { 0: { reads: 'm', isSeen: true }, 3: { writes: ['m', '+'], isSeen: true } });
    for (let times = 0; times < 2; times++) {
      bench.run('all');
      expect([bench.ran, bench.statuses]).toEqual([['0', '1', '2', '3'], 'fresh fresh fresh fresh']);
    }
  });

  it('is no link any more when the writer is gone, and the reader is as the file is', () => {
    const bench = new FileBench(lines, uses).run('all');
    bench.take({ type: 'edited', cells: [], removed: ['0', '1'], order: ['2', '3'] });
    expect(bench.statuses).toBe('fresh fresh');
    expect(bench.change('m', 'x').statuses).toBe('fresh stale');
  });

  it.each([1, 2, 3])('at any moment, and any number of times: history %i', (seed) => {
    const roll = random(seed);
    const bench = new FileBench(lines, { ...uses, 1: { reads: 'm', isSeen: true }, 2: { writes: ['n', '1'], isSeen: true } });
    for (let move = 0; move < 200; move++) {
      const kind = roll(3);
      if (kind === 0) bench.change(pick(roll, ['m', 'n']), String(roll(3)));
      else if (kind === 1)
        bench.move(
          ...pick(roll, [
            [0, 1, 2, 3],
            [2, 0, 1, 3],
            [0, 2, 3, 1],
          ]),
        );
      else bench.run(pick(roll, ['reactive', 'upstream', 'only', 'stale', 'all']), roll(4));
    }
    bench.move(0, 1, 2, 3).run('stale').run('stale');
    expect(bench.statuses).toBe('fresh fresh fresh fresh');
  });
});
