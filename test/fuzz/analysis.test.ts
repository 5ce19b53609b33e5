/** Truncated and mangled files of the standard library: analysis never throws and never hangs. INPUTS=100000 is the long run. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { analyze } from '../../daemon/core/analysis/analyze.ts';
import { hasResult, isMarkdown } from '../../daemon/core/analysis/result.ts';
import { withoutNoBreakSpaces } from '../../daemon/core/analysis/spaces.ts';
import { createParser } from '../../daemon/parser/parser.ts';
import { pick, type Roll, random } from '../support/random.ts';

const inputs = Number(process.env['INPUTS'] ?? 3000);
const seed = Number(process.env['SEED'] ?? 17);
/** Far beyond what any of them takes on a busy machine: only a hang or an explosion comes here. */
const inputMillisecondsMax = 20_000;
const inputUnitsMax = 4000;
const editsMax = 4;
const longRunMinutesMax = 30;
const pieces = [
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '"""',
  'f"{',
  '\\',
  '\n',
  '\t',
  '\u00a0',
  '\r',
  '\0',
  '\ud800',
  ':',
  ':=',
  '=',
  ',',
  '*',
];
const words = [
  ' lambda ',
  ' def ',
  ' class ',
  ' match ',
  ' case ',
  ' for ',
  ' in ',
  ' as ',
  ' del ',
  ' type ',
  ' global ',
  ' yield ',
  'ﬁ',
  '0x',
];

const files = pythonFiles();

it.skipIf(files.length === 0)(
  `mangled files are analysed, each in bounded time (INPUTS=${inputs} SEED=${seed})`,
  { timeout: longRunMinutesMax * 60_000 },
  async () => {
    const parse = await createParser();
    const texts = files.map((file) => readFileSync(file, 'utf8'));
    const roll = random(seed);
    for (let i = 0; i < inputs; i++) {
      const code = mangled(roll, texts);
      const start = performance.now();
      const tree = parse(code);
      analyze(code, tree, { format: roll(2) === 0 ? 'marimo' : 'percent', hasLazyAnnotations: roll(8) === 0 });
      hasResult(code, tree);
      isMarkdown(code, tree);
      const takenMilliseconds = performance.now() - start;
      if (takenMilliseconds > inputMillisecondsMax)
        throw new Error(`input ${i} took ${takenMilliseconds} ms: ${JSON.stringify(code)}`);
      if (withoutNoBreakSpaces(code).length !== code.length)
        throw new Error(`input ${i} changed its length: ${JSON.stringify(code)}`);
    }
    expect(texts.length).toBeGreaterThan(0);
  },
);

/** A piece of a file, with pieces cut out, doubled, put in, or taken from another file. */
function mangled(roll: Roll, texts: readonly string[]): string {
  let code = piece(roll, texts, roll(inputUnitsMax));
  for (let edits = roll(editsMax + 1); edits > 0; edits--) {
    const from = roll(code.length + 1);
    const to = Math.min(code.length, from + roll(80));
    code = code.slice(0, from) + insertion(roll, texts, code.slice(from, to)) + code.slice(to);
  }
  return code;
}

function insertion(roll: Roll, texts: readonly string[], cut: string): string {
  switch (roll(5)) {
    case 0:
      return '';
    case 1:
      return cut + cut;
    case 2:
      return pick(roll, pieces).repeat(1 + roll(3)) + cut;
    case 3:
      return pick(roll, words) + cut;
    default:
      return piece(roll, texts, 60);
  }
}

function piece(roll: Roll, texts: readonly string[], length: number): string {
  const text = pick(roll, texts);
  const from = roll(text.length + 1);
  return text.slice(from, from + length);
}

/** The library of whichever Python is there. */
function pythonFiles(): readonly string[] {
  const found = spawnSync('python3', ['-c', 'import os; print(os.path.dirname(os.__file__), end="")'], { encoding: 'utf8' });
  if (found.status !== 0) return [];
  const folder = found.stdout;
  const names = readdirSync(folder).filter((name) => name.endsWith('.py'));
  return names.sort().map((name) => path.join(folder, name));
}
