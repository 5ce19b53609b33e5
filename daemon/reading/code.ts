/** What code says about names that belongs to no cell: read as Python reads it, with no private names. */
import { analyze } from '../core/analysis/analyze.ts';
import type { Facts } from '../core/analysis/facts.ts';
import type { Parse } from '../parser/parser.ts';

export function factsOfCode(code: string, parse: Parse): Facts {
  return analyze(code, parse(code), { format: 'percent', parse });
}
