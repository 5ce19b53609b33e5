/** Random programs against CPython 3.13's compiler. PROGRAMS=20000 is the long run; SEED=… makes others. */
import { describe, expect, it } from 'vitest';
import { analyze } from '../../daemon/core/analysis/analyze.ts';
import { loadParser } from '../../daemon/node/parser.ts';
import { howMany } from '../support/histories.ts';
import { random } from '../support/random.ts';
import { randomProgram } from './generator/program.ts';
import { differences, isRead, python, verdictsOf } from './symtable-oracle.ts';

const programs = howMany(1500, 'PROGRAMS');
const seed = Number(process.env['SEED'] ?? 17);
const programsPerProcess = 2000;
const refusedShareMax = 0.05;
/** The grammar does not read a pattern's name or keyword that is `_`, `case _.a` and `case a(_=b)`, and some deeply nested formats. */
const unreadableShareMax = 0.002;
const shownMax = 5;
const manyMinutesMax = 20;

describe.skipIf(python === undefined)(
  'against CPython (skipped without a Python 3.13 in ~/.pyenv/versions or as python3)',
  () => {
    it(`defines and reads the same names in random programs (PROGRAMS=${programs} SEED=${seed})`, {
      timeout: manyMinutesMax * 60_000,
    }, async () => {
      const parse = await loadParser();
      const found: string[] = [];
      const unreadable: string[] = [];
      let compared = 0;
      let made = 0;
      for (const roll = random(seed); compared < programs; ) {
        const codes = Array.from({ length: batchSize(programs - compared) }, () => randomProgram(roll));
        made += codes.length;
        for (const [i, verdict] of verdictsOf(codes).entries()) {
          const code = codes[i] ?? '';
          if (verdict.error !== undefined) continue;
          const facts = analyze(code, parse(code), { format: 'percent' });
          if (!isRead(facts)) {
            unreadable.push(code);
            continue;
          }
          compared++;
          const texts = differences(code, facts, verdict);
          if (texts.length > 0) found.push(`${texts.join('; ')}\n${code}`);
        }
      }
      const shown = found.toSorted((a, b) => a.length - b.length).slice(0, shownMax);
      console.info(
        `${made} programs made, ${compared} compared, ${unreadable.length} unreadable to the grammar, ${found.length} differ`,
      );
      expect(shown).toEqual([]);
      expect(unreadable.length).toBeLessThanOrEqual(made * unreadableShareMax);
      expect(made - compared - unreadable.length).toBeLessThanOrEqual(made * refusedShareMax);
    });
  },
);

/** A few more than are wanted, as some do not compile. */
function batchSize(wanted: number): number {
  return Math.min(programsPerProcess, Math.ceil(wanted * (1 + refusedShareMax)));
}
