/** What `python FILE` prints for a script, cell by cell. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { TestNotebook } from './daemon.ts';

const mark = '\u001e';

/** Of the cells up to the one that fails; its own text counts, too. */
function printedByPython(cells: readonly string[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'hw-plain-'));
  const file = join(folder, 'plain.py');
  writeFileSync(file, cells.map((code) => `# %%\n${code}\nprint(${JSON.stringify(mark)}, end="")\n`).join(''));
  const { stdout } = spawnSync('python3', [file], { cwd: folder, encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  return stdout.split(mark).slice(0, cells.length);
}

/** Fresh cells show what Python prints; where Python fails, so does the cell, and none below it is compared. */
export function expectAsPython(notebook: TestNotebook, cells: readonly string[]): void {
  const printed = printedByPython(cells);
  const last = printed.length - 1;
  const fails = printed.length < cells.length || printed[last] === undefined;
  for (const [at, text] of printed.entries()) {
    if (fails && at === last) expect(notebook.statuses[at], cells[at]).not.toBe('fresh');
    else if (notebook.statuses[at] === 'fresh') expect(notebook.shown(at), cells[at]).toBe(text);
  }
}
