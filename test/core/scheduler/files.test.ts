import { describe, expect, it } from 'vitest';
import { statusOf } from '../../../daemon/core/scheduler/status.ts';
import { pick, random } from '../../support/random.ts';
import { FileBench } from './file-bench.ts';

const lines = ['a = #1', 'b = a #2', 'c = #3', 'd = c #4'];

describe('a file that changed', () => {
  it('makes the cells stale that have loaded it, and what follows from them; nothing runs', () => {
    const bench = new FileBench(lines, { 1: { imports: ['m'] }, 2: { imports: ['m', 'n'] } }).run('all').change('n', '2');
    expect([bench.statuses, bench.ran.length]).toEqual(['fresh fresh stale stale', 4]);
    expect(statusOf(bench.state, '2').reason).toEqual({ type: 'file-changed', file: 'n' });
    bench.change('m', '2');
    expect(bench.statuses).toBe('fresh stale stale stale');
  });

  it('leaves them fresh again when it is what it was', () => {
    expect(new FileBench(lines, { 0: { imports: ['m'] } }).run('all').change('m', '2').change('m', '1').statuses).toBe(
      'fresh fresh fresh fresh',
    );
  });

  it('takes its cells into a run that needs them, and no others', () => {
    const bench = new FileBench(lines, { 0: { imports: ['m'] }, 2: { imports: ['n'] } })
      .run('all')
      .change('m', '2')
      .run('reactive', 1);
    expect([bench.ran, bench.statuses]).toEqual([['0', '1'], 'fresh fresh fresh fresh']);
  });

  it('that nobody has loaded changes nothing', () => {
    const bench = new FileBench(lines, { 0: { imports: ['m'] } });
    const before = bench.change('x', '1').state;
    expect(bench.change('x', '1').state).toBe(before);
    expect(bench.run('all').statuses).toBe('fresh fresh fresh fresh');
  });

  it('while the cell ran leaves it stale', () => {
    const bench = new FileBench(lines, { 0: { imports: ['m'] } });
    // The session knew before the step said what it had loaded.
    bench.take({ type: 'files-changed', files: new Map([['m', '2']]) });
    expect(bench.run('all').statuses).toBe('stale stale fresh fresh');
    bench.disk.set('m', '2');
    expect(bench.run('stale').statuses).toBe('fresh fresh fresh fresh');
  });

  it.each([1, 2, 3])('at any moment, and any number of times: history %i', (seed) => {
    const roll = random(seed);
    const bench = new FileBench(lines, {
      0: { imports: ['m'] },
      1: { imports: ['n'] },
      2: { imports: ['m', 'n'] },
      3: { imports: ['o'] },
    });
    for (let move = 0; move < 200; move++) {
      if (roll(2) === 0) bench.change(pick(roll, ['m', 'n', 'o']), String(roll(3)));
      else bench.run(pick(roll, ['reactive', 'upstream', 'only', 'stale', 'all']), roll(4));
    }
    expect(bench.run('stale').statuses).toBe('fresh fresh fresh fresh');
  });
});
