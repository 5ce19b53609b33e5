/** What a person should hear of the kernel without asking. */
import type { KernelView } from '../../protocol/types.ts';

export function kernelNews(before: KernelView | undefined, now: KernelView): string | undefined {
  const isNews = now.phase === 'dead' && (before?.phase !== 'dead' || before.generation !== now.generation);
  if (!isNews || before === undefined) return undefined;
  return `the kernel died${now.reason ? `: ${now.reason}` : ''}. Its values are gone; nothing runs again by itself.`;
}
