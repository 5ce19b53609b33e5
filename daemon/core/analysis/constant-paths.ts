/** Paths that are written out: `"a.csv"`, `Path("data") / "a.csv"`, `os.path.join("data", "a.csv")`, `Path(__file__).parent / "a.csv"`. */
import { childIn, namedChildren } from './nodes.ts';
import type { SyntaxNode } from './tree.ts';

/** As the text writes it, its parts joined; undefined where that is not known. */
export function constantPath(code: string, node: SyntaxNode): string | undefined {
  const text = code.slice(node.start, node.end);
  if (node.type === 'string') return constantText(text);
  if (node.type === 'parenthesized_expression') return constantPathOf(code, namedChildren(node)[0]);
  if (node.type === 'binary_operator') return quotient(code, node);
  if (ownFolder.test(text)) return '.';
  return node.type === 'call' ? madePath(code, node) : undefined;
}

/** The one text that says the path, as in `"a.csv"` and `Path("a.csv")`. */
export function soleText(node: SyntaxNode): SyntaxNode | undefined {
  if (node.type === 'string') return node;
  const given = childIn(node, 'arguments');
  const [only, ...others] = given ? namedChildren(given) : [];
  return only && others.length === 0 ? soleText(only) : undefined;
}

function constantPathOf(code: string, node: SyntaxNode | undefined): string | undefined {
  return node && constantPath(code, node);
}

/** The notebook's folder, which is also its working directory. */
const ownFolder = /^(?:pathlib\s*\.\s*)?Path\s*(?:\(__file__\)(?:\.(?:resolve|absolute)\(\))?\.parent|\.cwd\(\))$/;
const makers = /^(?:(?:pathlib\s*\.\s*)?(?:Pure)?Path|(?:os\s*\.\s*)?path\s*\.\s*join)$/;

function madePath(code: string, call: SyntaxNode): string | undefined {
  const maker = childIn(call, 'function');
  const given = childIn(call, 'arguments');
  if (!maker || !given || !makers.test(code.slice(maker.start, maker.end))) return undefined;
  return joined(namedChildren(given).map((part) => constantPath(code, part)));
}

/** `a / b` of paths; of two plain texts it is an error. */
function quotient(code: string, node: SyntaxNode): string | undefined {
  const [left, right] = namedChildren(node);
  if (!left || !right || left.type === 'string' || !/^\s*\/\s*$/.test(code.slice(left.end, right.start))) return undefined;
  return joined([constantPath(code, left), constantPath(code, right)]);
}

function joined(parts: readonly (string | undefined)[]): string | undefined {
  let path = '';
  for (const part of parts) {
    if (part === undefined) return undefined;
    path = path === '' || part.startsWith('/') ? part : `${path.replace(/\/$/, '')}/${part}`;
  }
  return path === '' ? undefined : path;
}

/** Of a plain string on one line; nothing where it holds an escape or a placeholder. */
function constantText(literal: string): string | undefined {
  const match = /^(r|R|u|U)?(["'])([^"'\n]+)\2$/.exec(literal);
  const text = match?.[3];
  return text === undefined || (text.includes('\\') && !/^r$/i.test(match?.[1] ?? '')) ? undefined : text;
}

/** The same path for all that lead to the same file from the notebook's folder, as far as text can tell. */
export function normalPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return (path.startsWith('/') ? '/' : '') + parts.join('/');
}
