/** The examples of `spec/vectors/analysis`, and what we say of one in the same words. */
import { readdirSync, readFileSync } from 'node:fs';
import { analyze } from '../../../daemon/core/analysis/analyze.ts';
import type { Name } from '../../../daemon/core/analysis/facts.ts';
import { hasResult, isMarkdown } from '../../../daemon/core/analysis/result.ts';
import type { Span } from '../../../daemon/core/text.ts';
import { parse } from './support.ts';

type Names = readonly string[];
/** Start and end in UTF-16 units. */
type Place = readonly [number, number];
type Places = Readonly<Record<Name, readonly Place[]>>;

/** See `spec/analysis.md`. Sets of names are sorted; a field that a case leaves out is not compared. */
export interface AnalysisCase {
  readonly name: string;
  readonly code: string;
  /** percent where a case does not say. */
  readonly format?: 'marimo' | 'percent';
  /** Another cell of the file has `from __future__ import annotations`. */
  readonly lazyAnnotations?: boolean;
  readonly defs: Names;
  readonly refs: Names;
  readonly deferred?: Names;
  readonly certain?: Names;
  readonly locals?: Names;
  readonly deleted?: Names;
  readonly unbinds?: Names;
  /** Names that the cell reads in strings alone. */
  readonly byText?: Names;
  /** The words where what is read is worked out at run time. */
  readonly unseenReads?: Names;
  readonly mutations?: Names;
  /** Of the mutations, those that a run may take back. */
  readonly doubtful?: Names;
  readonly conditional?: Names;
  readonly late?: Names;
  readonly maybeReads?: Names;
  readonly deferredReads?: Names;
  readonly deferredWrites?: Names;
  readonly mayExit?: boolean;
  readonly mayBindAny?: boolean;
  readonly imported?: Readonly<Record<Name, string>>;
  readonly importCell?: boolean;
  readonly parameters?: readonly ParameterCase[];
  /** Codes; none where a case does not say. */
  readonly problems?: Names;
  readonly problemSpans?: readonly Place[];
  readonly defSpans?: Places;
  readonly refSpans?: Places;
  readonly mutationSpans?: Places;
  readonly result?: boolean;
  readonly markdown?: boolean;
}

interface ParameterCase {
  readonly name: Name;
  /** Source text of the right-hand side, and of the annotation where there is one. */
  readonly value: string;
  readonly annotation?: string;
  readonly literal?: string;
}

const folder = new URL('../../../spec/vectors/analysis/', import.meta.url);

export const analysisFiles: Names = readdirSync(folder).sort();

export function analysisCases(file: string): readonly AnalysisCase[] {
  return JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as readonly AnalysisCase[];
}

/** The case with our answers in the fields that it has. */
export function answered(asked: AnalysisCase): AnalysisCase {
  const fields = Object.entries(answers(asked)).filter(([field]) => field in asked || field === 'problems');
  return { ...asked, ...Object.fromEntries(fields) };
}

function answers({ code, format = 'percent', lazyAnnotations = false }: AnalysisCase) {
  const tree = parse(code);
  const facts = analyze(code, tree, { format, hasLazyAnnotations: lazyAnnotations, parse });
  const imports = [...facts.defs].flatMap(([name, { imported }]) => (imported === undefined ? [] : [[name, imported]]));
  return {
    defs: [...facts.defs.keys()].sort(),
    refs: [...facts.refs.keys()].sort(),
    deferred: [...facts.refs].flatMap(([name, ref]) => (ref.isDeferred ? [name] : [])).sort(),
    certain: [...facts.refs].flatMap(([name, ref]) => (ref.isCertain ? [name] : [])).sort(),
    locals: [...facts.locals].sort(),
    deleted: [...facts.deleted].sort(),
    unbinds: [...facts.unbinds].sort(),
    byText: [...facts.refs].flatMap(([name, ref]) => (ref.isByText ? [name] : [])).sort(),
    unseenReads: facts.unseenReads.map(({ start, end }) => code.slice(start, end)),
    mutations: [...facts.mutations.keys()].sort(),
    doubtful: [...facts.doubtful.keys()].sort(),
    conditional: [...facts.defs].flatMap(([name, def]) => (def.isConditional ? [name] : [])).sort(),
    late: [...facts.defs].flatMap(([name, def]) => (def.isLate ? [name] : [])).sort(),
    maybeReads: [...facts.maybeReads].sort(),
    deferredReads: [...facts.deferredReads].sort(),
    deferredWrites: [...facts.deferredWrites].sort(),
    mayExit: facts.mayExit,
    mayBindAny: facts.mayBindAny,
    imported: Object.fromEntries(imports),
    importCell: facts.isImportCell,
    parameters: facts.parameters.map(({ name, value, annotation, literal }) => ({
      name,
      value: code.slice(value.start, value.end),
      ...(annotation !== undefined && { annotation }),
      ...(literal !== undefined && { literal }),
    })),
    problems: facts.problems.map((problem) => problem.code),
    problemSpans: facts.problems.map((problem) => place(problem.span)),
    defSpans: places(facts.defs),
    refSpans: places(facts.refs),
    mutationSpans: places(facts.mutations),
    result: hasResult(code, tree),
    markdown: isMarkdown(code, tree),
  };
}

function place({ start, end }: Span): Place {
  return [start, end];
}

function places(names: ReadonlyMap<Name, { readonly spans: readonly Span[] }>): Places {
  return Object.fromEntries([...names].map(([name, { spans }]) => [name, spans.map(place)]));
}
