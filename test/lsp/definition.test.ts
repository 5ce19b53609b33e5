import { expect, it } from 'vitest';
import { definitionAt } from '../../lsp/features/definition.ts';
import { type CellSketch, textOf, viewOf } from './views.ts';

/** `^` in the last cell's second line marks the cursor; the result is the line that is gone to, from the first cell's first line. */
function definedIn(code: string, name: string): string | null {
  const cells: readonly CellSketch[] = [
    { code, defs: [name], children: ['c2'] },
    { code: `print(${name})`, refs: ['print', name], parents: ['c1'] },
  ];
  const lines = textOf(cells).split('\n');
  const line = lines.findIndex((text) => text.startsWith('print('));
  const range = definitionAt(viewOf(cells), { line, character: 'print('.length }, (at) => lines[at] ?? '');
  return range && `${lines[range.start.line]} @${range.start.character}`;
}

it.each([
  ['show(price_of)\nprice = 7', 'price', 'price = 7 @0'],
  ['price == 1\nprice: int = 7', 'price', 'price: int = 7 @0'],
  ['if price:\n    a, price = 1, 2', 'price', '    a, price = 1, 2 @7'],
  ['# the price\ndef price():\n    pass', 'price', 'def price(): @4'],
  ['import a.b as price', 'price', 'import a.b as price @14'],
  ['from m import (\n    x,\n    price,\n)', 'price', '    price, @4'],
  ['for price in prices:\n    pass', 'price', 'for price in prices: @4'],
  ['obj.price = 1\nif (price := 3): pass', 'price', 'if (price := 3): pass @4'],
  ['größe = 3', 'größe', 'größe = 3 @0'],
])('finds in %j the line of %s', (code, name, expected) => {
  expect(definedIn(code, name)).toBe(expected);
});

it('leaves names of the cell itself to the servers that know Python', () => {
  const cells: readonly CellSketch[] = [{ code: 'x = 1\nx', defs: ['x'] }];
  expect(definitionAt(viewOf(cells), { line: 2, character: 0 }, (at) => textOf(cells).split('\n')[at] ?? '')).toBeNull();
});
