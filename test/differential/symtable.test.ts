/**
 * Cells cut from the standard library: what we say a cell defines and reads equals what CPython 3.13's compiler says (`oracle.py`).
 *
 * Deliberate differences, each checked for its shape below:
 * - `x: int` alone is a def here; in Python it binds nothing.
 * - A function that the cell itself calls before it binds a name reads that name from outside; the compiler cannot know.
 * - Under `from __future__ import annotations` names in annotations are deferred refs; the compiler turns them into text.
 * - `__annotations__` written out is a name like any other; the compiler also uses it for itself, so it is not compared.
 * Cells that the grammar cannot read are counted and bounded.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../daemon/core/analysis/analyze.ts';
import type { Facts } from '../../daemon/core/analysis/facts.ts';
import { createParser } from '../../daemon/parser/parser.ts';

interface Cell {
  readonly file: string;
  readonly line: number;
  readonly code: string;
}

interface Verdict {
  readonly error?: string;
  readonly defs: readonly string[];
  readonly refs: readonly string[];
  readonly declared: readonly string[];
  readonly nested: readonly string[];
  readonly deleted: readonly string[];
}

const filesCount = 150;
const unreadableMax = 2;
const seed = process.env['SEED'] ?? '17';
const python = findPython();

describe.skipIf(python === undefined)(
  'against CPython (skipped without a Python 3.13 in ~/.pyenv/versions or as python3)',
  () => {
    it(`defines and reads the same names in cells of the standard library (SEED=${seed})`, { timeout: 120_000 }, async () => {
      const parse = await createParser();
      const cells = runPython<Cell>('symtable_cells.py', [seed, `${filesCount}`, standardLibrary()], '');
      const verdicts = runPython<Verdict>('oracle.py', [], cells.map((cell) => JSON.stringify({ code: cell.code })).join('\n'));
      const differences: string[] = [];
      let unreadable = 0;
      for (const [i, cell] of cells.entries()) {
        const verdict = verdicts[i];
        if (verdict === undefined || verdict.error !== undefined) continue;
        const facts = analyze(cell.code, parse(cell.code), { format: 'percent' });
        if (facts.problems.some((problem) => problem.code === 'syntax-error')) unreadable++;
        else differences.push(...compare(cell, facts, verdict).map((text) => `${cell.file}:${cell.line}: ${text}`));
      }
      expect(differences).toEqual([]);
      expect(unreadable).toBeLessThanOrEqual(unreadableMax);
      expect(cells.length).toBeGreaterThan(filesCount);
    });
  },
);

function compare(cell: Cell, facts: Facts, verdict: Verdict): readonly string[] {
  const defs = new Set([...verdict.defs, ...verdict.declared]);
  const refs = new Set(verdict.refs);
  const deleted = new Set(verdict.deleted);
  const hasLazyAnnotations = cell.code.includes('from __future__ import annotations');
  const isDeliberate = (name: string) =>
    (defs.has(name) && verdict.nested.includes(name)) || (hasLazyAnnotations && facts.refs.get(name)?.isDeferred === true);
  return [
    ...missing(defs, facts.defs).map((name) => `${name} is a def in Python`),
    ...missing(facts.defs, defs).map((name) => `${name} is no def in Python`),
    ...missing(refs, facts.refs).map((name) => `${name} is a ref in Python`),
    ...missing(facts.refs, refs)
      .filter((name) => !isDeliberate(name))
      .map((name) => `${name} is no ref in Python`),
    ...missing(deleted, facts.deleted).map((name) => `${name} is deleted in Python`),
    ...missing(facts.deleted, deleted).map((name) => `${name} is not deleted in Python`),
  ];
}

interface Names {
  keys(): Iterable<string>;
  has(name: string): boolean;
}

function missing(from: Names, others: Names): readonly string[] {
  return [...from.keys()].filter((name) => !others.has(name) && name !== '__annotations__');
}

/** The interpreter itself rather than a shim, which takes long to start. */
function findPython(): string | undefined {
  const versions = path.join(homedir(), '.pyenv', 'versions');
  const installed = existsSync(versions) ? readdirSync(versions).filter((name) => name.startsWith('3.13.')) : [];
  const candidates = [...installed.map((name) => path.join(versions, name, 'bin', 'python3')), 'python3'];
  return candidates.find((candidate) => {
    const found = spawnSync(candidate, ['-c', 'import sys; print(sys.version_info[:2])'], { encoding: 'utf8' });
    return found.status === 0 && found.stdout.trim() === '(3, 13)';
  });
}

function standardLibrary(): string {
  return spawnSync(python ?? '', ['-c', 'import os; print(os.path.dirname(os.__file__), end="")'], { encoding: 'utf8' }).stdout;
}

const answerBytesMax = 256 * 1024 * 1024;

function runPython<T>(script: string, args: readonly string[], input: string): readonly T[] {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const run = spawnSync(python ?? '', [file, ...args], { input, encoding: 'utf8', maxBuffer: answerBytesMax });
  expect(run.stderr.replaceAll(/.*SyntaxWarning.*\n.*\n/g, '')).toBe('');
  return run.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}
