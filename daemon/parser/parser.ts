/** Loads the Python grammar and turns one cell's code into the plain nodes that analysis reads. */
import { Language, Parser, type Tree, type TreeCursor } from 'web-tree-sitter';
import { cellUnitsMax, treeDepthMax } from '../core/analysis/bounds.ts';
import { withoutHarmlessMagics } from '../core/analysis/magics.ts';
import { withoutValueStars } from '../core/analysis/starred-values.ts';
import type { SyntaxNode, SyntaxTree } from '../core/analysis/tree.ts';
import { withDefaultsAsBounds } from '../core/analysis/type-defaults.ts';
import { itemAt } from '../core/assert.ts';
import { withoutCommentRuns } from '../core/notebook/comment-runs.ts';

export type Parse = (code: string) => SyntaxTree;

/** The content of two files of WebAssembly. */
export interface ParserFiles {
  /** `web-tree-sitter.wasm` */
  readonly runtime: Uint8Array;
  /** `tree-sitter-python.wasm` */
  readonly grammar: Uint8Array;
}

/** Code that cannot be parsed (too long, or the parser gave up) gives a module that is one `ERROR`. */
export async function createParser({ runtime, grammar }: ParserFiles): Promise<Parse> {
  // Where it has no name for the file, it makes one of its own place, which a bundle does not have.
  await Parser.init({ wasmBinary: runtime, locateFile: (name: string) => name });
  const language = await Language.load(grammar);
  const parser = new Parser();
  parser.setLanguage(language);
  const kinds = nodeKinds(language);
  return (code) => {
    if (code.length > cellUnitsMax) return unparsed(code);
    const tree = parseReadable(parser, withoutCommentRuns(withoutHarmlessMagics(sameLengthSpaces(code))));
    if (tree === null) {
      parser.reset();
      return unparsed(code);
    }
    const cursor = tree.walk();
    const { hasError } = tree.rootNode;
    const root = readTree(cursor, kinds, language.fields, hasError, code);
    cursor.delete();
    tree.delete();
    return { ...root, hasError };
  };
}

/** What the grammar does not know is only looked for where it failed. */
function parseReadable(parser: Parser, code: string): Tree | null {
  const tree = parser.parse(code);
  if (!tree?.rootNode.hasError) return tree;
  const withBounds = withDefaultsAsBounds(code);
  const readable = withoutValueStars(withBounds);
  if (readable === code) return tree;
  const other = parser.parse(readable);
  if (!other?.rootNode.hasError) {
    tree.delete();
    return other;
  }
  other.delete();
  if (withBounds === code) return tree;
  tree.delete();
  return parser.parse(withBounds);
}

/** No-break spaces separate tokens, and a lone carriage return ends a line; neither replacement moves an offset. */
function sameLengthSpaces(code: string): string {
  const spaced = code.includes('\u00a0') ? code.replaceAll('\u00a0', ' ') : code;
  return spaced.includes('\r') ? spaced.replace(/\r(?!\n)/g, '\n') : spaced;
}

function unparsed(code: string): SyntaxTree {
  const whole = { start: 0, end: code.length, field: undefined, isNamed: true, isMissing: false };
  return { ...whole, type: 'module', children: [{ ...whole, type: 'ERROR', children: [] }], hasError: true };
}

/** What a node's type id alone tells. */
interface NodeKind {
  readonly type: string;
  readonly isNamed: boolean;
  /** Nothing below it is read. */
  readonly isLeaf: boolean;
  /** The field of each child is asked for. */
  readonly hasFields: boolean;
  readonly isIdentifier: boolean;
  readonly isString: boolean;
  /** It may begin or end with what is no child: text, or white space. */
  readonly isUneven: boolean;
  /** Keywords, operators and punctuation, which their parent's type implies; they only show errors. */
  readonly isImplied: boolean;
}

const leaves = new Set([
  'identifier',
  'integer',
  'float',
  'true',
  'false',
  'none',
  'ellipsis',
  'comment',
  'string_start',
  'string_content',
  'string_end',
  'type_conversion',
  'import_prefix',
  'wildcard_import',
  'pass_statement',
  'break_statement',
  'continue_statement',
  'line_continuation',
]);
/** The nodes whose children analysis tells apart by their field; to ask for the others' fields would cost a tenth of the whole. */
const parentsWithFields = new Set([
  'assignment',
  'augmented_assignment',
  'named_expression',
  'attribute',
  'subscript',
  'call',
  'keyword_argument',
  'unary_operator',
  'boolean_operator',
  'import_from_statement',
  'future_import_statement',
  'aliased_import',
  'if_statement',
  'elif_clause',
  'for_statement',
  'while_statement',
  'match_statement',
  'case_clause',
  'with_item',
  'as_pattern',
  'decorated_definition',
  'function_definition',
  'class_definition',
  'default_parameter',
  'typed_default_parameter',
  'typed_parameter',
  'lambda',
  'for_in_clause',
  'list_comprehension',
  'set_comprehension',
  'dictionary_comprehension',
  'generator_expression',
  'type_alias_statement',
]);
/** Names that the grammar takes for keywords, and the pattern that captures nothing. */
const telling = new Set(['print', 'exec', 'type', '_']);
const errorKind: NodeKind = {
  type: 'ERROR',
  isNamed: true,
  isLeaf: false,
  hasFields: false,
  isIdentifier: false,
  isString: false,
  isUneven: true,
  isImplied: false,
};

