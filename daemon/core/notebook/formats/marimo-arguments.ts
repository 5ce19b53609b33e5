import { readMarks } from '../lexer.ts';
import type { CellOptions } from '../notebook.ts';
import { define, isTrue, type RawOptions } from './options.ts';

/** The keyword arguments of the first call in a piece of code: `app.cell(column=1, hide_code=True)`. Values stay source text. */
export function readArguments(code: string): RawOptions {
  const raw: Record<string, string> = {};
  let start = -1;
  let equals = -1;
  for (const mark of readMarks(code)) {
    if (start === -1 && mark.char !== '(') continue;
    const isEnd = mark.depth === 0 && mark.char === ')';
    if (mark.depth === 1 && mark.char === '=' && equals === -1) equals = mark.offset;
    if (isEnd || (mark.depth === 1 && mark.char === ',')) {
      if (equals !== -1) add(raw, code.slice(start, equals), code.slice(equals + 1, mark.offset));
      equals = -1;
    }
    if (isEnd) break;
    if (start === -1 || (mark.depth === 1 && mark.char === ',')) start = mark.offset + 1;
  }
  return raw;
}

/** What stands before the key on its side, and after a plain value on its own, can only be comments. */
function add(raw: Record<string, string>, before: string, value: string): void {
  const key = /([A-Za-z_]\w*)\s*$/.exec(before)?.[1];
  const plain = /["']/.test(value) ? value : value.replace(/#.*/g, '');
  if (key !== undefined) define(raw, key, plain.trim());
}

export function optionsOf(raw: RawOptions): CellOptions {
  return { disabled: isTrue(raw['disabled']), manual: false, tags: [], raw };
}
