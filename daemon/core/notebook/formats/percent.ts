/**
 * Percent scripts: plain Python cut into cells by `# %%` lines, as Spyder, VS Code, jupytext and sphinx-gallery write them; where there
 * is none, by other lines.
 */
import { itemAt } from '../../assert.ts';
import { type IsBoundary, type Layout, type Line, readLayout } from '../lexer.ts';
import { type CellOptions, type CellText, type NotebookText, noOptions } from '../notebook.ts';
import { isTrue, type RawOptions, readJsonOptions, readOptions, stringList, stringValue } from './options.ts';
import { mayHaveOtherMarkers, otherMarkersIn, readOtherMarker } from './other-markers.ts';
import { isProse } from './prose.ts';

export function readPercent(text: string): NotebookText {
  const { layout, markers } = markedLines(text);
  const cells: CellText[] = [];
  const head = readHead(text, layout.lines.slice(0, markers[0] ?? layout.lines.length));
  if (head !== undefined) cells.push(head);
  for (const [index, line] of markers.entries()) {
    const next = markers[index + 1] ?? layout.lines.length;
    cells.push(readCell(text, layout.lines, line, next));
  }
  return { format: 'percent', cells, problems: [] };
}

interface MarkedLines {
  readonly layout: Layout;
  readonly markers: readonly number[];
}

function markedLines(text: string): MarkedLines {
  const found = linesMarkedBy(text, isMarker);
  return found.markers.length > 0 || !mayHaveOtherMarkers(text) ? found : linesMarkedBy(text, otherMarkersIn(text));
}

function linesMarkedBy(text: string, isBoundary: IsBoundary): MarkedLines {
  const layout = readLayout(text, isBoundary);
  return { layout, markers: markerLines(text, layout, isBoundary) };
}

/** Only column 0 counts, as in VS Code; what follows the signs is set off, so that jupytext's commented `# %%time` is none. */
const marker = /(?:#[ \t]*%%+)(?=[ \t\r\n[{]|$)/y;

export function isMarker(text: string, lineStart: number): boolean {
  if (text.charCodeAt(lineStart) !== 35) return false;
  marker.lastIndex = lineStart;
  return marker.test(text);
}

export function hasMarker(text: string): boolean {
  return text.includes('%%') && linesMarkedBy(text, isMarker).markers.length > 0;
}

/** Whether other lines than `# %%` begin cells. */
export function hasOtherMarkers(text: string): boolean {
  return mayHaveOtherMarkers(text) && !hasMarker(text) && linesMarkedBy(text, otherMarkersIn(text)).markers.length > 0;
}

function markerLines(text: string, layout: Layout, isBoundary: IsBoundary): readonly number[] {
  const found: number[] = [];
  for (const [index, line] of layout.lines.entries()) {
    const start = text.startsWith('\ufeff', line.start) && index === 0 ? line.start + 1 : line.start;
    if (line.begins !== 'string' && isBoundary(text, start)) found.push(index);
  }
  return found;
}

/** The lines above the first marker: imports, a docstring, jupytext's header. Only blank lines are no cell. */
function readHead(text: string, lines: readonly Line[]): CellText | undefined {
  const last = lastFilledLine(text, lines, 0, lines.length);
  if (last === -1) return undefined;
  const hasMark = text.startsWith('\ufeff');
  return {
    kind: 'setup',
    name: undefined,
    code: codeOf(text, itemAt(lines, 0), itemAt(lines, last)).slice(hasMark ? 1 : 0),
    line: 0,
    endLine: lines.length - 1,
    codeLine: 0,
    indents: hasMark ? [1] : [],
    options: { disabled: false, manual: false, tags: [], raw: {} },
  };
}

function readCell(text: string, lines: readonly Line[], line: number, next: number): CellText {
  const title = readMarker(textOf(text, itemAt(lines, line)));
  const last = lastFilledLine(text, lines, line + 1, next);
  const code = last === -1 ? '' : codeOf(text, itemAt(lines, line + 1), itemAt(lines, last));
  return {
    kind: title.type !== undefined && isProse(code) ? 'markdown' : 'code',
    name: stringValue(title.raw['name']) ?? (title.text === '' ? undefined : title.text),
    code,
    line,
    // The last line of a file that ends in a line break is empty, and belongs to the last cell.
    endLine: next - 1,
    codeLine: Math.min(line + 1, next - 1),
    indents: noIndents,
    options: optionsOf(title.raw),
  };
}

export interface Marker {
  /** The title. */
  readonly text: string;
  /** Of cells that hold text, not Python. */
  readonly type: 'markdown' | 'raw' | undefined;
  readonly raw: RawOptions;
}

/** `# %% Title [markdown] key="value" …`, each part optional; jupytext's older `{"key": "value"}` too. */
export function readMarker(line: string): Marker {
  const other = readOtherMarker(line);
  if (other !== undefined) return { text: other.title, type: other.type, raw: {} };
  const rest = line.replace(/^\ufeff?#[ \t]*%%+/, '');
  const type = /(?:^|\s)\[(markdown|md|raw|code)\](?=\s|$)/.exec(rest);
  const before = type === null ? rest : rest.slice(0, type.index);
  const after = type === null ? '' : rest.slice(type.index + type[0].length);
  const parts = [before, after].map(splitOptions);
  return {
    text: parts
      .map((part) => part.text)
      .filter((part) => part !== '')
      .join(' '),
    type: textTypes.get(type?.[1] ?? 'code'),
    raw: Object.assign({}, ...parts.map((part) => part.raw)),
  };
}

const textTypes: ReadonlyMap<string, 'markdown' | 'raw'> = new Map([
  ['markdown', 'markdown'],
  ['md', 'markdown'],
  ['raw', 'raw'],
]);

/** The options start at the first `key=` or `{`; where the rest then is no list of options, it is all title. */
function splitOptions(text: string): Omit<Marker, 'type'> {
  const start = /(?:^|\s)(?=[\w@][\w.@/-]*=\S|\{)/.exec(text);
  if (start === null) return { text: text.trim(), raw: {} };
  const options = text.slice(start.index).trim();
  const raw = options.startsWith('{') ? readJsonOptions(options) : readOptions(options);
  if (raw === undefined) return { text: text.trim(), raw: {} };
  return { text: text.slice(0, start.index).trim(), raw };
}

const noIndents: readonly number[] = [];

function optionsOf(raw: RawOptions): CellOptions {
  if (Object.keys(raw).length === 0) return noOptions;
  return { disabled: isTrue(raw['disabled']), manual: isTrue(raw['manual']), tags: stringList(raw['tags']), raw };
}

function lastFilledLine(text: string, lines: readonly Line[], from: number, to: number): number {
  for (let index = to - 1; index >= from; index -= 1) {
    if (textOf(text, itemAt(lines, index)).replace('\ufeff', '').trim() !== '') return index;
  }
  return -1;
}

/** The text of consecutive lines. */
function codeOf(text: string, first: Line, last: Line): string {
  return text.slice(first.start, last.end).replace(/\r\n?/g, '\n');
}

function textOf(text: string, line: Line): string {
  return text.slice(line.start, line.end);
}
