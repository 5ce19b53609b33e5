/** Two ways out of a mutation across cells: make the change where the object is made, or change a copy under a new name. */
import { analyze } from '../analysis/analyze.ts';
import type { Name } from '../analysis/facts.ts';
import { hasResult } from '../analysis/result.ts';
import type { SyntaxNode } from '../analysis/tree.ts';
import { type Graph, indexOf } from '../graph/graph.ts';
import { childrenOf } from '../graph/inputs.ts';
import { type CellId, documentPosition } from '../notebook/notebook.ts';
import type { Span } from '../text.ts';
import { everywhere } from './builtins.ts';
import { cellLabel, listed } from './labels.ts';
import { type Occurrence, occurrencesOf } from './occurrences.ts';
import type { CheckedCell, CheckedNotebook, Fix, TextEdit } from './problem.ts';
import { cellRemoval, isPlain } from './removal.ts';
import { freshName, mentions, type Renamer, renamed } from './rename.ts';

/** As marimo indents a cell; lines are only put where the file does so, too. */
const indentUnits = 4;

export interface MutationPlace {
  readonly placed: CheckedCell;
  readonly name: Name;
  /** The cell that makes the object. */
  readonly owner: CellId;
  /** The cells that run after the changing one; that one is among them. */
  readonly after: ReadonlySet<CellId>;
}

export function mutationFixes(notebook: CheckedNotebook, renamer: Renamer, place: MutationPlace): readonly Fix[] {
  const { placed, name } = place;
  const { code, facts } = placed.cell;
  if (placed.text.kind !== 'code' || facts.deleted.has(name) || facts.defs.has(name)) return [];
  const tree = renamer.parse(code);
  const occurrences = occurrencesOf(code, tree, name, renamer.parse);
  if (!occurrences || occurrences.length === 0) return [];
  const found = { ...place, tree, occurrences };
  return [...moveToOwner(notebook, renamer, found), ...changeCopy(notebook, renamer, found)];
}

interface Found extends MutationPlace {
  readonly tree: SyntaxNode;
  readonly occurrences: readonly Occurrence[];
}

/** Whole statements that need nothing from their cell go to the end of the one that makes the object. */
function moveToOwner(notebook: CheckedNotebook, renamer: Renamer, found: Found): readonly Fix[] {
  const { placed, name, owner, tree } = found;
  const { graph } = notebook;
  const target = notebook.byId.get(owner);
  const spans = placed.cell.facts.mutations.get(name)?.spans ?? [];
  const statements = tree.children.filter((node) => spans.some((span) => contains(node, span)));
  const lines = statements.map((statement) => wholeLines(placed, statement));
  if (!target || !canTake(target) || lines.some((span) => !span)) return [];
  if (!statements.every((statement) => canMove(notebook, renamer, found, statement))) return [];
  const moved = lines.flatMap((span) => span ?? []);
  const end = documentPosition(target.text, target.cell.code.length);
  const text = moved.map((span) => `\n${indented(placed.cell.code.slice(span.start, span.end))}`).join('');
  const edits = [...removals(notebook, placed, moved), { range: { start: end, end }, newText: text }];
  const what = moved.length === 1 ? 'the change' : `the ${moved.length} changes`;
  const title = `Move ${what} of ${name} to the end of ${cellLabel(graph, owner)}, which makes it`;
  return [{ title, edits, ...(!keepsPageOrder(notebook, renamer, found, statements) && { isManual: true as const }) }];
}

/** The end of a cell without a definition of its own kind, indented as marimo does it, is where a line can be put. */
function canTake({ text, cell }: CheckedCell): boolean {
  const isBroken = cell.facts.problems.some(({ code }) => code === 'syntax-error');
  return text.kind === 'code' && text.indents[0] === indentUnits && text.indents.at(-1) === indentUnits && !isBroken;
}

