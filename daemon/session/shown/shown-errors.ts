/** Errors as views have them: each with a bound, and all together, so that a view fits a frame. */
import type { ErrorView } from '../../../protocol/types.ts';
import type { CellId } from '../../core/notebook/notebook.ts';
import type { StepNumber } from '../../kernel/kernel.ts';
import { errorBytesMax, sessionErrorBytesMax, shortErrorCharactersMax } from '../../limits.ts';
import { wireBytes } from './wire-bytes.ts';

export class ShownErrors {
  readonly #bytes = new Map<CellId | StepNumber, number>();
  #total = 0;

  /** The error as it is shown at the cell, or of the placeless step. */
  show(of: CellId | StepNumber, error: ErrorView): ErrorView {
    this.forget(of);
    const bytes = bytesOf(error);
    if (bytes > errorBytesMax || this.#total + bytes > sessionErrorBytesMax) return shortened(error);
    this.#bytes.set(of, bytes);
    this.#total += bytes;
    return error;
  }

  /** The cell runs again, or is gone. */
  forget(of: CellId | StepNumber): void {
    this.#total -= this.#bytes.get(of) ?? 0;
    this.#bytes.delete(of);
  }
}

function bytesOf({ name, message, text, frames }: ErrorView): number {
  const parts = frames.flatMap((frame) => [frame.file, frame.function, frame.text]);
  return [name, message, text, ...parts].reduce((sum, part) => sum + wireBytes(part), 0);
}

/** The frame where it was raised stays, since editors jump there. */
function shortened({ name, message, text, frames, ...rest }: ErrorView): ErrorView {
  const lines = text.trimEnd().split('\n');
  const last = frames.slice(-1).map((frame) => ({ ...frame, text: cut(frame.text), function: cut(frame.function) }));
  return { ...rest, name: cut(name), message: cut(message), frames: last, text: `… ${cut(lines.at(-1) ?? '')}\n` };
}

function cut(text: string): string {
  return text.length <= shortErrorCharactersMax ? text : `${text.slice(0, shortErrorCharactersMax)}…`;
}
