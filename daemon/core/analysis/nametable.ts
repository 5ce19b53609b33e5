/** From what the walk met to what the cell defines and reads. */
import type { Span } from '../text.ts';
import { type Def, type Doubtful, type Facts, type Mutation, type Name, noFacts, type Ref } from './facts.ts';
import { isCellLocal } from './names.ts';
import { type Binding, type DeferredBody, type Read, resolve, type Scope } from './scopes.ts';
import type { Changed, Walk } from './walk.ts';

type NameFacts = Pick<
  Facts,
  | 'defs'
  | 'refs'
  | 'maybeReads'
  | 'locals'
  | 'deleted'
  | 'unbinds'
  | 'mutations'
  | 'doubtful'
  | 'deferredReads'
  | 'deferredWrites'
  | 'mayExit'
  | 'mayBindAny'
>;

export function nameTable(walk: Walk, hasLocals: boolean): NameFacts {
  const bindings = cellBindings(walk);
  const reads = resolvedReads(walk);
  spreadEscapes(walk, reads);
  const isPrivate = (name: Name) => hasLocals && isCellLocal(name) && bindings.has(name);

  const defs = new Map<Name, Def>();
  const locals = new Set<Name>();
  const deferredWrites = new Set<Name>();
  for (const [name, places] of bindings) {
    if (isPrivate(name)) {
      locals.add(name);
      continue;
    }
    const isLate = firstValue(places).at === Number.POSITIVE_INFINITY;
    defs.set(name, { ...toDef(places, !walk.paths.isCertain(name)), isLate });
    if (places.some((place) => place.body !== undefined && place.body.owners.length > 0)) deferredWrites.add(name);
  }

  const firstValues = new Map<Name, FirstValue>();
  for (const [name, places] of bindings) firstValues.set(name, firstValue(places));
  const refs = new Map<Name, MutableRef>();
  const maybeReads = new Set<Name>();
  const deleted = new Set<Name>();
  const deferredReads = new Set<Name>();
  for (const { read, scope } of reads) {
    // A class body that may not have bound the name reads the cell's.
    if (scope?.kind === 'class' && scope === read.scope && read.body === undefined && !read.isBound) maybeReads.add(read.name);
    if (scope !== walk.module || read.isHandlerName || isPrivate(read.name)) continue;
    if (read.body !== undefined && isCallable(read.body)) deferredReads.add(read.name);
    if (read.isDelete) deleted.add(read.name);
    if (comesFromOutside(read, firstValues.get(read.name))) addRef(refs, read);
    else if (mayComeFromOutside(walk, read)) maybeReads.add(read.name);
  }
  const unbinds = hasLocals ? noFacts.unbinds : unboundByHandlers(walk, defs);
  const others = hasLocals ? unbinds : [...unbinds, ...walk.packages];
  for (const name of others) if (!refs.has(name)) maybeReads.add(name);
  const mutations = walk.mutations.length > 0 ? foreignMutations(walk, bindings, hasLocals) : [];
  // Most of these are empty, and there are thousands of cells.
  return {
    defs,
    refs,
    maybeReads: maybeReads.size > 0 ? maybeReads : noFacts.maybeReads,
    locals: locals.size > 0 ? locals : noFacts.locals,
    deleted: deleted.size > 0 ? deleted : noFacts.deleted,
    unbinds,
    mutations: mutations.length > 0 ? spansOf(mutations) : noFacts.mutations,
    doubtful: mutations.length > 0 ? doubtfulOf(mutations) : noFacts.doubtful,
    deferredReads: deferredReads.size > 0 ? deferredReads : noFacts.deferredReads,
    deferredWrites: deferredWrites.size > 0 ? deferredWrites : noFacts.deferredWrites,
    mayExit: walk.certainty.mayExit,
    mayBindAny: walk.certainty.mayBindAny,
  };
}

/** In a script, whoever reads the name further down finds nothing of it where the handler has run; unless the cell gives it a value on every way. */
function unboundByHandlers(walk: Walk, defs: ReadonlyMap<Name, Def>): ReadonlySet<Name> {
  if (walk.unbinds.size === 0) return noFacts.unbinds;
  return new Set([...walk.unbinds].filter((name) => defs.get(name)?.isConditional !== false));
}

/** Bindings of the cell's own variables: at its top level, and of names declared `global` below it. */
function cellBindings(walk: Walk): ReadonlyMap<Name, readonly Binding[]> {
  if (walk.scopes.every((scope) => scope.globals.size === 0)) return walk.module.bindings;
  const found = new Map<Name, Binding[]>(walk.module.bindings);
  for (const scope of walk.scopes) {
    for (const name of scope.globals) {
      const stores = scope.bindings.get(name);
      if (stores !== undefined) found.set(name, [...(found.get(name) ?? []), ...stores]);
    }
  }
  return found;
}

interface ResolvedRead {
  readonly read: Read;
  readonly scope: Scope | undefined;
}

function resolvedReads(walk: Walk): readonly ResolvedRead[] {
  return walk.reads.map((read) => ({ read, scope: resolve(walk.module, read) }));
}

/** Not a lazy annotation or bound, which no call evaluates. */
function isCallable(body: DeferredBody): boolean {
  return body.owners.length > 0 || Number.isFinite(body.escapesAt);
}

