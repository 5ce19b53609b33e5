/** What a slow client is told instead of stream text: where text is missing. What the view shows is never left out. */
import type { Output, SessionEvent } from '../../../protocol/types.ts';

/** A cell or a placeless step. */
export interface Showing {
  readonly outputs: readonly Output[];
}

/** What may take the place of the event; undefined where the view would be another one without it. */
export function gapOf(event: SessionEvent, before?: Showing, after?: Showing): SessionEvent | undefined {
  if (event.type === 'output.unattributed') {
    const { text, elided = 0 } = event;
    return { ...event, text: '', elided: elided + text.length, first: event.first ?? event.seq };
  }
  const change = event.type === 'placeless.output' ? event.change : event;
  if (change.type !== 'output.appended') return undefined;
  const was = before?.outputs[change.index];
  const is = after?.outputs[change.index];
  if (was?.type !== 'stream' || is?.type !== 'stream' || was.text !== is.text) return undefined;
  const from = change.from ?? was.text.length + was.elided;
  const gap = { type: 'output.gap', index: change.index, from, to: is.text.length + is.elided } as const;
  if (event.type === 'placeless.output') return { ...event, first: event.seq, change: gap };
  if (event.type !== 'output.appended') return undefined;
  const { session, seq, cell, step } = event;
  return { ...gap, session, seq, first: seq, cell, step };
}

/** Two gaps as one, where one follows the other in the same stream. */
export function joinedGaps(before: SessionEvent, after: SessionEvent): SessionEvent | undefined {
  if (before.type === 'output.gap' && after.type === 'output.gap') {
    const isSame = before.step === after.step && before.cell === after.cell && before.index === after.index;
    return isSame ? { ...after, first: before.first, from: Math.min(before.from, after.from) } : undefined;
  }
  if (before.type === 'placeless.output' && after.type === 'placeless.output') {
    const [one, other] = [before.change, after.change];
    if (one.type !== 'output.gap' || other.type !== 'output.gap' || before.first === undefined) return undefined;
    if (before.step !== after.step || one.index !== other.index) return undefined;
    return { ...after, first: before.first, change: { ...other, from: Math.min(one.from, other.from) } };
  }
  if (before.type !== 'output.unattributed' || after.type !== 'output.unattributed') return undefined;
  if (before.stream !== after.stream || before.text !== '' || after.text !== '') return undefined;
  return { ...after, first: before.first ?? before.seq, elided: (before.elided ?? 0) + (after.elided ?? 0) };
}
