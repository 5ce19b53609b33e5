/** Which lines are for IPython alone, and which comments hold such lines. */
import { commentLine, uncommentLine } from './text-cells.ts';

/** `%ls`, `!ls`, `?f`, `f?`, `x = !ls`, `/f x`: where a statement is expected, none of them can be Python. */
const command =
  /^(?:%{1,2}[A-Za-z_]|%%|!(?!=)|\?{1,2}(?:[A-Za-z_%*]|\s*$)|[,;/][ \t]*[A-Za-z_]|[^#'"\n]*[\w*\]]\?{1,2}\s*$|[A-Za-z_][\w., ]*(?:\[[\w."'-]*\][\w., ]*)*=\s*(?:%[A-Za-z_]|!(?!=)))/;
/** No person writes a comment like it. */
const plainCommand =
  /^(?:%[A-Za-z_]\w+(?=\s|$)|%%[A-Za-z_]\w*(?=\s|$)|!(?:[A-Za-z./~$({]|$)|[A-Za-z_][\w., ]*=\s*(?:%[A-Za-z_]|![A-Za-z./~$({]))/;
const cellMagic = /^%%(\w*)(?!\w*\?)/;
/** Cell magics whose cell is Python below the first line. */
const pythonMagics = new Set(['time', 'timeit', 'capture', 'prun', 'memit', 'mprun', 'debug', 'python', 'python3', 'snakeviz']);

export function isCommandAt(text: string, lineStart: number): boolean {
  const end = text.indexOf('\n', lineStart);
  return command.test(text.slice(lineStart, end === -1 ? undefined : end).trimStart());
}

/** Whether a line that begins a cell makes all of it another language's. */
export function isForeign(line: string): boolean {
  const name = cellMagic.exec(line)?.[1];
  return name !== undefined && !pythonMagics.has(name);
}

/** As a comment; what could be taken for prose there (`# Why?`) stands behind `#? `. `isAlone`: nothing else is in its block. */
export function commentCommand(line: string, isAlone: boolean): string {
  const content = line.trimStart();
  const sign = plainCommand.test(content) ? '# ' : '#? ';
  return line.slice(0, line.length - content.length) + (isAlone ? filler : '') + sign + content;
}

/** A block needs a statement. */
const filler = 'pass  ';

export interface CommentedLine {
  /** As IPython has it; or as a comment that is one less deep. */
  readonly line: string;
  readonly isDeeper: boolean;
}

/** A comment that holds a command, or that was set deeper for looking so. */
export function readCommented(line: string): CommentedLine | undefined {
  const [, indent = '', pass = '', deeper = '', sign = '', content = ''] = commented.exec(line) ?? [];
  if (!(sign === '# ' ? plainCommand : command).test(content)) return undefined;
  const isDeeper = deeper !== '';
  return { line: indent + (isDeeper ? pass + deeper.slice(2) + sign : '') + content, isDeeper };
}

const commented = /^(\s*)(pass {2})?((?:# )*)(#\?? )(.*)$/;

/** For each line, whether all that its backslash joins to it stands in comments of ours. */
export function joinedComments(lines: readonly string[]): readonly boolean[] {
  const found: boolean[] = [];
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    const below = lines[at]?.endsWith('\\') ? lines[at + 1] : undefined;
    found[at] = below === undefined || (commentLine(uncommentLine(below)) === below && found[at + 1] === true);
  }
  return found;
}
