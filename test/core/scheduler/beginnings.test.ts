import { describe, expect, it } from 'vitest';
import { forkState } from '../../../daemon/core/scheduler/beginnings.ts';
import { Bench } from './bench.ts';

const lines = ['a = #1', 'b = a #2', 'c = #3', 'd = b c #4'];

const ran = () => new Bench(lines).run('all');

describe('a fork', () => {
  it('stands as what it is a copy of, and runs nothing', () => {
    const fork = ran().fork();
    expect([fork.statuses, fork.news]).toEqual(['fresh fresh fresh fresh', '']);
    expect(fork.run('stale').news).toBe('run 2 ok');
  });

  it('runs only what follows from another value, and gives what a run of all gives', () => {
    const fork = ran().fork();
    expect(fork.move({ c: '7' }).news).toBe('2 ok, 3 ok, run 2 ok');
    expect(fork.valueOf(3, 'd')).toBe(new Bench(lines).given({ c: '7' }).run('all').valueOf(3, 'd'));
  });

  it('is stale where other values were given it, and nowhere else', () => {
    const fork = ran().fork().given({ c: '7' });
    expect([fork.statuses, fork.news]).toEqual(['fresh fresh stale stale', '']);
    expect(fork.run('stale').news).toBe('2 ok, 3 ok, run 2 ok');
  });

  it('goes its own way: what is edited, run or given there is not here, and the other way round', () => {
    const first = ran();
    const fork = first.fork();
    const before = first.valueOf(3, 'd');
    fork.edit(0, 'a = #9').run('all');
    expect([first.statuses, first.valueOf(3, 'd')]).toEqual(['fresh fresh fresh fresh', before]);
    first.move({ c: '7' });
    expect([fork.statuses, fork.state.parameters.size]).toEqual(['fresh fresh fresh fresh', 0]);
  });

  it('changes its own copy of an object in place', () => {
    const first = ran();
    const before = first.valueOf(0, 'a');
    expect(first.fork().edit(1, 'a ! #9').run('only', 1).news).toBe('1 ok, run 2 ok');
    expect(first.valueOf(0, 'a')).toBe(before);
  });

  it('makes a definition run again whose value was used up before', () => {
    const first = new Bench(['a = #1', 'a ! #2']).run('all');
    expect(first.fork().plan('upstream', 1)).toBe(first.plan('upstream', 1));
    expect(first.plan('upstream', 1)).toContain('0 used up');
  });

  it('counts its steps on from those whose values it holds', () => {
    const first = ran();
    const fork = first.fork().run('only', 0);
    expect(fork.state.records.get('0')?.step).toBe(first.state.stepCount + 1);
  });

  it('forgets all values at a restart, and the other keeps its own', () => {
    const first = ran();
    const fork = first.fork();
    fork.take({ type: 'restart-requested' });
    fork.take({ type: 'kernel-died', generation: 1 });
    expect([fork.statuses, fork.state.kernel.generation]).toEqual(['stale stale stale stale', 2]);
    expect(fork.run('all').news).toContain('3 ok');
    expect(first.statuses).toBe('fresh fresh fresh fresh');
  });

  it('leaves the runs behind that wait', () => {
    const { state } = new Bench(lines).hold().run('all').run('all');
    const [, waiting] = state.runs;
    const between = { ...ran().state, runs: waiting ? [waiting] : [] };
    expect([between.runs.length, forkState(between).runs.length]).toEqual([1, 0]);
  });

  it('is made of a kernel that is at rest alone', () => {
    const busy = new Bench(lines).hold().run('all').state;
    expect(() => forkState(busy)).toThrow('a kernel was copied while it was busy');
    expect(() => forkState(new Bench(lines).state)).toThrow('a kernel was copied while it was none');
  });
});

describe('a new text', () => {
  it('begins with the values that are given it', () => {
    const given = new Bench(lines).given({ a: '5' });
    expect(given.statuses).toBe('new new new new');
    expect(given.run('all').valueOf(3, 'd')).toBe(new Bench(lines).move({ a: '5' }).run('all').valueOf(3, 'd'));
    expect(given.valueOf(0, 'a')).not.toBe(ran().valueOf(0, 'a'));
  });
});
