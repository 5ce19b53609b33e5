/** Everything that opens a scope: functions, classes, lambdas, comprehensions, type parameters. */
import { bindTarget } from './bindings.ts';
import type { Name } from './facts.ts';
import { normalised } from './names.ts';
import { childIn, childOfType, namedChildren } from './nodes.ts';
import type { Owner } from './scopes.ts';
import type { SyntaxNode } from './tree.ts';
import type { Reach, Walk } from './walk.ts';

export function visitFunction(walk: Walk, node: SyntaxNode): void {
  const name = childIn(node, 'name');
  const parameters = childIn(node, 'parameters');
  const owner = name === undefined ? 'not-at-all' : walk.ownerOf(name);
  if (parameters !== undefined) visitDefaults(walk, parameters);
  inTypeParameters(walk, childIn(node, 'type_parameters'), () => {
    walk.inAnnotation(() => visitSignatureTypes(walk, parameters, childIn(node, 'return_type')));
    walk.inBody(owner, () =>
      walk.inScope('function', () => {
        if (parameters !== undefined) bindParameters(walk, parameters);
        const body = childIn(node, 'body');
        if (body !== undefined) walk.visit(body);
      }),
    );
  });
  if (name !== undefined) walk.bind(name, 'function');
}

function visitDefaults(walk: Walk, parameters: SyntaxNode): void {
  for (const parameter of parameters.children) {
    const value = childIn(parameter, 'value');
    if (value !== undefined) walk.visit(value);
  }
}

function visitSignatureTypes(walk: Walk, parameters: SyntaxNode | undefined, returned: SyntaxNode | undefined): void {
  for (const parameter of parameters?.children ?? []) {
    const type = childIn(parameter, 'type');
    if (type !== undefined) walk.visit(type);
  }
  if (returned !== undefined) walk.visit(returned);
}

function bindParameters(walk: Walk, parameters: SyntaxNode): void {
  for (const parameter of parameters.children) {
    if (parameter.type === 'default_parameter' || parameter.type === 'typed_default_parameter') {
      const name = childIn(parameter, 'name');
      if (name !== undefined) bindTarget(walk, name);
    } else if (parameter.type === 'typed_parameter') {
      for (const child of parameter.children) if (child.field !== 'type') bindTarget(walk, child);
    } else {
      bindTarget(walk, parameter);
    }
  }
}

export function visitClass(walk: Walk, node: SyntaxNode): void {
  const name = childIn(node, 'name');
  const bases = childIn(node, 'superclasses');
  const body = childIn(node, 'body');
  if (name === undefined) return;
  const owner = walk.ownerOf(name);
  const className = normalised(walk.text(name));
  const parameters = childIn(node, 'type_parameters');
  const visitBasesAndBody = () => {
    if (bases !== undefined) walk.visit(bases);
    if (body === undefined) return;
    const visitBody = () => walk.inClass(className, owner, () => walk.visit(body));
    // `__prepare__` of a metaclass can give the body any names.
    if (bases === undefined && parameters === undefined) visitBody();
    else walk.certainty.inDoubt(visitBody);
  };
  if (parameters === undefined) visitBasesAndBody();
  else walk.withoutMangling(() => inTypeParameters(walk, parameters, visitBasesAndBody, className));
  walk.bind(name, 'class');
}

/** Python makes these itself; they call what they are given later or never. */
const harmlessDecorators = new Set([
  'property',
  'staticmethod',
  'classmethod',
  'abstractmethod',
  'cached_property',
  'cache',
  'lru_cache',
  'wraps',
  'overload',
  'override',
  'final',
  'contextmanager',
  'asynccontextmanager',
  'dataclass',
  'total_ordering',
  'singledispatch',
  'setter',
  'getter',
  'deleter',
]);

export function visitDecorated(walk: Walk, node: SyntaxNode): void {
  let isHandedOn = false;
  for (const child of node.children) {
    if (child.type !== 'decorator') continue;
    walk.visit(child);
    if (!harmlessDecorators.has(decoratorName(walk, child))) isHandedOn = true;
  }
  const definition = childIn(node, 'definition');
  if (definition === undefined) return;
  const first = walk.bodies.length;
  walk.visit(definition);
  if (isHandedOn) walk.handOnBodies(first);
}

/** `functools.lru_cache(maxsize=None)` → `lru_cache`. */
function decoratorName(walk: Walk, decorator: SyntaxNode): string {
  let node = decorator.children.find((child) => child.isNamed);
  if (node?.type === 'call') node = childIn(node, 'function');
  if (node?.type === 'attribute') node = childIn(node, 'attribute');
  return node?.type === 'identifier' ? walk.text(node) : '';
}

