/** What a cell shows. */
import { childIn, isConstantString, namedChildren } from './nodes.ts';
import type { SyntaxNode } from './tree.ts';

/** The last statement is an expression, and no `;` silences it. */
export function hasResult(code: string, tree: SyntaxNode): boolean {
  const last = namedChildren(tree).at(-1);
  if (last === undefined || !isExpression(last)) return false;
  return !endsWithSemicolon(code, last.end);
}

function isExpression(statement: SyntaxNode): boolean {
  // `print >> x` is a statement to the grammar alone.
  if (statement.type === 'print_statement') return statement.children.some((child) => child.type === 'chevron');
  if (statement.type !== 'expression_statement') return false;
  const value = namedChildren(statement)[0]?.type;
  return value !== undefined && value !== 'assignment' && value !== 'augmented_assignment';
}

/** After the last statement there can only be spaces, comments and a `;` before them. */
function endsWithSemicolon(code: string, from: number): boolean {
  const comment = code.indexOf('#', from);
  const semicolon = code.indexOf(';', from);
  return semicolon !== -1 && (comment === -1 || semicolon < comment);
}

/** The sole statement is `mo.md(…)` of one string without placeholders. */
export function isMarkdown(code: string, tree: SyntaxNode): boolean {
  const statements = namedChildren(tree);
  const [statement] = statements;
  if (statements.length !== 1 || statement?.type !== 'expression_statement') return false;
  const call = namedChildren(statement)[0];
  if (call?.type !== 'call' || !isMoMd(code, call)) return false;
  const given = namedChildren(childIn(call, 'arguments') ?? call);
  return given.length === 1 && given[0] !== undefined && isConstantString(given[0]);
}

function isMoMd(code: string, call: SyntaxNode): boolean {
  const callee = childIn(call, 'function');
  if (callee?.type !== 'attribute') return false;
  const object = childIn(callee, 'object');
  const method = childIn(callee, 'attribute');
  return object?.type === 'identifier' && textOf(code, object) === 'mo' && textOf(code, method) === 'md';
}

function textOf(code: string, node: SyntaxNode | undefined): string {
  return node === undefined ? '' : code.slice(node.start, node.end);
}
