/**
 * Cells cut from the standard library: what we say a cell defines and reads equals what CPython 3.13's compiler says, but for the
 * differences that `symtable-oracle.ts` lists. FILES=all takes all files.
 */
import { describe, expect, it } from 'vitest';
import { analyze } from '../../daemon/core/analysis/analyze.ts';
import { loadParser } from '../../daemon/node/parser.ts';
import { howMany } from '../support/histories.ts';
import { differences, isRead, python, runPython, standardLibrary, verdictsOf } from './symtable-oracle.ts';

interface Cell {
  readonly file: string;
  readonly line: number;
  readonly code: string;
}

const files = process.env['FILES'] ?? `${howMany(80)}`;
const seed = process.env['SEED'] ?? '17';
/** What the grammar cannot read, by file. */
const unreadable: ReadonlyMap<string, string> = new Map([
  ['test/test_compile.py', '`(bar.` in brackets, with the name of the attribute on the next line and less indented'],
]);
const cellsPerProcess = 4000;
const allFilesMinutesMax = 20;

describe.skipIf(python === undefined)(
  'against CPython (skipped without a Python 3.13 in ~/.pyenv/versions or as python3)',
  () => {
    it(`defines and reads the same names in cells of the standard library (FILES=${files} SEED=${seed})`, {
      timeout: allFilesMinutesMax * 60_000,
    }, async () => {
      const parse = await loadParser();
      const cells = runPython<Cell>('symtable_cells.py', [seed, files, standardLibrary()], '');
      const found: string[] = [];
      const unread: string[] = [];
      for (let at = 0; at < cells.length; at += cellsPerProcess) {
        const some = cells.slice(at, at + cellsPerProcess);
        const verdicts = verdictsOf(some.map(({ code }) => code));
        for (const [i, { file, line, code }] of some.entries()) {
          const verdict = verdicts[i];
          if (verdict === undefined || verdict.error !== undefined) continue;
          const facts = analyze(code, parse(code), { format: 'percent' });
          if (isRead(facts)) found.push(...differences(code, facts, verdict).map((text) => `${file}:${line}: ${text}`));
          else if (!unreadable.has(file)) unread.push(`${file}:${line}`);
        }
      }
      console.info(`${cells.length} cells compared`);
      expect(found).toEqual([]);
      expect(unread).toEqual([]);
      expect(cells.length).toBeGreaterThan(files === 'all' ? 1000 : Number(files));
    });
  },
);
