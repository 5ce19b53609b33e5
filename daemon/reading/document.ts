/** The text of a notebook: that of the buffer of the client that owns it, else that of the file. */
import type { ContentChange } from '../../protocol/methods.ts';
import type { Position } from '../../protocol/types.ts';
import type { LineEdit } from '../core/notebook/align-edits.ts';

export interface Document {
  readonly text: Text;
  /** As its owner counts; 0 for the text of the file. */
  readonly version: number;
  /** The client whose buffer it is. */
  readonly owner: string | undefined;
}

/**
 * A text that changes in place, line by line: a keystroke costs the line it is in, not the text. Lines keep their breaks, so the
 * text is their sum; the last line has none.
 */
export class Text {
  #lines: string[];
  #whole: string | undefined;
  #length: number;
  /** How the text was before the last `apply`, the newest change last. */
  #undo: { readonly edit: LineEdit; readonly lines: readonly string[] }[] = [];

  constructor(text: string) {
    this.#lines = splitLines(text);
    this.#whole = text;
    this.#length = text.length;
  }

  get length(): number {
    return this.#length;
  }

  get lineCount(): number {
    return this.#lines.length;
  }

  toString(): string {
    this.#whole ??= this.#lines.join('');
    return this.#whole;
  }

  /** The text of the lines from `from` up to, not including, `to`. */
  between(from: number, to: number): string {
    return this.#lines.slice(from, to).join('');
  }

  /** Each change is on the text that the one before left, as in LSP. */
  apply(changes: readonly ContentChange[]): readonly LineEdit[] {
    this.#undo = [];
    return changes.map(({ range, text }) => {
      const from = range ? this.#place(range.start) : { line: 0, character: 0 };
      const to = range ? this.#place(range.end) : { line: this.#lines.length - 1, character: Number.MAX_SAFE_INTEGER };
      return this.#replace(from, to, text);
    });
  }

  /** Takes the last `apply` back. */
  revert(): void {
    for (const { edit, lines } of this.#undo.reverse()) this.#splice(edit.from, edit.added, lines);
    this.#undo = [];
  }

  #replace(from: Position, to: Position, text: string): LineEdit {
    const lastLine = Math.max(from.line, to.line);
    const head = this.#line(from.line).slice(0, from.character);
    const tail = to.line < from.line ? this.#line(from.line).slice(from.character) : this.#line(lastLine).slice(to.character);
    // A carriage return and a line feed that come together are one break.
    const first = this.#line(from.line - 1).endsWith('\r') ? from.line - 1 : from.line;
    const above = first < from.line ? this.#line(first) : '';
    const removed = this.#lines.slice(first, lastLine + 1);
    const added = splitLines(above + head + text + tail);
    // What ends in a break is followed by a line already, unless it is the end of the text.
    if (lastLine < this.#lines.length - 1) added.pop();
    const edit = { from: first, removed: removed.length, added: added.length };
    this.#undo.push({ edit, lines: removed });
    this.#splice(first, removed.length, added);
    return edit;
  }

  #splice(at: number, count: number, added: readonly string[]): void {
    const removed = this.#lines.slice(at, at + count);
    if (added.length === count) for (const [offset, line] of added.entries()) this.#lines[at + offset] = line;
    else if (added.length <= addedInPlaceMax) this.#lines.splice(at, count, ...added);
    else this.#lines = [...this.#lines.slice(0, at), ...added, ...this.#lines.slice(at + count)];
    this.#whole = undefined;
    this.#length += lengthOf(added) - lengthOf(removed);
  }

  #line(at: number): string {
    return this.#lines[at] ?? '';
  }

  /** A position beyond the end of a line or of the text means that end. */
  #place({ line, character }: Position): Position {
    if (line >= this.#lines.length) return { line: this.#lines.length - 1, character: this.#line(this.#lines.length - 1).length };
    return { line, character: Math.min(character, this.#line(line).replace(/[\r\n]+$/, '').length) };
  }
}

/** Lines that are put into the list of lines where it is; a call cannot be given many more. */
const addedInPlaceMax = 1_000;

function splitLines(text: string): string[] {
  const lines: string[] = [];
  const end = /\r\n|\r|\n/g;
  let start = 0;
  while (end.exec(text)) {
    lines.push(text.slice(start, end.lastIndex));
    start = end.lastIndex;
  }
  lines.push(text.slice(start));
  return lines;
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length, 0);
}
