/** Targets: where assignment, `for`, `with` and parameters put values. */
import { recordMutation } from './mutations.ts';
import type { SyntaxNode } from './tree.ts';
import type { Walk } from './walk.ts';

export function bindTarget(walk: Walk, target: SyntaxNode): void {
  switch (target.type) {
    case 'identifier':
      walk.bind(target);
      return;
    case 'attribute':
    case 'subscript':
      walk.target = target;
      walk.visit(target);
      recordMutation(walk, target);
      return;
    case 'comment':
      return;
    default:
      for (const child of target.children) bindTarget(walk, child);
  }
}
