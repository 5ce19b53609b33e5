/** The kernel's life: it has started, it is gone, it is to stop, with or without another after it. */
import { PersistentMap } from '../../collections/persistent-map.ts';
import { abandonPlaceless, cancelWaiting } from '../placeless/steps.ts';
import { cancelRuns, startKernel } from '../runs.ts';
import { refresh } from '../standing.ts';
import type { Asked, KernelState, SkipReason } from '../state.ts';
import type { Turn } from '../turn.ts';
import { abandonStep } from './step-ends.ts';

export function onStarted(turn: Turn, generation: number): void {
  const { kernel } = turn.state;
  if (kernel.phase !== 'starting' || kernel.generation !== generation) return;
  setKernel(turn, { phase: 'idle', generation });
}

export function onDied(turn: Turn, generation: number): void {
  const { kernel } = turn.state;
  if (kernel.generation !== generation || kernel.phase === 'none' || kernel.phase === 'dead') return;
  const restarts = kernel.phase === 'stopping' && kernel.next === 'start';
  abandon(turn, kernel);
  if (kernel.phase !== 'stopping') cancelAll(turn, { type: 'kernel-died' });
  forgetValues(turn, { phase: kernel.phase === 'stopping' ? 'none' : 'dead', generation });
  if (restarts) startKernel(turn, generation + 1);
}

/** Stops the running step and cancels every queued one. */
export function interrupt(turn: Turn, asked: Asked): void {
  const { kernel } = turn.state;
  if (kernel.phase === 'busy' || kernel.phase === 'evaluating') turn.emit({ type: 'interrupt', step: kernel.step, asked });
  cancelAll(turn, { type: 'interrupted' });
}

/** Ends the kernel; values are forgotten, text and outputs are not. */
export function stop(turn: Turn, next: 'start' | 'none'): void {
  const { kernel } = turn.state;
  cancelAll(turn, { type: 'restarted' });
  if (kernel.phase === 'none' || kernel.phase === 'dead') {
    if (next === 'start') startKernel(turn, kernel.generation + 1);
    return;
  }
  if (kernel.phase === 'stopping') return setKernel(turn, { ...kernel, next });
  abandon(turn, kernel);
  setKernel(turn, { phase: 'stopping', generation: kernel.generation, next });
  turn.emit({ type: 'stop-kernel', generation: kernel.generation });
}

/** What runs never comes to its end. */
function abandon(turn: Turn, kernel: KernelState): void {
  if (kernel.phase === 'busy') abandonStep(turn, kernel.cell, kernel.step);
  if (kernel.phase === 'evaluating') abandonPlaceless(turn, kernel);
}

function cancelAll(turn: Turn, reason: SkipReason): void {
  cancelRuns(turn, reason);
  cancelWaiting(turn, () => true);
}

function forgetValues(turn: Turn, kernel: KernelState): void {
  const cells = [...turn.state.records.keys()];
  turn.update({
    kernel,
    bound: PersistentMap.empty(),
    settledFor: undefined,
    unsettled: PersistentMap.empty(),
    spent: PersistentMap.empty(),
    removed: PersistentMap.empty(),
    layers: PersistentMap.empty(),
    forgettable: [],
  });
  turn.emit({ type: 'kernel-changed' });
  refresh(
    turn,
    cells.filter((id) => turn.state.graph.cells.has(id)),
  );
  turn.update({ unsettled: PersistentMap.empty() });
}

function setKernel(turn: Turn, kernel: KernelState): void {
  turn.update({ kernel });
  turn.emit({ type: 'kernel-changed' });
}
