/** No-break spaces, which come along with text from web pages. Python refuses them; here they count as spaces. */
import { noBreakSpace, tokenEnd, withUnitsAt } from './lexical.ts';

/** The same code, of the same length, with ordinary spaces outside strings and comments: what the kernel is given. */
export function withoutNoBreakSpaces(code: string): string {
  return withUnitsAt(code, noBreakSpaces(code), ' ');
}

/** Where they stand outside strings and comments, in placeholders of strings too. */
export function noBreakSpaces(code: string): readonly number[] {
  const found: number[] = [];
  if (!code.includes('\u00a0')) return found;
  for (let at = 0; at < code.length; ) {
    if (code.charCodeAt(at) === noBreakSpace) found.push(at);
    at = tokenEnd(code, at, found);
  }
  return found;
}
