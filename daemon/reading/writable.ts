/** A cell with all that writing it in marimo's format takes: what analysis says about it. */
import { analyze } from '../core/analysis/analyze.ts';
import type { Facts } from '../core/analysis/facts.ts';
import { shapeOf } from '../core/analysis/shape.ts';
import type { RawOptions } from '../core/notebook/formats/options.ts';
import type { WritableCell } from '../core/notebook/formats/writable-cell.ts';
import type { Parse } from '../parser/parser.ts';

export interface PlainCell {
  readonly code: string;
  readonly name: string;
  readonly isDefinitionCell: boolean;
  /** Known to be no Python, whatever the grammar makes of it. */
  readonly isUnparsable: boolean;
  readonly options: RawOptions;
}

export interface AnalysedCell {
  readonly cell: WritableCell;
  readonly facts: Facts;
}

export function analyseForMarimo(parse: Parse, plain: PlainCell): AnalysedCell {
  const { code, name, isDefinitionCell, options } = plain;
  const tree = parse(code);
  const facts = analyze(code, tree, { format: 'marimo' });
  const shape = shapeOf(code, tree, facts);
  const refsOf = (source: string) => new Set(analyze(source, parse(source), { format: 'marimo' }).refs.keys());
  const { definition } = shape;
  const cell: WritableCell = {
    code,
    name,
    isDefinitionCell,
    options,
    isPython: shape.isPython && !plain.isUnparsable,
    defs: new Set(facts.defs.keys()),
    refs: shape.refs,
    isAsync: shape.isAsync,
    endsInDefinition: shape.endsInDefinition,
    markdown: shape.markdown,
    annotations: shape.annotations,
    definition: definition && {
      name: definition.name,
      kind: definition.kind,
      signatureRefs: refsOf(definition.signature),
      hasTrailingComment: definition.hasTrailingComment,
    },
  };
  return { cell, facts };
}
