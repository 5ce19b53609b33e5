import { expect, it } from 'vitest';
import { StepFiles } from '../../../../daemon/session/running/step-files.ts';
import { ShownSteps } from '../../../../daemon/session/shown/shown-steps.ts';
import { RunLogs } from '../../../../daemon/session/told/run-logs.ts';
import { Told } from '../../../../daemon/session/told/told.ts';
import { Blobs } from '../../../../daemon/store/blobs.ts';
import { Spools } from '../../../../daemon/store/spools.ts';

it('forgets what cells showed that are gone, but not of the one that runs', () => {
  const steps = new ShownSteps({
    path: '/n.py',
    told: new Told('s1', undefined),
    runs: new RunLogs(),
    files: new StepFiles('/n.py'),
    blobs: new Blobs(),
    spools: new Spools(undefined),
    kept: undefined,
    keepsReturns: false,
    now: () => 0,
  });
  for (const [at, cell] of ['a', 'b', 'c'].entries()) steps.begin({ type: 'step-started', run: 1, step: at + 1, cell });
  steps.forget((cell) => cell !== 'b');
  expect(['a', 'b', 'c'].map((cell) => steps.outputsOf(cell) !== undefined)).toEqual([false, true, true]);
  steps.end({ type: 'step-finished', run: 1, step: 3, cell: 'c', outcome: 'ok' });
  steps.forget((cell) => cell !== 'b');
  expect(steps.outputsOf('c')).toBeUndefined();
});
