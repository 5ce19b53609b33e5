/** What a program prints as text, where a character may come in pieces and no byte is lost. */
import { escapedText } from '../../protocol/node/escaped-bytes.ts';
import { characterLength } from '../../protocol/utf8.ts';

const characterBytesMax = 4;

export class EscapingDecoder {
  /** The beginning of a character. */
  #rest: Buffer = Buffer.alloc(0);

  write(chunk: Buffer): string {
    const data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    const whole = data.subarray(0, wholeLength(data));
    this.#rest = Buffer.from(data.subarray(whole.length));
    return escapedText(whole);
  }

  /** What is left of a character that does not go on. */
  end(): string {
    const text = escapedText(this.#rest);
    this.#rest = Buffer.alloc(0);
    return text;
  }
}

/** Without what may be the beginning of a character at the end. */
function wholeLength(data: Buffer): number {
  for (let at = Math.max(0, data.length - characterBytesMax + 1); at < data.length; at++)
    if (characterLength(data, at, data.length) === 'cut') return at;
  return data.length;
}
