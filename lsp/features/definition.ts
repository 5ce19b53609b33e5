/** From a name to the cell that gives it: in a marimo notebook other servers see only an argument of a function. */
import type { Position, Range } from 'vscode-languageserver';
import type { NotebookView } from '../../protocol/types.ts';
import { cellAtLine, type PlacedCell, placedCells } from '../cells.ts';

/** Where the name under the cursor comes from, when that is another cell. */
export function definitionAt(view: NotebookView, position: Position, lineText: (line: number) => string): Range | null {
  const name = nameAt(lineText(position.line), position.character);
  const reader = cellAtLine(view, position.line);
  if (name === undefined || !reader?.cell.refs.includes(name)) return null;
  const writer = writerOf(view, reader, name);
  return writer ? bindingOf(writer, name, lineText) : null;
}

/** The last parent above that defines it, as Python reads a script; without one, the first below. */
function writerOf(view: NotebookView, reader: PlacedCell, name: string): PlacedCell | undefined {
  const writers = placedCells(view).filter(({ cell }) => reader.cell.parents.includes(cell.id) && cell.defs.includes(name));
  return writers.findLast(({ place }) => place.line < reader.place.line) ?? writers[0];
}

/** The line that looks like it binds the name; one that has it at all where none does. */
function bindingOf({ place }: PlacedCell, name: string, lineText: (line: number) => string): Range {
  const lines = Array.from({ length: place.endLine - place.codeLine + 1 }, (_, index) => place.codeLine + index);
  const binding = bindingPattern(name);
  const word = wordPattern(name);
  const line = lines.find((at) => binding.test(lineText(at))) ?? lines.find((at) => word.test(lineText(at))) ?? place.codeLine;
  const character = Math.max(0, lineText(line).search(word));
  return { start: { line, character }, end: { line, character: character + name.length } };
}

/** What a line looks like that binds a name; a wrong guess leads to another line of the right cell. */
function bindingPattern(name: string): RegExp {
  const word = wordPattern(name).source;
  const shapes = [
    `^[^=#'"()[\\]]*${word}[^=#'"()[\\]]*=(?!=)`, // assignments, of several names or with a type
    `\\b(?:def|class|type|as)\\s+${word}`,
    `^\\s*(?:import|from)\\b.*${word}`,
    `^\\s*${word},?\\s*$`, // one of the names of an import in parentheses
    `\\bfor\\b.*${word}.*\\bin\\b`,
    `${word}\\s*:=`,
  ];
  return new RegExp(shapes.join('|'), 'u');
}

function wordPattern(name: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}_.])${name}(?![\\p{L}\\p{N}_])`, 'u');
}

function nameAt(line: string, character: number): string | undefined {
  for (const match of line.matchAll(/[\p{L}_][\p{L}\p{N}_]*/gu)) {
    if (match.index <= character && character <= match.index + match[0].length) return match[0];
  }
  return undefined;
}
