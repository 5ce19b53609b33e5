// Setters of marimo's `mo.state`: after the steps of a run, the cells that read a state which one of them has set run again.
import { expect, it } from 'vitest';
import { stateRoundsMax } from '../../../daemon/core/scheduler/bounds.ts';
import { statusOf } from '../../../daemon/core/scheduler/status.ts';
import { violations } from '../../simulation/invariants.ts';
import { Bench } from './bench.ts';

// The cell 0 makes the state; 1 reads it, and 2 reads what that gives; 3 reads it, too; 4 sets it.
const notebook = ['get = #1\nput = #1', 'seen = get #2', 'shown = seen #3', 'other = get #4', 'done = put #5'];

/** All of it has run, and nothing was set. */
function ran(lines: readonly string[] = notebook): Bench {
  const bench = new Bench(lines, 'marimo').run('all');
  bench.news;
  return bench;
}

it('who reads the state runs again, and what follows from that, in the same run (P77)', () => {
  const bench = ran().sets(4, 'get').run('reactive', 4);
  const round = 'run 2 goes on: 1 state set 2 descendant 3 state set';
  expect(bench.news).toBe(`4 ok, ${round}, 1 ok, 2 ok, 3 ok, run 2 ok`);
  expect(bench.statuses).toBe('fresh fresh fresh fresh fresh');
  expect(violations(bench.state)).toEqual([]);
});

it('until then they are out of date, and say which cell has set it', () => {
  const bench = ran().sets(4, 'get').hold().run('only', 4).finish();
  expect([bench.news, bench.statuses]).toEqual(['4 ok, run 2 ok', 'fresh stale stale stale fresh']);
  expect(statusOf(bench.state, '1').reason).toEqual({ type: 'state-set', cell: '4', name: 'get' });
  bench.release().run('stale');
  expect([bench.news, bench.statuses]).toEqual(['1 ok, 2 ok, 3 ok, run 3 ok', 'fresh fresh fresh fresh fresh']);
});

it.each(['only', 'upstream'] as const)('a run of %s what was asked for goes no further', (mode) => {
  const bench = ran().sets(4, 'get').run(mode, 4);
  expect([bench.news, bench.statuses]).toEqual(['4 ok, run 2 ok', 'fresh stale stale stale fresh']);
});

it('a lazy notebook only marks them', () => {
  const bench = ran().lazy().sets(4, 'get').run('reactive', 4);
  expect([bench.news, bench.statuses]).toEqual(['4 ok, run 2 ok', 'fresh stale stale stale fresh']);
});

it('who runs after the setter in the same run has seen the new state', () => {
  const lines = ['get = #1\nput = #1', 'done = put #2', 'seen = get done #3', 'other = get #4'];
  const bench = new Bench(lines, 'marimo').sets(1, 'get').run('all');
  expect(bench.news).toBe('0 ok, 1 ok, 2 ok, 3 ok, run 1 ok');
});

it('who ran before it in the same run has not', () => {
  const bench = new Bench(notebook, 'marimo').sets(4, 'get').run('all');
  expect(bench.news).toMatch(/4 ok, run 1 goes on: 1 state set 2 descendant 3 state set, 1 ok, 2 ok, 3 ok, run 1 ok$/);
});

it.each([
  [false, '1 ok, run 2 ok'],
  [true, '1 ok, run 2 goes on: 1 state set, 1 ok, run 2 ok'],
])('the cell that sets it runs again only where the state allows loops (%s)', (allowsSelfLoops, news) => {
  const bench = ran(['get = #1\nput = #1', 'n = get put #2']);
  expect(bench.sets(1, 'get', 1, allowsSelfLoops).run('reactive', 1).news).toBe(news);
});

it('cells that set states of one another run until none does', () => {
  const bench = ran(['a = #1\nb = #1', 'm = a #2', 'n = b #3']).sets(1, 'b', 3).sets(2, 'a', 3).run('reactive', 1);
  const round = (cell: number) => `run 2 goes on: ${cell} state set, ${cell} ok`;
  expect(bench.news).toBe(`1 ok, ${[2, 1, 2, 1, 2, 1].map(round).join(', ')}, run 2 ok`);
});

it('a loop of setters ends, and says which cell goes on with it', () => {
  const bench = ran(['get = #1\nput = #1', 'n = get put #2', 'z = n #3']).sets(1, 'get', Number.POSITIVE_INFINITY, true);
  const news = bench.run('reactive', 1).news.split(', ');
  expect(news.filter((one) => one === '1 ok')).toHaveLength(stateRoundsMax + 1);
  expect(news.slice(-3)).toEqual(['1 skipped: state-set-endlessly', '2 skipped: state-set-endlessly', 'run 2 failed']);
  expect(bench.statuses).toBe('fresh skipped skipped');
  expect(statusOf(bench.state, '1').reason).toEqual({ type: 'state-set-endlessly', cell: '1', name: 'get' });
});

it('an interrupted run ends: who reads the state is out of date', () => {
  const bench = ran().sets(4, 'get').hold().run('reactive', 4);
  bench.take({ type: 'interrupt-requested' });
  bench.finish();
  expect([bench.news, bench.statuses]).toEqual(['4 ok, run 2 interrupted', 'fresh stale stale stale fresh']);
});

it('a run that is cancelled as a whole goes no further', () => {
  const bench = ran().sets(4, 'get').hold().run('reactive', 4).cancel().finish();
  expect([bench.news, bench.statuses]).toEqual(['4 ok, run 2 ok', 'fresh stale stale stale fresh']);
});

it('what was typed meanwhile runs when somebody asks for it', () => {
  const bench = ran().sets(4, 'get').hold().run('reactive', 4).edit(1, 'seen = get #9').finish();
  expect([bench.news, bench.statuses]).toEqual(['4 ok, run 2 ok', 'fresh stale stale stale fresh']);
});

it('a cell that runs only by name, and one that is disabled, are marked', () => {
  const bench = ran().option(1, { manual: true }).option(3, { disabled: true }).sets(4, 'get').run('reactive', 4);
  expect([bench.news, bench.statuses]).toEqual(['4 ok, run 2 ok', 'fresh stale stale disabled fresh']);
});

it('who has never run does not run', () => {
  const bench = new Bench(notebook, 'marimo').sets(4, 'get').run('reactive', 4);
  expect(bench.statuses).toBe('fresh new new new fresh');
});

it('a run that went wrong before stays so', () => {
  const bench = new Bench([...notebook, 'bad = nowhere #6'], 'marimo').sets(4, 'get').run('all');
  expect(bench.news).toMatch(/run 1 goes on: .*, run 1 failed$/);
});

it('a placeless step only marks them', () => {
  const bench = ran();
  bench.sets('placeless', 'get').evaluate('ann', 'x = put #9');
  expect(bench.statuses).toBe('fresh stale stale stale fresh');
  expect(statusOf(bench.state, '1').reason).toEqual({ type: 'state-set-beside', step: 6, name: 'get' });
});
