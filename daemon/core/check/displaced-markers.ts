/**
 * Lines that begin cells where they should not, or do not where they seem to. `# %%` lines that an import sorter carried away: isort and
 * Ruff take a marker above an import for that import's comment and move them together, so that a marker comes to stand directly above
 * another, or among the imports; reorder-python-imports collects the imports and leaves the markers behind, one on the other. `# %%`
 * lines inside a block, which Python passes over and which cut it in two here. And `# In[1]:` or `# <codecell>` where other cells begin
 * with `# %%`.
 */
import { indexOf } from '../graph/graph.ts';
import { otherMarkersIn } from '../notebook/formats/other-markers.ts';
import { readLayout } from '../notebook/lexer.ts';
import { type CheckedCell, type CheckedNotebook, type CheckProblem, type Fix, problemIn, wholeLine } from './problem.ts';
import { isPlain } from './removal.ts';

const advice = 'To keep import sorters inside the cells, put "# isort: split" below each marker; Ruff respects it, too.';

export function displacedMarkers(notebook: CheckedNotebook, placed: CheckedCell): CheckProblem[] {
  if (notebook.format !== 'percent' || placed.text.kind !== 'code') return [];
  return [...carriedAway(notebook, placed), ...insideBlock(notebook, placed), ...foreignMarkers(placed)];
}

function carriedAway(notebook: CheckedNotebook, placed: CheckedCell): CheckProblem[] {
  if (isStacked(notebook, placed))
    return [
      problemFor(
        placed,
        `An import sorter seems to have left this marker with nothing below it. ${advice}`,
        'Remove the empty marker',
      ),
    ];
  if (isAmongImports(notebook, placed))
    return [
      problemFor(
        placed,
        `An import sorter seems to have moved this marker among the imports. ${advice}`,
        'Remove the marker, so that these imports are in one cell',
      ),
    ];
  return [];
}

function insideBlock(notebook: CheckedNotebook, placed: CheckedCell): CheckProblem[] {
  const above = neighbour(notebook, placed, -1);
  if (!above || !beginsIndented(placed.text) || !/(?:^|\n)(?:[ \t].*|.*:[ \t]*)$/.test(above.text.code.trimEnd())) return [];
  const message =
    'This marker stands inside a block: the code below it is indented, and no cell can begin with it. Move the marker above the block, or indent it, which makes it a comment.';
  return [{ ...problemFor(placed, message, ''), fixes: [] }];
}

function beginsIndented({ code }: CheckedCell['text']): boolean {
  return /^[ \t]/.test(code.split('\n').find((line) => !/^\s*(?:#|$)/.test(line)) ?? '');
}

/** Those of nbconvert and of IPython: VS Code and Spyder cut there. Lines of many `#` are no markers to them. */
function foreignMarkers(placed: CheckedCell): CheckProblem[] {
  const { code } = placed.text;
  if (!/^#[ \t]*(?:In[ \t]*\[|<)/m.test(code)) return [];
  const isMarker = otherMarkersIn(code);
  return readLayout(code).lines.flatMap(({ start, end, begins }) => {
    const line = code.slice(start, end).trimEnd();
    if (begins === 'string' || line.startsWith('##') || !isMarker(code, start)) return [];
    const message = `${line} begins no cell here, where cells begin with "# %%". Write "# %%" instead.`;
    return [problemIn(placed, { code: 'displaced-marker', severity: 'hint', message, span: { start, end } })];
  });
}

function problemFor(placed: CheckedCell, message: string, title: string): CheckProblem {
  const { line } = placed.text;
  const fix: Fix = { title, edits: [{ range: wholeLine(line), newText: '' }] };
  return {
    code: 'displaced-marker',
    severity: 'hint',
    message,
    range: wholeLine(line),
    cells: [placed.cell.id],
    related: [],
    // A title is the person's, and may belong elsewhere.
    fixes: isPlain(placed.text) ? [fix] : [],
  };
}

/** A marker directly above another one, where the imports were put below them or have gone above. */
export function isStacked(notebook: CheckedNotebook, placed: CheckedCell): boolean {
  if (notebook.format !== 'percent' || !isBare(placed)) return false;
  const next = neighbour(notebook, placed, 1);
  if (!next || next.text.line !== placed.text.line + 1) return false;
  let below: CheckedCell | undefined = next;
  while (below && isBare(below) && below.text.endLine === below.text.line) below = neighbour(notebook, below, 1);
  let above = neighbour(notebook, placed, -1);
  while (above && isBare(above) && above.text.endLine === above.text.line) above = neighbour(notebook, above, -1);
  return (below !== undefined && beginsWithImport(below)) || (above !== undefined && endsWithImport(above));
}

/** Between two imports without the blank line above that all the other markers have. */
function isAmongImports(notebook: CheckedNotebook, placed: CheckedCell): boolean {
  const above = neighbour(notebook, placed, -1);
  if (!above || !beginsWithImport(placed) || !endsWithImport(above)) return false;
  const others = notebook.cells.filter((one) => one !== placed && one.text.line > 0 && !isBare(one));
  const isApart = (one: CheckedCell) => hasBlankAbove(notebook, one);
  return others.some(isApart) && others.every((one) => isApart(one) || isAmongImportsToo(notebook, one));
}

function isAmongImportsToo(notebook: CheckedNotebook, placed: CheckedCell): boolean {
  const above = neighbour(notebook, placed, -1);
  return above !== undefined && ((beginsWithImport(placed) && endsWithImport(above)) || isBare(above));
}

function hasBlankAbove(notebook: CheckedNotebook, placed: CheckedCell): boolean {
  const above = neighbour(notebook, placed, -1);
  return above !== undefined && lastCodeLine(above) < placed.text.line - 1;
}

/** Whether anything may be said of the cell's marker, depending on the cells beside it. */
export function isMarkerLike(text: CheckedCell['text']): boolean {
  return (
    text.kind === 'code' &&
    (text.code.trim() === '' || beginsIndented(text) || (text.codeLine === text.line + 1 && importLine.test(text.code)))
  );
}

function isBare({ text }: CheckedCell): boolean {
  return text.kind === 'code' && text.code.trim() === '';
}

/** Directly below the marker, as the sorters leave it. */
function beginsWithImport({ text }: CheckedCell): boolean {
  return text.codeLine === text.line + 1 && importLine.test(text.code);
}

/** Directly above the next marker. */
function endsWithImport(placed: CheckedCell): boolean {
  const { text } = placed;
  return lastCodeLine(placed) === text.endLine && importLine.test(text.code.slice(text.code.lastIndexOf('\n') + 1));
}

const importLine = /^(?:import|from)\s/;

function lastCodeLine({ text }: CheckedCell): number {
  return text.code === '' ? text.line : text.codeLine + text.code.split('\n').length - 1;
}

function neighbour({ graph, byId }: CheckedNotebook, { cell }: CheckedCell, step: 1 | -1): CheckedCell | undefined {
  const id = graph.order[indexOf(graph, cell.id) + step];
  return id === undefined ? undefined : byId.get(id);
}
