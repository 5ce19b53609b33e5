import type { Handlers } from '../../../protocol/connection.ts';
import { refusal } from '../../../protocol/errors.ts';
import type { Position } from '../../../protocol/types.ts';
import type { CheckOptions } from '../../core/check/check.ts';
import { edgesOf } from '../../core/graph/edges.ts';
import { buildGraph } from '../../core/graph/edit.ts';
import type { Graph } from '../../core/graph/graph.ts';
import { parametersOf } from '../../core/graph/parameters.ts';
import { documentRange } from '../../core/notebook/notebook.ts';
import { countAround } from '../../core/scheduler/plan.ts';
import { type CheckedFile, findAllProblems } from '../../session/problems.ts';
import { Reader, type Reading } from '../../session/reading.ts';
import type { Session } from '../../session/session.ts';
import { readText } from '../../session/sessions.ts';
import { readSettings } from '../../session/settings.ts';
import type { World } from '../../session/world/problems.ts';
import type { Context } from '../context.ts';
import { knownCells } from './cells.ts';

export function graphHandlers({ sessions }: Context): Handlers {
  return {
    'graph/check': async ({ path, text, tidy, strict, world, python, environment }) => {
      const { parse } = sessions;
      const known = text ?? (await readText(path));
      const reading = new Reader(parse).read(known);
      if (reading === 'not-a-notebook')
        throw refusal(
          'not-a-notebook',
          `${path} is no notebook: it has neither a marimo app nor a line that starts with "# %%".`,
        );
      if (reading === 'too-large') throw refusal('limit-reached', `${path} is too large.`);
      const settings = await readSettings(path);
      const options = {
        isThorough: tidy === true,
        isStrict: strict ?? settings.isStrict,
        disabled: settings.disabled,
      };
      const file = { reading, graph: graphOf(reading), text: known, parse };
      const found = await check(file, options, world ? { path, parse, environment: environment ?? {}, python } : undefined);
      return { ...found, complaints: [...settings.complaints] };
    },
    'graph/plan': async ({ session: name, roots, mode }) => {
      const session = await sessions.get(name);
      const asked = knownCells(session, roots ?? []);
      const plan = session.planOf(mode, asked);
      const around = asked.length > 0 ? countAround(plan, asked) : { above: 0, below: 0 };
      return { plan: plan.map((step) => ({ ...step })), ...around };
    },
    'cell/find': async ({ session: name, position }) => {
      const session = await sessions.get(name);
      await sessions.refresh(session);
      return { cell: cellAt(session, position) };
    },
    'parameters/list': async ({ session: name }) => {
      const session = await sessions.get(name);
      const parameters = parametersOf(session.state.graph).flatMap(({ name, cell, type, default: value, site }) => {
        const text = session.reading.byId.get(cell)?.text;
        if (!text) return [];
        const { start, end } = documentRange(text, site.span);
        return [{ name, cell, type, default: value, range: { start: { ...start }, end: { ...end } } }];
      });
      return { parameters };
    },
  };
}

function graphOf({ format, cells }: Reading): Graph {
  return buildGraph(
    format,
    cells.map(({ cell }) => cell),
  );
}

async function check(file: CheckedFile, options: CheckOptions, world: World | undefined) {
  const { reading, graph } = file;
  return {
    format: reading.format,
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
    problems: await findAllProblems(file, options, world),
  };
}

function cellAt(session: Session, { line }: Position): string {
  const found = session.reading.cells.find(({ text }) => text.line <= line && line <= text.endLine);
  if (!found) throw refusal('no-such-cell', `No cell stands at line ${line + 1}.`);
  return found.cell.id;
}
