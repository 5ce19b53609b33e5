/** What a conversion did not keep, found by reading what was written. */
import { itemAt } from '../../assert.ts';
import { readLayout } from '../lexer.ts';
import { type DocumentCell, type Loss, loss, type NotebookDocument, withoutBlankEnds } from './document.ts';
import { uncommentMagics } from './magics.ts';
import { isTrue } from './options.ts';
import { differentKeys } from './values.ts';
import { marimoOptions } from './write-marimo.ts';

/** Throws where a cell came or went: that is no loss but a mistake of ours. */
export function lossesBetween(before: NotebookDocument, after: NotebookDocument): readonly Loss[] {
  // A notebook without cells is written with an empty one where the format needs one.
  const cells = before.cells.length === 0 ? after.cells : before.cells;
  if (cells.length !== after.cells.length)
    throw new Error(`the notebook has ${cells.length} cells, and what was written has ${after.cells.length}`);
  const lost = differentKeys(before.app, after.app);
  return [
    ...(lost.length === 0 ? [] : [loss('app-options', 'warning', `Options of the app are lost or changed: ${lost.join(', ')}.`)]),
    ...(withoutBlankEnds(before.header) === withoutBlankEnds(after.header)
      ? []
      : [loss('header', 'warning', 'The comments above the notebook have another meaning at their new place.')]),
    ...cells.flatMap((cell, index) => cellLosses(cell, itemAt(after.cells, index), index)),
  ];
}

function cellLosses(before: DocumentCell, after: DocumentCell, index: number): readonly Loss[] {
  const losses: Loss[] = [];
  const tell = (code: string, message: string): number => losses.push(loss(code, 'warning', message, index));
  if (after.kind === 'unparsable' && before.kind !== 'unparsable')
    tell('unparsable', 'Python does not accept this cell: it is kept as text that does not run.');
  else if (after.kind !== before.kind) tell('kind', `This ${before.kind} cell comes back as a ${after.kind} cell.`);
  if (before.text !== after.text && (!isCode(before) || asMeant(before.text) !== asMeant(after.text))) {
    const isSpace = before.text.replace(/\s+/g, '') === after.text.replace(/\s+/g, '');
    tell('text', isSpace ? 'White space in the text of this cell changes.' : 'The text of this cell changes.');
  }
  if (before.title !== after.title && before.title !== '') tell('title', `The title of this cell is lost: ${before.title}`);
  const keys = differentKeys(meant(before), meant(after));
  if (keys.length > 0) tell('options', `Options of this cell are lost or changed: ${keys.join(', ')}.`);
  return losses;
}

/** An option of marimo that is off is not said. */
function meant({ options }: DocumentCell): DocumentCell['options'] {
  return Object.fromEntries(Object.entries(options).filter(([key, value]) => !marimoOptions.has(key) || isSaid(value)));
}

function isSaid(value: string): boolean {
  return isTrue(value) || !/^(?:[Ff]alse|None|null)$/.test(value);
}

function isCode({ kind }: DocumentCell): boolean {
  return kind === 'code' || kind === 'setup' || kind === 'unparsable';
}

/** How deep a comment stands for a command of IPython says nothing, nor do spaces alone on a line, but in a string. */
function asMeant(text: string): string {
  const code = uncommentMagics(text);
  const { lines } = readLayout(code);
  return lines
    .map(({ start, end, begins }) => ({ begins, line: code.slice(start, end) }))
    .map(({ begins, line }) => (begins === 'string' || line.trim() !== '' ? line : ''))
    .join('\n');
}
