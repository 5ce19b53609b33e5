/** A run as lines of JSON, for programs: one object per event, cells by index and line. */
import type { BlobReference, MimeBundle, Output, PlannedStep, Problem, SessionEvent } from '../../../protocol/types.ts';
import type { LabelOf } from './cells.ts';
import type { RunListener } from './printer.ts';
import { StreamNames } from './streams.ts';

/** Writes records through `write`, each on a line of its own. */
export function recorder(write: (line: string) => void, label: LabelOf): RunListener {
  const streams = new StreamNames();
  const put = (record: object) => write(`${JSON.stringify(record)}\n`);
  const where = (cell: string) => {
    const { index, line } = label(cell);
    return { cell: index, line };
  };
  return {
    event(event) {
      if (event.type === 'output.added') streams.added(event);
      const record = recordOf(event, where, streams);
      if (record) put(record);
    },
    end() {
      // The sealing of the run is an event like the others.
    },
  };
}

type Where = (cell: string) => { readonly cell: number; readonly line: number };

function recordOf(event: SessionEvent, where: Where, streams: StreamNames): object | undefined {
  switch (event.type) {
    case 'run.accepted':
      return { type: 'run.accepted', plan: planRecord(event.run.plan, where) };
    case 'run.continued':
      return { type: 'run.continued', plan: planRecord(event.plan, where) };
    case 'step.started':
      return { type: 'step.started', ...where(event.cell), startedAt: event.startedAt };
    case 'step.finished': {
      const { outcome, durationMs, error } = event;
      return {
        type: 'step.finished',
        ...where(event.cell),
        outcome,
        durationMs,
        ...(error && { error: { name: error.name, message: error.message, text: error.text } }),
      };
    }
    case 'step.skipped':
      return { type: 'step.skipped', ...where(event.cell), outcome: event.outcome, reason: event.reason };
    case 'output.added':
    case 'output.updated':
      return { type: 'output', ...where(event.cell), ...outputRecord(event.output) };
    case 'output.appended':
      return { type: 'output', ...where(event.cell), stream: streams.of(event), text: event.text };
    case 'input.requested':
      if (event.cell === undefined) return undefined;
      return { type: 'input.requested', ...where(event.cell), prompt: event.prompt, isPassword: event.isPassword };
    case 'output.unattributed':
      return { type: 'output', cell: null, line: null, stream: event.stream, text: event.text };
    case 'problems':
      return seenRecord(event.problems, where);
    case 'run.sealed':
      return { type: 'run.sealed', outcome: event.outcome };
    case 'kernel':
      return event.kernel.phase === 'dead' ? { type: 'kernel.died', reason: event.kernel.reason ?? null } : undefined;
    default:
      return undefined;
  }
}

function planRecord(plan: readonly PlannedStep[], where: Where): readonly object[] {
  return plan.map(({ cell, reason }) => ({ ...where(cell), reason }));
}

function outputRecord(output: Output): object {
  if (output.type === 'stream') return { stream: output.stream, text: output.text };
  return { [output.type]: bundleRecord(output.bundle) };
}

/** Binary parts by size alone: their bytes end with the process that ran the notebook. */
function bundleRecord(bundle: MimeBundle): Record<string, string | { size: number }> {
  return Object.fromEntries(
    Object.entries(bundle).map(([mime, content]) => [mime, typeof content === 'string' ? content : sizeOnly(content)]),
  );
}

function sizeOnly({ size }: BlobReference): { size: number } {
  return { size };
}

/** Of the problems only what the run showed: `headwater check` tells the others. */
function seenRecord(problems: readonly Problem[], where: Where): object | undefined {
  const seen = problems.filter(({ code }) => code === 'hidden-mutation');
  if (seen.length === 0) return undefined;
  return {
    type: 'problems',
    problems: seen.map(({ code, message, range, cells }) => ({
      code,
      ...(cells[0] !== undefined && where(cells[0])),
      line: range.start.line + 1,
      message,
    })),
  };
}
