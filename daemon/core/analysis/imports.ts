/** `import` in its three forms. */
import { childIn, childOfType, isConstantString, namedChildren } from './nodes.ts';
import type { SyntaxNode } from './tree.ts';
import type { Walk } from './walk.ts';

/** `import a.b` binds a; `import a.b as c` binds c. */
export function visitImport(walk: Walk, node: SyntaxNode): void {
  for (const item of node.children) {
    walk.certainty.noteImport(plain(walk, childIn(item, 'name') ?? item));
    if (item.type === 'dotted_name') {
      const first = item.children[0];
      if (first === undefined) continue;
      walk.bind(first, 'import', plain(walk, item));
      if (walk.isAtTop && item.children.length > 1) walk.packages.add(walk.name(first));
    } else if (item.type === 'aliased_import') {
      const module = plain(walk, childIn(item, 'name'));
      bindAlias(walk, item, module, module);
    }
  }
}

export function visitImportFrom(walk: Walk, node: SyntaxNode): void {
  const module = plain(walk, childIn(node, 'module_name'));
  if (childOfType(node, 'wildcard_import') !== undefined) {
    walk.certainty.noteStarImport();
    walk.starred.add(module);
  }
  bindSymbols(walk, node, module.endsWith('.') ? module : `${module}.`);
}

export function visitFutureImport(walk: Walk, node: SyntaxNode): void {
  bindSymbols(walk, node, '__future__.');
  const names = node.children.map((item) => plain(walk, childIn(item, 'name') ?? item));
  if (names.includes('annotations')) walk.hasLazyAnnotations = true;
}

function bindSymbols(walk: Walk, node: SyntaxNode, prefix: string): void {
  for (const item of node.children) {
    if (item.field !== 'name') continue;
    walk.certainty.noteImport(prefix + plain(walk, childIn(item, 'name') ?? item));
    if (item.type === 'aliased_import') {
      const symbol = plain(walk, childIn(item, 'name'));
      bindAlias(walk, item, prefix + symbol, symbol);
    } else {
      const symbol = childOfType(item, 'identifier');
      if (symbol !== undefined) walk.bind(symbol, 'import', prefix + walk.name(symbol));
    }
  }
}

/** `import a as a` and `from m import a as a` say the same without the `as`. */
function bindAlias(walk: Walk, item: SyntaxNode, imported: string, bindsOtherwise: string): void {
  const alias = childIn(item, 'alias');
  if (alias === undefined) return;
  const name = walk.name(alias);
  walk.bind(alias, 'import', name === bindsOtherwise ? imported : `${imported} as ${name}`);
}

/** `a . b` is `a.b`. */
function plain(walk: Walk, node: SyntaxNode | undefined): string {
  if (node === undefined) return '';
  if (node.type === 'identifier') return walk.text(node);
  if (node.type === 'import_prefix') return walk.text(node).replaceAll(' ', '');
  return node.children.map((child) => plain(walk, child)).reduce(joined, '');
}

function joined(left: string, right: string): string {
  if (left === '' || right === '') return left + right;
  return left.endsWith('.') ? left + right : `${left}.${right}`;
}

const importTypes = new Set(['import_statement', 'import_from_statement', 'future_import_statement']);

/** Imports by name, with texts that say what they are for. A star may bind any name. */
export function isImportCell(tree: SyntaxNode): boolean {
  let hasImport = false;
  for (const statement of namedChildren(tree)) {
    const isImport = importTypes.has(statement.type) && !childOfType(statement, 'wildcard_import');
    if (!isImport && !isText(statement)) return false;
    hasImport ||= isImport;
  }
  return hasImport;
}

function isText(statement: SyntaxNode): boolean {
  const [value, ...others] = namedChildren(statement);
  return statement.type === 'expression_statement' && others.length === 0 && value !== undefined && isConstantString(value);
}
