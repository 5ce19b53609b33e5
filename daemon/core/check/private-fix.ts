/** A private name that another cell of marimo reads becomes a name for all, in the cell that has it and in those that read it. */
import type { Name } from '../analysis/facts.ts';
import type { CellId } from '../notebook/notebook.ts';
import { cellLabel, listed } from './labels.ts';
import type { CheckedCell, CheckedNotebook, Fix } from './problem.ts';
import { freshName, mentions, type Renamer, renamed } from './rename.ts';

export function privateFixes(notebook: CheckedNotebook, renamer: Renamer, name: Name, owner: CellId): readonly Fix[] {
  const own = notebook.byId.get(owner);
  const bare = name.replace(/^_+/, '');
  if (!own || !/^\p{L}/u.test(bare)) return [];
  const isMeant = (placed: CheckedCell) => !placed.cell.facts.locals.has(name) && placed.cell.facts.refs.has(name);
  const readers = [...(notebook.graph.readers.get(name) ?? [])].flatMap((id) => notebook.byId.get(id) ?? []).filter(isMeant);
  const isTaken =
    notebook.graph.writers.has(bare) || notebook.graph.readers.has(bare) || [own, ...readers].some((one) => mentions(one, bare));
  const fresh = isTaken ? freshName(notebook, bare) : bare;
  const edits = [own, ...readers].map((placed) => renamed(renamer, placed, name, fresh));
  if (edits.some((some) => some === undefined)) return [];
  const labels = [own, ...readers].map(({ cell }) => cellLabel(notebook.graph, cell.id));
  return [{ title: `Rename ${name} to ${fresh} in ${listed(labels)}`, edits: edits.flatMap((some) => some ?? []) }];
}
