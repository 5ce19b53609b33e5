/** Changes of objects that can be seen in the text: stores through a name, and calls whose only use is to change. */
import { childIn } from './nodes.ts';
import type { SyntaxNode } from './tree.ts';
import type { Walk } from './walk.ts';

const mutatingMethods = new Set([
  'append',
  'appendleft',
  'extend',
  'extendleft',
  'insert',
  'update',
  'setdefault',
  'add',
  'discard',
  'remove',
  'pop',
  'popleft',
  'popitem',
  'clear',
  'sort',
  'reverse',
  'rotate',
  'difference_update',
  'intersection_update',
  'symmetric_difference_update',
  'move_to_end',
]);

/** A store to `x.a`, `x[k]`, `x.a[k].b`: it changes what x refers to. */
export function recordMutation(walk: Walk, target: SyntaxNode): void {
  const root = target.type === 'identifier' ? undefined : rootOf(target);
  if (root !== undefined) walk.mutate(root, target);
}

/** A call as a statement of its own: nobody looks at what `xs.append(1)` returns. */
export function recordCallMutation(walk: Walk, statement: SyntaxNode): void {
  const call = statement.children.find((child) => child.isNamed);
  if (call?.type !== 'call') return;
  const method = childIn(call, 'function');
  if (method?.type !== 'attribute') return;
  const root = rootOf(method);
  const name = childIn(method, 'attribute');
  if (root === undefined || name === undefined) return;
  if (mutatingMethods.has(walk.text(name)) || isInPlace(walk, call)) walk.mutate(root, call);
}

function isInPlace(walk: Walk, call: SyntaxNode): boolean {
  const given = childIn(call, 'arguments')?.children ?? [];
  return given.some((argument) => {
    if (argument.type !== 'keyword_argument' || childIn(argument, 'value')?.type !== 'true') return false;
    const name = childIn(argument, 'name');
    return name !== undefined && walk.text(name) === 'inplace';
  });
}

/** The name at the start of a chain of attributes and subscripts. */
function rootOf(node: SyntaxNode): SyntaxNode | undefined {
  let root: SyntaxNode | undefined = node;
  while (root?.type === 'attribute' || root?.type === 'subscript') {
    root = childIn(root, root.type === 'attribute' ? 'object' : 'value');
  }
  return root?.type === 'identifier' ? root : undefined;
}
