/** Which definitions a caller may override at their right-hand side. */
import type { ParameterSite } from './facts.ts';
import { isCellLocal, normalised } from './names.ts';
import { childIn, namedChildren } from './nodes.ts';
import type { SyntaxNode } from './tree.ts';

/** Statements of the cell itself, not of its blocks: `name = value` or `name: annotation = value`. */
export function parameterSitesOf(code: string, tree: SyntaxNode, hasLocals: boolean): readonly ParameterSite[] {
  const sites: ParameterSite[] = [];
  for (const statement of tree.children) {
    const assignment = statement.type === 'expression_statement' ? statement.children[0] : undefined;
    if (assignment?.type !== 'assignment') continue;
    const site = parameterSite(code, assignment);
    if (site !== undefined && !(hasLocals && isCellLocal(site.name))) sites.push(site);
  }
  return sites;
}

function parameterSite(code: string, assignment: SyntaxNode): ParameterSite | undefined {
  const left = childIn(assignment, 'left');
  const right = childIn(assignment, 'right');
  if (left?.type !== 'identifier' || right === undefined || right.start === right.end) return undefined;
  if (right.type === 'assignment' || right.type === 'augmented_assignment' || right.type === 'yield') return undefined;
  const type = childIn(assignment, 'type');
  return {
    name: normalised(code.slice(left.start, left.end)),
    span: { start: left.start, end: left.end },
    value: { start: right.start, end: right.end },
    annotation: type === undefined ? undefined : code.slice(type.start, type.end),
    literal: literalType(code, right),
  };
}

function literalType(code: string, node: SyntaxNode): ParameterSite['literal'] {
  switch (node.type) {
    case 'integer':
    case 'float':
      return numberType(code, node);
    case 'true':
    case 'false':
      return 'bool';
    case 'none':
      return 'none';
    case 'string':
    case 'concatenated_string':
      return isPlainString(code, node) ? 'str' : undefined;
    case 'unary_operator': {
      const argument = childIn(node, 'argument');
      const type = argument === undefined ? undefined : literalType(code, argument);
      return type === 'int' || type === 'float' ? type : undefined;
    }
    case 'parenthesized_expression': {
      const inner = namedChildren(node)[0];
      return inner === undefined ? undefined : literalType(code, inner);
    }
    case 'list':
      return isAllLiteral(code, node) ? 'list' : undefined;
    case 'tuple':
    case 'expression_list':
      return isAllLiteral(code, node) ? 'tuple' : undefined;
    case 'dictionary':
      return namedChildren(node).every((pair) => pair.type === 'pair' && isAllLiteral(code, pair)) ? 'dict' : undefined;
    default:
      return undefined;
  }
}

function isAllLiteral(code: string, node: SyntaxNode): boolean {
  return namedChildren(node).every((child) => literalType(code, child) !== undefined);
}

/** The grammar counts `2j` among the integers or floats. */
function numberType(code: string, node: SyntaxNode): 'int' | 'float' | undefined {
  const last = code[node.end - 1];
  if (last === 'j' || last === 'J') return undefined;
  return node.type === 'integer' ? 'int' : 'float';
}

/** Neither bytes nor a string with placeholders. */
function isPlainString(code: string, node: SyntaxNode): boolean {
  if (node.type === 'concatenated_string') return namedChildren(node).every((part) => isPlainString(code, part));
  for (let i = node.start; i < node.end; i++) {
    const c = code[i]?.toLowerCase();
    if (c === '"' || c === "'") return true;
    if (c === 'b' || c === 'f' || c === 't') return false;
  }
  return false;
}
