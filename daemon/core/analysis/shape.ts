/** What the file format of marimo wants to know about a cell's syntax, besides its facts. */
import type { Facts, Name, Ref } from './facts.ts';
import { isCellLocal } from './names.ts';
import { childIn, namedChildren } from './nodes.ts';
import { isMarkdown } from './result.ts';
import type { SyntaxNode } from './tree.ts';

export interface CellShape {
  /** As far as the grammar can tell. */
  readonly isPython: boolean;
  readonly isAsync: boolean;
  /** The last statement is an import or a definition, and no line stands below it. */
  readonly endsInDefinition: boolean;
  readonly definition: DefinitionShape | undefined;
  readonly markdown: { readonly start: number; readonly end: number; readonly strings: readonly string[] } | undefined;
  /**
   * Free names as marimo counts them: `x += 1` alone reads nothing, what stands in a string neither, and no name is one that only
   * another cell could keep private. A function may read a name before the cell binds it; a class reads its own type parameters.
   */
  readonly refs: ReadonlySet<Name>;
  readonly annotations: readonly { readonly name: Name; readonly text: string; readonly refs: ReadonlySet<Name> }[];
}

/** A cell that is one function or class and nothing else. */
export interface DefinitionShape {
  readonly name: Name;
  readonly kind: 'function' | 'class';
  /** The code without the bodies of functions: what it reads is read when the definition is made. */
  readonly signature: string;
  readonly hasTrailingComment: boolean;
}

export function shapeOf(code: string, tree: SyntaxNode, facts: Facts): CellShape {
  const statements = namedChildren(tree).filter(({ type }) => type !== 'comment');
  const last = statements.at(-1);
  const isRefused = facts.problems.some((problem) => problem.code === 'syntax-error' || problem.code === 'star-import');
  return {
    isPython: !isRefused && !some(tree, isFunction, ({ type }) => type === 'return_statement'),
    isAsync: some(tree, isOwnScope, (node) => isAwaiting(code, node)),
    endsInDefinition: last !== undefined && blankLineAfter.has(last.type) && !code.slice(last.end).trimEnd().includes('\n'),
    definition: statements.length === 1 && last !== undefined ? definitionOf(code, last, facts) : undefined,
    markdown: isMarkdown(code, tree) && last !== undefined ? markdownOf(code, last) : undefined,
    refs: new Set([...refsOf(tree, facts), ...typeParametersRead(code, tree, facts)]),
    annotations: annotationsOf(code, tree, facts),
  };
}

function refsOf(tree: SyntaxNode, facts: Facts): ReadonlySet<Name> {
  const augmented = new Set<number>();
  some(
    tree,
    () => false,
    (node) => {
      const target = node.type === 'augmented_assignment' ? childIn(node, 'left') : undefined;
      if (target?.type === 'identifier') augmented.add(target.start);
      return false;
    },
  );
  const outer = new Set<number>();
  some(tree, isScope, ({ type, start }) => {
    if (type === 'identifier') outer.add(start);
    return false;
  });
  // Wherever a name of the cell's own is bound, scopes inside take it from the cell.
  const isRead = ([name, { isByText, spans }]: readonly [Name, Ref]) =>
    !isByText && spans.some(({ start }) => !augmented.has(start) && (outer.has(start) || !facts.defs.has(name)));
  return new Set([...facts.refs].flatMap((entry) => (isRead(entry) && !isCellLocal(entry[0]) ? [entry[0]] : [])));
}

/** With its head and its decorators. */
function isScope(node: SyntaxNode): boolean {
  return isOwnScope(node) || node.type === 'decorated_definition' || node.type.endsWith('_comprehension');
}

/** marimo meets the head and the body of a class before its type parameters, and takes what reads them there for free. */
function typeParametersRead(code: string, tree: SyntaxNode, facts: Facts): readonly Name[] {
  const found: Name[] = [];
  some(
    tree,
    () => false,
    (node) => {
      const parameters = node.type === 'class_definition' ? childIn(node, 'type_parameters') : undefined;
      if (parameters === undefined) return false;
      const names = namesIn(code, parameters);
      const read = [childIn(node, 'superclasses'), childIn(node, 'body')].flatMap((part) =>
        part === undefined ? [] : [...namesIn(code, part, isScope)],
      );
      found.push(...read.filter((name) => names.has(name) && !facts.defs.has(name) && !isCellLocal(name)));
      return false;
    },
  );
  return found;
}

const blankLineAfter = new Set([
  'import_statement',
  'import_from_statement',
  'future_import_statement',
  'function_definition',
  'class_definition',
  'decorated_definition',
]);

function isFunction({ type }: SyntaxNode): boolean {
  return type === 'function_definition' || type === 'lambda';
}

