/** Files that a cell reads whatever happens, as far as their path is written out: `open("a.txt")`, `pd.read_csv("b.csv")`. */
import { childIn, namedChildren } from '../analysis/nodes.ts';
import type { SyntaxNode } from '../analysis/tree.ts';
import type { Span } from '../text.ts';

export interface InputFile {
  readonly path: string;
  readonly span: Span;
}

const readers =
  /^(?:(?:read|scan)_(?:csv|parquet|json|ndjson|excel|feather|ipc|table|pickle|fwf|hdf|stata|sas|spss|orc|xml)|loadtxt|genfromtxt|imread)$/;

/** Code that may not run, or runs later. */
const uncertain = new Set([
  'function_definition',
  'lambda',
  'if_statement',
  'try_statement',
  'match_statement',
  'while_statement',
  'conditional_expression',
  'boolean_operator',
]);

export function inputFiles(code: string, tree: SyntaxNode): readonly InputFile[] {
  const found: InputFile[] = [];
  const open = [tree];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (uncertain.has(node.type)) continue;
    const file = node.type === 'call' ? fileRead(code, node) : undefined;
    if (file) found.push(file);
    open.push(...node.children);
  }
  return found.sort((a, b) => a.span.start - b.span.start);
}

function fileRead(code: string, call: SyntaxNode): InputFile | undefined {
  const callee = childIn(call, 'function');
  const given = childIn(call, 'arguments');
  const [first, second] = given ? namedChildren(given) : [];
  if (!callee || !first || first.type !== 'string' || !isReader(code, callee)) return undefined;
  const path = constantText(code.slice(first.start, first.end));
  const isOpen = callee.type === 'identifier';
  if (path === undefined || (isOpen && given && writes(code, given, second))) return undefined;
  return { path, span: { start: first.start, end: first.end } };
}

/** `open` itself, and functions of a module; what the methods called `open` of archives read is no file. */
function isReader(code: string, callee: SyntaxNode): boolean {
  const text = (node: SyntaxNode | undefined) => (node ? code.slice(node.start, node.end) : '');
  if (callee.type === 'identifier') return text(callee) === 'open';
  if (callee.type !== 'attribute' || childIn(callee, 'object')?.type !== 'identifier') return false;
  return readers.test(text(childIn(callee, 'attribute')));
}

function writes(code: string, given: SyntaxNode, second: SyntaxNode | undefined): boolean {
  const mode = given.children.find((one) => one.type === 'keyword_argument' && /^mode\s*=/.test(code.slice(one.start, one.end)));
  const text = mode
    ? code.slice(mode.start, mode.end).replace(/^mode\s*=/, '')
    : second
      ? code.slice(second.start, second.end)
      : '"r"';
  // A mode that is not written out may be any.
  return second !== undefined || mode !== undefined
    ? !/^\s*["']r[bt]?["']$|^\s*(?:encoding|errors|newline|buffering)\s*=/.test(text)
    : false;
}

/** Of a plain string on one line; nothing where it holds an escape or a placeholder. */
function constantText(literal: string): string | undefined {
  const match = /^(r|R|u|U)?(["'])([^"'\n]+)\2$/.exec(literal);
  const text = match?.[3];
  return text === undefined || (text.includes('\\') && !/^r$/i.test(match?.[1] ?? '')) ? undefined : text;
}
