// A script runs in page order, but where plain Python certainly fails; and what it depends on is no less for that.
import { describe, expect, it } from 'vitest';
import { Bench } from './bench.ts';

describe('a read above the only definition', () => {
  it('waits for it where plain Python certainly fails', () => {
    expect(new Bench(['b = a #1', 'a = #2']).run('all').news).toBe('1 ok, 0 ok, run 1 ok');
  });

  it('stays where it stands if it is guarded, and is out of date when a definition comes above it', () => {
    const bench = new Bench(['d = #1', 'try b = a #2', 'a = #3']);
    expect(bench.run('all').news).toBe('0 ok, 1 ok, 2 ok, run 1 ok');
    expect(bench.run('all').news).toBe('0 ok, 1 ok, 2 ok, run 2 ok');
    expect(bench.edit(0, 'a = #4').statuses).toBe('stale stale fresh');
  });

  it('stays where it stands if Python has the name by birth, and finds that name again, whatever has run below', () => {
    const bench = new Bench(['b = abs #1', 'abs = #2', 'c = abs #3']).run('all');
    expect([bench.news, bench.readFrom(2)]).toEqual(['0 ok, 1 ok, 2 ok, run 1 ok', 'abs of 1']);
    const [before] = [bench.valueOf(0, 'b')];
    expect(bench.run('only', 0).valueOf(0, 'b')).toBe(before);
    expect(bench.edit(1, 'abs = #4').statuses).toBe('fresh stale stale');
  });

  it('is not given what an earlier run has left below, nor is a function that is called there', () => {
    const bench = new Bench(['fn f = a #1', 'b = call f #2', 'a = #3', 'c = call f #4']);
    expect(bench.run('all').news).toBe('0 ok, 1 raised, 2 ok, 3 ok, run 1 failed');
    expect(bench.run('only', 1).news).toBe('1 raised, run 2 failed');
    expect(bench.edit(2, 'a = #5').statuses).toBe('fresh failed stale stale');
  });

  it('changes its object right below it, on every run', () => {
    const bench = new Bench(['a ~ #1', 'a = #2', 'c = a #3']);
    expect(bench.run('all').news).toBe('1 ok, 0 ok, 2 ok, run 1 ok');
    expect(bench.readFrom(0)).toBe('a of 1');
    expect(bench.run('stale').statuses).toBe('fresh fresh fresh');
    expect([bench.readFrom(0), bench.readFrom(2)]).toEqual(['a of 1', 'a of 0']);
    bench.news;
    expect(bench.run('all').news).toBe('1 ok, 0 ok, 2 ok, run 3 ok');
  });
});

it('cells that certainly need each other run in page order, and fail, as in Python', () => {
  const bench = new Bench(['a = b #1', 'b = a #2', 'c = #3']);
  expect(bench.statuses).toBe('new new new');
  expect(bench.run('all').news).toBe('0 raised, 1 skipped: failed, 2 ok, run 1 failed');
  expect(bench.edit(0, 'a = #4').run('stale').statuses).toBe('fresh fresh fresh');
});

describe('who calls a function', () => {
  it('is out of date when a name changes that it reads and that is defined below it', () => {
    const bench = new Bench(['fn f = a #1', 'a = #2', 'b = call f #3']).run('all');
    expect(bench.readFrom(2)).toBe('f of 0; a of 1');
    expect(bench.edit(1, 'a = #4').statuses).toBe('fresh stale stale');
  });

  it('… or one that Python has by birth', () => {
    const bench = new Bench(['fn f = abs #1', 'd = #3', 'c = call f #4']).run('all');
    expect(bench.edit(1, 'abs = #5').statuses).toBe('fresh stale stale');
    expect(bench.run('stale').readFrom(2)).toBe('f of 0; abs of 1');
  });

  it('is up to date when only a function is defined that calls it', () => {
    const bench = new Bench(['fn f = a #1', 'a = #2', 'fn g = f #3', 'b = call g #4']).run('all');
    expect(bench.edit(1, 'a = #5').statuses).toBe('fresh stale fresh stale');
  });
});