/** It binds nothing, changes this one object, and what it reads is there where the object is made. */
function canMove(notebook: CheckedNotebook, { parse }: Renamer, { placed, name, owner }: Found, statement: SyntaxNode): boolean {
  const { graph } = notebook;
  const code = placed.cell.code.slice(statement.start, statement.end);
  const { defs, locals, mutations, refs, deleted, problems } = analyze(code, parse(code), { format: 'marimo', parse });
  if (defs.size + locals.size + deleted.size + problems.length > 0 || [...mutations.keys()].some((one) => one !== name))
    return false;
  const below = descendantsOf(graph, owner);
  return [...refs.keys()].every((ref) => {
    if (ref === name) return true;
    const { facts } = placed.cell;
    if (facts.defs.has(ref) || facts.locals.has(ref) || isChanged(graph, ref)) return false;
    const givers = graph.writers.get(ref) ?? [];
    if (givers.includes(owner)) return true;
    return givers.length === 0 ? everywhere.has(ref) : givers.every((giver) => !below.has(giver));
  });
}

/** Whether some cell changes the object of this name in place: then it matters when one looks. */
function isChanged(graph: Graph, name: Name): boolean {
  return [...(graph.readers.get(name) ?? [])].some((id) => graph.cells.get(id)?.facts.mutations.has(name));
}

/** Whether each cell sees what it saw when the cells ran from top to bottom, so that the move changes nothing else. */
function keepsPageOrder(
  { graph, byId }: CheckedNotebook,
  { parse }: Renamer,
  { placed, name, owner, occurrences }: Found,
  statements: readonly SyntaxNode[],
): boolean {
  const here = indexOf(graph, placed.cell.id);
  const target = byId.get(owner);
  const last = statements.at(-1)?.start ?? 0;
  if (indexOf(graph, owner) > here || !target || hasResult(target.cell.code, parse(target.cell.code))) return false;
  // Who looks at the object before, or between two changes, would see the later one.
  const isMoved = (one: Occurrence) => statements.some((statement) => contains(statement, one));
  if (occurrences.some((one) => one.start < last && !isMoved(one))) return false;
  if (!statements.every((statement) => readsFromAbove(graph, parse, placed, owner, statement))) return false;
  return [...(graph.readers.get(name) ?? [])]
    .filter((id) => id !== owner && id !== placed.cell.id)
    .every((id) => indexOf(graph, id) > here && !graph.cells.get(id)?.facts.mutations.has(name));
}

/** Whether the making cell may have what the statement reads without waiting for a cell below it on the page. */
function readsFromAbove(
  graph: Graph,
  parse: Renamer['parse'],
  { cell }: CheckedCell,
  owner: CellId,
  statement: SyntaxNode,
): boolean {
  const code = cell.code.slice(statement.start, statement.end);
  const givers = [...analyze(code, parse(code), { format: 'marimo', parse }).refs.keys()].flatMap(
    (ref) => graph.writers.get(ref) ?? [],
  );
  return givers.every((giver) => indexOf(graph, giver) <= indexOf(graph, owner));
}

/** The object stays as it was made; this cell, and those that run after it, go on with the copy. */
function changeCopy(notebook: CheckedNotebook, renamer: Renamer, found: Found): readonly Fix[] {
  const { placed, name, owner, after, tree, occurrences } = found;
  const { graph } = notebook;
  const first = tree.children.find((node) => occurrences.some((one) => contains(node, one)));
  const span = first && wholeLines(placed, first);
  if (!first || !span || mentions(placed, '_copy')) return [];
  const fresh = freshName(notebook, name);
  const followers = notebook.cells.filter(
    (one) => one.cell.id !== placed.cell.id && one.cell.id !== owner && after.has(one.cell.id) && mentions(one, name),
  );
  const renames = [placed, ...followers].map((one) => renamed(renamer, one, name, fresh));
  if (renames.some((edits) => edits === undefined)) return [];
  const at = documentPosition(placed.text, span.start);
  const how = isShallow(placed, name) ? 'copy' : 'deepcopy';
  const line = ' '.repeat(indentUnits);
  const copy: TextEdit = {
    range: { start: at, end: at },
    newText: `import copy as _copy\n${line}${fresh} = _copy.${how}(${name})\n${line}`,
  };
  const labels = followers.map(({ cell }) => cellLabel(graph, cell.id));
  const where = labels.length === 0 ? '' : `, and read it in ${listed(labels)}`;
  // Edits at one place would not say which comes first: the copy takes a rename at its place along.
  const edits = joined(
    copy,
    renames.flatMap((some) => some ?? []),
  );
  return [{ title: `Change a copy here, ${fresh}${where}`, edits, isManual: true }];
}

