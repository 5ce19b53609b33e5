/** Notebooks in marimo's format, as text. */

export interface WrittenCell {
  readonly code: string;
  /** Instead of `@app.cell`. */
  readonly decorator: string;
}

/** A cell that is not `@app.cell` alone. */
export function decorated(decorator: string, code: string): WrittenCell {
  return { code, decorator };
}

export function marimoText(cells: readonly (string | WrittenCell)[], setup?: string): string {
  const parts = cells.map((cell) =>
    typeof cell === 'string' ? cellText('@app.cell', cell) : cellText(cell.decorator, cell.code),
  );
  const before = setup === undefined ? [] : [`with app.setup:\n${indented(setup)}\n`];
  return [
    'import marimo\n\n__generated_with = "0.25.2"\napp = marimo.App()\n',
    ...before,
    ...parts,
    'if __name__ == "__main__":\n    app.run()\n',
  ].join('\n\n');
}

/** Of a function or class the code is the definition itself. */
function cellText(decorator: string, code: string): string {
  if (!decorator.startsWith('@app.cell')) return `${decorator}\n${code}\n`;
  const def = code.includes('await ') ? 'async def' : 'def';
  return `${decorator}\n${def} _():\n${indented(code)}\n    return\n`;
}

function indented(code: string): string {
  return code.replaceAll(/^(?=.)/gm, '    ');
}
