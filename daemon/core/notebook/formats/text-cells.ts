/** Text in a Python file that is not Python: comments, where a line that would be a marker stands behind `#? `. */
import { isMarker } from './percent.ts';

export function writeText(text: string): string {
  return text === '' ? '' : text.split('\n').map(commentLine).join('\n');
}

/** Of comments, or of one string, as jupytext writes both; `undefined` where the lines are neither. */
export function readText(code: string): string | undefined {
  return uncommentLines(code) ?? uncommentLines(withoutBlankLines(code)) ?? quotedText(code);
}

/** The inverse of `writeText`; `undefined` when some line is no comment. */
export function uncommentLines(code: string): string | undefined {
  if (code === '') return '';
  const lines = code.split('\n');
  return lines.every((line) => line.startsWith('#')) ? lines.map(uncommentLine).join('\n') : undefined;
}

/** A person may leave lines between comments empty. */
function withoutBlankLines(code: string): string {
  return code.replace(/^[ \t\f]*$/gm, '#');
}

export function commentLine(line: string): string {
  if (line === '') return '#';
  return isMarker(`# ${line}`, 0) ? `#? ${line}` : `# ${line}`;
}

export function uncommentLine(line: string): string {
  if (line.startsWith('#? ') && isMarker(`# ${line.slice(3)}`, 0)) return line.slice(3);
  return line.replace(/^# ?/, '');
}

function quotedText(code: string): string | undefined {
  const [, quote = '', text] = /^[rR]?("""|''')\n?([\s\S]*?)\n?\1$/.exec(code.trim()) ?? [];
  return text?.includes(quote) ? undefined : text;
}