function joined(copy: TextEdit, edits: readonly TextEdit[]): readonly TextEdit[] {
  const { start } = copy.range;
  const same = edits.find(({ range }) => range.start.line === start.line && range.start.character === start.character);
  if (!same) return [copy, ...edits];
  return [{ range: same.range, newText: copy.newText + same.newText }, ...edits.filter((edit) => edit !== same)];
}

/** Whether only the object itself changes, not what it holds: `xs.append(1)`, `d[k] = v`, and not `d[k].append(1)`. */
function isShallow({ cell: { code, facts } }: CheckedCell, name: Name): boolean {
  const spans = facts.mutations.get(name)?.spans ?? [];
  return spans.every(({ start, end }) =>
    /^[^.[\]]*(?:\.\s*[\p{L}_][\p{L}\p{N}_]*\s*(?:\([\s\S]*)?|\[[^[\]]*\])$/u.test(code.slice(start, end)),
  );
}

/** A statement with the comment behind it; nothing where it shares a line with another, or is not indented as marimo does it. */
function wholeLines({ text, cell: { code } }: CheckedCell, { start, end }: Span): Span | undefined {
  const lineStart = code.lastIndexOf('\n', start - 1) + 1;
  const lineBreak = code.indexOf('\n', end);
  const lineEnd = lineBreak === -1 ? code.length : lineBreak;
  if (lineStart !== start || !/^[ \t]*(?:#.*)?$/.test(code.slice(end, lineEnd))) return undefined;
  const line = code.slice(0, start).split('\n').length - 1;
  const lines = code.slice(start, lineEnd).split('\n');
  const isIndented = lines.every((one, at) => one.trim() === '' || text.indents[line + at] === indentUnits);
  return isIndented ? { start, end: lineEnd } : undefined;
}

/** Takes the statements out. Python wants at least one where a cell has a name or a comment to keep; another cell goes as a whole. */
function removals({ format }: CheckedNotebook, placed: CheckedCell, moved: readonly Span[]): readonly TextEdit[] {
  const { text, cell } = placed;
  const rest = moved.toReversed().reduce((code, { start, end }) => code.slice(0, start) + code.slice(end), cell.code);
  if (rest.trim() === '' && isPlain(text)) return [cellRemoval(text, format)];
  const isLeftEmpty = rest.split('\n').every((line) => /^\s*(?:#.*)?$/.test(line));
  return moved.map((span, at) => {
    const [start, end] = [documentPosition(text, span.start), documentPosition(text, span.end)];
    if (isLeftEmpty && at === moved.length - 1) return { range: { start, end }, newText: 'pass' };
    return { range: { start: { line: start.line, character: 0 }, end: { line: end.line + 1, character: 0 } }, newText: '' };
  });
}

function indented(code: string): string {
  return code
    .split('\n')
    .map((line) => (line === '' ? line : ' '.repeat(indentUnits) + line))
    .join('\n');
}

function contains(node: Span, span: Span): boolean {
  return node.start <= span.start && span.end <= node.end;
}

function descendantsOf(graph: Graph, id: CellId): ReadonlySet<CellId> {
  const found = new Set<CellId>([id]);
  for (const next of found) for (const child of childrenOf(graph, next)) found.add(child);
  return found;
}
