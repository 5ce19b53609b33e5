/** The outputs of a step after one change, as a view keeps them: of its streams the beginning. */
import { streamCharactersMax } from './limits.ts';
import type { Output, OutputChange } from './types.ts';

type Change<T extends OutputChange['type']> = Extract<OutputChange, { type: T }>;

/** `max`: characters that the view keeps of all streams of the step. */
export function changeOutputs(outputs: readonly Output[], change: OutputChange, max: number): readonly Output[] {
  switch (change.type) {
    case 'output.added':
      return [...outputs, capped(change.output, roomBeside(outputs, max))];
    case 'output.appended':
      return changed(outputs, change.index, (output, others) => appended(output, change, roomBeside(others, max)));
    case 'output.gap':
      return changed(outputs, change.index, (output) => withGap(output, change.to));
    case 'output.updated':
      return changed(outputs, change.index, () => change.output);
    case 'output.cleared':
      return [];
  }
}

function changed(
  outputs: readonly Output[],
  index: number,
  update: (output: Output, others: readonly Output[]) => Output,
): readonly Output[] {
  const output = outputs[index];
  return output ? outputs.with(index, update(output, outputs.toSpliced(index, 1))) : outputs;
}

/** Of a stream the view keeps the beginning alone, so text that comes after more than that is counted. */
function appended(output: Output, { text, from }: Change<'output.appended'>, room: number): Output {
  if (output.type !== 'stream') return output;
  const at = from ?? output.text.length + output.elided;
  if (at > output.text.length) return withGap(output, at + text.length);
  return capped({ ...output, text: output.text.slice(0, at) + text, elided: 0 }, room);
}

/** The stream has this length now, whatever stands beyond what the view shows of it. */
function withGap(output: Output, length: number): Output {
  return output.type === 'stream' ? { ...output, elided: Math.max(0, length - output.text.length) } : output;
}

function capped(output: Output, room: number): Output {
  if (output.type !== 'stream' || output.text.length <= room) return output;
  return { ...output, text: output.text.slice(0, room), elided: output.elided + output.text.length - room };
}

/** Characters that the view keeps of one more stream. */
function roomBeside(others: readonly Output[], max: number): number {
  const taken = others.reduce((sum, other) => sum + (other.type === 'stream' ? other.text.length : 0), 0);
  return Math.min(streamCharactersMax, Math.max(0, max - taken));
}
