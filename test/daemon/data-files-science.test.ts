/** Readers and writers of libraries: those that open files by Python, and those that do not. */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import type { TestNotebook } from '../support/daemon.ts';
import { scienceInterpreter } from '../support/science.ts';
import { sharedDaemon } from '../support/shared-daemon.ts';

const science = await scienceInterpreter();
const python = 'python' in science ? `${dirname(science.python)}:` : '';
const daemon = sharedDaemon({ PATH: python + (process.env['PATH'] ?? '') });

const percent = (...cells: string[]): string => cells.map((code) => `# %%\n${code}\n`).join('');

const write = (text: string): void => writeFileSync(join(daemon.folder, 'a.csv'), text);

/** Runs all. What was read has been looked at when this ends: of what changes before that, nobody knows what it was. */
async function runAll(notebook: TestNotebook): Promise<void> {
  await notebook.run('all');
  await notebook.client.request('graph/plan', { session: notebook.session, mode: 'stale', roots: [] });
}

async function becomes(notebook: TestNotebook, ...statuses: string[]): Promise<void> {
  await notebook.followed.waitFor(() => notebook.statuses.join() === statuses.join());
}

it.skipIf('skipped' in science).each([
  ['pandas', 'import pandas as pd', 'pd.read_csv("a.csv").x.sum()'],
  ['pandas, memory-mapped', 'import pandas as pd', 'pd.read_csv("a.csv", memory_map=True).x.sum()'],
  ['pandas, by a name that is computed', 'import pandas as pd; name = "a"', 'pd.read_csv(name + ".csv").x.sum()'],
  ['NumPy', 'import numpy as np', 'np.loadtxt("a.csv", skiprows=1).sum()'],
  ['NumPy in C', 'import numpy as np', 'np.fromfile("a.csv", dtype="uint8").sum()'],
  ['Polars', 'import polars as pl', 'pl.read_csv("a.csv")["x"].sum()'],
  [
    'Polars, by a path in a variable',
    'import polars as pl; from pathlib import Path; p = Path("a.csv")',
    'pl.read_csv(p)["x"].sum()',
  ],
  [
    'Polars in a function',
    'import polars as pl\ndef load(name): return pl.scan_csv(name + ".csv").collect()',
    'load("a")["x"].sum()',
  ],
  ['Polars, lazily', 'import polars as pl; from pathlib import Path', 'pl.scan_csv(Path(".") / "a.csv").collect()["x"].sum()'],
])('a file that %s reads is an input (P67)', async (_library, imports, code) => {
  write('x\n1\n2\n');
  const notebook = await daemon.notebook(percent(imports, code));
  await runAll(notebook);
  expect(notebook.statuses).toEqual(['fresh', 'fresh']);
  const before = notebook.shown(1);
  write('x\n1\n3\n');
  await becomes(notebook, 'fresh', 'stale');
  expect(notebook.cell(1).reason).toBe('the file a.csv has changed');
  write('x\n1\n2\n');
  await becomes(notebook, 'fresh', 'fresh');
  write('x\n1\n3\n');
  await notebook.run('stale');
  expect([notebook.shown(1) === before, ...notebook.statuses]).toEqual([false, 'fresh', 'fresh']);
});

it.skipIf('skipped' in science).each([
  ['pandas', 'import pandas as pd', 'pd.DataFrame({"x": [N]}).to_csv("out.csv")', 'print(pd.read_csv("out.csv").x[0])'],
  ['NumPy', 'import numpy as np', 'np.save("out.npy", np.array([N]))', 'print(np.load("out.npy")[0])'],
  ['Polars', 'import polars as pl', 'pl.DataFrame({"x": [N]}).write_csv("out.csv")', 'print(pl.read_csv("out.csv")["x"][0])'],
  [
    'Polars by a computed name',
    'import polars as pl\ndef save(name, n): pl.DataFrame({"x": [n]}).write_parquet(file=name + ".parquet")',
    'save("out", N)',
    'print(pl.read_parquet(["out.parquet"])["x"][0])',
  ],
  ['joblib', 'import joblib', 'joblib.dump([N], "out.job")', 'print(joblib.load("out.job")[0])'],
])('a file that %s writes is that of the cell (P69)', async (_library, imports, writes, reads) => {
  const textOf = (n: number) => percent(imports, writes.replace('N', String(n)), reads);
  const notebook = await daemon.notebook(textOf(1));
  await runAll(notebook);
  await runAll(notebook);
  expect([notebook.shown(2), ...notebook.statuses]).toEqual(['1\n', 'fresh', 'fresh', 'fresh']);
  await notebook.edit(textOf(2));
  expect(notebook.statuses).toEqual(['fresh', 'stale', 'stale']);
  await notebook.run('reactive', 1);
  expect([notebook.shown(2), ...notebook.statuses]).toEqual(['2\n', 'fresh', 'fresh', 'fresh']);
});
