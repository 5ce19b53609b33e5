/** What can be said about a cell's text without running or compiling it. */
import type { Span } from '../text.ts';
import { cellUnitsMax } from './bounds.ts';
import type { CellProblem } from './facts.ts';
import { lineEnd } from './lexical.ts';
import { harmlessMagics } from './magics.ts';
import { noBreakSpaces } from './spaces.ts';
import type { SyntaxNode, SyntaxTree } from './tree.ts';

/** One mistake often breaks the parse in several places; the first few tell enough. */
const syntaxErrorsMax = 3;

export function problemsOf(code: string, tree: SyntaxTree): readonly CellProblem[] {
  if (code.length > cellUnitsMax) return [tooLong(code)];
  const spaces = noBreakSpace(code);
  return tree.hasError || (code.includes('*') && code.includes('import')) ? [...problemsIn(code, tree), ...spaces] : spaces;
}

function tooLong(code: string): CellProblem {
  const [length, most] = [code.length, cellUnitsMax].map((count) => count.toLocaleString('en-US'));
  const message = `This cell has ${length} characters, and at most ${most} are read: make several cells of it.`;
  return { code: 'syntax-error', severity: 'error', message, span: { start: 0, end: lineEnd(code, 0) } };
}

function problemsIn(code: string, tree: SyntaxNode): readonly CellProblem[] {
  const problems: CellProblem[] = [];
  let errors = 0;
  const open: SyntaxNode[] = [tree];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.isMissing || node.type === 'ERROR') {
      if (errors++ < syntaxErrorsMax) problems.push(syntaxError(code, node));
      continue;
    }
    if (node.type === 'wildcard_import') problems.push(starImport(node));
    for (let i = node.children.length - 1; i >= 0; i--) {
      const child = node.children[i];
      if (child !== undefined) open.push(child);
    }
  }
  return problems;
}

function starImport(node: SyntaxNode): CellProblem {
  const message = 'Which names `import *` binds cannot be seen here: import them one by one.';
  return { code: 'star-import', severity: 'warning', message, span: { start: node.start, end: node.end } };
}

/** Outside strings Python refuses them; they look like spaces and count as spaces here. */
function noBreakSpace(code: string): readonly CellProblem[] {
  const [start] = noBreakSpaces(code);
  if (start === undefined) return [];
  const message = 'A no-break space stands here; Python needs an ordinary one.';
  return [{ code: 'no-break-space', severity: 'warning', message, span: { start, end: start + 1 } }];
}

function syntaxError(code: string, node: SyntaxNode): CellProblem {
  const [message, span] = node.isMissing ? missing(code, node) : unexpected(code, node);
  return { code: 'syntax-error', severity: 'error', message, span };
}

/** marimo's files are modules, which Python itself reads: what a script passes over is refused there. */
export function refusedMagics(code: string): readonly CellProblem[] {
  return harmlessMagics(code).map((start) => {
    const span = { start, end: lineEnd(code, start) };
    return { code: 'syntax-error', severity: 'error', message: 'Python cannot read this: it is a command of IPython.', span };
  });
}

type Finding = readonly [message: string, span: Span];

function missing(code: string, node: SyntaxNode): Finding {
  const what = node.isNamed ? (node.type === 'identifier' ? 'a name' : `${node.type.replaceAll('_', ' ')}`) : `\`${node.type}\``;
  return [`Expected ${what} here.`, { start: Math.max(0, Math.min(node.start, code.length) - 1), end: Math.max(node.start, 1) }];
}

const closing: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
]);

function unexpected(code: string, error: SyntaxNode): Finding {
  const bracket = unclosedBracket(error);
  if (bracket !== undefined) return [`This \`${bracket.type}\` is never closed.`, bracket];
  const quote = error.children.find((child) => child.type === 'string_start');
  if (quote !== undefined && !error.children.some((child) => child.type === 'string_end'))
    return ['This string is never closed.', quote];
  const last = error.children.at(-1);
  if (last !== undefined && !last.isNamed && isOperator(last.type)) return [`Something is missing after \`${last.type}\`.`, last];
  const span = firstWord(code, error);
  const text = code.slice(span.start, span.end);
  return [text === '' ? 'Python cannot read this.' : `Python cannot read this: unexpected \`${text}\`.`, span];
}

function unclosedBracket(error: SyntaxNode): SyntaxNode | undefined {
  const open: SyntaxNode[] = [];
  for (const child of error.children) {
    if (closing.has(child.type)) open.push(child);
    else if (closing.get(open.at(-1)?.type ?? '') === child.type) open.pop();
  }
  return open[0];
}

function isOperator(type: string): boolean {
  return (
    type !== '' &&
    !closing.has(type) &&
    !')]}"\''.includes(type) &&
    (type.toUpperCase() === type || ['and', 'or', 'not', 'in', 'is'].includes(type))
  );
}

const wordUnitsMax = 30;

/** The first word of the error, so that a broken line does not underline the page. */
function firstWord(code: string, error: SyntaxNode): Span {
  const first = leftmostLeaf(error);
  const text = code.slice(first.start, Math.min(first.end, first.start + wordUnitsMax));
  const stop = text.search(/\s/);
  return { start: first.start, end: first.start + (stop === -1 ? text.length : stop) };
}

function leftmostLeaf(node: SyntaxNode): SyntaxNode {
  let leaf = node;
  for (let next = leaf.children[0]; next !== undefined; next = leaf.children[0]) leaf = next;
  return leaf;
}
