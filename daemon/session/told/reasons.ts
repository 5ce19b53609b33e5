/** Reasons as sentences for people. */
import { cellLabel } from '../../core/check/labels.ts';
import { type Graph, indexOf } from '../../core/graph/graph.ts';
import { spoken } from '../../core/graph/implicit.ts';
import type { CellId } from '../../core/notebook/notebook.ts';
import { fileNameOf } from '../../core/paths.ts';
import type { SkipReason } from '../../core/scheduler/state.ts';

/** Python's message, and in a script which cell further down defines the name that is not there. */
export function describeError(
  graph: Graph,
  cell: CellId,
  { name, message }: { readonly name: string; readonly message: string },
): string {
  const missing = name === 'NameError' ? /^name '([^']+)' is not defined/.exec(message)?.[1] : undefined;
  if (missing === undefined || graph.format === 'marimo') return message;
  const definers = (graph.writers.get(missing) ?? []).filter((id) => graph.cells.get(id)?.facts.defs.has(missing));
  const [first] = definers;
  const isBelow = first !== undefined && indexOf(graph, first) > indexOf(graph, cell);
  return isBelow ? `${message}; ${cellLabel(graph, first)} defines it, further down` : message;
}

export function describeReason(graph: Graph, reason: SkipReason, own: CellId): string {
  switch (reason.type) {
    case 'failed':
      return `${spoken(reason.name)} comes from ${cellLabel(graph, reason.cell)}, which failed`;
    case 'skipped':
      return `${spoken(reason.name)} comes from ${cellLabel(graph, reason.cell)}, which was skipped`;
    case 'dropped':
      return `${spoken(reason.name)} comes from ${cellLabel(graph, reason.cell)}, which was removed from the run`;
    case 'stale':
      return `${spoken(reason.name)} comes from ${cellLabel(graph, reason.cell)}, which is not up to date`;
    case 'given-anew':
      return `${cellLabel(graph, reason.cell)} has given ${spoken(reason.name)} anew`;
    case 'given-by':
      return `${spoken(reason.name)} comes from ${cellLabel(graph, reason.cell)} now`;
    case 'changed-by':
      return `${cellLabel(graph, reason.cell)} has changed ${spoken(reason.name)} in place`;
    case 'not-given':
      return `no cell above gives ${spoken(reason.name)} any more`;
    case 'not-changed':
      return `the cell that changed ${spoken(reason.name)} in place does so no more`;
    case 'unit-stale':
      return `${cellLabel(graph, reason.cell)}, which needs it and which it needs, is not up to date`;
    case 'edited':
      return 'edited since it ran';
    case 'parameter-set':
      return 'a parameter in it was given another value';
    case 'kernel-ended':
      return 'its kernel has ended';
    case 'used-up':
      return `${spoken(reason.name)} of ${cellLabel(graph, reason.cell)} has been changed in place since; run it again`;
    case 'conflict':
      return reason.cell === own
        ? 'in conflict with another cell'
        : `needs ${cellLabel(graph, reason.cell)}, which is in conflict`;
    case 'disabled':
      return reason.cell === own ? 'disabled' : `needs ${cellLabel(graph, reason.cell)}, which is disabled`;
    case 'unparsable':
      return reason.cell === own ? 'Python cannot read it' : `needs ${cellLabel(graph, reason.cell)}, which Python cannot read`;
    case 'stopped':
      return `${spoken(reason.name)} comes from ${cellLabel(graph, reason.cell)}, which stopped`;
    case 'stopped-itself':
      return 'stopped';
    case 'run-stopped':
      return `the run stopped when ${cellLabel(graph, reason.cell)} failed`;
    case 'run-exited':
      return `${cellLabel(graph, reason.cell)} ended the run with sys.exit()`;
    case 'cancelled':
      return 'cancelled';
    case 'superseded':
      return `superseded by run ${reason.run}`;
    case 'changed-beside':
      return `<repl ${reason.step}> changed ${spoken(reason.name)} in place; run the cell to restore it`;
    case 'file-changed':
      return `the module ${fileNameOf(reason.file)} has changed`;
    case 'data-changed':
      return `the file ${fileNameOf(reason.file)} has changed`;
    case 'data-unwatched':
      return 'it read more files than Headwater watches: a change of some of them will not be noticed';
    case 'interrupted':
      return 'interrupted';
    case 'kernel-died':
      return 'the kernel died';
    case 'restarted':
      return 'the kernel was restarted';
    case 'removed':
      return 'the cell was removed';
  }
}
