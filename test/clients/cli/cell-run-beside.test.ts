/** `headwater cell run`, while others run cells of the same notebook. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { until } from '../../support/until.ts';
import { type CallOptions, callHeadwater, emptyFolder, headwater, program, writeNotebook } from './headwater.ts';

const folder = emptyFolder();
const env = { HEADWATER_RUNTIME_DIR: emptyFolder() };
const call = (args: readonly string[], options: CallOptions = {}) => callHeadwater(args, { cwd: folder, ...options, env });
const slow = 120_000;

afterAll(() => headwater(['daemon', 'stop'], { env }));

/** Cells of two lines each, below their marker. */
function notebook(name: string, ...cells: readonly string[]): (at: number) => string {
  writeNotebook(folder, name, cells.map((code) => `# %%\n${code}\n`).join(''));
  const lines = cells.map((_, at) => 1 + cells.slice(0, at).reduce((sum, code) => sum + 1 + code.split('\n').length, 0));
  return (at) => `${name}:${lines[at]}`;
}

describe('cell run beside other runs', () => {
  it('prints what its own steps print, of twenty at once', { timeout: slow }, async () => {
    const cells = Array.from(
      { length: 20 },
      (_, n) => `for i in range(4): print("cell ${n}, line", i, flush=True)\n"result ${n}"`,
    );
    const at = notebook('twenty.py', ...cells);
    const results = await Promise.all(cells.map((_, n) => call(['cell', 'run', at(n)])));
    expect(results.map(({ stdout }) => stdout)).toEqual(
      cells.map((_, n) => [0, 1, 2, 3].map((line) => `cell ${n}, line ${line}\n`).join('')),
    );
    expect(results.map(({ stderr }) => stderr)).toEqual(cells.map((_, n) => expect.stringContaining(`'result ${n}'\n`)));
    expect(results.map(({ stderr }) => stderr.match(/'result \d+'/g)?.length)).toEqual(cells.map(() => 1));
  });

  it('prints displays, errors and what stands on standard error of its own steps alone', { timeout: slow }, async () => {
    const cells = Array.from(
      { length: 6 },
      (_, n) => `import sys\nprint("err ${n}", file=sys.stderr)\ndisplay("shown ${n}")\nraise ValueError("bad ${n}")`,
    );
    const at = notebook('failing.py', ...cells);
    const results = await Promise.all(cells.map((_, n) => call(['cell', 'run', at(n)])));
    for (const [n, { stderr, code }] of results.entries()) {
      expect(code).toBe(1);
      expect(new Set(stderr.match(/(?:err|shown|bad) \d/g))).toEqual(new Set([`err ${n}`, `shown ${n}`, `bad ${n}`]));
    }
  });

  it('prints what depends on its cell, and not what another run needs', { timeout: slow }, async () => {
    const at = notebook('needs.py', 'a = 1\nprint("a")', 'b = 2\nprint("b")', 'print("from a", a)', 'print("from b", b)');
    const [a, b] = await Promise.all([call(['cell', 'run', at(0)]), call(['cell', 'run', at(1)])]);
    expect([a?.stdout, b?.stdout]).toEqual(['a\nfrom a 1\n', 'b\nfrom b 2\n']);
  });

  it('prints what the cell printed where it ran once for several', { timeout: slow }, async () => {
    const at = notebook('once.py', 'import time\nprint("begun", flush=True)\ntime.sleep(1)', 'print("once")');
    let others: Promise<readonly { readonly stdout: string; readonly stderr: string }[]> | undefined;
    await call(['cell', 'run', at(0)], {
      onOutput: ({ stdout }) => {
        if (stdout.includes('begun')) others ??= Promise.all([1, 2, 3].map(() => call(['cell', 'run', at(1)])));
      },
    });
    for (const { stdout, stderr } of (await others) ?? []) expect(stdout + stderr).toContain('once\n');
  });

  it('an interrupt takes back what waits, and leaves what another runs', { timeout: slow }, async () => {
    const runs = 'import os, time\nprint("begun", flush=True)\nwhile not os.path.exists("go"): time.sleep(0.05)\nprint("ended")';
    const at = notebook('waits.py', runs, 'print("never")');
    let waiting: Promise<{ readonly code: number | null; readonly stdout: string }> | undefined;
    const first = await call(['cell', 'run', at(0)], {
      onOutput: ({ stdout }) => {
        if (stdout.includes('begun')) waiting ??= interrupted();
      },
    });
    /** A process of its own, since a signal concerns all of one. */
    async function interrupted() {
      const child = spawn(process.execPath, [program, 'cell', 'run', at(1)], { cwd: folder, env: { ...process.env, ...env } });
      let stdout = '';
      child.stdout.on('data', (text) => {
        stdout += text;
      });
      await until(async () => (await call(['ps', 'waits.py'])).stdout.includes('queued'), 'the cell waits');
      child.kill('SIGINT');
      const [code] = await once(child, 'close');
      writeFileSync(join(folder, 'go'), '');
      return { code: code as number | null, stdout };
    }
    expect(await waiting).toMatchObject({ code: 130, stdout: '' });
    expect(first).toMatchObject({ code: 0, stdout: 'begun\nended\n' });
  });
});
