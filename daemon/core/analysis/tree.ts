/**
 * The few fields of a syntax node that analysis reads. A parser outside the core builds these plain values in one walk
 * (see `daemon/parser`), so that the same analysis runs in the daemon, in a test and in a page. What a parent's type implies is left out:
 * punctuation, operators and keywords (but where the code has an error), and what is inside strings without placeholders.
 */
export interface SyntaxNode {
  /** tree-sitter-python's node type: `assignment`, `identifier`, `"="`, `ERROR` … */
  readonly type: string;
  /** Offsets in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
  /** The name of the field in its parent that holds this node: `left`, `body`, `name` … Told where analysis asks for it. */
  readonly field: string | undefined;
  readonly isNamed: boolean;
  /** Inserted by error recovery: it has no text. */
  readonly isMissing: boolean;
  readonly children: readonly SyntaxNode[];
}

/** The whole of a cell. */
export interface SyntaxTree extends SyntaxNode {
  /** Somewhere in it the parser met what it could not read. */
  readonly hasError: boolean;
}
