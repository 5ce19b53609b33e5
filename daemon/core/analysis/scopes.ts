/** Python's scopes: who binds a name, and to which scope a read goes. */
import type { Span } from '../text.ts';
import type { DefKind, Name } from './facts.ts';

/** `type` holds type parameters (PEP 695): like a function, but it sees the names of a class right around it. */
export type ScopeKind = 'module' | 'class' | 'function' | 'comprehension' | 'type';

export interface Binding {
  readonly kind: DefKind;
  readonly span: Span;
  readonly imported: string | undefined;
  /** Position in the order of evaluation; infinite for `x: int`, which gives no value. */
  readonly at: number;
  /** The body that has to run before this binding happens; undefined when the cell itself does it. */
  readonly body: DeferredBody | undefined;
}

export interface Scope {
  readonly kind: ScopeKind;
  readonly parent: Scope | undefined;
  readonly bindings: Map<Name, Binding[]>;
  /** Variables of the scope by other means than a binding: `del x`, and what Python itself puts into a class. */
  readonly others: Set<Name>;
  /** Of a class body, while it is walked: variables that it has deleted, so that it finds the global of that name. */
  readonly unset: Set<Name>;
  readonly globals: Set<Name>;
  readonly nonlocals: Set<Name>;
}

/**
 * Code that runs later than where it stands: the body of an outermost function, lambda or generator expression. What is nested in it
 * belongs to it.
 */
export interface DeferredBody {
  /** The names by which the cell can reach it: its own, and those of the classes around it. */
  readonly owners: readonly Owner[];
  /** Position in the order of evaluation where it is made. */
  readonly at: number;
  /** When the cell first calls it or hands it to someone who may: infinite for one that the cell only defines. */
  escapesAt: number;
}

/** A name, in the scope that binds it. */
export interface Owner {
  readonly scope: Scope;
  readonly name: Name;
}

export interface Read {
  readonly name: Name;
  readonly span: Span;
  readonly scope: Scope;
  readonly at: number;
  readonly body: DeferredBody | undefined;
  /** A class body that has not bound the name yet looks in the globals, also when it binds it further down. */
  readonly isBeforeClassBinding: boolean;
  /** Inside `except … as name` at the cell's top level. */
  readonly isHandlerName: boolean;
  readonly isDelete: boolean;
  /** The name stands in a string. */
  readonly isByText: boolean;
  /** The cell has bound its variable of this name by then, whichever way led there. */
  readonly isBound: boolean;
  /** It happens whenever the cell runs to its end. */
  readonly isCertain: boolean;
}

export function openScope(kind: ScopeKind, parent: Scope | undefined): Scope {
  return { kind, parent, bindings: new Map(), others: new Set(), unset: new Set(), globals: new Set(), nonlocals: new Set() };
}

/** The scope whose variable a read means; undefined for a name the compiler provides. */
export function resolve(module: Scope, read: Pick<Read, 'name' | 'scope' | 'isBeforeClassBinding'>): Scope | undefined {
  if (read.isBeforeClassBinding && read.scope.kind === 'class' && bindsItself(read.scope, read.name)) return module;
  let seesClass = true;
  for (let scope: Scope = read.scope; ; ) {
    if (scope.parent === undefined) return module;
    if (scope.kind === 'class') {
      if (seesClass && scope.globals.has(read.name)) return module;
      if (seesClass && bindsItself(scope, read.name)) {
        const isSeen = scope === read.scope || (hasValue(scope, read.name) && !read.isBeforeClassBinding);
        return isSeen ? scope : module;
      }
      if (scope !== read.scope && read.name === '__class__') return undefined;
      seesClass = false;
    } else {
      if (scope.globals.has(read.name)) return module;
      if (bindsItself(scope, read.name)) return scope;
      if (scope.kind !== 'type') seesClass = false;
    }
    scope = scope.parent;
  }
}

function bindsItself(scope: Scope, name: Name): boolean {
  return (scope.bindings.has(name) || scope.others.has(name)) && !scope.nonlocals.has(name) && !scope.globals.has(name);
}

/** Python sets these at the start of every class body. */
export const implicitClassNames: ReadonlySet<Name> = new Set(['__module__', '__qualname__']);

/** `x: int` and `del x` alone give no value: what looks for x later finds the global. */
export function hasValue(scope: Scope, name: Name): boolean {
  return implicitClassNames.has(name) || (scope.bindings.get(name)?.some((binding) => Number.isFinite(binding.at)) ?? false);
}
