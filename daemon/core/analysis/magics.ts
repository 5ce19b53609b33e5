/**
 * Commands of IPython that change how it shows things and what it loads again, and compute nothing: `%matplotlib inline`,
 * `%autoreload 2`. In a script they are passed over, as if they were comments; Python refuses them.
 */
import { backslash, closing, continuationEnd, lineEnd, newline, opening, tokenEnd, withUnitsAt } from './lexical.ts';

const names = '(?:matplotlib|autoreload|config|(?:re)?load_ext[ \\t]+autoreload)(?![\\p{L}\\p{N}_(.=])';
const anywhere = new RegExp(`^[ \\t]*%${names}`, 'mu');
const command = new RegExp(`[ \\t]*%${names}`, 'uy');

/** The same code, of the same length, with `#` for the `%` of such commands. */
export function withoutHarmlessMagics(code: string): string {
  return withUnitsAt(code, harmlessMagics(code), '#');
}

/** Where they stand: the offset of each `%`. */
export function harmlessMagics(code: string): readonly number[] {
  if (!code.includes('%') || !anywhere.test(code)) return [];
  const found: number[] = [];
  let depth = 0;
  let isLineStart = true;
  for (let at = 0; at < code.length; ) {
    if (isLineStart && depth === 0) {
      command.lastIndex = at;
      if (command.test(code)) {
        found.push(code.indexOf('%', at));
        at = lineEnd(code, at);
      }
    }
    const unit = code.charCodeAt(at);
    isLineStart = unit === newline;
    if (opening.has(unit)) depth++;
    else if (closing.has(unit)) depth = Math.max(0, depth - 1);
    at = (unit === backslash ? continuationEnd(code, at) : undefined) ?? tokenEnd(code, at);
  }
  return found;
}