/** A function that the cell uses runs from then on, and with it the functions that it uses. */
function spreadEscapes(walk: Walk, reads: readonly ResolvedRead[]): void {
  const owned = bodiesByOwner(walk.bodies);
  if (owned.size === 0) return;
  const users: { readonly user: DeferredBody; readonly used: DeferredBody }[] = [];
  for (const { read, scope } of reads) {
    const bodies = scope === undefined ? undefined : owned.get(scope)?.get(read.name);
    for (const used of bodies ?? []) {
      // Its name read before it is made can only mean a call in the next round of a loop.
      if (read.body === undefined) used.escapesAt = Math.min(used.escapesAt, Math.max(read.at, used.at));
      else if (read.body !== used) users.push({ user: read.body, used });
    }
  }
  for (let isChanged = true; isChanged; ) {
    isChanged = false;
    for (const { user, used } of users) {
      if (used.escapesAt <= user.escapesAt) continue;
      used.escapesAt = user.escapesAt;
      isChanged = true;
    }
  }
}

function bodiesByOwner(bodies: readonly DeferredBody[]): ReadonlyMap<Scope, ReadonlyMap<Name, readonly DeferredBody[]>> {
  const index = new Map<Scope, Map<Name, DeferredBody[]>>();
  for (const body of bodies) {
    for (const { scope, name } of body.owners) {
      const names = index.get(scope) ?? new Map<Name, DeferredBody[]>();
      index.set(scope, names);
      const known = names.get(name);
      if (known === undefined) names.set(name, [body]);
      else known.push(body);
    }
  }
  return index;
}

/** When the cell gives a name its first value. */
interface FirstValue {
  /** Infinite when only functions that it does not call do. */
  readonly at: number;
  /** The cell itself does, not just functions of it. */
  readonly isOwn: boolean;
}

function firstValue(bindings: readonly Binding[]): FirstValue {
  let at = Number.POSITIVE_INFINITY;
  for (const binding of bindings) at = Math.min(at, binding.body?.escapesAt ?? binding.at);
  return { at, isOwn: bindings.some((binding) => binding.body === undefined && Number.isFinite(binding.at)) };
}

/** The cell itself has not given the name a value when this read happens. */
function comesFromOutside(read: Read, first: FirstValue | undefined): boolean {
  if (first === undefined) return true;
  if (read.body === undefined) return read.at < first.at;
  return !first.isOwn || read.body.escapesAt < first.at;
}

/** Where the cell binds the name in a branch only, or not yet, an earlier value may be what is seen. A function is read when it is called. */
function mayComeFromOutside(walk: Walk, read: Read): boolean {
  if (read.body === undefined) return !read.isBound;
  return Number.isFinite(read.body.escapesAt) && read.body.escapesAt < walk.paths.certainSince(read.name);
}

interface MutableRef {
  isDeferred: boolean;
  isCertain: boolean;
  isByText?: true;
  readonly spans: [Span, ...Span[]];
}

function addRef(refs: Map<Name, MutableRef>, read: Read): void {
  const isDeferred = read.body !== undefined && !Number.isFinite(read.body.escapesAt);
  const known = refs.get(read.name);
  if (known === undefined) {
    refs.set(read.name, {
      isDeferred,
      isCertain: read.isCertain,
      ...(read.isByText && { isByText: true }),
      spans: [read.span],
    } satisfies Ref);
  } else {
    known.isDeferred &&= isDeferred;
    known.isCertain ||= read.isCertain;
    if (!read.isByText) delete known.isByText;
    known.spans.push(read.span);
  }
}

function toDef(places: readonly Binding[], isConditional: boolean): Omit<Def, 'isLate'> {
  const [only, ...others] = places;
  if (only && others.length === 0) return { kind: only.kind, spans: [only.span], imported: only.imported, isConditional };
  const [first, ...rest] = places.toSorted((a, b) => a.span.start - b.span.start);
  if (first === undefined) throw new Error('a bound name has no binding');
  const imports = [...new Set(places.map((place) => place.imported))];
  const spans = [first.span, ...rest.map((place) => place.span)] as const;
  if (!imports.includes(undefined)) return { kind: 'import', spans, imported: imports.join(', '), isConditional };
  const kind = places.some((place) => place.kind !== first.kind) ? 'variable' : first.kind;
  return { kind, spans, imported: undefined, isConditional };
}

/** In a script an object may be another cell's as long as the cell has not bound its name on every way there; marimo knows only names that the cell never binds. */
function foreignMutations(walk: Walk, bindings: ReadonlyMap<Name, unknown>, isMarimo: boolean): readonly Changed[] {
  return walk.mutations.filter(({ name, isBound }) => (isMarimo ? !bindings.has(name) : !isBound));
}

function spansOf(mutations: readonly Changed[]): ReadonlyMap<Name, Mutation> {
  const found = new Map<Name, [Span, ...Span[]]>();
  for (const { name, span } of mutations) {
    const known = found.get(name);
    if (known === undefined) found.set(name, [span]);
    else known.push(span);
  }
  return new Map([...found].map(([name, spans]) => [name, { spans }]));
}

function doubtfulOf(mutations: readonly Changed[]): ReadonlyMap<Name, Doubtful> {
  const certain = new Set(mutations.flatMap(({ name, method }) => (method === undefined ? [name] : [])));
  const others = mutations.filter(({ name }) => !certain.has(name));
  if (others.length === 0) return noFacts.doubtful;
  const methodsOf = (name: Name) => others.flatMap((one) => (one.name === name && one.method !== undefined ? [one.method] : []));
  return new Map([...spansOf(others)].map(([name, { spans }]) => [name, { spans, methods: [...new Set(methodsOf(name))] }]));
}
