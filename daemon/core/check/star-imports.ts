/** `from m import *`, and the names that would have to be imported one by one instead. */
import type { Name } from '../analysis/facts.ts';
import { childIn, childOfType } from '../analysis/nodes.ts';
import type { SyntaxNode, SyntaxTree } from '../analysis/tree.ts';
import { indexOf } from '../graph/graph.ts';
import { writersFor } from '../graph/inputs.ts';
import { documentRange } from '../notebook/notebook.ts';
import type { Span } from '../text.ts';
import type { CheckedCell, CheckedNotebook, Fix } from './problem.ts';

export interface StarImport {
  readonly placed: CheckedCell;
  readonly module: string;
  /** Of the `*` alone. */
  readonly span: Span;
}

/** What a module gives to `import *`, as far as its text tells. */
export interface Exports {
  readonly names: ReadonlySet<Name>;
  /** Bound in a branch, so perhaps not there. */
  readonly uncertain: ReadonlySet<Name>;
}

export function starImportsOf(placed: CheckedCell, parse: (code: string) => SyntaxTree): readonly StarImport[] {
  const { code, facts } = placed.cell;
  if (!facts.problems.some((problem) => problem.code === 'star-import')) return [];
  const found: StarImport[] = [];
  const open: SyntaxNode[] = [parse(code)];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const star = node.type === 'import_from_statement' ? childOfType(node, 'wildcard_import') : undefined;
    const module = star && childIn(node, 'module_name');
    if (star && module?.type === 'dotted_name') {
      const span = { start: star.start, end: star.end };
      found.push({ placed, module: code.slice(module.start, module.end).replace(/\s/g, ''), span });
    }
    open.push(...node.children);
  }
  return found;
}

/** Functions that read names nobody can see in the text. */
const unseenReaders = ['eval', 'exec', 'globals', 'locals', 'vars', 'dir'];

/** For each star import that its module's text tells enough about: the import of what the notebook reads of it. */
export function starFixes(
  notebook: CheckedNotebook,
  stars: readonly StarImport[],
  exportsOf: (module: string) => Exports | undefined,
): ReadonlyMap<StarImport, Fix> {
  const fixes = new Map<StarImport, Fix>();
  if (unseenReaders.some((name) => (notebook.graph.readers.get(name)?.size ?? 0) > 0)) return fixes;
  const all = stars.map((star) => ({ star, exports: exportsOf(star.module) }));
  // Of two star imports the later one wins; where one of them is unknown, so is which.
  if (all.some(({ exports }) => !exports)) return fixes;
  const taken = new Set<Name>();
  for (const { star, exports } of all.toReversed()) {
    const names = exports && neededNames(notebook, star, exports).filter((name) => !taken.has(name));
    if (!names) continue;
    for (const name of names) taken.add(name);
    const isHiding = [...star.placed.cell.facts.defs].some(
      ([name, { spans }]) => exports.names.has(name) && spans[0].start < star.span.start,
    );
    if (names.length === 0 || isHiding || names.some((name) => exports.uncertain.has(name))) continue;
    const edits = [{ range: documentRange(star.placed.text, star.span), newText: listOf(names, star) }];
    const shown = names.length > namesShownMax ? `${names.length} names that this notebook reads` : names.join(', ');
    fixes.set(star, { title: `Import ${shown} from ${star.module} instead of *`, edits });
  }
  return fixes;
}

/** Names that a title lists. */
const namesShownMax = 6;
const lineUnitsMax = 79;

function listOf(names: readonly Name[], { placed: { text, cell }, span }: StarImport): string {
  const flat = names.join(', ');
  const lineStart = cell.code.lastIndexOf('\n', span.start - 1) + 1;
  const line = cell.code.slice(lineStart, span.start);
  const outer = text.indents[cell.code.slice(0, span.start).split('\n').length - 1] ?? 0;
  if (outer + line.length + flat.length <= lineUnitsMax) return flat;
  const margin = ' '.repeat(outer + line.length - line.trimStart().length);
  return `(\n${names.map((name) => `${margin}    ${name},\n`).join('')}${margin})`;
}

/**
 * What the module gives and some cell reads without another cell giving it. In a script a star import also hides what is
 * defined above it; in marimo's format what a cell defines is what is meant.
 */
function neededNames(notebook: CheckedNotebook, { placed }: StarImport, { names, uncertain }: Exports): readonly Name[] {
  const { graph, format } = notebook;
  const here = indexOf(graph, placed.cell.id);
  const isNeededBy = (name: Name, reader: string) => {
    if (format === 'percent' && indexOf(graph, reader) < here) return false;
    const [giver] = writersFor(graph, name, reader);
    return giver === undefined || (format === 'percent' && indexOf(graph, giver) < here);
  };
  return [...names, ...uncertain]
    .filter((name) => !placed.cell.facts.defs.has(name))
    .filter((name) => [...(graph.readers.get(name) ?? [])].some((reader) => isNeededBy(name, reader)))
    .sort();
}
