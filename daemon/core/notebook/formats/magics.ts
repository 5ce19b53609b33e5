/**
 * What IPython alone understands, kept in comments: `# %matplotlib inline`, `# !ls`, and all of a `%%bash` cell. What could be
 * taken for prose there (`# Why?`) stands behind `#? `. Lines that look so already go one comment deeper, so that nothing is
 * ambiguous on the way back.
 */
import { itemAt } from '../../assert.ts';
import { type Layout, readLayout, readLayoutAround, type Statement } from '../lexer.ts';
import { commentCommand, isCommandAt, isForeign, joinedComments, readCommented } from './commands.ts';
import { isMarker } from './percent.ts';
import { commentLine, uncommentLine, uncommentLines, writeText } from './text-cells.ts';

const innerMarker = /^(?:# )*#[ \t]*%%+(?=[ \t[{]|$)/;

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
  const isOther = isForeign(uncommentLine(itemAt(lines, 0)));
  if (isOther && isAllText(plain)) return uncommentLines(plain) ?? plain;
  const layout = readLayoutAround(plain, isCommandAt);
  const isJoined = joinedComments(lines);
  const written: string[] = [];
  while (written.length < lines.length) {
    const at = written.length;
    const line = itemAt(lines, at);
    const found = layout.lines[at]?.begins === 'code' ? readCommented(line) : undefined;
    // What stands below would become another language's, or part of the command.
    const isOurs = found?.isDeeper === true || (isJoined[at] === true && !(isOther && at === 0));
    written.push(found !== undefined && isOurs ? found.line : line);
    if (found?.isDeeper === false && isOurs) written.push(...lines.slice(at + 1, endOfJoined(lines, at)).map(uncommentLine));
  }
  return written.join('\n');
}

/** Whether each line is a comment as we write them. */
function isAllText(code: string): boolean {
  const text = uncommentLines(code);
  return text !== undefined && writeText(text) === code;
}

/** A script's cell with its magics in comments. What is a comment already means one, so it stays. */
export function commentRawMagics(code: string): Commented {
  return hideMagics(code, false);
}

function hideMagics(source: string, isDeepened: boolean): Commented {
  const lines = source.split('\n');
  if (isForeign(lines[0] ?? '')) return { code: escapeMarkers(writeText(source)), magics: [itemAt(lines, 0)] };
  const layout = readLayoutAround(source, isCommandAt);
  const commands = commandsIn(source, lines, layout);
  const written = withComments(lines, layout, commands);
  const code = isDeepened ? escapeMarkers(deepened(written, layout, commands).join('\n')) : escapeFreed(written.join('\n'));
  return { code, magics: [...commands.keys()].map((index) => itemAt(lines, index).trim()) };
}

/** Each command by its first line, with the line behind its last. */
type Commands = ReadonlyMap<number, number>;

function commandsIn(source: string, lines: readonly string[], layout: Layout): Commands {
  const found = new Map<number, number>();
  for (const [index, { start, begins }] of layout.lines.entries())
    if (begins === 'code' && isCommandAt(source, start)) found.set(index, endOfJoined(lines, index));
  return found;
}

/** Behind the last line that backslashes join to this one. */
function endOfJoined(lines: readonly string[], index: number): number {
  let end = index + 1;
  while (end < lines.length && lines[end - 1]?.endsWith('\\')) end += 1;
  return end;
}

function withComments(lines: readonly string[], layout: Layout, commands: Commands): string[] {
  const written = [...lines];
  const firsts = firstsInBlocks(lines, layout.statements, commands);
  for (const [index, end] of commands) {
    written[index] = commentCommand(itemAt(lines, index), firsts.has(index));
    for (let below = index + 1; below < end; below += 1) written[below] = commentLine(itemAt(lines, below));
  }
  return written;
}

/** The first command of each block that has no statement. */
function firstsInBlocks(
  lines: readonly string[],
  statements: readonly Statement[],
  commands: ReadonlyMap<number, unknown>,
): ReadonlySet<number> {
  const found = new Set<number>();
  const places = [...commands.keys()];
  let at = 0;
  for (const [index, { indent, colon, end, lastLine }] of statements.entries()) {
    const next = statements[index + 1];
    while (at < places.length && itemAt(places, at) <= lastLine) at += 1;
    if (colon !== end - 1 || (next !== undefined && next.indent > indent)) continue;
    const below = next?.firstLine ?? lines.length;
    let first = at;
    while ((places[first] ?? below) < below && indentOf(itemAt(lines, itemAt(places, first))) <= indent) first += 1;
    const place = places[first];
    if (place !== undefined && place < below) found.add(place);
  }
  return found;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** Comments of the person's that look like commands in comments are set one comment deeper. */
function deepened(written: readonly string[], { lines }: Layout, commands: Commands): readonly string[] {
  let from = 0;
  return written.map((line, index) => {
    from = commands.get(index) ?? from;
    const isTheirs = index >= from && lines[index]?.begins === 'code';
    return isTheirs && readCommented(line) !== undefined ? line.replace('#', '# #') : line;
  });
}

/** Comments that would begin a cell in a percent script are set one comment deeper. */
export function escapeMarkers(code: string): string {
  return changeComments(code, (line) => (innerMarker.test(line) ? `# ${line}` : line));
}

/** In a script's cell a marker stands in a string; unless a command that is a comment now seemed to begin the string. */
function escapeFreed(code: string): string {
  return changeComments(code, (line) => (isMarker(line, 0) ? `# ${line}` : line));
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
