/** The modules that a cell imports whatever happens: not inside a function, a branch or a `try`. */
import { childIn } from '../analysis/nodes.ts';
import type { SyntaxNode } from '../analysis/tree.ts';
import type { Span } from '../text.ts';

export interface ImportedModule {
  /** The first part of `a.b.c`. */
  readonly module: string;
  readonly span: Span;
}

export function importedModules(code: string, tree: SyntaxNode): readonly ImportedModule[] {
  return tree.children.flatMap((statement) => namesIn(statement).flatMap((name) => firstPart(code, name)));
}

function namesIn(statement: SyntaxNode): readonly SyntaxNode[] {
  if (statement.type === 'import_from_statement') {
    const module = childIn(statement, 'module_name');
    // `from . import x` is for packages, which a notebook is none of.
    return module?.type === 'dotted_name' ? [module] : [];
  }
  if (statement.type !== 'import_statement') return [];
  return statement.children.flatMap((item) => {
    if (item.type === 'dotted_name') return [item];
    const name = item.type === 'aliased_import' ? childIn(item, 'name') : undefined;
    return name ? [name] : [];
  });
}

function firstPart(code: string, { children: [first] }: SyntaxNode): readonly ImportedModule[] {
  return first ? [{ module: code.slice(first.start, first.end), span: { start: first.start, end: first.end } }] : [];
}
