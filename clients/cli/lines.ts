/** Lines of standard input, read only while somebody waits for one: what is not asked for stays for whoever comes next. */
import type { Readable } from 'node:stream';

/** A terminal, or anything that can be read. */
export type LineSource = Readable & {
  readonly isTTY?: boolean;
  setRawMode?(isRaw: boolean): unknown;
};

export interface LineOptions {
  /** On a terminal, what is typed is not seen. */
  readonly isHidden: boolean;
}

/** Characters of a line. What is longer counts as a line at this point, so that it can be refused. */
const lineCharactersMax = 2 * 1024 * 1024;

export class LineReader {
  readonly #source: LineSource;
  #text = '';
  #isOver = false;
  #waiting: ((line: string | undefined) => void) | undefined;
  #isRaw = false;
  #isListening = false;

  constructor(source: LineSource) {
    this.#source = source;
  }

  /** Calls with the next line without its end, or with nothing at the end of the input. One waits at a time. */
  next({ isHidden }: LineOptions, take: (line: string | undefined) => void): void {
    this.#waiting = take;
    this.#listen();
    if (isHidden) this.#setRaw(true);
    this.#offer();
    if (this.#waiting !== undefined) this.#source.resume();
  }

  /** Nobody waits any longer; what was typed so far is forgotten. */
  cancel(): void {
    if (!this.#waiting) return;
    this.#text = '';
    this.#rest();
  }

  close(): void {
    this.cancel();
    if (this.#isListening) this.#source.destroy();
  }

  #listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    this.#source.setEncoding('utf8');
    this.#source.on('data', (text: string) => this.#hear(text));
    for (const end of ['end', 'error', 'close']) this.#source.on(end, () => this.#end());
  }

  #hear(text: string): void {
    if (this.#isRaw) for (const key of text) this.#press(key);
    else this.#text += text;
    this.#offer();
  }

  /** Without its help, the keys that a terminal understands are ours to understand. */
  #press(key: string): void {
    switch (key) {
      case '\r':
        this.#text += '\n';
        return;
      case '\u0003':
        process.kill(process.pid, 'SIGINT');
        return;
      case '\u0004':
        if (this.#text === '') this.#give(undefined);
        return;
      case '\b':
      case '\u007f':
        this.#text = [...this.#text].slice(0, -1).join('');
        return;
      default:
        this.#text += key;
    }
  }

  #end(): void {
    this.#isOver = true;
    this.#offer();
  }

  #offer(): void {
    if (!this.#waiting) return;
    const end = this.#text.indexOf('\n');
    if (end >= 0) return this.#give(this.#take(end, end + 1));
    if (this.#text.length > lineCharactersMax || (this.#isOver && this.#text !== '')) {
      return this.#give(this.#take(this.#text.length, this.#text.length));
    }
    if (this.#isOver) this.#give(undefined);
  }

  #take(end: number, next: number): string {
    const line = this.#text.slice(0, end);
    this.#text = this.#text.slice(next);
    return line;
  }

  #give(line: string | undefined): void {
    const take = this.#waiting;
    this.#rest();
    take?.(line);
  }

  #rest(): void {
    this.#waiting = undefined;
    this.#setRaw(false);
    this.#source.pause();
  }

  #setRaw(isRaw: boolean): void {
    if (this.#isRaw === isRaw || !this.#source.isTTY) return;
    this.#isRaw = isRaw;
    this.#source.setRawMode?.(isRaw);
  }
}
