/** Everything that can be said about a notebook from its text alone: each rule in turn, in the order of the page. */
import type { SyntaxTree } from '../analysis/tree.ts';
import { cycles } from './cycles.ts';
import { displacedMarkers } from './displaced-markers.ts';
import { emptyCells } from './empty-cells.ts';
import { hiddenMutations } from './hidden-mutations.ts';
import { type LineOf, withoutIgnored } from './ignore.ts';
import { magics } from './magics.ts';
import { mutationsAcrossCells } from './mutations.ts';
import { opaqueDefinitions } from './opaque.ts';
import { opaqueReads } from './opaque-reads.ts';
import { type CheckedCell, type CheckedNotebook, type CheckProblem, problemIn, wholeLine } from './problem.ts';
import { redefinitions } from './redefinition.ts';
import { setupDependencies } from './setup.ts';
import { spaceFixes } from './space-fix.ts';
import { type Checked, Surroundings } from './surroundings.ts';
import { undefinedNames } from './undefined-names.ts';
import { unusedDefinitions } from './unused.ts';

export interface CheckOptions {
  /** Where it is given, fixes that rename are worked out, too. */
  readonly parse?: (code: string) => SyntaxTree;
  /** Also the rules that are only reported on request. */
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
  const checked = { ...notebook, surroundings: new Surroundings(notebook), renamer, isStrict: options.isStrict === true };
  const found = [
    ...formatProblems(notebook),
    ...notebook.cells.flatMap((placed) => problemsIn(checked, placed, options)),
    ...cycles(notebook),
  ];
  return settle(notebook, found, options).sort(inPageOrder);
}

type CellRule = (notebook: Checked, placed: CheckedCell) => readonly CheckProblem[];

/**
 * Each looks at one cell, at the cells that write or read names of its text, and at the surroundings; `live.ts` relies on that. What
 * is said of empty markers depends on the cells beside them, too.
 */
const cellRules: readonly CellRule[] = [
  unparsable,
  unreadable,
  redefinitions,
  undefinedNames,
  setupDependencies,
  mutationsAcrossCells,
  hiddenMutations,
  opaqueDefinitions,
  opaqueReads,
  magics,
  displacedMarkers,
  emptyCells,
];

/** What the rules find that look at one cell at a time. */
export function problemsIn(notebook: Checked, placed: CheckedCell, { isThorough }: CheckOptions): CheckProblem[] {
  const found: CheckProblem[] = [];
  for (const rule of cellRules) for (const problem of rule(notebook, placed)) found.push(problem);
  if (isThorough) found.push(...unusedDefinitions(notebook, placed));
  return found;
}

/** What the settings and the comments leave. */
export function settle(
  notebook: Pick<CheckedNotebook, 'byId'>,
  found: readonly CheckProblem[],
  options: CheckOptions,
): CheckProblem[] {
  const { disabled, lineOf } = options;
  const wanted = disabled && disabled.size > 0 ? found.filter(({ code }) => !disabled.has(code)) : found;
  return withoutIgnored(notebook, wanted, lineOf);
}

export function formatProblems({ problems }: Pick<CheckedNotebook, 'problems'>): CheckProblem[] {
  return problems.map((problem) => ({ ...problem, cells: [], related: [], fixes: [] }));
}

function unparsable(_: CheckedNotebook, { text, cell }: CheckedCell): CheckProblem[] {
  if (text.kind !== 'unparsable') return [];
  const message = 'No cell can be read here: Python does not accept this text.';
  return [
    { code: 'unparsable', severity: 'error', message, range: wholeLine(text.codeLine), cells: [cell.id], related: [], fixes: [] },
  ];
}

/** What analysis of the cell alone has found. */
function unreadable(_: CheckedNotebook, placed: CheckedCell): CheckProblem[] {
  return placed.cell.facts.problems.map((problem) => problemIn(placed, { ...problem, fixes: spaceFixes(placed, problem) }));
}

export function inPageOrder(a: CheckProblem, b: CheckProblem): number {
  return a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character;
}
