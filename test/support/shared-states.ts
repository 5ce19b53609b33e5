/** Notebooks whose cells share states without a variable: after an edit and a run, what is fresh shows what a fresh run of the text shows. */
import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import type { TestDaemon, TestNotebook } from './daemon.ts';
import { testEnvironment } from './kernel.ts';
import { notebookText } from './notebook-text.ts';

/** A cell is given another text, or taken out, and then run. */
type Edit = readonly [at: number, code: string | undefined];

export type Example = readonly [title: string, cells: readonly string[], ...edits: Edit[]];

export function checkExamples(daemon: TestDaemon, python: string, examples: readonly Example[]): void {
  for (const format of ['percent', 'marimo'] as const) {
    it.each(examples.map(([title, cells, ...edits]) => [title, cells, edits] as const))(
      `in a ${format} notebook that %s (P65, W33, W34)`,
      (_, cells, edits) => check(daemon, python, format, cells, edits),
    );
  }
}

async function check(
  daemon: TestDaemon,
  python: string,
  format: 'percent' | 'marimo',
  cells: readonly string[],
  edits: readonly Edit[],
): Promise<void> {
  const text = [...cells];
  const notebook = await daemon.notebook(notebookText(format, text));
  await notebook.run('all');
  expect(notebook.statuses).toEqual(text.map(() => 'fresh'));
  for (const [round, [at, code]] of edits.entries()) {
    if (code === undefined) text.splice(at, 1);
    else text[at] = code;
    await notebook.edit(notebookText(format, text));
    const fresh =
      format === 'percent' ? plainly(python, text) : await freshRun(daemon, notebookText(format, text), `fresh${round}.py`);
    expectTrue(notebook, fresh);
    if (code !== undefined) await notebook.run('reactive', at);
    expectTrue(notebook, fresh);
    await notebook.run('stale');
    expect(notebook.statuses, text.join(' / ')).toEqual(text.map(() => 'fresh'));
    expectTrue(notebook, fresh);
    for (const again of [...text.keys()].reverse()) {
      await notebook.run('upstream', again);
      expectTrue(notebook, fresh);
    }
  }
}

/** What is fresh shows what a fresh run of the text shows. */
function expectTrue(notebook: TestNotebook, fresh: readonly string[]): void {
  const shown = fresh.map((wanted, at) => (notebook.statuses[at] === 'fresh' ? printedBy(notebook, at) : wanted));
  expect(shown).toEqual(fresh);
}

async function freshRun(daemon: TestDaemon, text: string, name: string): Promise<string[]> {
  const notebook = await daemon.notebook(text, name);
  await notebook.run('all');
  return notebook.statuses.map((_, at) => printedBy(notebook, at));
}

function printedBy(notebook: TestNotebook, at: number): string {
  return notebook
    .cell(at)
    .outputs.flatMap((output) => (output.type === 'stream' ? [output.text] : []))
    .join('');
}

/** What each cell prints where plain Python runs the text. */
function plainly(python: string, cells: readonly string[]): string[] {
  const between = '--- next cell ---';
  const input = notebookText(
    'percent',
    cells.map((code) => `${code}\nprint(${JSON.stringify(between)})`),
  );
  const printed = execFileSync(python, ['-'], { input, encoding: 'utf8', env: testEnvironment() });
  return printed.split(`${between}\n`).slice(0, -1);
}
