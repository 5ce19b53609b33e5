/**
 * Random programs, run by CPython with names that can do anything: what a cell reads from outside while it runs is a ref that is not deferred,
 * or a maybe read, and what it is said to read certainly it reads each time that it comes to its end. PROGRAMS=20000 is the long run; SEED=… makes others.
 */
import { describe, expect, it } from 'vitest';
import { analyze } from '../../daemon/core/analysis/analyze.ts';
import { loadParser } from '../../daemon/node/parser.ts';
import { howMany } from '../support/histories.ts';
import { random } from '../support/random.ts';
import { randomProgram } from './generator/program.ts';
import { isRead, python, runPython } from './symtable-oracle.ts';

const programs = howMany(500, 'PROGRAMS');
const seed = Number(process.env['SEED'] ?? 17);
const programsPerProcess = 2000;
const shownMax = 5;
const longRunMinutesMax = 20;

interface Ran {
  readonly error?: string;
  readonly names: readonly string[];
  readonly always: readonly string[] | null;
}

describe.skipIf(python === undefined)(
  'against CPython (skipped without a Python 3.13 in ~/.pyenv/versions or as python3)',
  () => {
    it(`random programs read at once what they are said to read at once (PROGRAMS=${programs} SEED=${seed})`, {
      timeout: longRunMinutesMax * 60_000,
    }, async () => {
      const parse = await loadParser();
      const found: string[] = [];
      let compared = 0;
      let names = 0;
      let certain = 0;
      for (const roll = random(seed); compared < programs; ) {
        const count = Math.min(programsPerProcess, programs - compared);
        const codes = Array.from({ length: count }, () => randomProgram(roll));
        const ran = runPython<Ran>('running_oracle.py', [], codes.map((code) => JSON.stringify({ code })).join('\n'));
        for (const [i, code] of codes.entries()) {
          const facts = analyze(code, parse(code), { format: 'percent' });
          compared++;
          if (!isRead(facts) || ran[i]?.error !== undefined) continue;
          const isExpected = (name: string) =>
            facts.refs.get(name)?.isDeferred === false || facts.maybeReads.has(name) || facts.deleted.has(name);
          const missed = (ran[i]?.names ?? []).filter((name) => !isExpected(name));
          names += ran[i]?.names.length ?? 0;
          const always = ran[i]?.always;
          const mistaken = always ? [...facts.refs].filter(([name, ref]) => ref.isCertain && !always.includes(name)) : [];
          certain += always ? [...facts.refs.values()].filter(({ isCertain }) => isCertain).length : 0;
          if (missed.length > 0) found.push(`${missed.join(', ')}\n${code}`);
          if (mistaken.length > 0) found.push(`not certain: ${mistaken.map(([name]) => name).join(', ')}\n${code}`);
        }
      }
      const shown = found.toSorted((a, b) => a.length - b.length).slice(0, shownMax);
      console.info(`${compared} programs ran and read ${names} names, ${certain} of them certainly, ${found.length} differ`);
      expect(shown).toEqual([]);
      expect(names).toBeGreaterThan(compared);
      expect(certain).toBeGreaterThan(compared / 4);
    });
  },
);
