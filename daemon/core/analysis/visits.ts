/** What each kind of node means for names, in Python's order of evaluation. */
import { visitAssignment, visitAugmented, visitDelete } from './assignments.ts';
import { bindTarget } from './bindings.ts';
import {
  visitAssert,
  visitBoolean,
  visitComparison,
  visitConditional,
  visitExcept,
  visitFor,
  visitIf,
  visitMatch,
  visitTry,
  visitWhile,
  visitWith,
} from './blocks.ts';
import {
  visitClass,
  visitComprehension,
  visitDecorated,
  visitFunction,
  visitGenerator,
  visitLambda,
  visitTypeAlias,
} from './definitions.ts';
import { visitFutureImport, visitImport, visitImportFrom } from './imports.ts';
import { recordCallMutation } from './mutations.ts';
import { childIn } from './nodes.ts';
import { visitCase } from './patterns.ts';
import { readTextsOfAttribute, readTextsOfCall, readTextsOfOperator, readTextsOfSubscript } from './text-reads.ts';
import type { SyntaxNode } from './tree.ts';
import type { Visits, Walk } from './walk.ts';

export const visits: Visits = new Map<string, (walk: Walk, node: SyntaxNode) => void>([
  ['identifier', (walk, node) => walk.read(node)],
  ['attribute', visitAttribute],
  ['subscript', visitSubscript],
  ['binary_operator', visitOperator],
  ['keyword_argument', (walk, node) => visitField(walk, node, 'value')],
  ['member_type', visitFirst],
  ['string_start', ignore],
  ['string_content', ignore],
  ['string_end', ignore],
  ['comment', ignore],
  ['expression_statement', visitExpressionStatement],
  ['assignment', visitAssignment],
  ['augmented_assignment', visitAugmented],
  ['named_expression', visitWalrus],
  ['delete_statement', visitDelete],
  ['if_statement', visitIf],
  ['for_statement', visitFor],
  ['while_statement', visitWhile],
  ['with_statement', visitWith],
  ['try_statement', visitTry],
  ['match_statement', visitMatch],
  ['raise_statement', visitRaise],
  ['boolean_operator', visitBoolean],
  ['comparison_operator', visitComparison],
  ['assert_statement', visitAssert],
  ['call', visitCall],
  ['conditional_expression', visitConditional],
  ['as_pattern', visitAs],
  ['except_clause', visitExcept],
  ['case_clause', visitCase],
  ['global_statement', (walk, node) => declare(walk, node, walk.scope.globals)],
  ['nonlocal_statement', (walk, node) => declare(walk, node, walk.scope.nonlocals)],
  ['import_statement', visitImport],
  ['import_from_statement', visitImportFrom],
  ['future_import_statement', visitFutureImport],
  ['function_definition', visitFunction],
  ['class_definition', visitClass],
  ['decorated_definition', visitDecorated],
  ['lambda', (walk, node) => visitLambda(walk, node)],
  ['list_comprehension', visitComprehension],
  ['set_comprehension', visitComprehension],
  ['dictionary_comprehension', visitComprehension],
  ['generator_expression', (walk, node) => visitGenerator(walk, node)],
  ['type_alias_statement', visitTypeAlias],
  ['print_statement', visitOldKeyword],
  ['exec_statement', visitOldKeyword],
  ['ERROR', visitBroken],
]);

function ignore(): void {}

function visitField(walk: Walk, node: SyntaxNode, field: string): void {
  for (const child of node.children) if (child.field === field || child.type === 'ERROR') walk.visit(child);
}

function visitAttribute(walk: Walk, node: SyntaxNode): void {
  visitField(walk, node, 'object');
  const name = childIn(node, 'attribute');
  if (name !== undefined) walk.certainty.noteAttribute(walk.text(name));
  readTextsOfAttribute(walk, node);
}

function visitSubscript(walk: Walk, node: SyntaxNode): void {
  walk.visitChildren(node);
  readTextsOfSubscript(walk, node);
}

function visitOperator(walk: Walk, node: SyntaxNode): void {
  walk.visitChildren(node);
  readTextsOfOperator(walk, node);
}

function visitFirst(walk: Walk, node: SyntaxNode): void {
  const first = node.children[0];
  if (first !== undefined) walk.visit(first);
}

function visitExpressionStatement(walk: Walk, node: SyntaxNode): void {
  walk.visitChildren(node);
  if (walk.isAtTop) recordCallMutation(walk, node);
}

function visitRaise(walk: Walk, node: SyntaxNode): void {
  walk.visitChildren(node);
  walk.certainty.noteRaise(walk.text(node), walk.isDeferred);
  if (walk.isAtTop) walk.paths.end();
}

/** A generator expression that is the only argument is nearly always used up by the call: `sum(x for x in xs)`. */
function visitCall(walk: Walk, node: SyntaxNode): void {
  for (const child of node.children) {
    if (child.type === 'generator_expression' && child.field === 'arguments') visitComprehension(walk, child);
    else walk.visit(child);
  }
  const called = childIn(node, 'function');
  const name = called?.type === 'attribute' ? childIn(called, 'attribute') : called;
  if (name?.type === 'identifier') walk.certainty.noteCall(walk.text(name));
  readTextsOfCall(walk, node);
}

function visitWalrus(walk: Walk, node: SyntaxNode): void {
  visitField(walk, node, 'value');
  const name = childIn(node, 'name');
  if (name !== undefined) walk.bindOutsideComprehensions(name);
}

/** In `with a as b`; the grammar uses the same node in `except`. */
function visitAs(walk: Walk, node: SyntaxNode): void {
  for (const child of node.children) {
    if (child.field === 'alias') bindTarget(walk, child);
    else walk.visit(child);
  }
}

function declare(walk: Walk, node: SyntaxNode, names: Set<string>): void {
  if (walk.isAtTop) return;
  for (const child of node.children) if (child.type === 'identifier') names.add(walk.name(child));
}

/** `print >> x` and `exec x` are statements to the grammar and read a name in Python 3. */
function visitOldKeyword(walk: Walk, node: SyntaxNode): void {
  const keyword = node.children[0];
  if (keyword !== undefined) walk.read(keyword);
  walk.visitChildren(node);
}

/** Code being typed: names before a `=` and after `def` and `class` count as bound, so that the graph does not flicker. */
function visitBroken(walk: Walk, node: SyntaxNode): void {
  node.children.forEach((child, i) => {
    const before = node.children[i - 1]?.type;
    if (child.type !== 'identifier') walk.visit(child);
    else if (before === 'def') walk.bind(child, 'function');
    else if (before === 'class') walk.bind(child, 'class');
    else if (before === '.') return;
    else if (node.children[i + 1]?.type === '=') walk.bind(child);
    else walk.read(child);
  });
}
