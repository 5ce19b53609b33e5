/** Assignment in its forms, and `del`. */
import { bindTarget } from './bindings.ts';
import { visitValue } from './definitions.ts';
import { recordMutation } from './mutations.ts';
import { childIn, namedChildren } from './nodes.ts';
import type { SyntaxNode } from './tree.ts';
import type { Walk } from './walk.ts';

export function visitAssignment(walk: Walk, node: SyntaxNode): void {
  const left = childIn(node, 'left');
  const right = childIn(node, 'right');
  const type = childIn(node, 'type');
  // In `a = b = value` Python stores from left to right, after the value: the chain leans right in the tree.
  const targets = left === undefined ? [] : [left];
  let value = right;
  while (value?.type === 'assignment' && type === undefined && childIn(value, 'type') === undefined) {
    const next = childIn(value, 'left');
    if (next !== undefined) targets.push(next);
    value = childIn(value, 'right');
  }
  const owned = left?.type === 'identifier' && targets.length === 1 ? walk.ownerOf(left) : undefined;
  if (value !== undefined) visitValue(walk, value, owned);
  for (const target of targets) bindAssigned(walk, target, type !== undefined && right === undefined);
  if (type !== undefined) walk.inVariableAnnotation(() => walk.visit(type));
  visitErrors(walk, node);
}

/** Without a value `x: int` binds nothing, `x.a: int` changes nothing, and `(x): int` says nothing of x. */
function bindAssigned(walk: Walk, target: SyntaxNode, isBareAnnotation: boolean): void {
  if (!isBareAnnotation) bindTarget(walk, target);
  else if (target.type === 'identifier') walk.declare(target);
  else if (withoutParentheses(target).type !== 'identifier') walk.visit(target);
}

function withoutParentheses(node: SyntaxNode): SyntaxNode {
  const [inner] = node.type === 'tuple_pattern' || node.type === 'parenthesized_expression' ? namedChildren(node) : [];
  return inner === undefined ? node : withoutParentheses(inner);
}

function visitErrors(walk: Walk, node: SyntaxNode): void {
  for (const child of node.children) if (child.type === 'ERROR') walk.visit(child);
}

export function visitAugmented(walk: Walk, node: SyntaxNode): void {
  const left = childIn(node, 'left');
  const right = childIn(node, 'right');
  if (left !== undefined) walk.certainty.inDoubt(() => walk.visit(left));
  if (right !== undefined) walk.visit(right);
  if (left?.type === 'identifier') {
    walk.mutate(left, left);
    walk.bind(left);
  } else if (left !== undefined) recordMutation(walk, left);
  visitErrors(walk, node);
}

export function visitDelete(walk: Walk, node: SyntaxNode): void {
  walk.certainty.inDoubt(() => {
    for (const child of node.children) deleteTarget(walk, child);
  });
}

function deleteTarget(walk: Walk, node: SyntaxNode): void {
  switch (node.type) {
    case 'identifier':
      walk.delete(node);
      return;
    case 'attribute':
    case 'subscript':
      walk.target = node;
      walk.visit(node);
      recordMutation(walk, node);
      return;
    default:
      for (const child of node.children) deleteTarget(walk, child);
  }
}
