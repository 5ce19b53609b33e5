import { expect, it } from 'vitest';
import { foreseeEnd } from '../../../daemon/core/scheduler/on/foresight.ts';
import { Bench } from './bench.ts';

function ran(...lines: readonly string[]): Bench {
  const bench = new Bench(lines);
  bench.run('all');
  bench.news;
  return bench;
}

it('gives a placeless step the newest versions, and the layer of its client before them', () => {
  const bench = ran('a = #1', 'a = #2', 'b = #3').hold();
  expect(bench.evaluate('ann', 'z = a #4').bound).toEqual({ a: 2, b: 3 });
  bench.finish();
  expect(bench.news).toBe('ann ok; defined: z');
  bench.evaluate('ann', 'b = z #5').finish();
  expect(bench.evaluate('ann', 'y = #6').bound).toEqual({ a: 2, b: 5, z: 4 });
  bench.finish();
  expect(bench.evaluate('bob', 'y = #7').bound).toEqual({ a: 2, b: 3 });
});

it('gives it what a cell would be given, with a place', () => {
  const bench = ran('a = #1', 'b = a #2', 'a = #3').hold();
  expect(bench.evaluate('ann', 'z = a #4', '1').bound).toEqual({ a: 1 });
});

it('takes what it has defined out of the globals before the next cell', () => {
  const bench = ran('a = #1', 'b = a #2');
  bench.evaluate('ann', 'a = #3').evaluate('ann', 'z = #4').hold();
  bench.run('reactive', 1);
  expect(bench.bound).toEqual({ a: 1 });
});

it('names what is out of date, through functions and layers too', () => {
  const bench = ran('a = #1', 'fn f = a #2');
  bench.evaluate('ann', 'fn g = a #3');
  bench.edit(0, 'a = #4');
  bench.news;
  expect(bench.evaluate('ann', 'z = call f #5').news).toBe('ann ok; stale: f a; defined: z');
  expect(bench.evaluate('ann', 'z = call g #6').news).toBe('ann ok; stale: a; defined: z');
});

it('consumes what it changes in place, so that the definition runs again for who needs it', () => {
  const bench = ran('a = #1', 'b = a #2');
  expect(bench.evaluate('ann', 'a ! #3').news).toBe('ann ok; changed: a');
  bench.run('only', 1);
  expect(bench.news).toBe('1 skipped: used-up, run 2 failed');
  bench.run('reactive', 1);
  expect(bench.news).toBe('0 ok, 1 ok, run 3 ok');
});

it('consumes all versions that are one object, wherever it saw it', () => {
  const bench = ran('a = #1', 'b = a #2', 'a ! #3', 'c = a #4');
  bench.evaluate('ann', 'a ~ #5', '1');
  bench.news;
  bench.run('reactive', 3);
  expect(bench.news).toBe('0 ok, 2 ok, 3 ok, run 2 ok');
  expect(bench.statuses).toBe('fresh stale fresh fresh');
});

it('has its turn in the order of requests, and foresees nothing across it', () => {
  const bench = new Bench(['a = #1', 'b = #2']).hold();
  bench.run('all');
  bench.evaluate('ann', 'z = #3');
  bench.run('all');
  expect(foreseeEnd(bench.state)).toMatchObject({ written: ['a'] });
  bench.finish();
  expect(foreseeEnd(bench.state)).toBeUndefined();
  bench.finish();
  expect(bench.state.kernel.phase).toBe('evaluating');
  expect(foreseeEnd(bench.state)).toBeUndefined();
  bench.release();
  expect(bench.news).toBe('0 ok, 1 ok, run 1 ok, ann ok; defined: z, 0 ok, 1 cached, run 2 ok');
});

it('ends with its kernel, and those that wait are cancelled with it', () => {
  const bench = ran('a = #1').hold();
  bench.evaluate('ann', 'z = #2').evaluate('bob', 'z = #3');
  bench.take({ type: 'kernel-died', generation: bench.state.kernel.generation });
  expect(bench.news).toBe('ann interrupted, bob cancelled');
  expect(bench.state.layers.size).toBe(0);
});
