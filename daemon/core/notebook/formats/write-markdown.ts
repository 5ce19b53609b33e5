/** Markdown with cells in it, as `from-markdown.ts` reads it. */
import { type DocumentCell, type NotebookDocument, withoutKey } from './document.ts';
import { fromMarkdown } from './from-markdown.ts';
import { writeHead } from './head.ts';
import { markerOf, writeMarkerText } from './marker-line.ts';
import type { RawOptions } from './options.ts';

export function writeMarkdown({ header, app, cells }: NotebookDocument): string {
  const head = writeHead({ header, app });
  const blocks = cells.map((cell, index) => writeCell(writable(cell), isText(cells[index - 1])));
  return `${[...(head === '' ? [] : [fenced('header=true', head)]), ...blocks].join('\n\n')}\n`;
}

/** Without the options that mean something to the reader. */
function writable(cell: DocumentCell): DocumentCell {
  return { ...cell, options: withoutKey(withoutKey(cell.options, 'header'), 'verbatim') };
}

function writeCell(cell: DocumentCell, isBelowText: boolean): string {
  switch (cell.kind) {
    case 'markdown':
    case 'raw':
      return writeText(cell, isBelowText);
    case 'setup':
    case 'unparsable':
      return writeCode(cell, { [cell.kind]: 'true', ...cell.options });
    case 'code':
      return writeCode(cell, cell.options);
  }
}

function writeCode({ title, text }: DocumentCell, options: RawOptions): string {
  return fenced(writeMarkerText({ title, type: undefined, options }), text);
}

/** A fence longer than those inside; of tildes where the title has a backtick. */
function fenced(info: string, content: string): string {
  const sign = info.includes('`') ? '~' : '`';
  const runs = content.split('\n').map((line) => /^(?:`+|~+)/.exec(line)?.[0].length ?? 0);
  const signs = sign.repeat(runs.reduce((longest, run) => Math.max(longest, run + 1), 3));
  return [`${signs}python${info === '' ? '' : ` ${info}`}`, ...(content === '' ? [] : [content]), signs].join('\n');
}

function writeText(cell: DocumentCell, isBelowText: boolean): string {
  const { text, kind } = cell;
  const marker = markerOf(cell);
  const isPlain = kind === 'markdown' && !isBelowText && writeMarkerText(marker) === '[markdown]';
  if (isPlain && text !== '' && standsAlone(text, text)) return text;
  const open = (options: RawOptions) => `<!-- %% ${writeMarkerText({ ...marker, options })} -->`;
  const marked = `${open(cell.options)}\n${text}`;
  if (standsAlone(marked, text)) return marked;
  let end = 1;
  while (text.includes(`<!-- %% ${end} -->`)) end += 1;
  return `${open({ ...cell.options, verbatim: String(end) })}\n${text}\n<!-- %% ${end} -->`;
}

/** Whether it is read as this one cell, and nothing below it is taken along. */
function standsAlone(written: string, text: string): boolean {
  const { cells } = fromMarkdown(`${written}\n\n${fenced('', '')}`);
  return cells.length === 2 && cells[0]?.text === text && cells[1]?.kind === 'code';
}

function isText(cell: DocumentCell | undefined): boolean {
  return cell?.kind === 'markdown' || cell?.kind === 'raw';
}