export function visitLambda(walk: Walk, node: SyntaxNode, reach: Reach = 'handed-on'): void {
  const parameters = childIn(node, 'parameters');
  const body = childIn(node, 'body');
  if (parameters !== undefined) visitDefaults(walk, parameters);
  walk.inBody(reach, () =>
    walk.inScope('function', () => {
      if (parameters !== undefined) bindParameters(walk, parameters);
      if (body !== undefined) walk.visit(body);
    }),
  );
}

/** The value of an assignment to one name: a lambda or generator expression there is known by that name. */
export function visitValue(walk: Walk, value: SyntaxNode, owner: Owner | undefined): void {
  if (owner !== undefined && value.type === 'lambda') visitLambda(walk, value, owner);
  else if (owner !== undefined && value.type === 'generator_expression') visitGenerator(walk, value, owner);
  else walk.visit(value);
}

export function visitGenerator(walk: Walk, node: SyntaxNode, reach: Reach = 'handed-on'): void {
  visitFirstIterable(walk, node);
  walk.inBody(reach, () => visitClauses(walk, node));
}

/** List, set and dictionary comprehensions run where they stand. */
export function visitComprehension(walk: Walk, node: SyntaxNode): void {
  visitFirstIterable(walk, node);
  visitClauses(walk, node);
}

/** It is evaluated in the scope around the comprehension. */
function visitFirstIterable(walk: Walk, node: SyntaxNode): void {
  const first = childOfType(node, 'for_in_clause');
  if (first !== undefined) visitIterables(walk, first);
}

function visitIterables(walk: Walk, clause: SyntaxNode): void {
  for (const child of clause.children) if (child.field === 'right') walk.visit(child);
}

function visitClauses(walk: Walk, node: SyntaxNode): void {
  const first = childOfType(node, 'for_in_clause');
  walk.inScope('comprehension', () => walk.paths.maybe(() => visitLoops(walk, node, first)));
}

function visitLoops(walk: Walk, node: SyntaxNode, first: SyntaxNode | undefined): void {
  for (const clause of node.children) {
    if (clause.type === 'for_in_clause') {
      if (clause !== first) visitIterables(walk, clause);
      const left = childIn(clause, 'left');
      if (left !== undefined) bindTarget(walk, left);
    } else if (clause.field !== 'body') {
      walk.visit(clause);
    }
  }
  const body = childIn(node, 'body');
  if (body !== undefined) walk.visit(body);
}

export function visitTypeAlias(walk: Walk, node: SyntaxNode): void {
  const left = childIn(node, 'left');
  const right = childIn(node, 'right');
  const generic = left === undefined ? undefined : childOfType(left, 'generic_type');
  const name = left === undefined ? undefined : childOfType(generic ?? left, 'identifier');
  if (name === undefined) {
    visitTypeCall(walk, node);
    return;
  }
  inTypeParameters(walk, generic === undefined ? undefined : childOfType(generic, 'type_parameter'), () => {
    if (right !== undefined) lazily(walk, right);
  });
  walk.bind(name);
  for (const child of node.children) if (child.type === 'ERROR') walk.visit(child);
}

/** The grammar takes `type(self).count = 1` for an alias. */
function visitTypeCall(walk: Walk, node: SyntaxNode): void {
  for (const child of node.children) if (child.field === 'right') walk.visit(child);
  for (const child of node.children) {
    if (child.type === 'type' && !child.isNamed) walk.read(child);
    else if (child.field !== 'right') walk.visit(child);
  }
}

/** Bounds and defaults of type parameters and values of aliases are evaluated when somebody asks, in a scope of their own. */
function lazily(walk: Walk, node: SyntaxNode): void {
  walk.inBody('not-at-all', () => walk.inScope('type', () => walk.visit(node)));
}

function inTypeParameters(walk: Walk, parameters: SyntaxNode | undefined, visit: () => void, className?: Name): void {
  if (parameters === undefined) {
    visit();
    return;
  }
  walk.inScope('type', () => {
    const bounds = namedChildren(parameters).flatMap((node) => bindTypeParameter(walk, node, className));
    for (const bound of bounds) lazily(walk, bound);
    visit();
  });
}

/** Binds the name, and returns the nodes of its bound. Defaults are bounds here (see `type-defaults.ts`). */
function bindTypeParameter(walk: Walk, node: SyntaxNode, className: Name | undefined): readonly SyntaxNode[] {
  if (node.type === 'identifier') {
    walk.bindTypeParameter(node, className);
    return [];
  }
  const [first, ...bound] = namedChildren(node);
  return first === undefined ? bound : [...bindTypeParameter(walk, first, className), ...bound];
}
