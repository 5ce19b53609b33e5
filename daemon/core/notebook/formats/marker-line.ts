/** The line above a cell in a percent script: what it can say, written and read. */
import { type DocumentCell, withoutKey } from './document.ts';
import { define, type RawOptions } from './options.ts';
import { readMarker } from './percent.ts';

export type MarkerType = 'markdown' | 'raw' | undefined;

export interface MarkerLine {
  readonly title: string;
  readonly type: MarkerType;
  readonly options: RawOptions;
}

/** Signs beyond two set a cell below another one; jupytext calls it so in its metadata. */
const depthKey = 'cell_depth';
const depthMax = 20;

export function readMarkerLine(line: string): MarkerLine {
  const { text, type, raw } = readMarker(line);
  const depth = (/^\ufeff?#[ \t]*%%(%*)/.exec(line)?.[1] ?? '').length;
  return { title: text, type, options: depth > 0 && raw[depthKey] === undefined ? { [depthKey]: String(depth), ...raw } : raw };
}

/** `# %% Title [markdown] key=value`. */
export function writeMarkerLine({ title, type, options }: MarkerLine): string {
  const depth = depthOf(options);
  const text = writeMarkerText({ title, type, options: depth === 0 ? options : withoutKey(options, depthKey) });
  return `# %%${'%'.repeat(depth)}${text === '' ? '' : ' '}${text}`;
}

function depthOf(options: RawOptions): number {
  const source = options[depthKey] ?? '';
  return /^[1-9]\d?$/.test(source) && Number(source) <= depthMax ? Number(source) : 0;
}

/** What stands behind the signs. What it cannot say, by reading it back, is left out. */
export function writeMarkerText({ title, type, options }: MarkerLine): string {
  const kept: Record<string, string> = {};
  for (const [key, value] of Object.entries(options)) {
    const found = readMarkerText(`${key}=${value}`);
    if (
      isOneLine(value) &&
      found.title === '' &&
      found.type === undefined &&
      Object.hasOwn(found.options, key) &&
      found.options[key] === value
    )
      define(kept, key, value);
  }
  const given = Object.entries(kept).map(([key, value]) => `${key}=${value}`);
  const text = (name: string) =>
    [...(name === '' ? [] : [name]), ...(type === undefined ? [] : [`[${type}]`]), ...given].join(' ');
  const isKept = (name: string) => {
    const found = readMarkerText(text(name));
    return isOneLine(name) && found.title === name && found.type === type && sameOptions(found.options, kept);
  };
  const plain = title.replace(/[\s=[\]{}]+/g, ' ').trim();
  return text([title, plain].find(isKept) ?? '');
}

/** What stands below a comment is code. */
function isOneLine(text: string): boolean {
  return !/[\n\r]/.test(text);
}

export function readMarkerText(text: string): MarkerLine {
  const { text: title, type, raw } = readMarker(`# %% ${text}`);
  return { title, type, options: raw };
}

/** Where the line names its cell as the document does. */
export function markerOf({ kind, title, options }: DocumentCell): MarkerLine {
  return { title, type: kind === 'markdown' || kind === 'raw' ? kind : undefined, options };
}

function sameOptions(a: RawOptions, b: RawOptions): boolean {
  return Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([key, value]) => b[key] === value);
}
