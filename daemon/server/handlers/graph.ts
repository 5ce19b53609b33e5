import type { Handlers } from '../../../protocol/connection.ts';
import { refusal } from '../../../protocol/errors.ts';
import type { Position } from '../../../protocol/types.ts';
import { documentRange } from '../../core/notebook/notebook.ts';
import { parametersOf } from '../../core/outline/parameters.ts';
import { countAround } from '../../core/scheduler/plan.ts';
import type { Session } from '../../session/session.ts';
import type { Context } from '../context.ts';
import { knownCells } from './cells.ts';

export function graphHandlers({ sessions }: Context): Handlers {
  return {
    'graph/plan': async ({ session: name, roots, mode }) => {
      const session = await sessions.get(name);
      await sessions.refresh(session);
      const asked = knownCells(session, roots ?? []);
      const plan = session.planOf(mode, asked);
      return { plan, ...countAround(plan) };
    },
    'cell/find': async ({ session: name, position }) => {
      const session = await sessions.get(name);
      await sessions.refresh(session);
      return { cell: cellAt(session, position) };
    },
    'parameters/list': async ({ session: name }) => {
      const session = await sessions.get(name);
      await sessions.refresh(session);
      const parameters = parametersOf(session.state.graph).flatMap(({ name, cell, type, default: value, site }) => {
        const text = session.reading.byId.get(cell)?.text;
        if (!text) return [];
        const { start, end } = documentRange(text, site.span);
        const set = session.state.parameters.get(name);
        const range = { start: { ...start }, end: { ...end } };
        return [{ name, cell, type, default: value, ...(set !== undefined && { value: set }), range }];
      });
      return { parameters };
    },
    'parameters/set': async ({ session: name, parameters }) => {
      const session = await sessions.get(name);
      await sessions.refresh(session);
      if (!session.isAlive) await session.prepareKernel();
      const { run, plan } = session.setParameters(parameters);
      return { run, plan, seq: session.seq };
    },
  };
}

function cellAt(session: Session, { line }: Position): string {
  const found = session.reading.cells.find(({ text }) => text.line <= line && line <= text.endLine);
  if (!found) throw refusal('no-such-cell', `There is no cell at line ${line + 1}.`);
  return found.cell.id;
}
