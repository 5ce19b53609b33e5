/** What a notebook asks with `input()` or `getpass()`: one message, and a note at the cell as long as it waits. */
import type { InputView, NotebookView } from '../../protocol/types.ts';
import { cellById, titleOf } from '../cells.ts';
import { isAbsent, pathAt } from './commands.ts';

/** The last line of a prompt says what is wanted; what stands before is among the outputs. */
export function questionText({ prompt, isPassword }: InputView): string {
  const line = prompt.trimEnd().split('\n').at(-1) ?? '';
  const asked = isPassword ? 'asks for a password' : 'asks for input';
  return line === '' ? asked : `${asked}: ${line}`;
}

/** A message for a question that has not been shown yet. */
export function inputNews(before: number | undefined, view: NotebookView): string | undefined {
  const { input } = view;
  if (!input || input.input === before) return undefined;
  return `${whoAsks(view, input)} ${questionText(input)} (answer with the command headwater.reply)`;
}

function whoAsks(view: NotebookView, { cell, step }: InputView): string {
  if (cell === undefined) return `<repl ${step}>`;
  const placed = cellById(view, cell);
  return placed ? titleOf(placed) : 'a removed cell';
}

export interface Answer {
  readonly text: string;
  /** Of the notebook; absent where it is the one that asks. */
  readonly path: string | undefined;
}

/** `(text)` or `(text, path or address)`. */
export function readAnswer([text, where]: readonly unknown[]): Answer {
  if (typeof text !== 'string') throw new Error('Pass the answer as the argument of headwater.reply; it may be an empty text.');
  return { text, path: isAbsent(where) ? undefined : pathAt(where) };
}
