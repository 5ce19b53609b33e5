/** The nodes that analysis reads stand where tree-sitter says, though most of them are not asked where they stand. */
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { Language, type Node, Parser } from 'web-tree-sitter';
import type { SyntaxNode } from '../../daemon/core/analysis/tree.ts';
import { parse } from '../core/analysis/support.ts';
import { analysisCases, analysisFiles } from '../core/analysis/vectors.ts';

const codes = [
  ...analysisFiles.flatMap((file) => analysisCases(file).map(({ code }) => code)),
  'x = ["a", f"{y:>{w}} {z!r:%d}", (b\n), *c]  # d\n\n\ndef f(a, *, b=1) -> int:\n    # e\n    """g"""\n    return a\n\n',
  'match x:\n    # a\n    case {"b": [1, *_], **c} if d:\n        pass  # e\n',
  'größe = ﬁ + 1; naïve.é = "ü"',
];

it('as tree-sitter says', async () => {
  await Parser.init();
  const parser = new Parser();
  const grammar = createRequire(import.meta.url).resolve('tree-sitter-python/tree-sitter-python.wasm');
  parser.setLanguage(await Language.load(grammar));
  let compared = 0;
  for (const code of codes) {
    const tree = parser.parse(code);
    // What is mended before it is parsed has no counterpart.
    if (!tree || tree.rootNode.hasError || /[\u00a0\r]|^\s*%/m.test(code)) continue;
    const known = new Set(placesOf(tree.rootNode));
    const own = placesIn(parse(code)).slice(1);
    expect(
      own.filter((place) => !known.has(place)),
      code,
    ).toEqual([]);
    compared += own.length;
    tree.delete();
  }
  expect(compared).toBeGreaterThan(3000);
});

function placesOf(node: Node): string[] {
  return [
    `${node.type} ${node.startIndex} ${node.endIndex}`,
    ...node.children.flatMap((child) => (child ? placesOf(child) : [])),
  ];
}

function placesIn(node: SyntaxNode): string[] {
  return [`${node.type} ${node.start} ${node.end}`, ...node.children.flatMap(placesIn)];
}
