import { expect, it } from 'vitest';
import { nodeHost } from '../../../../daemon/node/host.ts';
import { StepFiles } from '../../../../daemon/session/running/step-files.ts';
import { ShownSteps } from '../../../../daemon/session/shown/shown-steps.ts';
import { Told } from '../../../../daemon/session/told/told.ts';
import { Blobs } from '../../../../daemon/store/blobs.ts';
import { Spools } from '../../../../daemon/store/spools.ts';
import type { CellView } from '../../../../protocol/types.ts';

it('forgets what cells showed that are gone, but not of the one that runs', () => {
  const told = new Told('s1', () => undefined);
  const tellRemoved = () =>
    told.publish({
      type: 'text',
      version: 1,
      removed: ['a', 'c'],
      cells: [{ id: 'b', code: '', outputs: [] } as unknown as CellView],
    });
  const steps = new ShownSteps({
    ...nodeHost,
    path: '/n.py',
    told,
    text: { reading: { byId: new Map() } },
    files: new StepFiles('/n.py'),
    blobs: new Blobs(nodeHost.hashes),
    spools: new Spools(nodeHost),
    keepsReturns: false,
    now: () => 0,
  });
  for (const [at, cell] of ['a', 'b', 'c'].entries()) steps.begin({ type: 'step-started', run: 1, step: at + 1, cell });
  tellRemoved();
  expect(['a', 'b', 'c'].map((cell) => steps.outputsOf(cell) !== undefined)).toEqual([false, true, true]);
  steps.end({ type: 'step-finished', run: 1, step: 3, cell: 'c', outcome: 'ok' }, ({ message }) => message);
  tellRemoved();
  expect(steps.outputsOf('c')).toBeUndefined();
});
