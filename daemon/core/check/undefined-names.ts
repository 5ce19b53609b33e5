/** Reads of names that no cell gives: not defined at all, private to another cell, or defined further down only. */
import type { Name, Ref } from '../analysis/facts.ts';
import { cyclesOf } from '../graph/conflicts.ts';
import { definitionBelow } from '../graph/from-below.ts';
import { type Graph, indexOf } from '../graph/graph.ts';
import { inputsOf } from '../graph/inputs.ts';
import { type CellId, documentRange } from '../notebook/notebook.ts';
import type { Span } from '../text.ts';
import { everywhere } from './builtins.ts';
import { cellLabel, listed } from './labels.ts';
import { privateFixes } from './private-fix.ts';
import {
  type CheckedCell,
  type CheckedNotebook,
  type CheckProblem,
  definitionRange,
  type Fix,
  problemIn,
  type Severity,
} from './problem.ts';
import type { Checked } from './surroundings.ts';

export function undefinedNames(notebook: Checked, placed: CheckedCell): CheckProblem[] {
  const { graph, surroundings } = notebook;
  const { id, facts } = placed.cell;
  // What the parser makes of a broken cell may hold names that are none.
  if (facts.problems.some(({ code }) => code === 'syntax-error')) return [];
  const inputs = inputsOf(graph, id);
  const found: CheckProblem[] = [];
  for (const [name, ref] of facts.refs) {
    if (ref.isByText || everywhere.has(name) || bindsItself(placed, name)) continue;
    const givers = inputs.get(name) ?? [];
    const owner = givers.length > 0 ? undefined : surroundings.ownerOf(graph, name);
    if (givers.length > 0) found.push(...readAbove(notebook, placed, name, ref));
    else if (isSaidOtherwise(graph, id, name, ref)) continue;
    else if (owner !== undefined) found.push(privateRead(notebook, placed, name, ref, owner));
    else if (!surroundings.isSilent && !surroundings.mayBeUnread(name)) found.push(undefinedRead(notebook, placed, name, ref));
  }
  return found;
}

/** A loop may read in its second round what it bound in its first. */
function bindsItself({ cell: { facts } }: CheckedCell, name: Name): boolean {
  return facts.defs.has(name) || facts.locals.has(name);
}

/** A script defines the name further down: whether the read comes to pass is not certain, or it closes a cycle, which is told as one. */
function isSaidOtherwise(graph: Graph, id: CellId, name: Name, { isCertain }: Ref): boolean {
  const others = graph.format === 'percent' ? (graph.writers.get(name) ?? []).filter((other) => other !== id) : [];
  if (others.length === 0) return false;
  if (!isCertain || indexOf(graph, id) > graph.certainUntil) return true;
  const isCut = graph.cut.get(name)?.has(id) === true;
  return isCut && cyclesOf(graph).some((cycle) => cycle.includes(id) && others.some((other) => cycle.includes(other)));
}

/** A certain read above the only definition works here, and fails in plain Python. */
function readAbove(notebook: CheckedNotebook, placed: CheckedCell, name: Name, ref: Ref): CheckProblem[] {
  const { graph } = notebook;
  const giver = definitionBelow(graph, name, placed.cell.id);
  if (giver === undefined) return [];
  const message = `${name} is read above ${cellLabel(graph, giver)}, which defines it: Headwater runs that cell first, plain Python fails here.`;
  const related = [{ range: definitionRange(notebook, name, giver), message: `${name} is defined here` }];
  return [
    problemIn(placed, { code: 'read-above-definition', severity: 'hint', message, span: ref.spans[0], others: [giver], related }),
  ];
}

function privateRead(notebook: Checked, placed: CheckedCell, name: Name, ref: Ref, owner: CellId): CheckProblem {
  const { renamer } = notebook;
  const message = `${name} belongs to ${cellLabel(notebook.graph, owner)} only: names with a leading underscore are private to their cell. Rename it there to read it here.`;
  return problemIn(placed, {
    code: 'private-name',
    severity: severityOf(placed, ref),
    message,
    span: ref.spans[0],
    others: [owner],
    fixes: renamer ? privateFixes(notebook, renamer, name, owner) : [],
  });
}

function undefinedRead(notebook: Checked, placed: CheckedCell, name: Name, ref: Ref): CheckProblem {
  const below = (notebook.graph.writers.get(name) ?? []).filter((id) => id !== placed.cell.id && gives(notebook, id, name));
  const [first] = below;
  const advice = notebook.surroundings.nearest(notebook.graph, name);
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
    fixes: first === undefined ? advice.map((near) => readInstead(placed, name, ref, near)) : [],
  });
}

/** Not one that only changes the object, or unbinds the name. */
function gives({ graph }: CheckedNotebook, id: CellId, name: Name): boolean {
  const cell = graph.cells.get(id);
  return cell !== undefined && (cell.facts.defs.has(name) || cell.observed.writes.includes(name));
}

function readInstead(placed: CheckedCell, name: Name, { spans }: Ref, near: Name): Fix {
  const edits = spans.map((span) => ({ range: documentRange(placed.text, span), newText: near }));
  return { title: `Read ${near} instead of ${name}`, edits, isManual: true };
}

/** Certain to fail, likely to, or only when a function is called. */
function severityOf(placed: CheckedCell, { isDeferred, spans }: Ref): Severity {
  if (isDeferred) return 'hint';
  return spans.some((span) => isSurelyRead(placed, span)) ? 'error' : 'warning';
}

/** On a line that begins at the margin there is no branch, loop or `try` around; what follows `if`, `and`, `or` may not be reached. */
function isSurelyRead({ cell: { code } }: CheckedCell, { start }: Span): boolean {
  const before = code.slice(code.lastIndexOf('\n', start - 1) + 1, start);
  return !/^\s|^[)\]}]|\b(?:if|and|or|else|elif|for|while|try|class|lambda)\b/.test(before);
}
