/** Everything that can be said about a notebook from its text alone: each rule in turn, in the order of the page. */
import type { SyntaxNode } from '../analysis/tree.ts';
import { cycles } from './cycles.ts';
import { displacedMarkers } from './displaced-markers.ts';
import { emptyCells } from './empty-cells.ts';
import { type LineOf, withoutIgnored } from './ignore.ts';
import { magics } from './magics.ts';
import { mutationsAcrossCells } from './mutations.ts';
import { opaqueDefinitions } from './opaque.ts';
import { type CheckedNotebook, type CheckProblem, problemIn, wholeLine } from './problem.ts';
import { redefinitions } from './redefinition.ts';
import { setupDependencies } from './setup.ts';
import { spaceFixes } from './space-fix.ts';
import { undefinedNames } from './undefined-names.ts';
import { unusedDefinitions } from './unused.ts';

export interface CheckOptions {
  /** Where it is given, fixes that rename are worked out, too. */
  readonly parse?: (code: string) => SyntaxNode;
  /** Also the rules that are told on request only. */
  readonly isThorough?: boolean;
  /** Codes of rules that are switched off. */
  readonly disabled?: ReadonlySet<string>;
  /** A redefinition is an error in a script, too. */
  readonly isStrict?: boolean;
  /** The document, for comments that switch problems off. */
  readonly lineOf?: LineOf;
}

export function checkNotebook(notebook: CheckedNotebook, options: CheckOptions = {}): CheckProblem[] {
  const renamer = options.parse && { parse: options.parse };
  const found = [
    ...formatProblems(notebook),
    ...notebook.cells.flatMap((placed) => unparsable(placed)),
    ...notebook.cells.flatMap((placed) =>
      placed.cell.facts.problems.map((problem) => problemIn(placed, { ...problem, fixes: spaceFixes(placed, problem) })),
    ),
    ...redefinitions(notebook, renamer),
    ...cycles(notebook),
    ...undefinedNames(notebook, renamer),
    ...setupDependencies(notebook),
    ...mutationsAcrossCells(notebook, renamer),
    ...opaqueDefinitions(notebook),
    ...magics(notebook),
    ...notebook.cells.flatMap((placed) => displacedMarkers(notebook, placed)),
    ...emptyCells(notebook),
    ...(options.isThorough ? unusedDefinitions(notebook) : []),
  ];
  return settle(notebook, found, options);
}

/** What the settings and the comments leave, in page order. */
export function settle(notebook: CheckedNotebook, found: readonly CheckProblem[], options: CheckOptions): CheckProblem[] {
  const { disabled, isStrict, lineOf } = options;
  const wanted = disabled && disabled.size > 0 ? found.filter(({ code }) => !disabled.has(code)) : found;
  const weighed = wanted.map((problem) =>
    isStrict && problem.code === 'multiple-definition' ? { ...problem, severity: 'error' as const } : problem,
  );
  return withoutIgnored(notebook, weighed, lineOf).sort(inPageOrder);
}

function formatProblems({ problems }: CheckedNotebook): CheckProblem[] {
  return problems.map((problem) => ({ ...problem, cells: [], related: [], fixes: [] }));
}

function unparsable({ text, cell }: CheckedNotebook['cells'][number]): CheckProblem[] {
  if (text.kind !== 'unparsable') return [];
  const message = 'No cell can be read here: Python does not accept this text.';
  return [
    { code: 'unparsable', severity: 'error', message, range: wholeLine(text.codeLine), cells: [cell.id], related: [], fixes: [] },
  ];
}

function inPageOrder(a: CheckProblem, b: CheckProblem): number {
  return a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character;
}
