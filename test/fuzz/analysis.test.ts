/**
 * Truncated and mangled files of the standard library: reading them as notebooks and analysing them never throws and never hangs.
 * INPUTS=100000 is the long run.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { analyze } from '../../daemon/core/analysis/analyze.ts';
import { hasResult, isMarkdown } from '../../daemon/core/analysis/result.ts';
import { shapeOf } from '../../daemon/core/analysis/shape.ts';
import { withoutNoBreakSpaces } from '../../daemon/core/analysis/spaces.ts';
import { readNotebook } from '../../daemon/core/notebook/formats/read.ts';
import type { Format } from '../../daemon/core/notebook/notebook.ts';
import { loadParser } from '../../daemon/node/parser.ts';
import type { Parse } from '../../daemon/parser/parser.ts';
import { howMany } from '../support/histories.ts';
import { pick, type Roll, random } from '../support/random.ts';

const inputs = howMany(2000, 'INPUTS');
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
/** Lines that mean something to a notebook's format. */
const lines = [
  '\n# %%\n',
  '\n# %% [markdown] tags=["a"]\n',
  '\n@app.cell\ndef _():\n    ',
  '\n@app.cell(hide_code=True)\nasync def _(a): ',
  '\nwith app.setup:\n    ',
  '\napp._unparsable_cell(r"""',
  '\n    return (a,)\n',
  '\nif __name__ == "__main__":\n    app.run()\n',
];
const heads = ['', '# %%\n', 'import marimo\n\napp = marimo.App()\n\n\n@app.cell\ndef _():\n'];

const files = pythonFiles();

it.skipIf(files.length === 0)(
  `mangled files are read and analysed, each in bounded time (INPUTS=${inputs} SEED=${seed}; skipped without a python3)`,
  { timeout: longRunMinutesMax * 60_000 },
  async () => {
    const parse = await loadParser();
    const texts = files.map((file) => readFileSync(file, 'utf8'));
    const roll = random(seed);
    let slowest = { milliseconds: 0, input: 0 };
    for (let i = 0; i < inputs; i++) {
      const text = pick(roll, heads) + mangled(roll, texts);
      const start = performance.now();
      readAll(text, parse, roll);
      const milliseconds = performance.now() - start;
      if (milliseconds > slowest.milliseconds) slowest = { milliseconds, input: i };
      if (milliseconds > inputMillisecondsMax) throw new Error(`input ${i} took ${milliseconds} ms: ${JSON.stringify(text)}`);
    }
    console.info(`${inputs} inputs; the slowest, number ${slowest.input}, took ${Math.round(slowest.milliseconds)} ms`);
    expect(texts.length).toBeGreaterThan(0);
  },
);

/** As a cell, and as a notebook in either format with all its cells. */
function readAll(text: string, parse: Parse, roll: Roll): void {
  const format: Format = roll(2) === 0 ? 'marimo' : 'percent';
  analyzeCell(text, format, parse, roll(8) === 0);
  const cells = readNotebook(text, format)?.cells ?? [];
  for (const { kind, code } of cells) if (kind !== 'markdown') analyzeCell(code, format, parse, false);
  readNotebook(text);
}

function analyzeCell(code: string, format: Format, parse: Parse, hasLazyAnnotations: boolean): void {
  const tree = parse(code);
  const facts = analyze(code, tree, { format, hasLazyAnnotations });
  hasResult(code, tree);
  isMarkdown(code, tree);
  shapeOf(code, tree, facts);
  if (withoutNoBreakSpaces(code).length !== code.length) throw new Error(`its length changed: ${JSON.stringify(code)}`);
}

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
  switch (roll(6)) {
    case 0:
      return '';
    case 1:
      return cut + cut;
    case 2:
      return pick(roll, pieces).repeat(1 + roll(3)) + cut;
    case 3:
      return pick(roll, words) + cut;
    case 4:
      return pick(roll, lines) + cut;
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
