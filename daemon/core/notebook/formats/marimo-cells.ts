/** A cell of a document as marimo holds it, and back: what marimo cannot say stands in a comment above the code. */
import type { CellText } from '../notebook.ts';
import { type DocumentCell, withoutBlankEnds } from './document.ts';
import { escapeMarkers, unescapeMarkers } from './magics.ts';
import { markdownCode, textOfMarkdown } from './markdown-cells.ts';
import { type MarkerLine, readMarkerLine, writeMarkerLine } from './marker-line.ts';
import { define, isTrue, type RawOptions, stringValue } from './options.ts';
import { isMarker } from './percent.ts';
import { isIdentifier } from './python-text.ts';
import { uncommentLines, writeText } from './text-cells.ts';
import { marimoOptions } from './write-marimo.ts';

export interface MarimoCell {
  /** `_` when it has none. */
  readonly name: string;
  readonly code: string;
  readonly options: RawOptions;
}

/** `isNameless`: marimo will write it as a function or class of its own, which has no room for the cell's name. */
export function toMarimoCell(cell: DocumentCell, isNameless = cell.kind === 'setup'): MarimoCell {
  const name = nameOf(cell);
  const body = bodyOf(cell);
  const options = ownOptions(cell.options);
  const marker = markerFor(cell, isNameless);
  const isPlain = marker === undefined && !isCarrier(body, name, isNameless);
  if (isPlain) return { name, code: body, options };
  const line = writeMarkerLine(marker ?? { title: '', type: undefined, options: {} });
  return { name, code: body === '' ? line : `${line}\n${body}`, options };
}

export function fromMarimoCell(origin: CellText): DocumentCell {
  const { kind, code, line } = origin;
  const isNameless = kind === 'function' || kind === 'class' || kind === 'setup';
  const name = isNameless || origin.name === undefined ? '_' : origin.name;
  const options = readOwnOptions(origin.options.raw);
  const marker = isCarrier(code, name, isNameless) ? readMarkerLine(firstLine(code)) : undefined;
  const body = marker === undefined ? code : code.slice(firstLine(code).length + 1);
  const isUntitled = marker?.title !== undefined && (marker.title !== '' || marker.options['name'] !== undefined);
  const title = marker !== undefined && isUntitled ? marker.title : name === '_' || name === 'setup' ? '' : name;
  const named = name === 'setup' ? { name: namedSetup } : {};
  return { title, options: { ...options, ...named, ...marker?.options }, line, ...contentOf(kind, body, marker) };
}

/** What the comment above the code has to say, if anything. */
function markerFor(cell: DocumentCell, isNameless: boolean): MarkerLine | undefined {
  const own = ownOptions(cell.options);
  const others: Record<string, string> = {};
  for (const [key, value] of Object.entries(cell.options)) if (!Object.hasOwn(own, key)) define(others, key, value);
  if (!isNameless && cell.title === '' && others['name'] === namedSetup) delete others['name'];
  const isNamed = !isNameless && (cell.title === '' || cell.title === nameOf(cell)) && others['name'] === undefined;
  const title = isNamed ? '' : cell.title;
  const type = cell.kind === 'raw' || cell.kind === 'markdown' ? cell.kind : undefined;
  const said = readMarkerLine(writeMarkerLine({ title, type, options: others }));
  return said.title === '' && Object.keys(said.options).length === 0 && type !== 'raw' ? undefined : said;
}

/**
 * Whether the first line is such a comment, exactly as we would write it; a line that a person left there stays the person's.
 * An empty one stands above what only looks like one.
 */
function isCarrier(code: string, name: string, isNameless: boolean): boolean {
  const [line = '', next = ''] = code.split('\n', 2);
  if (!isMarker(line, 0)) return false;
  const marker = readMarkerLine(line);
  if (writeMarkerLine(marker) !== line) return false;
  const { title, type, options } = marker;
  if (title === '' && type === undefined && Object.keys(options).length === 0) return isMarker(next, 0);
  if (Object.keys(ownOptions(options)).length > 0) return false;
  if (isNameless) return type === undefined;
  const isNeeded = type === 'raw' || Object.keys(options).length > 0 || !isName(title);
  return isNeeded && (title === '' && options['name'] === undefined ? true : nameOf(marker) === name);
}

function contentOf(kind: CellText['kind'], body: string, marker: MarkerLine | undefined): Pick<DocumentCell, 'kind' | 'text'> {
  if (kind === 'unparsable') return { kind, text: escapeMarkers(body) };
  if (marker?.type === 'raw') {
    const text = uncommentLines(body);
    if (text !== undefined) return { kind: 'raw', text };
  }
  const markdown = kind === 'code' ? textOfMarkdown(body) : undefined;
  if (markdown !== undefined) return { kind: 'markdown', text: markdown };
  return { kind: kind === 'setup' ? 'setup' : 'code', text: withoutBlankEnds(escapeMarkers(body)) };
}

function bodyOf({ kind, text }: DocumentCell): string {
  switch (kind) {
    case 'markdown':
      return markdownCode(text);
    case 'raw':
      return writeText(text);
    case 'unparsable':
    case 'code':
    case 'setup':
      return unescapeMarkers(text);
  }
}

/** The name of the cell's function. */
function nameOf({ title, options }: Pick<DocumentCell, 'title' | 'options'>): string {
  const name = stringValue(options['name']) ?? title;
  return isName(name) || options['name'] === namedSetup ? name : '_';
}

/** An ordinary cell whose function is called so: marimo makes the setup cell of it when it saves. */
const namedSetup = '"setup"';

/** marimo keeps `setup` for itself, and names nothing with underscores. */
function isName(text: string): boolean {
  return isIdentifier(text) && text !== 'setup' && text !== '_' && text !== '__';
}

/** The options that marimo's decorator can say. */
function ownOptions(options: RawOptions): RawOptions {
  return Object.fromEntries(Object.entries(options).filter(([key, value]) => marimoOptions.has(key) && fits(key, value)));
}

function fits(key: string, value: string): boolean {
  return key === 'column' ? /^\d+$/.test(value) : /^(?:[Tt]rue|[Ff]alse)$/.test(value);
}

/** As percent scripts and Jupyter write them; what is so anyway is not said. */
function readOwnOptions(raw: RawOptions): RawOptions {
  const options: Record<string, string> = {};
  for (const [key, value] of Object.entries(raw)) {
    const isDefault = marimoOptions.has(key) && (value === 'False' || value === 'None');
    if (key !== 'name' && !isDefault) define(options, key, marimoOptions.has(key) && isTrue(value) ? 'true' : value);
  }
  return options;
}

function firstLine(code: string): string {
  return code.split('\n', 1)[0] ?? '';
}
