/**
 * What IPython alone understands, kept in comments: `# %matplotlib inline`, `# !ls`, and all of a `%%bash` cell. What could be
 * taken for prose there (`# Why?`) stands behind `#? `. Lines that look so already go one comment deeper, so that nothing is
 * ambiguous on the way back.
 */
import { itemAt } from '../../assert.ts';
import { readLayout } from '../lexer.ts';
import { uncommentLines, writeText } from './text-cells.ts';

const magic =
  /^(?:%{1,2}[A-Za-z_]|!(?!=)|\?{1,2}[A-Za-z_%]|%{0,2}[A-Za-z_][\w.]*\?{1,2}\s*$|[A-Za-z_][\w., ]*=\s*(?:%[A-Za-z_]|!(?!=)))/;
/** No person writes a comment like it. */
const plainMagic =
  /^(?:%[A-Za-z_]\w+(?=\s|$)|%%[A-Za-z_]\w*(?=\s|$)|!(?:[A-Za-z./~$({]|$)|[A-Za-z_][\w., ]*=\s*(?:%[A-Za-z_]|![A-Za-z./~$({]))/;
const innerMarker = /^(?:# )*#[ \t]*%%+(?=[ \t[{]|$)/;
const wholeCell = /^%%([A-Za-z_]\w*)/;
/** Cell magics whose cell is Python below the first line. */
const pythonMagics = new Set(['time', 'timeit', 'capture', 'prun', 'memit', 'mprun', 'debug', 'python', 'python3', 'snakeviz']);

export interface Commented {
  readonly code: string;
  /** Lines that were no Python, as they stood. */
  readonly magics: readonly string[];
}

/** Jupyter's cell as Python. */
export function commentMagics(source: string): Commented {
  return hideMagics(source, true);
}

/** Python as Jupyter's cell. */
export function uncommentMagics(code: string): string {
  const plain = unescapeMarkers(code);
  const lines = plain.split('\n');
  const text = plain.startsWith('# %%') ? uncommentLines(plain) : undefined;
  if (text !== undefined && isForeign(text.split('\n', 1)[0] ?? '') && writeText(text) === plain) return text;
  const starts = readLayout(plain).lines;
  return lines
    .map((line, index) => (starts[index]?.begins === 'code' && isCommented(line) ? line.replace(/#\??\x20/, '') : line))
    .join('\n');
}

/** A script's cell with its magics in comments. What is a comment already means one, so it stays. */
export function commentRawMagics(code: string): Commented {
  return hideMagics(code, false);
}

function hideMagics(source: string, isDeepened: boolean): Commented {
  const lines = source.split('\n');
  if (isForeign(lines[0] ?? '')) return { code: escapeMarkers(writeText(source)), magics: [itemAt(lines, 0)] };
  const magics: string[] = [];
  const code = rewrite(lines, (line) => {
    const content = line.trimStart();
    if (magic.test(content)) {
      magics.push(content.trimEnd());
      return commented(line, plainMagic.test(content) ? '# ' : '#? ');
    }
    return isDeepened && isCommented(line) ? commented(line, '# ') : line;
  });
  return { code: isDeepened ? escapeMarkers(code) : code, magics };
}

function isForeign(line: string): boolean {
  const name = wholeCell.exec(line)?.[1];
  return name !== undefined && !pythonMagics.has(name);
}

function commented(line: string, sign: string): string {
  const indent = line.length - line.trimStart().length;
  return line.slice(0, indent) + sign + line.slice(indent);
}

function isCommented(line: string): boolean {
  const content = line.trimStart().replace(/^(?:# )*(?=#)/, '');
  if (content.startsWith('#? ')) return magic.test(content.slice(3));
  return content.startsWith('# ') && plainMagic.test(content.slice(2));
}

/** Comments that would begin a cell in a percent script are set one comment deeper. */
export function escapeMarkers(code: string): string {
  return changeComments(code, (line) => (innerMarker.test(line) ? `# ${line}` : line));
}

export function unescapeMarkers(code: string): string {
  return changeComments(code, (line) => (line.startsWith('# ') && innerMarker.test(line.slice(2)) ? line.slice(2) : line));
}

function changeComments(code: string, change: (line: string) => string): string {
  if (!code.includes('%%')) return code;
  const starts = readLayout(code).lines;
  return code
    .split('\n')
    .map((line, index) => (starts[index]?.begins === 'string' ? line : change(line)))
    .join('\n');
}

/** From top to bottom, since what is a string below depends on what was no Python above. */
function rewrite(lines: readonly string[], change: (line: string) => string): string {
  const written = [...lines];
  let starts = readLayout(written.join('\n')).lines;
  for (let index = 0; index < written.length; index += 1) {
    if (starts[index]?.begins !== 'code') continue;
    const line = itemAt(written, index);
    const changed = change(line);
    written[index] = changed;
    if (changed !== line && leavesOpen(line)) starts = readLayout(written.join('\n')).lines;
  }
  return written.join('\n');
}

/** Whether the line reaches into the next: with a bracket, a string or a backslash. */
function leavesOpen(line: string): boolean {
  return readLayout(`${line}\n#`).lines.at(-1)?.begins !== 'code';
}
