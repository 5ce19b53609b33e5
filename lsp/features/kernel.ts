/** What a person should hear of the kernel without asking. */
import type { KernelView } from '../../protocol/types.ts';

export function kernelNews(before: KernelView | undefined, now: KernelView): string | undefined {
  const isNews = now.phase === 'dead' && (before?.phase !== 'dead' || before.generation !== now.generation);
  if (!isNews || before === undefined) return undefined;
  const reason = now.reason ? `: ${now.reason.replace(/\.$/, '')}` : '';
  return `the kernel died${reason}. Its values are gone; nothing runs again by itself.`;
}
