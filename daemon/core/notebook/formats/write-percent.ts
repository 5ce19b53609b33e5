/** Percent scripts: plain Python with a `# %%` line above each cell. Reading them back gives the same cells. */
import { itemAt } from '../../assert.ts';
import { readLayout, type Statement } from '../lexer.ts';
import type { DocumentCell, NotebookDocument } from './document.ts';
import { writeHead } from './head.ts';
import { splitHead } from './marimo-frame.ts';
import { markerOf, writeMarkerLine } from './marker-line.ts';
import { writeText } from './text-cells.ts';

export function writePercent({ header, app, cells }: NotebookDocument): string {
  const comments = writeHead({ header, app });
  const [first] = cells;
  const isHead = first !== undefined && cells.length > 1 && canBeHead(comments, first);
  const head = [comments, ...(isHead ? [first.text] : [])].filter((part) => part !== '').join('\n\n');
  const blocks = cells.slice(isHead ? 1 : 0).map(writeCell);
  const parts = [head, ...(blocks.length === 0 ? ['# %%'] : blocks)].filter((part) => part !== '');
  return `${parts.map((part, index) => (index === 0 ? part : blankLines(itemAt(parts, index - 1), part) + part)).join('')}\n`;
}

/** Two around functions and classes, as formatters of Python have it. */
function blankLines(above: string, below: string): string {
  const statements = (code: string) => readLayout(code).statements.filter(({ indent }) => indent === 0);
  const isDefinition = (code: string, statement: Statement | undefined) =>
    statement !== undefined && /^(?:async\s+def|def|class)\b|^@/.test(code.slice(statement.start, statement.end));
  const isAround = isDefinition(above, statements(above).at(-1)) || isDefinition(below, statements(below)[0]);
  return isAround ? '\n\n\n' : '\n\n';
}

/** Where the comments end and the setup cell begins is read from the text; it must come apart as it was put together. */
function canBeHead(comments: string, { kind, title, text, options }: DocumentCell): boolean {
  if (kind !== 'setup' || title !== '' || Object.keys(options).length > 0 || text === '' || hasOpenString(text)) return false;
  const found = splitHead(comments === '' ? text : `${comments}\n\n${text}`);
  return found.header === comments && found.code === text;
}

function writeCell(cell: DocumentCell): string {
  switch (cell.kind) {
    case 'markdown':
    case 'raw':
      return block(writeMarkerLine(markerOf(cell)), writeText(cell.text));
    case 'unparsable':
      return writeUnparsable(cell);
    case 'setup': {
      const setup = { ...cell, options: { setup: 'true', ...cell.options } };
      return hasOpenString(cell.text) ? writeUnparsable(setup) : block(writeMarkerLine(markerOf(setup)), cell.text);
    }
    case 'code':
      return hasOpenString(cell.text) ? writeUnparsable(cell) : block(writeMarkerLine(markerOf(cell)), cell.text);
  }
}

function writeUnparsable(cell: DocumentCell): string {
  return block(writeMarkerLine({ ...markerOf(cell), options: { ...cell.options, unparsable: 'true' } }), writeText(cell.text));
}

function block(marker: string, body: string): string {
  return body === '' ? marker : `${marker}\n${body}`;
}

/** It would swallow the cells below: Python reads on until the quotes come. */
function hasOpenString(code: string): boolean {
  return readLayout(`${code}\n#`).lines.at(-1)?.begins === 'string';
}
