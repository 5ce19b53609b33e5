/** Defaults of type parameters (PEP 696), which the grammar does not know: `class Box[T = int]`. */
import { typeParametersUnitsMax } from './bounds.ts';
import { closing, opening, tokenEnd } from './lexical.ts';

const equals = 0x3d;
const colon = 0x3a;
const comma = 0x2c;
const star = 0x2a;
/** What makes another operator with the `=` after it. */
const beforeEquals = new Set(['=', '<', '>', '!', ':']);

/**
 * The same code, of the same length, with defaults as bounds: `[T = int]` as `[T : int]`, `[T: A = B]` as `[T: A | B]`. Both are evaluated when
 * somebody asks, in the same scope, so the names mean the same.
 */
export function withDefaultsAsBounds(code: string): string {
  const found = replacements(code);
  if (found.size === 0) return code;
  const units = code.split('');
  for (const [at, text] of found) units[at] = text;
  return units.join('');
}

function replacements(code: string): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (const head of code.matchAll(/\b(?:class|def|type)\s+[\p{L}\p{N}_]+\s*\[/gu)) {
    const start = head.index + head[0].length;
    for (const [at, text] of inList(code.slice(start, start + typeParametersUnitsMax))) found.set(start + at, text);
  }
  return found;
}

/** From behind the `[` to its `]`. */
function inList(code: string): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  let depth = 0;
  let hasBound = false;
  let hasDefault = false;
  for (let at = 0; at < code.length && depth >= 0; at = tokenEnd(code, at)) {
    const unit = code.charCodeAt(at);
    if (opening.has(unit)) depth++;
    else if (closing.has(unit)) depth--;
    else if (depth > 0) continue;
    else if (unit === comma) hasBound = hasDefault = false;
    else if (unit === colon) hasBound = true;
    else if (unit === equals && !hasDefault && isAlone(code, at)) {
      hasDefault = true;
      found.set(at, hasBound ? '|' : ':');
      const value = valueStart(code, at + 1);
      if (code.charCodeAt(value) === star) found.set(value, ' ');
    }
  }
  return found;
}

function isAlone(code: string, at: number): boolean {
  return code.charCodeAt(at + 1) !== equals && !beforeEquals.has(code[at - 1] ?? '');
}

function valueStart(code: string, from: number): number {
  let at = from;
  while (/\s/.test(code[at] ?? '')) at++;
  return at;
}
