/** Reads of names that no cell gives: not defined at all, private to another cell, or defined further down only. */
import type { Name, Ref } from '../analysis/facts.ts';
import { isCellLocal } from '../analysis/names.ts';
import { indexOf } from '../graph/graph.ts';
import { writersFor } from '../graph/inputs.ts';
import { nearest } from '../graph/parameters.ts';
import type { CellId } from '../notebook/notebook.ts';
import type { Span } from '../text.ts';
import { everywhere } from './builtins.ts';
import { cellLabel, listed } from './labels.ts';
import {
  type CheckedNotebook,
  type CheckProblem,
  definitionRange,
  type PlacedCell,
  problemIn,
  type Severity,
} from './problem.ts';

/** Names whose nearest ones are looked for; each is compared with all names of the notebook. */
const namesComparedMax = 50;

export function undefinedNames(notebook: CheckedNotebook): CheckProblem[] {
  const isSilent = makesNamesUnseen(notebook);
  const unread = unreadText(notebook);
  const owners = privateNames(notebook);
  const suggest = suggester(notebook);
  return notebook.cells.flatMap((placed) =>
    [...placed.cell.facts.refs].flatMap(([name, ref]) => {
      if (everywhere.has(name) || bindsItself(placed, name)) return [];
      const givers = writersFor(notebook.graph, name, placed.cell.id);
      if (givers.length > 0) return readAbove(notebook, placed, name, ref, givers);
      const owner = owners.get(name);
      if (owner !== undefined) return [privateRead(notebook, placed, name, ref, owner)];
      return isSilent || unread(name) ? [] : [undefinedRead(notebook, placed, name, ref, suggest)];
    }),
  );
}

/** A loop may read in its second round what it bound in its first. */
function bindsItself({ cell: { facts } }: PlacedCell, name: Name): boolean {
  return facts.defs.has(name) || facts.locals.has(name);
}

/** A read above the only definition works here, and fails in plain Python. */
function readAbove(
  notebook: CheckedNotebook,
  placed: PlacedCell,
  name: Name,
  ref: Ref,
  [giver]: readonly CellId[],
): CheckProblem[] {
  const { format, graph } = notebook;
  if (format === 'marimo' || giver === undefined || ref.isDeferred || indexOf(graph, giver) < indexOf(graph, placed.cell.id))
    return [];
  const message = `${name} is read above ${cellLabel(graph, giver)}, which defines it: Headwater runs that cell first, plain Python fails here.`;
  const related = [{ range: definitionRange(notebook, name, giver), message: `${name} is defined here` }];
  return [
    problemIn(placed, { code: 'read-above-definition', severity: 'hint', message, span: ref.spans[0], others: [giver], related }),
  ];
}

function privateRead(notebook: CheckedNotebook, placed: PlacedCell, name: Name, ref: Ref, owner: CellId): CheckProblem {
  const message = `${name} belongs to ${cellLabel(notebook.graph, owner)} alone: names with a leading underscore are private to their cell. Rename it there to read it here.`;
  return problemIn(placed, {
    code: 'private-name',
    severity: severityOf(placed, ref),
    message,
    span: ref.spans[0],
    others: [owner],
  });
}

function undefinedRead(
  notebook: CheckedNotebook,
  placed: PlacedCell,
  name: Name,
  ref: Ref,
  suggest: (name: Name) => readonly Name[],
): CheckProblem {
  const below = (notebook.graph.writers.get(name) ?? []).filter((id) => id !== placed.cell.id);
  const [first] = below;
  const advice = suggest(name);
  const message =
    first === undefined
      ? `No cell defines ${name}.${advice.length > 0 ? ` Did you mean ${listed(advice).replace(' and ', ' or ')}?` : ''}`
      : `${name} is read above every cell that defines it; the first is ${cellLabel(notebook.graph, first)}.`;
  const related = below.map((id) => ({ range: definitionRange(notebook, name, id), message: `${name} is defined here` }));
  return problemIn(placed, {
    code: 'undefined-name',
    severity: severityOf(placed, ref),
    message,
    span: ref.spans[0],
    others: below,
    related,
  });
}

/** Certain to fail, likely to, or only when a function is called. */
function severityOf(placed: PlacedCell, { isDeferred, spans }: Ref): Severity {
  if (isDeferred) return 'hint';
  return spans.some((span) => isSurelyRead(placed, span)) ? 'error' : 'warning';
}

/** On a line that begins at the margin there is no branch, loop or `try` around; what follows `if`, `and`, `or` may not be reached. */
function isSurelyRead({ cell: { code } }: PlacedCell, { start }: Span): boolean {
  const before = code.slice(code.lastIndexOf('\n', start - 1) + 1, start);
  return !/^\s|^[)\]}]|\b(?:if|and|or|else|elif|for|while|try|class|lambda)\b/.test(before);
}

/** Star imports, and functions that can make any name. */
function makesNamesUnseen({ cells }: CheckedNotebook): boolean {
  return cells.some(
    ({ cell: { facts } }) =>
      facts.problems.some(({ code }) => code === 'star-import') ||
      ['exec', 'globals', 'locals', 'vars'].some((name) => facts.refs.has(name)),
  );
}

/** Whether a name stands in a cell that could not be read whole, and may be defined there. */
function unreadText({ cells }: CheckedNotebook): (name: Name) => boolean {
  const broken = cells.filter(
    ({ text, cell }) => text.kind === 'unparsable' || cell.facts.problems.some(({ code }) => code === 'syntax-error'),
  );
  const words = new Set(broken.flatMap(({ cell }) => cell.code.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? []));
  const isPylab = broken.some(({ cell }) => /^[ \t]*%pylab\b/m.test(cell.code));
  return (name) => isPylab || words.has(name);
}

function privateNames({ format, cells }: CheckedNotebook): ReadonlyMap<Name, CellId> {
  const owners = new Map<Name, CellId>();
  if (format !== 'marimo') return owners;
  for (const { cell } of cells)
    for (const name of cell.facts.locals) if (isCellLocal(name) && !owners.has(name)) owners.set(name, cell.id);
  return owners;
}

function suggester({ cells }: CheckedNotebook): (name: Name) => readonly Name[] {
  let compared = 0;
  let known: readonly Name[] | undefined;
  return (name) => {
    if (compared++ >= namesComparedMax) return [];
    known ??= [...new Set([...cells.flatMap(({ cell }) => [...cell.facts.defs.keys()]), ...everywhere])];
    // Two letters are within two changes of anything.
    return name.length < 3 ? [] : nearest(name, known);
  };
}
