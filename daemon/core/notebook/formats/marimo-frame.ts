/** What a marimo file holds besides its cells: the lines above `import marimo`, and the arguments of the app. */
import { readLayout } from '../lexer.ts';
import { headOf, isAppStatement, isCellBoundary } from './marimo-app.ts';
import { readArguments } from './marimo-arguments.ts';
import { normalizeBreaks } from './marimo-body.ts';
import type { RawOptions } from './options.ts';

export interface MarimoFrame {
  readonly header: string;
  readonly app: RawOptions;
}

export function readMarimoFrame(text: string): MarimoFrame {
  const layout = readLayout(text, isCellBoundary);
  const app = layout.statements.find((statement) => statement.indent === 0 && isAppStatement(text, statement));
  const first = layout.statements.find((statement) => !/^[rRuU]?["']/.test(headOf(text, statement)));
  const above = text.slice(0, first?.start ?? text.length).replace(/^\ufeff/, '');
  return {
    header: withoutSpaceAtEnd(normalizeBreaks(above)),
    app: app === undefined ? {} : readArguments(text.slice(app.start, app.end)),
  };
}

/** The comments and the docstring at the beginning of a script, and the code that follows; comments directly above code belong to it. */
export function splitHead(code: string): { readonly header: string; readonly code: string } {
  const { lines, statements } = readLayout(code);
  const first = statements.find((statement) => !/^[rRuU]?["']/.test(headOf(code, statement)));
  if (first === undefined) return { header: withoutSpaceAtEnd(code), code: '' };
  let line = first.firstLine;
  while (line > 0 && code.slice(lines[line - 1]?.start, lines[line - 1]?.end).startsWith('#')) line -= 1;
  const start = lines[line]?.start ?? 0;
  return { header: withoutSpaceAtEnd(code.slice(0, start)), code: code.slice(start) };
}

/** What Python takes for white space: not a byte-order mark, behind which a comment may look like a marker. */
function withoutSpaceAtEnd(text: string): string {
  let end = text.length;
  while (end > 0 && ' \t\f\r\n'.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
