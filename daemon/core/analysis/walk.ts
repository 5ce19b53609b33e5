/** One pass over a cell in the order in which Python evaluates it: collects bindings, reads and changes of objects, each with its scope and moment. */
import type { Span } from '../text.ts';
import { Certainty } from './certainty.ts';
import type { DefKind, Name } from './facts.ts';
import { mangled, normalised } from './names.ts';
import { Paths } from './paths.ts';
import {
  type DeferredBody,
  hasValue,
  implicitClassNames,
  type Owner,
  openScope,
  type Read,
  type Scope,
  type ScopeKind,
} from './scopes.ts';
import type { SyntaxNode } from './tree.ts';

/** How code that runs later can be reached: by a name, at once by whoever is given it here, or not by this cell. */
export type Reach = Owner | 'handed-on' | 'not-at-all';

/** A change in place, and whether the cell has bound the name on every way there. */
export interface Changed {
  readonly name: Name;
  readonly span: Span;
  readonly isBound: boolean;
  readonly method: string | undefined;
}

/** What to do with a node, by its type; other nodes only have their children walked. */
export type Visits = ReadonlyMap<string, (walk: Walk, node: SyntaxNode) => void>;

export class Walk {
  readonly code: string;
  readonly module = openScope('module', undefined);
  readonly scopes: Scope[] = [this.module];
  readonly reads: Read[] = [];
  readonly bodies: DeferredBody[] = [];
  readonly paths = new Paths(() => this.#now);
  readonly certainty = new Certainty();
  readonly mutations: Changed[] = [];
  /** Names of handlers (`except … as name`): where one has run, its name is bound no more. */
  readonly unbinds = new Set<Name>();
  /** Modules of which a star binds all names. */
  readonly starred = new Set<string>();
  /** Names of packages of which the cell loads a part (`import a.b`), beside the parts that are loaded. */
  readonly packages = new Set<Name>();
  /** Where names are read that stand nowhere in the text, by offset (see text-reads.ts). */
  readonly unseen = new Map<number, Span>();
  /** What is being bound, changed or deleted: `globals()["n"] = 1` reads no n. */
  target: SyntaxNode | undefined = undefined;
  /** Annotations are not evaluated: `from __future__ import annotations`. */
  hasLazyAnnotations = false;

  #scope = this.module;
  #body: DeferredBody | undefined = undefined;
  #className: Name | undefined = undefined;
  #classNumber = 0;
  readonly #classes: Owner[] = [];
  readonly #handlerNames: Name[] = [];
  #now = 0;
  #isInText = false;
  readonly #visits: Visits;
  readonly #parse: ((code: string) => SyntaxNode) | undefined;

  /** Without `parse`, code in strings is not read. */
  constructor(code: string, visits: Visits, parse?: (code: string) => SyntaxNode) {
    this.code = code;
    this.#visits = visits;
    this.#parse = parse;
  }

  /** Of code that stands in a string. */
  within(code: string): Walk | undefined {
    if (this.#parse === undefined) return undefined;
    const inner = new Walk(code, this.#visits);
    inner.visit(this.#parse(code));
    return inner;
  }

  visit(node: SyntaxNode): void {
    const visit = this.#visits.get(node.type);
    if (visit === undefined) this.visitChildren(node);
    else visit(this, node);
  }

  visitChildren(node: SyntaxNode): void {
    for (const child of node.children) this.visit(child);
  }

  get scope(): Scope {
    return this.#scope;
  }

  /** At the cell's top level, in blocks too, but in no other scope. */
  get isAtTop(): boolean {
    return this.#scope === this.module;
  }

  /** In the body of a function, lambda or generator expression. */
  get isDeferred(): boolean {
    return this.#body !== undefined;
  }

  text(node: SyntaxNode): string {
    return this.code.slice(node.start, node.end);
  }

  name(identifier: SyntaxNode): Name {
    return mangled(normalised(this.text(identifier)), this.#className);
  }

  bind(identifier: SyntaxNode, kind: DefKind = 'variable', imported?: string): void {
    if (this.#isHandlerName(identifier)) return;
    this.#bind(identifier, kind, imported, this.#now++);
    if (this.#body === undefined && (this.isAtTop || this.#scope.kind === 'class'))
      this.paths.bind(this.#variable(this.name(identifier)));
  }

  /** `x: int` makes x a variable of its scope and gives it no value. */
  declare(identifier: SyntaxNode): void {
    if (this.#isHandlerName(identifier)) return;
    this.#bind(identifier, 'variable', undefined, Number.POSITIVE_INFINITY);
  }

  /** The variable of the handler around, which ends with it, whatever the handler gives it in between. */
  #isHandlerName(identifier: SyntaxNode): boolean {
    return this.#handlerNames.length > 0 && this.isAtTop && this.#handlerNames.includes(this.name(identifier));
  }

  #bind(identifier: SyntaxNode, kind: DefKind, imported: string | undefined, at: number): void {
    if (identifier.start === identifier.end) return;
    const name = this.name(identifier);
    const binding = { kind, span: spanOf(identifier), imported, at, body: this.#body };
    if (Number.isFinite(at)) this.#scope.unset.delete(name);
    const known = this.#scope.bindings.get(name);
    if (known === undefined) this.#scope.bindings.set(name, [binding]);
    else known.push(binding);
  }

  read(identifier: SyntaxNode, isDelete = false): void {
    if (identifier.start === identifier.end) return;
    this.readName(this.name(identifier), spanOf(identifier), isDelete);
  }

  /** A name in a string. */
  readText(name: string, span: Span): void {
    this.#isInText = true;
    this.readName(normalised(name), span);
    this.#isInText = false;
  }

  readName(name: Name, span: Span, isDelete = false): void {
    const scope = this.#scope;
    this.reads.push({
      name,
      span,
      scope,
      at: this.#now++,
      body: this.#body,
      isBeforeClassBinding: !isDelete && this.#isBeforeClassBinding(name),
      isHandlerName: this.#handlerNames.includes(name),
      isDelete,
      isBound: this.paths.isCertain(name) || this.paths.isCertain(this.#variable(name)),
      isByText: this.#isInText,
      isCertain: this.#body === undefined && !isDelete && !this.#isInText && this.paths.isTaken && !this.certainty.isLost,
    });
    this.certainty.noteRead(name, this.isDeferred);
  }

  /** Read now, in a class body or in the annotations of a generic function there. */
  #isBeforeClassBinding(name: Name): boolean {
    let scope: Scope | undefined = this.#scope;
    if (this.#body === undefined) while (scope?.kind === 'type') scope = scope.parent;
    return scope?.kind === 'class' && (!hasValue(scope, name) || scope.unset.has(name));
  }

  /** A loop in a class body: a later turn of it looks for the global where an earlier one has deleted the variable. */
  loop(visit: () => void): void {
    const [scope, start, firstRead] = [this.#scope, this.#now, this.reads.length];
    visit();
    if (scope.kind !== 'class' || scope.unset.size === 0) return;
    for (let i = firstRead; i < this.reads.length; i++) {
      const read = this.reads[i];
      if (read?.scope !== scope || read.isDelete || !scope.unset.has(read.name)) continue;
      const isBound = scope.bindings.get(read.name)?.some(({ at }) => at >= start && at < read.at);
      if (!isBound) this.reads[i] = { ...read, isBeforeClassBinding: true };
    }
  }

  /** A class body runs along the ways of the cell; its variables are not the cell's. */
  #variable(name: Name): string {
    if (this.isAtTop || this.#scope.globals.has(name)) return name;
    return `${this.#classNumber} ${name}`;
  }

  /** `del x` makes x a variable of its function or class, as a binding would. */
  delete(identifier: SyntaxNode): void {
    this.read(identifier, true);
    this.#scope.others.add(this.name(identifier));
    this.#scope.unset.add(this.name(identifier));
  }

  /** `method`: the call of it is all that says so. */
  mutate(name: SyntaxNode, whole: SyntaxNode, method?: string): void {
    const root = this.name(name);
    if (this.isAtTop && !this.#handlerNames.includes(root)) {
      this.mutations.push({ name: root, span: spanOf(whole), isBound: this.paths.isCertain(root), method });
    }
  }

  /** `except … as name` at the cell's top level: the name ends with the handler. */
  inHandler(identifier: SyntaxNode, visit: () => void): void {
    if (!this.isAtTop) {
      this.bind(identifier);
      visit();
      return;
    }
    const name = this.name(identifier);
    this.#handlerNames.push(name);
    visit();
    this.#handlerNames.pop();
    if (!this.#handlerNames.includes(name) && !this.paths.isEnded) this.unbinds.add(name);
  }

  /** Lazy ones are evaluated by nobody: calling the function that they stand in does not read them. From Python 3.14 on, all are lazy. */
  inAnnotation(visit: () => void): void {
    if (this.hasLazyAnnotations) this.#inOwnBody([], Number.POSITIVE_INFINITY, visit);
    else this.certainty.inDoubt(visit);
  }

  /** Of a variable: in a function it is never evaluated. */
  inVariableAnnotation(visit: () => void): void {
    if (this.#scope.kind === 'function') this.#inOwnBody([], Number.POSITIVE_INFINITY, visit);
    else this.inAnnotation(visit);
  }

  ownerOf(identifier: SyntaxNode): Owner {
    return { scope: this.#scope, name: this.name(identifier) };
  }

  /** A walrus in a comprehension binds around it. */
  bindOutsideComprehensions(identifier: SyntaxNode): void {
    const scope = this.#scope;
    let outer = scope;
    while (outer.kind === 'comprehension' && outer.parent !== undefined) outer = outer.parent;
    this.#scope = outer;
    this.bind(identifier);
    this.#scope = scope;
  }

  inScope(kind: ScopeKind, visit: () => void): void {
    const outer = this.#scope;
    this.#scope = openScope(kind, outer);
    this.scopes.push(this.#scope);
    visit();
    this.#scope = outer;
  }

  /** `name` without mangling, but normalised: the body of `class A` mangles by it. */
  inClass(name: Name, owner: Owner, visit: () => void): void {
    const [outerName, outerNumber] = [this.#className, this.#classNumber];
    this.#className = name;
    this.#classNumber = this.scopes.length;
    this.#classes.push(owner);
    this.inScope('class', () => {
      for (const implicit of implicitClassNames) this.#scope.others.add(implicit);
      visit();
    });
    this.#classes.pop();
    this.#className = outerName;
    this.#classNumber = outerNumber;
  }

  /** Between `class A[` and its body Python mangles nothing but the type parameters, not even by the class around. */
  withoutMangling(visit: () => void): void {
    const outer = this.#className;
    this.#className = undefined;
    visit();
    this.#className = outer;
  }

  /** `class A[__T]`: written `__T`, the name is `__T` in the bases and `_A__T` in the body. */
  bindTypeParameter(identifier: SyntaxNode, className: Name | undefined): void {
    this.bind(identifier);
    if (className === undefined) return;
    const outer = this.#className;
    this.#className = className;
    if (this.name(identifier) !== normalised(this.text(identifier))) this.bind(identifier);
    this.#className = outer;
  }

  /** What is nested in a deferred body belongs to that body. */
  inBody(reach: Reach, visit: () => void): void {
    if (this.#body !== undefined) {
      visit();
      return;
    }
    const owners = typeof reach === 'string' ? [] : [reach, ...this.#classes];
    this.#inOwnBody(owners, reach === 'handed-on' ? this.#now : Number.POSITIVE_INFINITY, visit);
  }

  #inOwnBody(owners: readonly Owner[], escapesAt: number, visit: () => void): void {
    const outer = this.#body;
    this.#body = { owners, at: this.#now, escapesAt };
    this.bodies.push(this.#body);
    visit();
    this.#body = outer;
  }

  /** A decorator may call what it decorates: bodies recorded since `first` are given to one. */
  handOnBodies(first: number): void {
    for (let i = first; i < this.bodies.length; i++) {
      const body = this.bodies[i];
      if (body !== undefined && body.owners.length > 0) body.escapesAt = Math.min(body.escapesAt, this.#now);
    }
  }
}

export function spanOf(node: SyntaxNode): Span {
  return { start: node.start, end: node.end };
}
