import { describe, expect, it } from 'vitest';
import { Bench } from './bench.ts';

// 0 → 1 → 2, and 3 by itself.
const cells = ['a = #1', 'b = a #2', 'c = b #3', 'd = #4'];

describe('a queued step that is cancelled', () => {
  it('is taken out of its run, with what needs it; the running one and the others go on', () => {
    const bench = new Bench(cells).hold().run('all').cancel(1);
    expect(bench.news).toBe('1 skipped: cancelled');
    expect(bench.statuses).toBe('running new queued queued');
    expect(bench.release().news).toBe('0 ok, 2 skipped: dropped, 3 ok, run 1 interrupted');
    expect(bench.statuses).toBe('fresh new new fresh');
  });

  it('keeps the values that it had', () => {
    const bench = new Bench(cells).run('all').hold().run('only', 3, 1).cancel(3);
    expect(bench.release().statuses).toBe('fresh fresh stale fresh');
  });

  it('is one that waits for the kernel to start, too', () => {
    const bench = new Bench(cells).withoutKernel().run('all').cancel();
    expect(bench.news).toBe(
      '0 skipped: cancelled, 1 skipped: cancelled, 2 skipped: cancelled, 3 skipped: cancelled, run 1 interrupted',
    );
    expect(bench.statuses).toBe('new new new new');
  });

  it('is not the one that runs', () => {
    const bench = new Bench(cells).hold().run('all').cancel(0);
    expect(bench.news).toBe('');
    expect(bench.release().news).toBe('0 ok, 1 ok, 2 ok, 3 ok, run 1 ok');
  });

  it('leaves a run that waits behind another at once when nothing is left of it', () => {
    const bench = new Bench(cells).hold().run('upstream', 0).run('upstream', 3).cancel(3);
    expect(bench.news).toBe('3 skipped: cancelled, run 2 interrupted');
    expect(bench.release().news).toBe('0 ok, run 1 ok');
  });

  it('is cancelled in one run alone where that is named', () => {
    const bench = new Bench(cells).hold().run('upstream', 0).run('upstream', 3).run('upstream', 3);
    bench.take({ type: 'cancel-requested', run: 3, cells: ['3'] });
    expect(bench.release().news).toBe('3 skipped: cancelled, run 3 interrupted, 0 ok, run 1 ok, 3 ok, run 2 ok');
  });

  it('does not hide a failure', () => {
    const bench = new Bench(['a = #1', 'b = z #2', 'd = #4']).hold().run('all').cancel(2);
    expect(bench.release().news).toBe('2 skipped: cancelled, 0 ok, 1 raised, run 1 failed');
  });
});

describe('what several requests want', () => {
  it('runs once where it had not begun', () => {
    const bench = new Bench(cells).hold().run('reactive', 1).run('reactive', 1);
    expect(bench.release().news).toBe('0 ok, 1 ok, 2 ok, run 1 ok, 0 cached, 1 cached, 2 cached, run 2 ok');
  });

  it('runs again where it had begun, and what follows from it', () => {
    const bench = new Bench(cells).hold().run('all').run('all');
    expect(bench.release().news).toBe('0 ok, 1 ok, 2 ok, 3 ok, run 1 ok, 0 ok, 1 ok, 2 ok, 3 cached, run 2 ok');
  });

  it('runs again where its text is another', () => {
    const bench = new Bench(cells).hold().run('all').edit(3, 'd = #5').run('upstream', 3);
    expect(bench.release().news).toBe('0 ok, 1 ok, 2 ok, 3 ok, run 1 ok, 3 ok, run 2 ok');
  });
});

describe('a newer value of a name', () => {
  it('takes what was to compute from the older out of the runs before; the running step ends', () => {
    const bench = new Bench(cells).hold().runWith({ a: '1' }, 'all').runWith({ a: '2' }, 'reactive', 0);
    expect(bench.news).toBe('1 skipped: superseded, 2 skipped: superseded');
    expect(bench.release().news).toBe('0 ok, 3 ok, run 1 interrupted, 0 ok, 1 ok, 2 ok, run 2 ok');
    expect(bench.statuses).toBe('fresh fresh fresh fresh');
  });

  it('leaves what does not depend on it', () => {
    const bench = new Bench(cells).hold().runWith({ d: '1' }, 'all').runWith({ d: '2' }, 'reactive', 3);
    expect(bench.release().news).toBe('3 skipped: superseded, 0 ok, 1 ok, 2 ok, run 1 interrupted, 3 ok, run 2 ok');
  });

  it('takes nothing back when it is the same', () => {
    const bench = new Bench(cells).hold().runWith({ a: '1' }, 'all').runWith({ a: '1' }, 'all');
    expect(bench.release().news).not.toContain('superseded');
  });

  it('leaves no queue behind when values come fast', () => {
    const bench = new Bench(cells).hold().run('upstream', 3);
    for (const a of ['1', '2', '3', '4']) bench.move({ a });
    expect(bench.state.runs.map(({ run }) => run)).toEqual([1, 5]);
    expect(bench.release().statuses).toBe('fresh fresh fresh fresh');
  });
});

describe('a control that moves', () => {
  it('runs what holds the name and what follows', () => {
    const bench = new Bench(cells).run('all');
    bench.news;
    expect(bench.move({ b: '7' }).news).toBe('1 ok, 2 ok, run 2 ok');
  });

  it('only marks what follows when the notebook is lazy', () => {
    expect(new Bench(cells).run('all').lazy().move({ b: '7' }).statuses).toBe('fresh fresh stale fresh');
  });

  it('leaves the values of other names', () => {
    const bench = new Bench(cells).move({ a: '1' }).move({ d: '2' });
    expect([...bench.state.parameters]).toEqual([
      ['a', '1'],
      ['d', '2'],
    ]);
  });

  it('runs nothing where the value is what it was', () => {
    const bench = new Bench(cells).move({ a: '1' });
    bench.news;
    expect(bench.move({ a: '1' }).news).toBe('run 2 ok');
  });
});
