/** A percent script as a document. */
import { type DocumentCell, type Loss, loss, type NotebookDocument, withoutBlankEnds, withoutKey } from './document.ts';
import { readHead } from './head.ts';
import { commentRawMagics } from './magics.ts';
import { splitHead } from './marimo-frame.ts';
import { textOfMarkdown } from './markdown-cells.ts';
import { type MarkerLine, readMarkerLine } from './marker-line.ts';
import { isTrue } from './options.ts';
import { readPercent } from './percent.ts';
import { isProse, splitProse } from './prose.ts';
import { readText } from './text-cells.ts';

export function fromPercent(text: string): NotebookDocument {
  const lines = text.split(/\r\n|\r|\n/);
  const losses: Loss[] = [];
  const cells: DocumentCell[] = [];
  let head = readHead('');
  for (const { kind, code, line } of readPercent(text).cells) {
    if (kind === 'setup') {
      const split = splitHead(code);
      head = readHead(split.header);
      if (split.code.trim() !== '')
        cells.push({ kind: 'setup', title: '', options: {}, line, ...pythonOf(split.code, 0, losses) });
    } else {
      cells.push(...cellsOf(readMarkerLine(lines[line] ?? ''), code, line, cells.length, losses));
    }
  }
  return { ...head, cells, losses };
}

/** A cell that is called text and holds code is both: its text, and the code below it. */
function cellsOf(marker: MarkerLine, code: string, line: number, index: number, losses: Loss[]): readonly DocumentCell[] {
  const { title, type, options } = marker;
  if (type === undefined) return [cellOf(marker, code, line, index, losses)];
  if (isProse(code)) return [{ kind: type, title, text: readText(code) ?? code, options, line }];
  const split = splitProse(code);
  if (split.prose === '') return [cellOf(marker, code, line, index, losses)];
  const text = { kind: type, title, text: readText(split.prose) ?? split.prose, options, line };
  return [
    text,
    cellOf({ title: '', type: undefined, options: withoutKey(options, 'name') }, split.code, line, index + 1, losses),
  ];
}

function cellOf({ title, options }: MarkerLine, code: string, line: number, index: number, losses: Loss[]): DocumentCell {
  const isSetup = index === 0 && isTrue(options['setup']);
  const others = withoutKey(isSetup ? withoutKey(options, 'setup') : options, 'unparsable');
  const unparsed = isTrue(options['unparsable']) ? readText(code) : undefined;
  if (unparsed !== undefined)
    return { kind: isSetup ? 'setup' : 'unparsable', title, text: unparsed.trimEnd(), options: others, line };
  const markdown = textOfMarkdown(withoutBlankEnds(code));
  if (markdown !== undefined) return { kind: 'markdown', title, text: markdown, options, line };
  return { kind: isSetup ? 'setup' : 'code', title, options: others, line, ...pythonOf(code, index, losses) };
}

function pythonOf(source: string, index: number, losses: Loss[]): Pick<DocumentCell, 'text'> {
  const { code, magics } = commentRawMagics(withoutBlankEnds(source));
  losses.push(...magics.map((line) => magicLoss(line, index)));
  return { text: code };
}

export function magicLoss(line: string, index: number): Loss {
  return loss('magic', 'hint', `\`${line}\` is not Python: it is kept in a comment, and only Jupyter runs it.`, index);
}
