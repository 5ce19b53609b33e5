/**
 * Lines that begin cells where there is no `# %%`: sphinx-gallery's (20 or more `#`), those of nbconvert (`# In[1]:`), and those
 * of IPython's first notebooks (`# <codecell>`). Such lines stand in many files that are no notebooks, so somebody has to ask for them.
 */
import { itemAt } from '../../assert.ts';
import type { IsBoundary } from '../lexer.ts';

export interface OtherMarker {
  readonly title: string;
  readonly type: 'markdown' | 'raw' | undefined;
}

const bar = /^#{20}#*/;
const input = /^#[ \t]*In[ \t]*\[[ \d]*\]:?[ \t]*$/;
const tag = /^#[ \t]*<(code|markdown|heading|raw)cell\b[^>]*>[ \t]*$/;
const textTypes: ReadonlyMap<string, OtherMarker['type']> = new Map([
  ['markdown', 'markdown'],
  ['heading', 'markdown'],
  ['raw', 'raw'],
]);

export function readOtherMarker(line: string): OtherMarker | undefined {
  if (bar.test(line)) return { title: line.replace(/^#+|#+\s*$/g, '').trim(), type: undefined };
  if (input.test(line)) return { title: '', type: undefined };
  const kind = tag.exec(line)?.[1];
  return kind === undefined ? undefined : { title: '', type: textTypes.get(kind) };
}

/** A cheap look, so that other texts need not be read a second time. */
export function mayHaveOtherMarkers(text: string): boolean {
  return /^#(?:#{19}|[ \t]*(?:In[ \t]*\[|<(?:code|markdown|heading|raw)cell))/m.test(text);
}

/** The lines of a text that begin cells. Above a line that goes on with a block none does: it would be cut in two. */
export function otherMarkersIn(text: string): IsBoundary {
  const lines = [...text.matchAll(/[^\r\n]*(?:\r\n|[\r\n]|$)/g)];
  const isInBlock = blocksGoOn(lines.map(([line]) => line));
  const starts = new Set<number>();
  let isText = false;
  for (const [index, { 0: line, index: start }] of lines.entries()) {
    // sphinx-gallery's text goes on as long as the comment: a second bar below a title is part of it.
    isText &&= line.startsWith('#');
    if (isText || itemAt(isInBlock, index) || readOtherMarker(line.trimEnd()) === undefined) continue;
    starts.add(start);
    isText = bar.test(line);
  }
  return (_, lineStart) => starts.has(lineStart);
}

/** For each line, whether the next one that is no comment belongs to something that has begun above. */
function blocksGoOn(lines: readonly string[]): readonly boolean[] {
  const found: boolean[] = [];
  let goesOn = false;
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    found[at] = goesOn;
    const line = itemAt(lines, at);
    if (!/^\s*(?:#|$)/.test(line)) goesOn = /^(?:[ \t)\]}]|(?:else|elif|except|finally)\b)/.test(line);
  }
  return found;
}
