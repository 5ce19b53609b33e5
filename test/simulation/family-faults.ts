// Faults to plant where a history branches: each is a promise of forks and variants, broken.
import { PersistentMap } from '../../daemon/core/collections/persistent-map.ts';
import type { State } from '../../daemon/core/scheduler/state.ts';
import { FakeKernel } from './fake-kernel.ts';
import type { BranchFault } from './family.ts';

export const branchFaults: Readonly<Record<string, BranchFault>> = {
  'a fork runs in the kernel of the other': { kernel: (kernel) => kernel },
  'a copied object is two objects': { kernel: (kernel) => withEachCopied(kernel) },
  'steps are counted anew': forked({ stepCount: 0 }),
  'standings are not copied': forked({ standings: PersistentMap.empty() }),
  'records are not copied': forked({ records: PersistentMap.empty() }),
  'skips are not copied': forked({ skips: PersistentMap.empty() }),
  'what the globals hold is not copied': forked({ bound: PersistentMap.empty() }),
  'which versions are used up is not copied': forked({ spent: PersistentMap.empty() }),
  'parameters are not copied': forked({ parameters: new Map() }),
  'names whose version may have changed are not copied': forked({ unsettled: PersistentMap.empty() }),
  'the kernel is another generation': {
    state: (_, fork) => ({ ...fork, kernel: { phase: 'idle', generation: fork.kernel.generation + 1 } }),
  },
  'parameters of the one count in the other': { after: ({ parameters }, own) => ({ ...own, parameters }) },
  'values are shared with the one that has them': { after: ({ records }, own) => ({ ...own, records }) },
};

function forked(changes: Partial<State>): BranchFault {
  return { state: (_, fork) => ({ ...fork, ...changes }) };
}

/** One name at a time: what two names, or two steps, have together is taken apart. */
function withEachCopied(kernel: FakeKernel): FakeKernel {
  const fork = new FakeKernel(kernel.generation);
  for (const [name, thing] of kernel.globals) fork.globals.set(name, { ...thing });
  for (const [step, things] of kernel.values)
    fork.values.set(step, new Map([...things].map(([name, thing]) => [name, { ...thing }] as const)));
  return fork;
}
