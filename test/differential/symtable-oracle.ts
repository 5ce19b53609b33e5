/** CPython 3.13 as the oracle for what a cell defines and reads, and which differences from it are deliberate. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Facts } from '../../daemon/core/analysis/facts.ts';

/** See `oracle.py`. */
export interface Verdict {
  readonly error?: string;
  readonly defs: readonly string[];
  readonly refs: readonly string[];
  readonly declared: readonly string[];
  readonly nested: readonly string[];
  readonly deferredStores: readonly string[];
  readonly private: readonly string[];
  readonly deleted: readonly string[];
  readonly mistaken: readonly string[];
}

/** The interpreter itself rather than a shim, which takes long to start. */
export const python = findPython();
const answerBytesMax = 256 * 1024 * 1024;

/**
 * What differs, but for these:
 * - `x: int` alone is a def here; in Python it binds nothing.
 * - A function that the cell itself calls before it binds a name reads that name from outside; the compiler cannot know.
 * - A function or generator that the cell itself uses may have bound a name of the cell by the time the cell reads it; the compiler cannot know.
 * - Under `from __future__ import annotations` names in annotations are deferred refs; the compiler turns them into text.
 * - Annotations of variables in functions are deferred refs; the compiler drops them, and `symtable` cannot tell a name in them from that
 *   of a handler (`except … as e`).
 * - A type parameter in a class is seen by bounds and annotations also where the class or a comprehension in it binds the name or declares it
 *   global, and a private one also in the bounds of those before it; CPython 3.13 loses it there, in error.
 * - Names in strings (`eval("x")`, `globals()["x"]`) are refs; the compiler sees strings.
 * - `__annotations__` written out is a name like any other; the compiler also uses it for itself, so it is not compared.
 */
export function differences(code: string, facts: Facts, verdict: Verdict): readonly string[] {
  const defs = new Set([...verdict.defs, ...verdict.declared]);
  const refs = new Set(verdict.refs);
  const deleted = new Set(verdict.deleted);
  const hasLazyAnnotations = code.includes('from __future__ import annotations');
  const isReadByCall = (name: string) => defs.has(name) && verdict.nested.includes(name);
  const isLazy = (name: string) => hasLazyAnnotations && facts.refs.get(name)?.isDeferred === true;
  const isBoundByCall = (name: string) => verdict.deferredStores.includes(name);
  const isOutsideHandler = (name: string) => verdict.private.includes(name) && facts.refs.get(name)?.isDeferred === true;
  return [
    ...missing(defs, facts.defs).map((name) => `${name} is a def in Python`),
    ...missing(facts.defs, defs).map((name) => `${name} is no def in Python`),
    ...missing(refs, facts.refs)
      .filter((name) => !isBoundByCall(name) && !verdict.mistaken.includes(name))
      .map((name) => `${name} is a ref in Python`),
    ...missing(facts.refs, refs)
      .filter((name) => !isReadByCall(name) && !isLazy(name) && !isOutsideHandler(name) && !facts.refs.get(name)?.isByText)
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

export function isRead(facts: Facts): boolean {
  return !facts.problems.some((problem) => problem.code === 'syntax-error');
}

/** One process for all of them. */
export function verdictsOf(codes: readonly string[]): readonly Verdict[] {
  return runPython<Verdict>('oracle.py', [], codes.map((code) => JSON.stringify({ code })).join('\n'));
}

/** JSON lines in, JSON lines out. */
export function runPython<T>(script: string, args: readonly string[], input: string): readonly T[] {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const run = spawnSync(python ?? '', ['-W', 'ignore', file, ...args], { input, encoding: 'utf8', maxBuffer: answerBytesMax });
  expect(run.stderr).toBe('');
  return run.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

export function standardLibrary(): string {
  return spawnSync(python ?? '', ['-c', 'import os; print(os.path.dirname(os.__file__), end="")'], { encoding: 'utf8' }).stdout;
}

function findPython(): string | undefined {
  const versions = path.join(homedir(), '.pyenv', 'versions');
  const installed = existsSync(versions) ? readdirSync(versions).filter((name) => name.startsWith('3.13.')) : [];
  const candidates = [...installed.map((name) => path.join(versions, name, 'bin', 'python3')), 'python3'];
  return candidates.find((candidate) => {
    const found = spawnSync(candidate, ['-c', 'import sys; print(sys.version_info[:2])'], { encoding: 'utf8' });
    return found.status === 0 && found.stdout.trim() === '(3, 13)';
  });
}
