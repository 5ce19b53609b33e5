import { applyEdits } from '../../../clients/cli/edits.ts';
import { type CheckOptions, checkNotebook } from '../../../daemon/core/check/check.ts';
import type { CheckedNotebook, CheckProblem } from '../../../daemon/core/check/problem.ts';
import { buildGraph } from '../../../daemon/core/graph/edit.ts';
import { Reader } from '../../../daemon/reading/reading.ts';
import { parse } from '../analysis/support.ts';

/** marimo's format, from the code of each cell; `setup:` in front makes it the setup cell. */
export function marimo(...cells: readonly string[]): string {
  const indented = (code: string) => code.replace(/^(?=.)/gm, '    ');
  const written = cells.map((code) =>
    code.startsWith('setup:')
      ? `with app.setup:\n${indented(code.slice('setup:'.length))}\n`
      : `@app.cell\ndef _():\n${indented(code)}${code === '' ? '' : '\n'}    return\n`,
  );
  return `import marimo\n\napp = marimo.App()\n\n${written.join('\n\n')}\n\nif __name__ == "__main__":\n    app.run()\n`;
}

export function script(...cells: readonly string[]): string {
  return cells.map((code) => `# %%\n${code}\n`).join('');
}

export function notebookOf(text: string): CheckedNotebook {
  const reading = new Reader(parse).read(text);
  if (typeof reading === 'string') throw new Error(`${reading}: ${text}`);
  const graph = buildGraph(
    reading.format,
    reading.cells.map(({ cell }) => cell),
  );
  return { ...reading, graph };
}

export function problemsOf(text: string, options: CheckOptions = {}): readonly CheckProblem[] {
  return checkNotebook(notebookOf(text), { parse, ...options });
}

/** Each problem as `severity code: the text at its place`. */
export function shown(text: string, options: CheckOptions = {}): readonly string[] {
  return problemsOf(text, options).map(({ severity, code, range }) => `${severity} ${code}: ${textAt(text, range)}`);
}

/** The text after the fix whose title matches. */
export function fixed(text: string, code: string, title: RegExp, nth = 0): string {
  const problem = problemsOf(text).filter((one) => one.code === code)[nth];
  const fix = problem?.fixes.find((one) => title.test(one.title));
  if (!fix) throw new Error(`no such fix: ${JSON.stringify(problem)}`);
  return applyEdits(
    text,
    fix.edits.map(({ range, newText }) => ({ range: { start: { ...range.start }, end: { ...range.end } }, newText })),
  );
}

function textAt(text: string, { start, end }: CheckProblem['range']): string {
  const lines = text.split('\n').map((line) => `${line}\n`);
  if (start.line === end.line) return (lines[start.line] ?? '').slice(start.character, end.character);
  return [
    lines[start.line]?.slice(start.character),
    ...lines.slice(start.line + 1, end.line),
    lines[end.line]?.slice(0, end.character),
  ]
    .join('')
    .trimEnd();
}
