/** `match`: what a pattern captures, and what it only looks up. */
import { childOfType } from './nodes.ts';
import type { SyntaxNode } from './tree.ts';
import type { Walk } from './walk.ts';

export function visitPattern(walk: Walk, node: SyntaxNode): void {
  switch (node.type) {
    case 'dotted_name':
      visitPatternName(walk, node);
      return;
    case 'class_pattern':
      visitClassPattern(walk, node);
      return;
    case 'keyword_pattern':
      visitKeywordPattern(walk, node);
      return;
    case 'splat_pattern':
    case 'as_pattern':
      visitCapturing(walk, node);
      return;
    case 'string':
    case 'concatenated_string':
      walk.visit(node);
      return;
    default:
      for (const child of node.children) visitPattern(walk, child);
  }
}

/** One name captures, `a.b` is looked up. The lone `_` is a token of its own in the grammar. */
function visitPatternName(walk: Walk, node: SyntaxNode): void {
  const [first, ...rest] = node.children.filter((child) => child.type === 'identifier');
  if (first === undefined) return;
  if (rest.length > 0) walk.read(first);
  else capture(walk, first);
}

function visitClassPattern(walk: Walk, node: SyntaxNode): void {
  const type = childOfType(node, 'dotted_name');
  const name = type === undefined ? undefined : childOfType(type, 'identifier');
  if (name !== undefined) walk.read(name);
  for (const child of node.children) if (child !== type) visitPattern(walk, child);
}

/** `Point(x=0)`: x is the name of an attribute. */
function visitKeywordPattern(walk: Walk, node: SyntaxNode): void {
  const keyword = childOfType(node, 'identifier');
  for (const child of node.children) if (child !== keyword) visitPattern(walk, child);
}

function visitCapturing(walk: Walk, node: SyntaxNode): void {
  for (const child of node.children) {
    if (child.type === 'identifier') capture(walk, child);
    else visitPattern(walk, child);
  }
}

function capture(walk: Walk, identifier: SyntaxNode): void {
  if (walk.text(identifier) !== '_') walk.bind(identifier);
}
