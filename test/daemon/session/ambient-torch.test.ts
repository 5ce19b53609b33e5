/** The same of torch's generators. */
import { dirname } from 'node:path';
import { describe } from 'vitest';
import { torchInterpreter } from '../../support/science.ts';
import { sharedDaemon } from '../../support/shared-daemon.ts';
import { checkExamples } from '../../support/shared-states.ts';

const torch = await torchInterpreter();
const python = 'python' in torch ? torch.python : '';
const daemon = sharedDaemon({ VIRTUAL_ENV: dirname(dirname(python)) });

const imported = 'import torch';

describe.skipIf('skipped' in torch)('shared states of torch', () => {
  checkExamples(daemon, python, [
    [
      'seeds torch itself',
      [imported, 'torch.manual_seed(0);', 'k = 1', 'print(torch.rand(k))', 'print(torch.randn(1))'],
      [2, 'k = 2'],
      [1, 'torch.manual_seed(1);'],
      [3, 'print(torch.randperm(5))'],
    ],
    [
      'draws from a generator that a name holds',
      [
        `${imported}\ng = torch.Generator().manual_seed(3)`,
        'print(torch.rand(2, generator=g))',
        'print(torch.rand(1, generator=g))',
      ],
      [1, 'print(torch.rand(3, generator=g))'],
      [0, `${imported}\ng = torch.Generator().manual_seed(4)`],
      [1, 'pass'],
    ],
    [
      'sets the state back itself',
      [
        `${imported}\ntorch.manual_seed(0)\nkept = torch.get_rng_state()`,
        'print(torch.rand(1))',
        'torch.set_rng_state(kept)',
        'print(torch.rand(1))',
      ],
      [1, 'print(torch.rand(3))'],
      [2, 'pass'],
    ],
  ]);
});
