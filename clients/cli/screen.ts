/** The two streams of the process. What cells print passes unchanged; what Headwater adds goes to standard error, in whole lines. */

import { bytesOfEscaped, hasEscapes } from '../../protocol/node/escaped-bytes.ts';
import type { Caller } from './caller.ts';
import { visible } from './say.ts';

export interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string | Uint8Array): unknown;
}

const eraseLine = '\r\u001b[2K';
/** Columns of a terminal that does not tell. */
const columnsDefault = 80;

export class Screen {
  readonly #stdout: Stream;
  readonly #stderr: Stream;
  #atLineStart = true;
  #progressShown = false;

  constructor(stdout: Stream, stderr: Stream) {
    this.#stdout = stdout;
    this.#stderr = stderr;
  }

  get isTerminal(): boolean {
    return this.#stderr.isTTY === true;
  }

  /** What a cell wrote, byte for byte. */
  printed(stream: 'stdout' | 'stderr', text: string): void {
    if (text === '') return;
    this.clearProgress();
    const target = stream === 'stdout' ? this.#stdout : this.#stderr;
    target.write(hasEscapes(text) ? bytesOfEscaped(text) : text);
    if (target.isTTY) this.#atLineStart = text.endsWith('\n');
  }

  /** The terminal itself has shown what a person typed, up to the end of the line. */
  typed(): void {
    this.#atLineStart = true;
  }

  /** A line of ours. */
  note(text: string): void {
    this.shown(visible(text));
  }

  /** What the program shows or fails with, in lines of its own. */
  shown(text: string): void {
    this.clearProgress();
    const lineBreak = this.isTerminal && !this.#atLineStart ? '\n' : '';
    this.#stderr.write(`${lineBreak}${text}\n`);
    this.#atLineStart = true;
  }

  /** One line that the next one replaces; only on a terminal, and never over a half line that a cell wrote. */
  progress(text: string): void {
    if (!this.isTerminal || !this.#atLineStart) return;
    const columns = this.#stderr.columns || columnsDefault;
    this.#stderr.write(eraseLine + [...visible(text)].slice(0, columns - 1).join(''));
    this.#progressShown = true;
  }

  clearProgress(): void {
    if (!this.#progressShown) return;
    this.#stderr.write(eraseLine);
    this.#progressShown = false;
  }
}

export function screenOf({ stdout, stderr }: Pick<Caller, 'stdout' | 'stderr'>): Screen {
  return new Screen(stdout, stderr);
}
