/** Statements and expressions that may run only in part. */
import { bindTarget } from './bindings.ts';
import { childIn, namedChildren } from './nodes.ts';
import { readTextsOfComparison } from './text-reads.ts';
import type { SyntaxNode } from './tree.ts';
import type { Walk } from './walk.ts';

/** The test, then one of the branches; without `else` possibly none. */
export function visitIf(walk: Walk, node: SyntaxNode): void {
  const alternatives = node.children.filter((child) => child.field === 'alternative' || child.type === 'ERROR');
  const end = alternatives.findIndex(({ type }) => type !== 'elif_clause');
  const elifs = end < 0 ? alternatives : alternatives.slice(0, end);
  const rest = alternatives.slice(elifs.length);
  visitFields(walk, node, 'condition');
  walk.paths.oneAfterTests(
    () => visitFields(walk, node, 'consequence'),
    [
      ...elifs.map((elif) => ({
        test: () => visitFields(walk, elif, 'condition'),
        visit: () => visitFields(walk, elif, 'consequence'),
      })),
      { test: () => {}, visit: () => visitAll(walk, rest) },
    ],
  );
}

/** Neither the body nor `else` runs for sure, nor the one before the other. */
export function visitFor(walk: Walk, node: SyntaxNode): void {
  const left = childIn(node, 'left');
  visitFields(walk, node, 'right');
  walk.paths.maybe(() =>
    walk.loop(() => {
      if (left !== undefined) bindTarget(walk, left);
      visitFields(walk, node, 'body');
    }),
  );
  walk.paths.maybe(() => visitFields(walk, node, 'alternative'));
  visitErrors(walk, node);
}

/** `while True:` runs at least once: what it binds can be relied on. */
export function visitWhile(walk: Walk, node: SyntaxNode): void {
  const visitBody = () => visitFields(walk, node, 'body');
  walk.loop(() => {
    visitFields(walk, node, 'condition');
    if (childIn(node, 'condition')?.type === 'true') walk.certainty.inDoubt(visitBody);
    else walk.paths.maybe(visitBody);
  });
  walk.paths.maybe(() => visitFields(walk, node, 'alternative'));
  visitErrors(walk, node);
}

/** What the context managers swallow is not known: of all but the first item, and of the body, it may be anything. */
export function visitWith(walk: Walk, node: SyntaxNode): void {
  const items = namedChildren(node).flatMap((child) => (child.type === 'with_clause' ? namedChildren(child) : []));
  const [first] = items;
  if (first !== undefined) walk.visit(first);
  walk.certainty.inDoubt(() => {
    visitAll(walk, items.slice(1));
    visitAll(
      walk,
      node.children.filter((child) => child.type !== 'with_clause'),
    );
  });
}

/** Either the body (and `else`) runs to its end or a handler does; then `finally`. */
export function visitTry(walk: Walk, node: SyntaxNode): void {
  const handlers = node.children.filter((child) => child.type === 'except_clause');
  const last = node.children.filter((child) => child.type === 'finally_clause');
  const rest = node.children.filter((child) => !handlers.includes(child) && !last.includes(child));
  const ways = [() => visitAll(walk, rest), ...handlers.map((handler) => () => visitExcept(walk, handler))];
  walk.paths.thenAlways(
    () => walk.paths.oneOf(ways),
    () => visitAll(walk, last),
  );
}

export function visitExcept(walk: Walk, node: SyntaxNode): void {
  const pattern = node.children.find((child) => child.type === 'as_pattern');
  const alias = pattern === undefined ? undefined : childIn(pattern, 'alias')?.children[0];
  if (pattern === undefined || alias?.type !== 'identifier') {
    walk.visitChildren(node);
    return;
  }
  for (const child of pattern.children) if (child.field !== 'alias') walk.visit(child);
  walk.inHandler(alias, () => {
    for (const child of node.children) if (child !== pattern) walk.visit(child);
  });
}

export function visitMatch(walk: Walk, node: SyntaxNode): void {
  const body = childIn(node, 'body');
  const cases = body?.children ?? [];
  visitFields(walk, node, 'subject');
  const ways = cases.map((clause) => () => walk.visit(clause));
  walk.paths.oneOf(cases.some(isCatchAll) ? ways : [...ways, () => {}]);
  visitErrors(walk, node);
}

/** `case _:` */
function isCatchAll(clause: SyntaxNode): boolean {
  const pattern = clause.children.find((child) => child.type === 'case_pattern');
  return childIn(clause, 'guard') === undefined && pattern?.children.length === 1 && pattern.children[0]?.type === '_';
}

/** `left and right`: the right side may not be looked at. */
export function visitBoolean(walk: Walk, node: SyntaxNode): void {
  visitFields(walk, node, 'left');
  walk.paths.maybe(() => visitFields(walk, node, 'right'));
  visitErrors(walk, node);
}

/** `a < b < c`: from the third on the operands may not be looked at. */
export function visitComparison(walk: Walk, node: SyntaxNode): void {
  const operands = namedChildren(node);
  visitAll(walk, operands.slice(0, 2));
  walk.paths.maybe(() => visitAll(walk, operands.slice(2)));
  readTextsOfComparison(walk, operands);
}

/** `assert test, message`: where the message is looked at the cell ends. */
export function visitAssert(walk: Walk, node: SyntaxNode): void {
  const [test, ...message] = namedChildren(node);
  if (test !== undefined) walk.visit(test);
  walk.paths.maybe(() => visitAll(walk, message));
}

/** `body if test else other`: the test comes first, and a walrus in it binds for the body. The other may go on in the same way. */
export function visitConditional(walk: Walk, node: SyntaxNode): void {
  const links: { readonly test: () => void; readonly visit: () => void }[] = [];
  let rest: readonly SyntaxNode[] = [node];
  for (let next = onlyConditional(rest); next !== undefined; next = onlyConditional(rest)) {
    const [body, test, ...others] = next.children.filter((child) => child.isNamed && child.type !== 'comment');
    links.push({ test: () => visitGiven(walk, test), visit: () => visitGiven(walk, body) });
    rest = others;
  }
  const [first, ...others] = links;
  first?.test();
  walk.paths.oneAfterTests(() => first?.visit(), [...others, { test: () => {}, visit: () => visitAll(walk, rest) }]);
}

function onlyConditional([node, ...others]: readonly SyntaxNode[]): SyntaxNode | undefined {
  return node?.type === 'conditional_expression' && others.length === 0 ? node : undefined;
}

function visitGiven(walk: Walk, node: SyntaxNode | undefined): void {
  if (node !== undefined) walk.visit(node);
}

function visitAll(walk: Walk, nodes: readonly SyntaxNode[]): void {
  for (const node of nodes) walk.visit(node);
}

function visitFields(walk: Walk, node: SyntaxNode, field: string): void {
  for (const child of node.children) if (child.field === field) walk.visit(child);
}

function visitErrors(walk: Walk, node: SyntaxNode): void {
  for (const child of node.children) if (child.type === 'ERROR') walk.visit(child);
}