function nodeKinds(language: Language): readonly NodeKind[] {
  return language.types.map((type, id) => {
    const isNamed = language.nodeTypeIsNamed(id);
    return {
      type,
      isNamed,
      isLeaf: !isNamed || leaves.has(type),
      hasFields: parentsWithFields.has(type),
      isIdentifier: type === 'identifier',
      isString: type === 'string',
      isUneven: type === 'block' || type === 'format_specifier',
      isImplied: !isNamed && !telling.has(type),
    };
  });
}

/** A node whose end, and perhaps whose start, its children tell. */
interface OpenNode {
  readonly type: string;
  start: number;
  end: number;
  readonly field: string | undefined;
  readonly isNamed: boolean;
  readonly isMissing: boolean;
  readonly children: SyntaxNode[];
  readonly hasFields: boolean;
}

const unknown = -1;

/**
 * One walk with a cursor. Each question to the cursor crosses into WebAssembly and costs as much as parsing a token, so ask only what the
 * answers so far leave open: a node begins with its first child and ends with its last. Where the code has an error that need not be so.
 */
function readTree(
  cursor: TreeCursor,
  kinds: readonly NodeKind[],
  fields: readonly (string | null)[],
  hasError: boolean,
  code: string,
): SyntaxNode {
  const open: OpenNode[] = [];
  let parent: OpenNode | undefined;
  // Where the last child of the parent ends, if that is known.
  let childEnd = unknown;
  for (;;) {
    const kind = kinds[cursor.nodeTypeId] ?? errorKind;
    if (kind.isImplied && !hasError) {
      if (parent?.start === unknown) beginAt(open, cursor.startIndex);
      childEnd = unknown;
    } else {
      const isCut = open.length >= treeDepthMax;
      const isLeaf = isCut || kind.isLeaf;
      const isAsked = hasError || kind.isUneven;
      const field = parent?.hasFields ? (fields[cursor.currentFieldId] ?? undefined) : undefined;
      const start = isLeaf || isAsked || kind.isString ? cursor.startIndex : unknown;
      if (start !== unknown && parent?.start === unknown) beginAt(open, start);
      const hasInside = !isLeaf && !(kind.isString && isConstant(code, start));
      const end = isAsked || !hasInside ? endOf(cursor, kind, code, start, hasError) : unknown;
      const node: OpenNode = {
        type: isCut ? 'ERROR' : kind.type,
        start: parent === undefined ? 0 : start,
        end: parent === undefined ? code.length : end,
        field,
        isNamed: kind.isNamed,
        isMissing: hasError && start === end && cursor.nodeIsMissing,
        children: [],
        hasFields: kind.hasFields,
      };
      parent?.children.push(node);
      childEnd = end;
      if (hasInside && cursor.gotoFirstChild()) {
        parent = node;
        open.push(node);
        continue;
      }
      if (parent === undefined) return node;
      if (node.end === unknown) childEnd = node.end = cursor.endIndex;
      if (node.start === unknown) beginAt([...open, node], cursor.startIndex);
    }
    while (!cursor.gotoNextSibling()) {
      const closed = open.pop();
      if (closed === undefined || open.length === 0) return closed ?? unparsed(code);
      if (closed.end === unknown) closed.end = childEnd === unknown ? cursor.endIndex : childEnd;
      childEnd = closed.end;
      parent = open.at(-1);
      cursor.gotoParent();
    }
  }
}

/** The innermost open nodes that have had no child yet begin here. */
function beginAt(open: readonly OpenNode[], start: number): void {
  for (let at = open.length - 1; at >= 0; at -= 1) {
    const node = itemAt(open, at);
    if (node.start !== unknown) return;
    node.start = start;
  }
}

/** Where an identifier of ASCII ends, its text tells. */
function endOf(cursor: TreeCursor, kind: NodeKind, code: string, start: number, hasError: boolean): number {
  if (!kind.isIdentifier || hasError) return cursor.endIndex;
  let end = start;
  while (isAsciiWord(code.charCodeAt(end))) end += 1;
  return code.charCodeAt(end) > 0x7f ? cursor.endIndex : end;
}

function isAsciiWord(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x30 && unit <= 0x39) || unit === 0x5f;
}

/** A string whose prefix allows no placeholders: nothing below it is read. */
function isConstant(code: string, start: number): boolean {
  for (let i = start; i < code.length; i++) {
    const c = code[i];
    if (c === '"' || c === "'") return true;
    if (c === 'f' || c === 'F' || c === 't' || c === 'T') return false;
  }
  return false;
}
