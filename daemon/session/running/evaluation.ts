/** What the kernel is given for a step: the code of its cell, and under which file name and settings it runs. */

import type { Facts } from '../../core/analysis/facts.ts';
import type { FileUse } from '../../core/analysis/file-uses.ts';
import { withoutHarmlessMagics } from '../../core/analysis/magics.ts';
import { withoutNoBreakSpaces } from '../../core/analysis/spaces.ts';
import { cellOf, type GraphCell } from '../../core/graph/graph.ts';
import type { CellId } from '../../core/notebook/notebook.ts';
import type { Evaluate, EvaluatePlaceless } from '../../core/scheduler/effects.ts';
import type { State } from '../../core/scheduler/state.ts';
import type { Evaluation, NamedFiles, ProgramPart, StepNumber } from '../../kernel/kernel.ts';
import type { StepFiles } from './step-files.ts';
import type { StepPlace } from './tracebacks.ts';

export interface EvaluationOptions {
  readonly files: StepFiles;
  /** Instead of a file name for each step. */
  readonly plainFileName: string | undefined;
  readonly state: State;
  /** Document line of the first line of a cell's code, from 0. */
  readonly codeLineOf: (cell: CellId) => number;
  readonly reloadsModules: boolean;
  /** Whether data files that the step reads are watched. */
  readonly watchesFiles: boolean;
  /** Whether to look for objects that the step changes. */
  readonly detectMutations: boolean;
}

export function evaluationOf(effect: Evaluate | EvaluatePlaceless, options: EvaluationOptions): Evaluation {
  if (effect.type === 'evaluate-placeless') return placelessEvaluationOf(effect, options);
  const { cell, step } = effect;
  const { files, plainFileName } = options;
  const codeLine = options.codeLineOf(cell.id);
  const fileName = files.nameFor(step, cell.code, placeOf(effect, codeLine));
  const partOf = ({ id, code }: GraphCell): ProgramPart => ({
    code: codeToRun(code),
    fileName: plainFileName ?? fileName,
    lineOffset: options.codeLineOf(id),
  });
  const program = plainFileName === undefined ? [] : programOf(options.state, step);
  return {
    step,
    ...partOf(cell),
    ...(program.length > 0 && { program: program.map(partOf) }),
    reloadsModules: options.reloadsModules,
    bind: effect.bind,
    unbind: effect.unbind,
    forget: effect.forget,
    writes: effect.writes,
    watched: options.detectMutations ? effect.watched : [],
    ...(options.detectMutations && effect.changing.length > 0 && { changing: effect.changing }),
    compare: effect.compare,
    compareObjects: effect.compareObjects,
    ...(effect.knownReads && { knownReads: effect.knownReads }),
    cell: cell.id,
    ...(hasImplicit(effect) && { implicit: effect.implicit }),
    ...(cell.facts.unseenReads.length > 0 && { tellsReads: true }),
    ...(options.detectMutations && cell.facts.doubtful.size > 0 && { doubtful: doubtfulIn(cell.facts) }),
    locals: [...cell.facts.locals],
    localPrefix: `_${cell.id}`,
    ...(isMarimo(options.state) && { isMarimo: true }),
    parameters: Object.fromEntries(effect.parameters),
    wantsResult: true,
    ...(options.watchesFiles && { files: namedFiles(cell.facts.files) }),
  };
}

/** What a run as a program compiles before its first step: Python reads a file to its end before it runs a line of it. */
function programOf({ graph, runs }: State, step: StepNumber): readonly GraphCell[] {
  const isFirst = step === 1 && runs[0]?.stopAtFailure === true;
  const runsAsCode = ({ kind, options }: GraphCell) => kind !== 'unparsable' && kind !== 'markdown' && !options.disabled;
  return isFirst ? graph.order.map((id) => cellOf(graph, id)).filter(runsAsCode) : [];
}

function isMarimo({ graph }: State): boolean {
  return graph.format === 'marimo';
}

function codeToRun(code: string): string {
  return withoutNoBreakSpaces(withoutHarmlessMagics(code));
}

function doubtfulIn({ doubtful }: Facts): NonNullable<Evaluation['doubtful']> {
  return [...doubtful].map(([name, { methods }]) => [name, methods]);
}

/** Of a placeless step: its code is a file of its own. */
function placelessEvaluationOf(
  effect: EvaluatePlaceless,
  { reloadsModules, detectMutations, state }: Pick<EvaluationOptions, 'reloadsModules' | 'detectMutations' | 'state'>,
): Evaluation {
  const { placeless, step, bind, unbind, forget, writes } = effect;
  return {
    step,
    code: codeToRun(placeless.code),
    fileName: `<repl ${step}>`,
    lineOffset: 0,
    reloadsModules,
    bind,
    unbind,
    forget,
    writes,
    watched: detectMutations ? effect.watched : [],
    ...(detectMutations && effect.changing.length > 0 && { changing: effect.changing }),
    hidden: detectMutations ? effect.hidden : [],
    layer: placeless.client,
    compare: [],
    compareObjects: [],
    locals: [],
    localPrefix: '',
    ...(isMarimo(state) && { isMarimo: true }),
    parameters: {},
    wantsResult: true,
  };
}

function placeOf({ cell, parameters }: Evaluate, codeLine: number): StepPlace {
  // With parameters it is not this code alone that gives what is shown.
  const tokens = parameters.size > 0 ? undefined : cell.facts.tokens;
  return { cell: cell.id, codeLine, code: cell.code, lines: cell.code.split('\n').length, tokens };
}

function hasImplicit({ implicit: { reads, writes, consumes } }: Evaluate): boolean {
  return reads.length > 0 || writes.length > 0 || consumes.length > 0;
}

const noFiles: NamedFiles = { reads: [], writes: [], named: [] };

function namedFiles(uses: readonly FileUse[]): NamedFiles {
  if (uses.length === 0) return noFiles;
  const local = uses.filter(({ path }) => !/:\/\/|[*?]/.test(path));
  const pathsOf = (some: readonly FileUse[]) => [...new Set(some.map(({ path }) => path))];
  return {
    reads: pathsOf(local.filter(({ access, isSeen }) => access === 'read' && !isSeen)),
    writes: pathsOf(local.filter(({ access }) => access === 'write')),
    named: pathsOf(local.filter(({ access, isSeen }) => access === 'read' && isSeen)),
  };
}
