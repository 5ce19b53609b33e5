/** Reasons as sentences for people. */
import { cellLabel } from '../../core/check/labels.ts';
import { nameInWords, stateInWords } from '../../core/check/names-in-words.ts';
import { type Graph, indexOf } from '../../core/graph/graph.ts';
import type { CellId } from '../../core/notebook/notebook.ts';
import { fileNameOf } from '../../core/paths.ts';
import { stateRoundsMax } from '../../core/scheduler/bounds.ts';
import { needsOthersAsSetup } from '../../core/scheduler/standing.ts';
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
  const state = 'name' in reason ? stateInWords(reason.name) : undefined;
  return (state !== undefined && describeState(graph, reason, state)) || describe(graph, reason, own);
}

/** What has become of the cell that is to give something. */
const fates = {
  failed: 'failed',
  skipped: 'was skipped',
  dropped: 'was removed from the run',
  stopped: 'stopped',
  stale: 'is not up to date',
} as const;

function isFate(reason: SkipReason): reason is Extract<SkipReason, { type: keyof typeof fates }> {
  return reason.type in fates;
}

/** Cells do not give states, they change them. */
function describeState(graph: Graph, reason: SkipReason, state: string): string | undefined {
  const who = 'cell' in reason ? cellLabel(graph, reason.cell) : '';
  if (isFate(reason)) return `it uses ${state}, which ${who} changes, and ${who} ${fates[reason.type]}`;
  switch (reason.type) {
    case 'given-anew':
      return `it uses ${state}, which ${who} has changed since`;
    case 'given-by':
      return `it uses ${state}, which ${who} is now the last to change before it`;
    case 'not-given':
      return `it uses ${state}, which no cell above changes any more`;
    case 'used-up':
      return `it uses ${state} as it is after ${who}; run ${who} again`;
    default:
      return undefined;
  }
}

function describe(graph: Graph, reason: SkipReason, own: CellId): string {
  if (isFate(reason))
    return `${nameInWords(graph, reason.name, own)} comes from ${cellLabel(graph, reason.cell)}, which ${fates[reason.type]}`;
  switch (reason.type) {
    case 'given-anew':
      return `${cellLabel(graph, reason.cell)} has given ${nameInWords(graph, reason.name, own)} anew`;
    case 'given-by':
      return `${nameInWords(graph, reason.name, own)} comes from ${cellLabel(graph, reason.cell)} now`;
    case 'changed-by':
      return `${cellLabel(graph, reason.cell)} has changed ${nameInWords(graph, reason.name, own)} in place`;
    case 'not-given':
      return `no cell above gives ${nameInWords(graph, reason.name, own)} any more`;
    case 'not-changed':
      return `the cell that changed ${nameInWords(graph, reason.name, own)} in place does so no more`;
    case 'unit-stale':
      return `${cellLabel(graph, reason.cell)}, which needs it and which it needs, is not up to date`;
    case 'edited':
      return 'edited since it ran';
    case 'parameter-set':
      return 'a parameter in it was given another value';
    case 'kernel-ended':
      return 'its kernel has ended';
    case 'used-up':
      return `${nameInWords(graph, reason.name, own)} of ${cellLabel(graph, reason.cell)} has been changed in place since; run it again`;
    case 'conflict':
      if (needsOthersAsSetup(graph, own)) return 'the setup cell runs first, and takes names from other cells';
      return reason.cell === own
        ? 'in conflict with another cell'
        : `needs ${cellLabel(graph, reason.cell)}, which is in conflict`;
    case 'disabled':
      return reason.cell === own ? 'disabled' : `needs ${cellLabel(graph, reason.cell)}, which is disabled`;
    case 'unparsable':
      return reason.cell === own ? 'Python cannot read it' : `needs ${cellLabel(graph, reason.cell)}, which Python cannot read`;
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
      return `<repl ${reason.step}> changed ${nameInWords(graph, reason.name, own)} in place; run the cell to restore it`;
    case 'file-changed':
      return `the module ${fileNameOf(reason.file)} has changed`;
    case 'data-changed':
      return `the file ${fileNameOf(reason.file)} has changed`;
    case 'data-unwatched':
      return 'it read more files than Headwater watches: a change of some of them will not be noticed';
    case 'state-set':
      return `${cellLabel(graph, reason.cell)} has set the state that it reads as ${reason.name}`;
    case 'state-set-beside':
      return `<repl ${reason.step}> has set the state that it reads as ${reason.name}`;
    case 'state-set-endlessly':
      return `${cellLabel(graph, reason.cell)} has set the state ${reason.name} again, after ${stateRoundsMax} rounds of cells that ran because a state was set; end the loop of setters, then run it again`;
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
