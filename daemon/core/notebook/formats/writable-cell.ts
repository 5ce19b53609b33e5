/** A cell with all that writing it in marimo's format takes. */
import type { MarkdownCall } from './marimo-markdown.ts';
import type { RawOptions } from './options.ts';

export interface WritableCell {
  readonly code: string;
  /** `_` when it has none. */
  readonly name: string;
  /** Was written as `@app.function` or `@app.class_definition`: its name is the definition's, not the cell's. */
  readonly isDefinitionCell: boolean;
  readonly options: RawOptions;
  /** Python can compile it. */
  readonly isPython: boolean;
  readonly defs: ReadonlySet<string>;
  readonly refs: ReadonlySet<string>;
  /** The code awaits something at its top level. */
  readonly isAsync: boolean;
  /** The last thing in the code is an import, a function or a class. */
  readonly endsInDefinition: boolean;
  readonly definition: WritableDefinition | undefined;
  readonly markdown: MarkdownCall | undefined;
  /** Annotated names of the cell, each by its first binding. */
  readonly annotations: readonly Annotation[];
}

/** The one definition that a cell consists of. */
export interface WritableDefinition {
  readonly name: string;
  readonly kind: 'function' | 'class';
  /** What is read when the definition is made: decorators, defaults, annotations, bases. */
  readonly signatureRefs: ReadonlySet<string>;
  readonly hasTrailingComment: boolean;
}

export interface Annotation {
  readonly name: string;
  readonly text: string;
  readonly refs: ReadonlySet<string>;
}
