import type { Handlers } from '../../../protocol/connection.ts';
import { refusal } from '../../../protocol/errors.ts';
import { buildGraph } from '../../core/graph/edit.ts';
import type { Graph } from '../../core/graph/graph.ts';
import { edgesOf } from '../../core/outline/edges.ts';
import type { Files, Timers } from '../../host.ts';
import type { Parse } from '../../parser/parser.ts';
import { type CheckedFile, findAllProblems } from '../../problems/problems.ts';
import { readSettings } from '../../problems/settings.ts';
import type { AskPython } from '../../problems/world/question.ts';
import { type LargeFrom, refuseLarge } from '../../reading/large-text.ts';
import { readTextFile } from '../../reading/read-text.ts';
import { Reader, type Reading } from '../../reading/reading.ts';
import { Turns } from '../../reading/turns.ts';

export interface CheckContext {
  readonly parse: Parse;
  readonly timers: Timers;
  readonly files: Files;
  readonly askPython?: AskPython | undefined;
  /** A larger text is not read here: `LargeText` is thrown. */
  readonly largeFrom?: LargeFrom | undefined;
}

/** Needs no session. */
export function checkHandlers({
  parse,
  timers,
  files,
  askPython,
  largeFrom,
}: CheckContext): Pick<Required<Handlers>, 'graph/check'> {
  return {
    'graph/check': async ({ path, text, format, problemsOnly, tidy, strict, world, python, environment }) => {
      const known = text ?? (await readTextFile(files, path));
      refuseLarge(known, largeFrom);
      const reading = await new Reader(parse, format).readInTurns(known, new Turns(timers));
      if (reading === 'not-a-notebook')
        throw refusal('not-a-notebook', `${path} is not a notebook: it has no marimo app and no line that starts with "# %%".`);
      if (reading === 'too-large') throw refusal('limit-reached', `${path} is too large.`);
      const settings = await readSettings(files, path);
      const options = {
        isThorough: tidy === true,
        isStrict: strict ?? settings.isStrict,
        disabled: settings.disabled,
      };
      const file = { reading, graph: graphOf(reading), text: known, parse };
      const surroundings =
        world && askPython ? { path, parse, files, environment: environment ?? {}, python, askPython } : undefined;
      const { problems, unchecked } = await findAllProblems(file, options, surroundings);
      return {
        format: reading.format,
        ...(problemsOnly ? { cells: [], edges: [] } : shapeOf(file)),
        problems,
        complaints: settings.complaints,
        ...(unchecked.length > 0 && { unchecked }),
      };
    },
  };
}

function graphOf({ format, cells }: Reading): Graph {
  return buildGraph(
    format,
    cells.map(({ cell }) => cell),
  );
}

function shapeOf({ reading, graph }: CheckedFile) {
  return {
    cells: reading.cells.map(({ cell, text }) => ({
      id: cell.id,
      ...(cell.name !== undefined && { name: cell.name }),
      kind: cell.kind,
      line: text.line,
      endLine: text.endLine,
      code: cell.code,
      defs: [...cell.facts.defs.keys()],
      refs: [...cell.facts.refs.keys()],
      locals: [...cell.facts.locals],
    })),
    edges: edgesOf(graph).map(([from, to, names]): [number, number, string[]] => [from, to, [...names]]),
  };
}
