/** Loads the Python grammar and turns one cell's code into the plain nodes that analysis reads. */
import { createRequire } from 'node:module';
import { Language, Parser, type TreeCursor } from 'web-tree-sitter';
import { cellUnitsMax, treeDepthMax } from '../core/analysis/bounds.ts';
import type { SyntaxNode } from '../core/analysis/tree.ts';

export type Parse = (code: string) => SyntaxNode;

/** Code that cannot be parsed (too long, or the parser gave up) gives a module that is one `ERROR`. */
export async function createParser(): Promise<Parse> {
  await Parser.init();
  const language = await Language.load(createRequire(import.meta.url).resolve('tree-sitter-python/tree-sitter-python.wasm'));
  const parser = new Parser();
  parser.setLanguage(language);
  const kinds = nodeKinds(language);
  return (code) => {
    if (code.length > cellUnitsMax) return unparsed(code);
    const tree = parser.parse(sameLengthSpaces(code));
    if (tree === null) {
      parser.reset();
      return unparsed(code);
    }
    const cursor = tree.walk();
    const root = readTree(cursor, kinds, language.fields, tree.rootNode.hasError, code.length);
    cursor.delete();
    tree.delete();
    return root;
  };
}

/** No-break spaces separate tokens, and a lone carriage return ends a line; neither replacement moves an offset. */
function sameLengthSpaces(code: string): string {
  const spaced = code.includes('\u00a0') ? code.replaceAll('\u00a0', ' ') : code;
  return spaced.includes('\r') ? spaced.replace(/\r(?!\n)/g, '\n') : spaced;
}

function unparsed(code: string): SyntaxNode {
  const whole = { start: 0, end: code.length, field: undefined, isNamed: true, isMissing: false };
  return { ...whole, type: 'module', children: [{ ...whole, type: 'ERROR', children: [] }] };
}

/** What a node's type id alone tells. */
interface NodeKind {
  readonly type: string;
  readonly isNamed: boolean;
  /** Its children have no field names, so there is no need to ask. */
  readonly isFieldless: boolean;
  /** Pure punctuation, which no reader of a tree without errors needs. */
  readonly isPunctuation: boolean;
}

const fieldlessParents = new Set([
  'module',
  'argument_list',
  'parameters',
  'lambda_parameters',
  'expression_statement',
  'expression_list',
  'pattern_list',
  'tuple',
  'list',
  'set',
  'string',
  'string_content',
  'concatenated_string',
  'dotted_name',
  'return_statement',
  'parenthesized_expression',
  'dictionary',
  'type',
  'list_splat',
]);
const punctuation = new Set(['(', ')', '[', ']', '{', '}', ',', '.', ':', ';']);
const errorKind: NodeKind = { type: 'ERROR', isNamed: true, isFieldless: true, isPunctuation: false };

function nodeKinds(language: Language): readonly NodeKind[] {
  return language.types.map((type, id) => ({
    type,
    isNamed: language.nodeTypeIsNamed(id),
    isFieldless: fieldlessParents.has(type),
    isPunctuation: punctuation.has(type),
  }));
}

interface OpenNode {
  readonly node: SyntaxNode;
  readonly children: SyntaxNode[];
  readonly isFieldless: boolean;
}

/**
 * One walk with a cursor. Each question to the cursor crosses into WebAssembly and costs as much as parsing a token, so ask only what the
 * answers so far leave open.
 */
function readTree(
  cursor: TreeCursor,
  kinds: readonly NodeKind[],
  fields: readonly (string | null)[],
  hasError: boolean,
  length: number,
): SyntaxNode {
  const open: OpenNode[] = [];
  let parent: OpenNode | undefined;
  for (;;) {
    const kind = kinds[cursor.nodeTypeId] ?? errorKind;
    if (hasError || !kind.isPunctuation) {
      const start = cursor.startIndex;
      const end = parent === undefined ? length : cursor.endIndex;
      const children: SyntaxNode[] = [];
      const isCut = open.length >= treeDepthMax;
      const node: SyntaxNode = {
        type: isCut ? 'ERROR' : kind.type,
        start: parent === undefined ? 0 : start,
        end,
        field: parent === undefined || parent.isFieldless ? undefined : (fields[cursor.currentFieldId] ?? undefined),
        isNamed: kind.isNamed,
        isMissing: hasError && start === end && cursor.nodeIsMissing,
        children,
      };
      parent?.children.push(node);
      if (!isCut && kind.isNamed && kind.type !== 'identifier' && cursor.gotoFirstChild()) {
        parent = { node, children, isFieldless: kind.isFieldless };
        open.push(parent);
        continue;
      }
      if (parent === undefined) return node;
    }
    while (!cursor.gotoNextSibling()) {
      const closed = open.pop();
      parent = open.at(-1);
      if (closed !== undefined && parent === undefined) return closed.node;
      cursor.gotoParent();
    }
  }
}
