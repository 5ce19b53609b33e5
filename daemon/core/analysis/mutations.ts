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
  const inPlace = inPlaceArgument(walk, call);
  if (inPlace?.type === 'true') walk.mutate(root, call);
  else if (mutatingMethods.has(walk.text(name))) {
    const isDirect = childIn(method, 'object') === root && inPlace === undefined;
    walk.mutate(root, call, isDirect ? walk.text(name) : undefined);
  }
}

/** pandas calls it `inplace`, polars `in_place`. */
function inPlaceArgument(walk: Walk, call: SyntaxNode): SyntaxNode | undefined {
  for (const argument of childIn(call, 'arguments')?.children ?? []) {
    const name = argument.type === 'keyword_argument' ? childIn(argument, 'name') : undefined;
    if (name !== undefined && /^in_?place$/.test(walk.text(name))) return childIn(argument, 'value');
  }
  return undefined;
}

/** The name at the start of a chain of attributes and subscripts. */
function rootOf(node: SyntaxNode): SyntaxNode | undefined {
  let root: SyntaxNode | undefined = node;
  while (root?.type === 'attribute' || root?.type === 'subscript') {
    root = childIn(root, root.type === 'attribute' ? 'object' : 'value');
  }
  return root?.type === 'identifier' ? root : undefined;
}
