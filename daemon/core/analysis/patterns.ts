/** `match`: what a pattern captures, and what it only looks up. */
import { childOfType } from './nodes.ts';
import type { SyntaxNode } from './tree.ts';
import type { Walk } from './walk.ts';

/** What a pattern captures gets its values when all of it has matched: in `case x, x.y` the second x is an earlier one. */
export function visitCase(walk: Walk, clause: SyntaxNode): void {
  let captured: SyntaxNode[] = [];
  const bindCaptured = () => {
    for (const name of captured) walk.bind(name);
    captured = [];
  };
  for (const child of clause.children) {
    if (child.type === 'case_pattern') {
      visitPattern(walk, child, captured);
    } else {
      bindCaptured();
      walk.visit(child);
    }
  }
  bindCaptured();
}

function visitPattern(walk: Walk, node: SyntaxNode, captured: SyntaxNode[]): void {
  switch (node.type) {
    case 'dotted_name':
      visitPatternName(walk, node, captured);
      return;
    case 'class_pattern':
      visitClassPattern(walk, node, captured);
      return;
    case 'keyword_pattern':
      visitKeywordPattern(walk, node, captured);
      return;
    case 'splat_pattern':
    case 'as_pattern':
      visitCapturing(walk, node, captured);
      return;
    case 'string':
    case 'concatenated_string':
      walk.visit(node);
      return;
    default:
      for (const child of node.children) visitPattern(walk, child, captured);
  }
}

/** One name captures, `a.b` is looked up. The lone `_` is a token of its own in the grammar. */
function visitPatternName(walk: Walk, node: SyntaxNode, captured: SyntaxNode[]): void {
  const [first, ...rest] = node.children.filter((child) => child.type === 'identifier');
  if (first === undefined) return;
  if (rest.length > 0) walk.read(first);
  else capture(walk, first, captured);
}

function visitClassPattern(walk: Walk, node: SyntaxNode, captured: SyntaxNode[]): void {
  const type = childOfType(node, 'dotted_name');
  const name = type === undefined ? undefined : childOfType(type, 'identifier');
  if (name !== undefined) walk.read(name);
  for (const child of node.children) if (child !== type) visitPattern(walk, child, captured);
}

/** `Point(x=0)`: x is the name of an attribute. */
function visitKeywordPattern(walk: Walk, node: SyntaxNode, captured: SyntaxNode[]): void {
  const keyword = childOfType(node, 'identifier');
  for (const child of node.children) if (child !== keyword) visitPattern(walk, child, captured);
}

function visitCapturing(walk: Walk, node: SyntaxNode, captured: SyntaxNode[]): void {
  for (const child of node.children) {
    if (child.type === 'identifier') capture(walk, child, captured);
    else visitPattern(walk, child, captured);
  }
}

function capture(walk: Walk, identifier: SyntaxNode, captured: SyntaxNode[]): void {
  if (walk.text(identifier) !== '_') captured.push(identifier);
}
