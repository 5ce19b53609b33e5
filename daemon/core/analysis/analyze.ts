/** One cell's facts. Works on broken code and never throws. */
import type { Facts } from './facts.ts';
import { isImportCell } from './imports.ts';
import { modulesIn } from './modules.ts';
import { nameTable } from './nametable.ts';
import { parameterSitesOf } from './parameters.ts';
import { problemsOf, refusedMagics } from './problems.ts';
import { tokensOf } from './tokens.ts';
import type { SyntaxTree } from './tree.ts';
import { visits } from './visits.ts';
import { Walk } from './walk.ts';

export interface AnalysisOptions {
  /** marimo's format alone has names private to a cell. */
  readonly format: 'marimo' | 'percent';
  /** Another cell of the file has `from __future__ import annotations` (see `hasLazyAnnotations` in `future.ts`). */
  readonly hasLazyAnnotations?: boolean;
}

/** `tree` is the cell's syntax as `daemon/parser` gives it for the same `code`. */
export function analyze(code: string, tree: SyntaxTree, options: AnalysisOptions): Facts {
  const walk = new Walk(code, visits);
  walk.hasLazyAnnotations = options.hasLazyAnnotations ?? false;
  walk.visit(tree);
  const hasLocals = options.format === 'marimo';
  const { defs, refs, maybeReads, locals, deleted, unbinds, mutations, deferredReads, deferredWrites, mayExit, mayBindAny } =
    nameTable(walk, hasLocals);
  const problems = problemsOf(code, tree);
  // Named one by one: to spread an object takes longer than all the rest of a short cell.
  return {
    defs,
    refs,
    maybeReads,
    locals,
    deleted,
    unbinds,
    mutations,
    deferredReads,
    deferredWrites,
    mayExit,
    mayBindAny: mayBindAny || tree.hasError,
    parameters: parameterSitesOf(code, tree, hasLocals),
    problems: hasLocals ? [...refusedMagics(code), ...problems] : problems,
    modules: modulesIn(walk),
    isImportCell: isImportCell(tree),
    tokens: tokensOf(code),
  };
}
