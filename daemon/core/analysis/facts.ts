/** What one cell says about names, whatever the other cells say. */
import type { Span } from '../text.ts';
import type { FileUse } from './file-uses.ts';

/** An identifier, NFKC-normalised as Python does. */
export type Name = string;

export type DefKind = 'variable' | 'function' | 'class' | 'import';

export interface Def {
  readonly kind: DefKind;
  /** Every place that binds the name, in page order; the first is where problems are shown. */
  readonly spans: readonly [Span, ...Span[]];
  /** For an import: what is imported, to compare (`import a.b as c` → `a.b as c`; `from m import x as y` → `m.x as y`). */
  readonly imported: string | undefined;
  /** Every binding stands where it may not run (`if`, `for`, `while`, `try`, `match`, after `and`/`or` …), so an earlier value can live on. */
  readonly isConditional: boolean;
  /** Only functions bind it, and the cell itself neither calls nor passes on any of them: running the cell leaves the name as it was. */
  readonly isLate: boolean;
}

export interface Ref {
  /** Every read is deferred: inside a function body, lambda, generator expression … that the cell itself does not call, decorate with or pass on. */
  readonly isDeferred: boolean;
  /** At least one read happens whenever the cell runs to its end: without the name, plain Python fails there. */
  readonly isCertain: boolean;
  /** Every read stands in a string (`eval("x")`), or was seen at run time: it is likely, not certain. */
  readonly isByText?: true;
  readonly spans: readonly [Span, ...Span[]];
}

/**
 * A visible in-place change of an object that may come from another cell: `xs.append(1)`, `d[k] = v`, `x.a += 1`, and in a percent
 * notebook `x += 1`, which changes a list in place. Not after the cell itself has bound the name.
 */
export interface Mutation {
  readonly spans: readonly [Span, ...Span[]];
  /** The text does not show the change: it was seen when the cell ran. */
  readonly seen?: SeenChange;
}

/**
 * A change that is nothing but calls as statements, by methods that change most objects that have them: `df.sort("a")` gives a new table where
 * df is one of polars. What the object is, a run tells.
 */
export interface Doubtful extends Mutation {
  readonly methods: readonly string[];
}

/** A cell changed the object of a name when it ran, though its text does not say so. */
export interface SeenChange {
  readonly name: Name;
  /** In the cell, from 0, where Python tells it. */
  readonly line: number | undefined;
  /** The text calls a method of the object and drops what that returns, which may be for the change: `p.add_argument(…)`. */
  readonly isClaimed?: boolean | undefined;
  /** The name under which the cell had the object, where it is another: the two share it. */
  readonly through?: Name | undefined;
  /** The function of another cell in which it happened. */
  readonly inside: { readonly function: string; readonly cell: string; readonly line: number } | undefined;
}

/** A plain or annotated top-level assignment of one name: what a parameter may override at its right-hand side. */
export interface ParameterSite {
  readonly name: Name;
  readonly span: Span;
  /** The right-hand side. */
  readonly value: Span;
  /** Source text of the annotation, when there is one. */
  readonly annotation: string | undefined;
  /** Type of a literal right-hand side. */
  readonly literal: 'int' | 'float' | 'bool' | 'str' | 'none' | 'list' | 'tuple' | 'dict' | undefined;
}

/** What a cell does with states that have no variable; see graph/implicit.ts. */
export interface Implicit {
  readonly reads: readonly Name[];
  /** It leaves a version of its own of each of these. */
  readonly writes: readonly Name[];
  /** Of these, files that it adds to without reading them: it is given what they held, which only matters to cells that read them. */
  readonly adds?: readonly Name[];
  /** It changes what it was given of these, so that nobody can be given that again: the cell that gave it runs again first. */
  readonly consumes: readonly Name[];
}

export interface CellProblem {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'information' | 'hint';
  readonly message: string;
  readonly span: Span;
}

export interface Facts {
  readonly defs: ReadonlyMap<Name, Def>;
  /** Free names of the whole cell, builtins included. A name may be both def and ref (`x = x + 1`). */
  readonly refs: ReadonlyMap<Name, Ref>;
  /** Names that the cell, or a class body of it, binds in a branch and reads where it may not have: an earlier value may be what it sees. Not in `refs`. */
  readonly maybeReads: ReadonlySet<Name>;
  /** marimo's format alone: top-level names with one leading underscore (and `__`), private to the cell. */
  readonly locals: ReadonlySet<Name>;
  /** Names that the cell deletes: `del x`, whether or not the cell binds x. */
  readonly deleted: ReadonlySet<Name>;
  /** Percent format alone: names of handlers (`except … as x`) that a run of the cell may leave unbound, whatever gave them a value before. In `maybeReads` or `refs`, too. */
  readonly unbinds: ReadonlySet<Name>;
  readonly mutations: ReadonlyMap<Name, Mutation>;
  /** Of the mutations in the text, also where a run has taken them back. */
  readonly doubtful: ReadonlyMap<Name, Doubtful>;
  /** Where the cell reads names that are worked out when it runs: `eval(text)`, `globals()[key]`. */
  readonly unseenReads: readonly Span[];
  /** Global names that function bodies of the cell read when called, whether or not the cell binds them too. */
  readonly deferredReads: ReadonlySet<Name>;
  /** Names that functions of the cell may write when called: `global x` and a store. They are in `defs` too. */
  readonly deferredWrites: ReadonlySet<Name>;
  /** The cell visibly ends the program (`sys.exit()`, `raise`, `headwater.stop()`), if only in a branch or in a function. */
  readonly mayExit: boolean;
  /** The cell may bind names that its text does not show: a star import, `exec`, `globals()` …, or code that cannot be read. */
  readonly mayBindAny: boolean;
  /** Modules that the cell imports, by their first name, in functions too. */
  readonly modules?: ReadonlySet<string> | undefined;
  /** What its text says of implicit names. */
  readonly implicit?: Implicit | undefined;
  readonly parameters: readonly ParameterSite[];
  /** Files that the cell reads and writes by a path that is written out. */
  readonly files: readonly FileUse[];
  readonly problems: readonly CellProblem[];
  /** The cell does nothing but import, so each of its names is what its own import says, whatever stands beside it. */
  readonly isImportCell: boolean;
  /** The code without comments, blank lines and spacing: two cells with equal tokens compute the same. */
  readonly tokens: string;
}

export const noFacts: Facts = {
  defs: new Map(),
  refs: new Map(),
  maybeReads: new Set(),
  locals: new Set(),
  deleted: new Set(),
  unbinds: new Set(),
  mutations: new Map(),
  doubtful: new Map(),
  unseenReads: [],
  deferredReads: new Set(),
  deferredWrites: new Set(),
  mayExit: false,
  mayBindAny: false,
  parameters: [],
  files: [],
  problems: [],
  isImportCell: false,
  tokens: '',
};
