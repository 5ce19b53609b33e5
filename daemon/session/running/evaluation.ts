/** What the kernel is given for a step: the code of its cell, and under which file name and settings it runs. */
import { withoutHarmlessMagics } from '../../core/analysis/magics.ts';
import { withoutNoBreakSpaces } from '../../core/analysis/spaces.ts';
import type { Evaluate } from '../../core/scheduler/effects.ts';
import type { Evaluation } from '../../kernel/kernel.ts';
import type { StepFiles } from './step-files.ts';
import type { StepPlace } from './tracebacks.ts';

export interface EvaluationOptions {
  readonly files: StepFiles;
  /** Instead of a file name for each step. */
  readonly plainFileName: string | undefined;
  /** Document line of the code's first line, from 0. */
  readonly codeLine: number;
  readonly reloadsModules: boolean;
  readonly detectMutations: boolean;
}

export function evaluationOf(effect: Evaluate, options: EvaluationOptions): Evaluation {
  const { cell, step } = effect;
  const { files, plainFileName, codeLine } = options;
  const fileName = files.nameFor(step, cell.code, placeOf(effect, codeLine));
  return {
    step,
    code: withoutNoBreakSpaces(withoutHarmlessMagics(cell.code)),
    fileName: plainFileName ?? fileName,
    lineOffset: codeLine,
    reloadsModules: options.reloadsModules,
    bind: effect.bind,
    unbind: effect.unbind,
    forget: effect.forget,
    writes: effect.writes,
    watched: options.detectMutations ? effect.watched : [],
    compare: effect.compare,
    ...(effect.knownReads && { knownReads: effect.knownReads }),
    locals: [...cell.facts.locals],
    localPrefix: `_${cell.id}`,
    parameters: Object.fromEntries(effect.parameters),
    wantsResult: true,
  };
}

function placeOf({ cell, parameters }: Evaluate, codeLine: number): StepPlace {
  // With parameters it is not this code alone that gives what is shown.
  const tokens = parameters.size > 0 ? undefined : cell.facts.tokens;
  return { cell: cell.id, codeLine, lines: cell.code.split('\n').length, tokens };
}