function isOwnScope(node: SyntaxNode): boolean {
  return isFunction(node) || node.type === 'class_definition' || node.type === 'generator_expression';
}

function isAwaiting(code: string, { type, start }: SyntaxNode): boolean {
  if (type === 'await') return true;
  return (
    (type === 'for_statement' || type === 'with_statement' || type === 'for_in_clause') &&
    /^async\b/.test(code.slice(start, start + 6))
  );
}

/** Whether a node that passes stands in the tree, not inside what is passed over. */
function some(tree: SyntaxNode, isPassedOver: (node: SyntaxNode) => boolean, isIt: (node: SyntaxNode) => boolean): boolean {
  const open = [tree];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (isIt(node)) return true;
    for (const child of node.children) if (!isPassedOver(child)) open.push(child);
  }
  return false;
}

function definitionOf(code: string, statement: SyntaxNode, facts: Facts): DefinitionShape | undefined {
  const node = statement.type === 'decorated_definition' ? childIn(statement, 'definition') : statement;
  if (node?.type !== 'function_definition' && node?.type !== 'class_definition') return undefined;
  const names = [...facts.defs.keys(), ...facts.locals];
  const [name] = names;
  const written = childIn(node, 'name');
  if (names.length !== 1 || name === undefined || written === undefined) return undefined;
  if (code.slice(written.start, written.end).normalize('NFKC') !== name || (facts.defs.get(name)?.spans.length ?? 1) > 1)
    return undefined;
  const lastLine = code.trimEnd().slice(code.trimEnd().lastIndexOf('\n') + 1);
  return {
    name,
    kind: node.type === 'class_definition' ? 'class' : 'function',
    signature: withoutBodies(code, statement),
    hasTrailingComment: lastLine.startsWith('#') && code.trimEnd().length - lastLine.length >= node.end,
  };
}

function withoutBodies(code: string, statement: SyntaxNode): string {
  const bodies: SyntaxNode[] = [];
  const collect = (node: SyntaxNode): void => {
    const body = node.type === 'function_definition' ? childIn(node, 'body') : undefined;
    if (body !== undefined) bodies.push(body);
    for (const child of node.children) if (child !== body) collect(child);
  };
  collect(statement);
  let [result, at] = ['', 0];
  for (const body of bodies.sort((a, b) => a.start - b.start)) {
    result += `${code.slice(at, body.start)}pass`;
    at = body.end;
  }
  return result + code.slice(at);
}

function markdownOf(code: string, statement: SyntaxNode): CellShape['markdown'] {
  const call = namedChildren(statement)[0];
  const given = call && namedChildren(childIn(call, 'arguments') ?? call).find(({ type }) => type !== 'comment');
  if (call === undefined || given === undefined) return undefined;
  const parts = given.type === 'concatenated_string' ? namedChildren(given).filter(({ type }) => type === 'string') : [given];
  return { start: call.start, end: call.end, strings: parts.map(({ start, end }) => code.slice(start, end)) };
}

function annotationsOf(code: string, tree: SyntaxNode, facts: Facts): CellShape['annotations'] {
  const found: { name: Name; text: string; refs: ReadonlySet<Name> }[] = [];
  some(tree, isOwnScope, (node) => {
    const target = node.type === 'assignment' ? childIn(node, 'left') : undefined;
    const type = childIn(node, 'type');
    if (target?.type !== 'identifier' || type === undefined) return false;
    const name = code.slice(target.start, target.end).normalize('NFKC');
    if (facts.defs.get(name)?.spans[0].start !== target.start) return false;
    found.push({ name, text: annotationText(code.slice(type.start, type.end)), refs: namesIn(code, type) });
    return false;
  });
  return found;
}

/** One line, with Python's own spacing and double quotes. */
function annotationText(source: string): string {
  return source
    .split(/("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')/)
    .map((part, index) => (index % 2 === 1 ? doubleQuoted(part) : spaced(part)))
    .join('')
    .trim();
}

function doubleQuoted(literal: string): string {
  const content = literal.slice(1, -1);
  return content.includes('"') ? literal : `"${content}"`;
}

function spaced(code: string): string {
  return code
    .replace(/#.*/g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([[\](){}.]) ?/g, '$1')
    .replace(/ ?, ?/g, ', ')
    .replace(/,\s*([\])])/g, '$1')
    .replace(/ ?\| ?/g, ' | ');
}

function namesIn(code: string, tree: SyntaxNode, isPassedOver: (node: SyntaxNode) => boolean = () => false): ReadonlySet<Name> {
  const names = new Set<Name>();
  some(tree, isPassedOver, ({ type, field, start, end }) => {
    if (type === 'identifier' && field !== 'attribute') names.add(code.slice(start, end).normalize('NFKC'));
    return false;
  });
  return names;
}
