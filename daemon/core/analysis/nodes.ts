import type { SyntaxNode } from './tree.ts';

export function childIn(node: SyntaxNode, field: string): SyntaxNode | undefined {
  for (const child of node.children) if (child.field === field) return child;
  return undefined;
}

export function childOfType(node: SyntaxNode, type: string): SyntaxNode | undefined {
  for (const child of node.children) if (child.type === type) return child;
  return undefined;
}

/** Comments can stand between any two children. */
export function namedChildren(node: SyntaxNode): readonly SyntaxNode[] {
  return node.children.filter((child) => child.isNamed && child.type !== 'comment' && child.type !== 'line_continuation');
}

/** Text without placeholders. */
export function isConstantString(node: SyntaxNode): boolean {
  if (node.type === 'concatenated_string') return namedChildren(node).every(isConstantString);
  return node.type === 'string' && !node.children.some((child) => child.type === 'interpolation');
}
