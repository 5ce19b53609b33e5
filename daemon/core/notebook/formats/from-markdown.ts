/**
 * Markdown with cells in it: code between ```` ```python ```` fences, text as it stands. A line `<!-- %% Title key=value -->` begins a
 * cell of text where one has to be told from the text above, has a title or options, or (`verbatim=1`, up to `<!-- %% 1 -->`) holds what would be read as a cell.
 */
import { itemAt } from '../../assert.ts';
import { type DocumentCell, type NotebookDocument, withoutBlankEnds, withoutKey } from './document.ts';
import { type Head, readHead } from './head.ts';
import { textOfMarkdown } from './markdown-cells.ts';
import { type MarkerLine, readMarkerText } from './marker-line.ts';
import { isTrue } from './options.ts';

export function fromMarkdown(text: string): NotebookDocument {
  const cells: DocumentCell[] = [];
  let head: Head = { header: '', app: {} };
  for (const { line, isCode, content, marker } of readBlocks(text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/))) {
    const { title, type, options } = marker;
    if (!isCode) cells.push({ kind: type ?? 'markdown', title, text: content, options, line });
    else if (cells.length === 0 && isTrue(options['header'])) head = readHead(content);
    else cells.push(codeCell(marker, content, line, cells.length === 0));
  }
  return { ...head, cells, losses: [] };
}

function codeCell({ title, options }: MarkerLine, content: string, line: number, isFirst: boolean): DocumentCell {
  const own = withoutKey(options, 'unparsable');
  if (isTrue(options['unparsable'])) return { kind: 'unparsable', title, text: content, options: own, line };
  const markdown = textOfMarkdown(withoutBlankEnds(content));
  if (markdown !== undefined) return { kind: 'markdown', title, text: markdown, options: own, line };
  const isSetup = isFirst && isTrue(options['setup']);
  const text = withoutBlankEnds(content);
  return { kind: isSetup ? 'setup' : 'code', title, text, options: isSetup ? withoutKey(own, 'setup') : own, line };
}

interface Block {
  readonly line: number;
  readonly isCode: boolean;
  readonly content: string;
  readonly marker: MarkerLine;
}

const fence = /^(`{3,}|~{3,})(.*)$/;
const python = /^\s*python(?:\s+(.*))?$/;
const markerComment = /^<!-- %%(?: (.*))? -->$/;
const unmarked: MarkerLine = { title: '', type: undefined, options: {} };

/** Text that has begun; without a marker it is a cell only if it says something. */
interface OpenText {
  readonly line: number;
  readonly from: number;
  readonly marker: MarkerLine | undefined;
}

function* readBlocks(lines: readonly string[]): Iterable<Block> {
  let text: OpenText = { line: 0, from: 0, marker: undefined };
  for (let at = 0; at < lines.length; at += 1) {
    const line = itemAt(lines, at);
    const comment = markerComment.exec(line);
    const [, signs, info = ''] = fence.exec(line) ?? [];
    if (comment !== null) {
      yield* textBlock(lines, text, at);
      const marker = readMarkerText(comment[1] ?? '');
      const verbatim = marker.options['verbatim'];
      text = { line: at, from: at + 1, marker };
      if (verbatim === undefined) continue;
      const end = endOf(lines, at + 1, (other) => other === `<!-- %% ${verbatim} -->`);
      const options = withoutKey(marker.options, 'verbatim');
      yield { line: at, isCode: false, content: lines.slice(at + 1, end).join('\n'), marker: { ...marker, options } };
      text = { line: end + 1, from: end + 1, marker: undefined };
      at = end;
    } else if (signs !== undefined) {
      const end = endOf(lines, at + 1, (other) => other.startsWith(signs) && /^[`~]+\s*$/.test(other));
      const found = python.exec(info);
      if (found !== null) {
        yield* textBlock(lines, text, at);
        yield { line: at, isCode: true, content: lines.slice(at + 1, end).join('\n'), marker: readMarkerText(found[1] ?? '') };
        text = { line: end + 1, from: end + 1, marker: undefined };
      }
      at = end;
    }
  }
  yield* textBlock(lines, text, lines.length);
}

function textBlock(lines: readonly string[], { line, from, marker }: OpenText, end: number): readonly Block[] {
  const content = withoutBlankEnds(lines.slice(from, end).join('\n'));
  if (marker === undefined && content === '') return [];
  const first = from + lines.slice(from, end).findIndex((one) => one.trim() !== '');
  return [{ line: marker === undefined ? first : line, isCode: false, content, marker: marker ?? unmarked }];
}

function endOf(lines: readonly string[], from: number, isEnd: (line: string) => boolean): number {
  let at = from;
  while (at < lines.length && !isEnd(itemAt(lines, at))) at += 1;
  return at;
}
