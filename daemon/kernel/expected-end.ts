/** Whether a step has ended as those that were sent ahead of its end take for granted. The worker decides by the same rule. */
import type { ExpectedEnd, KernelEvent } from './kernel.ts';

export function hasEndedAs(finished: Extract<KernelEvent, { type: 'finished' }>, expected: ExpectedEnd): boolean {
  const { outcome, written, deleted, found, untouched, unchanged, mutated, held = [], modules = [] } = finished;
  return (
    finished.step === expected.step &&
    outcome.type === 'ok' &&
    deleted.length === 0 &&
    found.length === 0 &&
    untouched.length === 0 &&
    unchanged.length === 0 &&
    mutated.length === 0 &&
    held.length === 0 &&
    modules.length === 0 &&
    written.length === expected.written.length &&
    expected.written.every((name) => written.includes(name))
  );
}
