/** The text of a notebook in either dialect, from the code of its cells. */
import type { Format } from '../../daemon/core/notebook/notebook.ts';

export interface CellText {
  readonly code: string;
  readonly isDisabled?: boolean;
}

export function notebookText(format: Format, cells: readonly (CellText | string)[]): string {
  const all = cells.map((cell) => (typeof cell === 'string' ? { code: cell } : cell));
  if (format === 'percent')
    return all.map(({ code, isDisabled }) => `# %%${isDisabled ? ' disabled=true' : ''}\n${code}\n`).join('');
  return `import marimo\n\napp = marimo.App()\n\n\n${all.map(marimoCell).join('')}if __name__ == "__main__":\n    app.run()\n`;
}

function marimoCell({ code, isDisabled }: CellText): string {
  const body = code.split('\n').map((line) => (line === '' ? '' : `    ${line}`));
  return `@app.cell${isDisabled ? '(disabled=True)' : ''}\ndef _():\n${body.join('\n')}\n    return\n\n\n`;
}
