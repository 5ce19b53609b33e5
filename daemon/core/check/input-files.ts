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
  if (!callee || !given) return undefined;
  const made = madePath(code, callee);
  const name = code.slice(callee.start, callee.end);
  const isOpen = made ? /\.open$/.test(name) : openers.test(name);
  if (!made && !isOpen && !isReader(code, callee)) return undefined;
  const [first, second] = namedChildren(given);
  const file = made ?? (first && pathIn(code, first));
  if (file?.type !== 'string' || (isOpen && writes(code, given, made ? first : second))) return undefined;
  const path = constantText(code.slice(file.start, file.end));
  return path === undefined ? undefined : { path, span: { start: file.start, end: file.end } };
}

/** What the methods called `open` of archives read is no file. */
const openers = /^(?:(?:io|codecs|gzip|bz2|lzma)\s*\.\s*)?open$/;
const loaders = /^(?:np|numpy|joblib|torch)\s*\.\s*load$/;

/** A function of a module that reads what it is given. */
function isReader(code: string, callee: SyntaxNode): boolean {
  if (callee.type !== 'attribute' || childIn(callee, 'object')?.type !== 'identifier') return false;
  const method = childIn(callee, 'attribute');
  return (
    loaders.test(code.slice(callee.start, callee.end)) ||
    (method !== undefined && readers.test(code.slice(method.start, method.end)))
  );
}

/** `"a"` of `Path("a").read_text`. */
function madePath(code: string, callee: SyntaxNode): SyntaxNode | undefined {
  const object = callee.type === 'attribute' ? childIn(callee, 'object') : undefined;
  const method = childIn(callee, 'attribute');
  if (object?.type !== 'call' || !method || !/^(?:open|read_text|read_bytes)$/.test(code.slice(method.start, method.end)))
    return undefined;
  const maker = childIn(object, 'function');
  const given = childIn(object, 'arguments');
  const isPath = maker && /^(?:pathlib\s*\.\s*)?Path$/.test(code.slice(maker.start, maker.end));
  const parts = given ? namedChildren(given) : [];
  return isPath && parts.length === 1 ? parts[0] : undefined;
}

const pathKeywords = /^(?:filepath_or_buffer|path_or_buf|source|path|io|fname|file)$/;

/** The first argument, or the value of one that is called as paths are. */
function pathIn(code: string, argument: SyntaxNode): SyntaxNode | undefined {
  if (argument.type !== 'keyword_argument') return argument;
  const name = childIn(argument, 'name');
  return name && pathKeywords.test(code.slice(name.start, name.end)) ? childIn(argument, 'value') : undefined;
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
