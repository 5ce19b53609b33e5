import { expect, it } from 'vitest';
import { RunLogs } from '../../../../daemon/session/told/run-logs.ts';
import { Told } from '../../../../daemon/session/told/told.ts';
import { defaultOptions } from '../../../../protocol/running-options.ts';

const told = () => new Told('s1', () => undefined);
const run = { id: 1, mode: 'all', roots: [], plan: [], done: 0 } as const;

it('lets all listeners hear in order, also of what one of them tells', () => {
  const one = told();
  const heard: number[] = [];
  one.events.listen((event) => {
    if (event.type === 'options') one.publish({ type: 'path', path: '/n.py' });
  });
  one.events.listen(({ seq }) => heard.push(seq));
  one.publish({ type: 'options', options: defaultOptions });
  one.publish({ type: 'notice' });
  expect(heard).toEqual([1, 2, 3]);
});

it('goes on telling when a listener has failed', () => {
  const one = told();
  const heard: string[] = [];
  one.events.listen((event) => {
    if (event.type === 'options') throw new Error('ours');
    heard.push(event.type);
  });
  expect(() => one.publish({ type: 'options', options: defaultOptions })).toThrow('ours');
  one.publish({ type: 'notice' });
  expect(heard).toEqual(['notice']);
});

it('folds to what became of the steps of a run', async () => {
  const one = told();
  const runs = new RunLogs();
  one.events.listen((event) => runs.fold(event));
  one.publish({ type: 'run.accepted', run: { ...run, roots: [], plan: [] } });
  const end = runs.wait(1);
  const error = { name: 'E', message: 'm', text: 't', frames: [] };
  one.publish({ type: 'step.finished', run: 1, step: 1, cell: 'a', outcome: 'raised', durationMs: 1, error });
  one.publish({ type: 'step.skipped', run: 1, cell: 'b', outcome: 'skipped', reason: 'needs a' });
  one.publish({ type: 'step.skipped', run: 1, cell: 'c', outcome: 'cached', reason: 'it has run' });
  one.publish({ type: 'run.sealed', run: 1, outcome: 'failed' });
  expect(await end).toEqual({
    outcome: 'failed',
    seq: 5,
    steps: [
      { cell: 'a', outcome: 'raised', error },
      { cell: 'b', outcome: 'skipped', reason: 'needs a' },
      { cell: 'c', outcome: 'cached', reason: 'it has run' },
    ],
  });
});
