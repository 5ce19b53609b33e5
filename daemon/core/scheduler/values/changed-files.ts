/** Files that a step was given, modules and data, and whether they hold something else now. */
import { isFile, mayBeFile } from '../../analysis/implicit-files.ts';
import { cellOf, type Graph } from '../../graph/graph.ts';
import { implicitOf } from '../../graph/implicit.ts';
import { implicitInputsOf } from '../../graph/implicit-inputs.ts';
import { placesInRun } from '../../graph/order.ts';
import type { CellId } from '../../notebook/notebook.ts';
import type { FileMarks, SkipReason, State, StepRecord } from '../state.ts';

/** Why the step was given something else than it would be given now; undefined where no file says so. */
export function changedFile(state: State, id: CellId, { files, data }: StepRecord): SkipReason | undefined {
  if (files) {
    for (const [file, mark] of files) if ((state.files.get(file)?.mark ?? mark) !== mark) return { type: 'file-changed', file };
  }
  const file = data && changedData(state, id, data);
  return file === undefined ? undefined : { type: 'data-changed', file };
}

function changedData({ files, graph }: State, reader: CellId, data: FileMarks): string | undefined {
  for (const [file, mark] of data) {
    const now = files.get(file);
    if (now && now.mark !== mark && !(now.writer !== undefined && isOfOthers(graph, reader, file, now.writer))) return file;
  }
  return undefined;
}

/**
 * What a run from top to bottom would not show the reader: it comes to the writer later, or to another one in between. A cell that is gone
 * writes no more: what it left is as if from outside.
 */
function isOfOthers(graph: Graph, reader: CellId, file: string, writer: CellId): boolean {
  if (!graph.cells.has(writer)) return false;
  const { writes } = implicitOf(cellOf(graph, writer));
  for (const [name, givers] of implicitInputsOf(graph, reader))
    if (isFile(name) && mayBeFile(name, file) && writes.includes(name)) return !givers.includes(writer);
  const places = placesInRun(graph);
  return (places.get(writer) ?? 0) >= (places.get(reader) ?? 0);
}
