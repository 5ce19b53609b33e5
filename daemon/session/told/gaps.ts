/** What a slow client is told instead of stream text: where text is missing. What the view shows is never left out. */
import type { CellView, SessionEvent } from '../../../protocol/types.ts';

/** What may take the place of the event; undefined where the view would be another one without it. */
export function gapOf(event: SessionEvent, before?: CellView, after?: CellView): SessionEvent | undefined {
  if (event.type === 'output.unattributed') {
    const { text, elided = 0 } = event;
    return { ...event, text: '', elided: elided + text.length, first: event.first ?? event.seq };
  }
  if (event.type !== 'output.appended') return undefined;
  const was = before?.outputs[event.index];
  const is = after?.outputs[event.index];
  if (was?.type !== 'stream' || is?.type !== 'stream' || was.text !== is.text) return undefined;
  const { session, seq, cell, step, index } = event;
  const from = event.from ?? was.text.length + was.elided;
  return { type: 'output.gap', session, seq, first: seq, cell, step, index, from, to: is.text.length + is.elided };
}

/** Two gaps as one, where one follows the other in the same stream. */
export function joinedGaps(before: SessionEvent, after: SessionEvent): SessionEvent | undefined {
  if (before.type === 'output.gap' && after.type === 'output.gap') {
    const isSame = before.step === after.step && before.cell === after.cell && before.index === after.index;
    return isSame ? { ...after, first: before.first, from: Math.min(before.from, after.from) } : undefined;
  }
  if (before.type !== 'output.unattributed' || after.type !== 'output.unattributed') return undefined;
  if (before.stream !== after.stream || before.text !== '' || after.text !== '') return undefined;
  return { ...after, first: before.first ?? before.seq, elided: (before.elided ?? 0) + (after.elided ?? 0) };
}
