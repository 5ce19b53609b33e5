/** What a variant begins with that is a copy of another session: of its kernel with all values, and of what it shows. */
import { messageOf, refusal } from '../../protocol/errors.ts';
import type { RunningOptions } from '../../protocol/types.ts';
import { forkState, withParameters } from '../core/scheduler/beginnings.ts';
import type { State } from '../core/scheduler/state.ts';
import type { ForkedKernel, Kernel } from '../kernel/kernel.ts';
import { type Beginning, parametersIn } from './beginning.ts';
import type { KernelHost } from './running/kernel-host.ts';
import type { StepFiles } from './running/step-files.ts';
import { FrozenText } from './sources/frozen-text.ts';
import type { SessionText } from './sources/owned-text.ts';
import type { Told } from './told/told.ts';

/** The session that is copied. */
export interface Original {
  readonly state: State;
  readonly text: SessionText;
  readonly told: Told;
  readonly files: StepFiles;
  readonly kernel: KernelHost;
  readonly asked: Partial<RunningOptions>;
}

/** Throws a refusal where the kernel cannot be copied now, and for parameters that do not fit. All is as it is at the moment of the call. */
export async function forkSession(
  { state, text, told, files, kernel, asked }: Original,
  variant: string,
  given: Readonly<Record<string, string>>,
): Promise<Beginning> {
  const fork = requireFork(state, kernel.kernel);
  const begun = withParameters(forkState(state), parametersIn(state, given));
  told.tellStandings(state);
  const { cells, problems } = told;
  const beginning = { variant, text: FrozenText.of(text), state: begun, asked, cells, problems };
  const known = { details: kernel.details, files: files.copy() };
  return { ...beginning, copied: { ...known, kernel: await fork().catch(refuse) } };
}

function requireFork({ kernel: { phase } }: State, kernel: Kernel | undefined): () => Promise<ForkedKernel> {
  if (!kernel && phase !== 'starting')
    throw refusal('not-at-rest', 'The notebook has no kernel to copy; run a cell first, or open a variant.');
  const fork = kernel?.fork;
  if (kernel && !fork)
    throw refusal(
      'cannot-fork',
      'The kernel of this notebook cannot make a copy of itself. Open a variant instead: it starts with a kernel of its own.',
    );
  if (!fork || phase !== 'idle')
    throw refusal('not-at-rest', 'A kernel is copied when no cell runs; wait until this run has ended, or interrupt it.');
  return fork;
}

function refuse(why: unknown): never {
  throw refusal('cannot-fork', `The kernel could not make a copy of itself: ${messageOf(why)}`);
}
