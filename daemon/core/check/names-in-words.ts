/** Names in words: what `<os.environ HOME>` is to people, and who uses a name that a cell does not say. */
import type { Name } from '../analysis/facts.ts';
import { isFile, pathOfFile } from '../analysis/implicit-files.ts';
import { type Graph, mentionsOf } from '../graph/graph.ts';
import { isImplicit } from '../graph/implicit.ts';
import type { CellId } from '../notebook/notebook.ts';

const words: readonly (readonly [RegExp, string])[] = [
  [/^<pyplot>$/, 'the open figures of pyplot'],
  [/^<figure (.+)>$/, 'figure $1 of pyplot'],
  [/^<state of (random|numpy\.random|torch)>$/, 'the random numbers of $1'],
  [/^<state of (.+) in \w+>$/, 'the random numbers of $1'],
  [/^<os\.environ (.+)>$/, 'the environment variable $1'],
  [/^<working directory>$/, 'the working directory'],
  [/^<matplotlib\.rcParams (.+)>$/, 'the setting $1 of matplotlib'],
  [/^<pandas\.options (.+)>$/, 'the option $1 of pandas'],
  [/^<numpy\.printoptions (.+)>$/, 'the print option $1 of NumPy'],
  [/^<numpy\.errstate (.+)>$/, 'what NumPy does in case of $1'],
  [/^<decimal\.context (.+)>$/, '$1 of the decimal context'],
  [/^<warnings\.filters>$/, 'the filters of warnings'],
  [/^<locale>$/, 'the locale'],
];

/** Undefined for variables and files. */
export function stateInWords(name: Name): string | undefined {
  if (!isImplicit(name) || isFile(name)) return undefined;
  const [pattern, text] = words.find(([one]) => one.test(name)) ?? [/^<(.*)>$/, '$1'];
  return name.replace(pattern, text);
}

/** A name that the text of the cell does not say is used by functions that it calls. */
export function nameInWords(graph: Graph, name: Name, own: CellId): string {
  if (isFile(name)) return pathOfFile(name);
  const cell = graph.cells.get(own);
  const isMentioned = cell === undefined || cell.facts.defs.has(name) || mentionsOf(graph.format, cell).has(name);
  return `${isModule(graph, name) ? 'the module ' : ''}${name}${isMentioned ? '' : ' (used by what it calls)'}`;
}

/** As far as imports say it: what has a point in its name may stand in a module. */
function isModule({ cells, writers }: Graph, name: Name): boolean {
  const defs = (writers.get(name) ?? []).flatMap((id) => cells.get(id)?.facts.defs.get(name) ?? []);
  return defs.length > 0 && defs.every(({ imported }) => imported !== undefined && /^\w+(?: as \w+)?$/.test(imported));
}
