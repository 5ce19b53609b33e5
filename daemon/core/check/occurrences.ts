/** Every place in a cell that means the cell's own variable, or another cell's, of one name: what a rename has to change. */
import type { Name } from '../analysis/facts.ts';
import { resolve } from '../analysis/scopes.ts';
import type { SyntaxNode } from '../analysis/tree.ts';
import { visits } from '../analysis/visits.ts';
import { Walk } from '../analysis/walk.ts';
import type { Span } from '../text.ts';

export interface Occurrence extends Span {
  /** `import x` and `from m import x` bind a name that has to stay: it is renamed by `as`. */
  readonly isImported: boolean;
}

/** Nothing if the places are not certain. */
export function occurrencesOf(
  code: string,
  tree: SyntaxNode,
  name: Name,
  parse: (code: string) => SyntaxNode,
): readonly Occurrence[] | undefined {
  const walk = new Walk(code, visits, parse);
  walk.visit(tree);
  if (walk.scopes.some((scope) => scope.globals.has(name) || scope.nonlocals.has(name))) return undefined;
  const found = new Map<number, Occurrence>();
  for (const { span, imported } of walk.module.bindings.get(name) ?? []) {
    if (imported !== undefined && !imported.endsWith(` as ${name}`) && code[span.end] === '.') return undefined;
    found.set(span.start, { ...span, isImported: imported !== undefined && !imported.endsWith(` as ${name}`) });
  }
  for (const read of walk.reads) {
    if (read.name !== name || resolve(walk.module, read) !== walk.module) continue;
    if (read.isHandlerName) return undefined;
    if (!found.has(read.span.start)) found.set(read.span.start, { ...read.span, isImported: false });
  }
  const places = [...found.values()].sort((a, b) => a.start - b.start);
  return places.every(({ start, end }) => code.slice(start, end) === name) ? places : undefined;
}
