/** No-break spaces outside strings become ordinary ones, all of a cell at once. */
import type { CellProblem } from '../analysis/facts.ts';
import { noBreakSpaces } from '../analysis/spaces.ts';
import { documentRange } from '../notebook/notebook.ts';
import type { CheckedCell, Fix } from './problem.ts';

export function spaceFixes({ text, cell }: CheckedCell, { code }: CellProblem): readonly Fix[] {
  if (code !== 'no-break-space') return [];
  const places = noBreakSpaces(cell.code);
  const edits = places.map((start) => ({ range: documentRange(text, { start, end: start + 1 }), newText: ' ' }));
  const what = places.length === 1 ? 'the no-break space' : `the ${places.length} no-break spaces of this cell`;
  return [{ title: `Turn ${what} into ordinary spaces`, edits }];
}
