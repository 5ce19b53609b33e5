import { analyze } from '../../../daemon/core/analysis/analyze.ts';
import type { Facts } from '../../../daemon/core/analysis/facts.ts';
import { loadParser } from '../../../daemon/node/parser.ts';

export const parse = await loadParser();

export function factsOf(code: string, format: 'marimo' | 'percent' = 'percent'): Facts {
  return analyze(code, parse(code), { format, parse });
}
