/**
 * Carriage returns as a terminal shows them: what follows one overwrites its line from the start. So a progress that rewrites its line
 * for hours takes one line. Done only where it is exact: where every character takes one column, or the line is erased.
 */
import { rewrittenCharactersMax } from '../../limits.ts';

export interface Rewriting {
  /** So many characters at the end of the text before are replaced … */
  readonly back: number;
  /** … by these. */
  readonly text: string;
}

/** `line` is the last line of the text before, without its end. */
export function withoutReturns(line: string, text: string): Rewriting {
  if (!text.includes('\r') && !line.includes('\r')) return { back: 0, text };
  const lines = `${line}${text}`.split('\n');
  const shown = lines.map((one, at) => shownLine(one, at === lines.length - 1)).join('\n');
  return shown.startsWith(line) ? { back: 0, text: shown.slice(line.length) } : { back: line.length, text: shown };
}

/** The last line of a text that goes on; undefined where it is too long to be rewritten. */
export function lastLine(line: string | undefined, text: string): string | undefined {
  const end = text.lastIndexOf('\n');
  const last = end >= 0 ? text.slice(end + 1) : line === undefined ? undefined : line + text;
  return last !== undefined && last.length <= rewrittenCharactersMax ? last : undefined;
}

/**
 * A return before the end of the line, or of what has come of it, overwrites nothing (yet). Where a line that goes on is overwritten in
 * part, the return stays, for it says where the line goes on.
 */
function shownLine(line: string, goesOn: boolean): string {
  const body = line.replace(/\r+$/, '');
  const end = body.length < line.length ? '\r' : '';
  if (!body.includes('\r')) return body + end;
  const [first = '', ...rest] = body.split('\r');
  const last = rest.pop() ?? '';
  const before = rest.reduce(overwritten, first);
  const shown = overwritten(before, last);
  return (
    (goesOn && end === '' && last.length < shown.length && shown.length === before.length ? `${before}\r${last}` : shown) + end
  );
}

function overwritten(shown: string, text: string): string {
  const erasing = erasingSigns.find((signs) => text.startsWith(signs));
  if (erasing !== undefined) return text.slice(erasing.length);
  if (text === '') return shown;
  if (isOneColumnEach(shown) && isOneColumnEach(text)) return text + shown.slice(text.length);
  return `${shown}\r${text}`;
}

/** They take away the line, from its start on. */
const erasingSigns = ['\u001b[K', '\u001b[0K', '\u001b[2K'];

/** Of letters, signs and the blocks that progress bars are made of. */
function isOneColumnEach(text: string): boolean {
  return /^[ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2190-\u21ff\u2500-\u259f\u2800-\u28ff]*$/.test(
    text,
  );
}
