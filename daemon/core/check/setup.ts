/** marimo runs the setup cell before all others, so it can take no name from them. */
import { cellLabel } from './labels.ts';
import { type CheckedCell, type CheckedNotebook, type CheckProblem, definitionRange, problemIn } from './problem.ts';

export function setupDependencies(notebook: CheckedNotebook, placed: CheckedCell): CheckProblem[] {
  if (notebook.format !== 'marimo' || placed.text.kind !== 'setup') return [];
  return [...placed.cell.facts.refs].flatMap(([name, { spans, isByText }]) => {
    const giver = notebook.graph.writers.get(name)?.find((id) => id !== placed.cell.id);
    if (giver === undefined || isByText || placed.cell.facts.defs.has(name)) return [];
    const message = `The setup cell runs first and cannot take ${name} from ${cellLabel(notebook.graph, giver)}. Move that definition here, or this line there.`;
    const related = [{ range: definitionRange(notebook, name, giver), message: `${name} is defined here` }];
    return [
      problemIn(placed, { code: 'setup-dependency', severity: 'error', message, span: spans[0], others: [giver], related }),
    ];
  });
}
