/** The examples of `spec/vectors/analysis` against CPython 3.13's compiler: what a script defines, reads and deletes in them is what Python says. */
import { describe, expect, it } from 'vitest';
import { analyze } from '../../daemon/core/analysis/analyze.ts';
import { withoutHarmlessMagics } from '../../daemon/core/analysis/magics.ts';
import { withoutNoBreakSpaces } from '../../daemon/core/analysis/spaces.ts';
import { loadParser } from '../../daemon/node/parser.ts';
import { type AnalysisCase, analysisCases, analysisFiles } from '../core/analysis/vectors.ts';
import { differences, python, verdictsOf } from './symtable-oracle.ts';

/** What Python 3.13 refuses though the example has no problem. Compiling says so to the user; here the rest of the cell is read all the same. */
const refused: ReadonlyMap<string, string> = new Map([
  ['yield at top level reads', 'the grammar knows no scopes'],
  ['return at top level still reads', 'the grammar knows no scopes'],
  ['a star import in a function', 'the grammar knows no scopes'],
  ['print of Python 2 still reads', 'the grammar knows it'],
  ['an attribute without a name takes that of the next line', 'the grammar goes on behind a dot'],
  ['a class without a body', 'the grammar lets a body be empty'],
  ['if without a body', 'the grammar lets a body be empty'],
  ['a t-string is read likewise', 'Python has them from 3.14 on'],
  ['a t-string with conversion and format', 'Python has them from 3.14 on'],
  ['a raw t-string', 'Python has them from 3.14 on'],
  ['prefixes in capitals', 'Python has t-strings from 3.14 on'],
]);

const lazily = 'from __future__ import annotations\n';
const cases = analysisFiles.flatMap(analysisCases).filter(({ format }) => format !== 'marimo');

describe.skipIf(python === undefined)(
  'against CPython (skipped without a Python 3.13 in ~/.pyenv/versions or as python3)',
  () => {
    it('the examples of scripts say what Python says', async () => {
      const parse = await loadParser();
      const verdicts = verdictsOf(cases.map(pythonCode));
      const found: string[] = [];
      const notRefused = new Set(refused.keys());
      for (const [i, verdict] of verdicts.entries()) {
        const { name, code, lazyAnnotations, problems = [] } = cases[i] as AnalysisCase;
        const facts = analyze(code, parse(code), { format: 'percent', hasLazyAnnotations: lazyAnnotations ?? false });
        if (verdict.error === undefined) {
          const defs = lazyAnnotations ? verdict.defs.filter((def) => def !== 'annotations') : verdict.defs;
          found.push(
            ...differences(pythonCode(cases[i] as AnalysisCase), facts, { ...verdict, defs }).map((text) => `${name}: ${text}`),
          );
        } else if (!problems.includes('syntax-error') && !notRefused.delete(name)) {
          found.push(`${name}: ${verdict.error}`);
        }
      }
      expect(found).toEqual([]);
      expect([...notRefused]).toEqual([]);
      expect(verdicts.length).toBeGreaterThan(400);
    });
  },
);

/** As the worker is given it: no-break spaces and byte-order marks are none of Python's. */
function pythonCode({ code, lazyAnnotations }: AnalysisCase): string {
  return (lazyAnnotations ? lazily : '') + withoutNoBreakSpaces(withoutHarmlessMagics(code.replace(/^\ufeff/, '')));
}
