/** Which stream an appended piece of text belongs to: the events name an output by its number in the step. */
import type { SessionEvent, StreamName } from '../../../protocol/types.ts';

type Added = Extract<SessionEvent, { type: 'output.added' }>;
type Appended = Extract<SessionEvent, { type: 'output.appended' }>;

export class StreamNames {
  /** Of the running steps alone: a new step of a cell replaces the old one. */
  readonly #steps = new Map<string, { readonly step: number; readonly outputs: (StreamName | undefined)[] }>();

  added({ cell, step, output }: Added): void {
    const known = this.#steps.get(cell);
    const current = known?.step === step ? known : { step, outputs: [] };
    current.outputs.push(output.type === 'stream' ? output.stream : undefined);
    this.#steps.set(cell, current);
  }

  of({ cell, step, index, stream }: Appended): StreamName {
    const known = this.#steps.get(cell);
    return stream ?? (known?.step === step ? known.outputs[index] : undefined) ?? 'stdout';
  }
}
