/** One cell's facts. Works on broken code and never throws. */
import { type Facts, noFacts } from './facts.ts';
import { fileUses } from './file-uses.ts';
import { implicitFiles } from './implicit-files.ts';
import { isImportCell } from './imports.ts';
import { modulesIn } from './modules.ts';
import { nameTable } from './nametable.ts';
import { parameterSitesOf } from './parameters.ts';
import { problemsOf, refusedMagics } from './problems.ts';
import { tokensOf } from './tokens.ts';
import type { SyntaxNode, SyntaxTree } from './tree.ts';
import { visits } from './visits.ts';
import { Walk } from './walk.ts';

export interface AnalysisOptions {
  /** marimo's format alone has names private to a cell. */
  readonly format: 'marimo' | 'percent';
  /** Another cell of the file has `from __future__ import annotations` (see `hasLazyAnnotations` in `future.ts`). */
  readonly hasLazyAnnotations?: boolean;
  /** Reads code that stands in strings (`eval("x")`). Without it, that is not read. */
  readonly parse?: (code: string) => SyntaxNode;
}

/** `tree` is the cell's syntax as `daemon/parser` gives it for the same `code`. */
export function analyze(code: string, tree: SyntaxTree, options: AnalysisOptions): Facts {
  const walk = new Walk(code, visits, options.parse);
  walk.hasLazyAnnotations = options.hasLazyAnnotations ?? false;
  walk.visit(tree);
  const hasLocals = options.format === 'marimo';
  const names = nameTable(walk, hasLocals);
  const { defs, refs, maybeReads, locals, deleted, unbinds, mutations, doubtful, deferredReads, deferredWrites } = names;
  const problems = problemsOf(code, tree);
  const files = fileUses(code, tree);
  // Named one by one: to spread an object takes longer than all the rest of a short cell.
  return {
    defs,
    refs,
    maybeReads,
    locals,
    deleted,
    unbinds,
    mutations,
    doubtful,
    unseenReads: walk.unseen.size > 0 ? [...walk.unseen.values()] : noFacts.unseenReads,
    deferredReads,
    deferredWrites,
    mayExit: names.mayExit,
    mayBindAny: names.mayBindAny || tree.hasError,
    parameters: parameterSitesOf(code, tree, hasLocals),
    files,
    implicit: implicitFiles(files),
    problems: hasLocals ? [...refusedMagics(code), ...problems] : problems,
    modules: modulesIn(walk),
    isImportCell: isImportCell(tree),
    tokens: tokensOf(code),
  };
}
