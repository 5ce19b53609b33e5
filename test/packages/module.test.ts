import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../daemon/kernel/package-root.ts';
import { packageVersion } from '../../protocol/version.ts';
import { testPython } from '../support/kernel.ts';

const source = join(packageRoot(), 'daemon', 'worker', 'headwater');

/** What `python FILE` prints where the package is on the path, and its exit code. */
async function runPlain(...lines: readonly string[]): Promise<{ stdout: string; stderr: string; code: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'headwater-module-'));
  symlinkSync(source, join(folder, 'headwater'));
  const file = join(folder, 'notebook.py');
  writeFileSync(file, lines.join('\n'));
  return promisify(execFile)(await testPython(), ['-B', file]).then(
    ({ stdout, stderr }) => ({ stdout, stderr, code: 0 }),
    ({ stdout, stderr, code }) => ({ stdout, stderr, code }),
  );
}

describe('the module headwater under plain Python', () => {
  it.each([
    ['display(1, "a")', "1\n'a'\n"],
    ['display(md("# title")); print(md("text"))', '# title\ntext\n'],
    ['handle = display(1, display_id=True); handle.update(2); handle.display(3)', '1\n2\n3\n'],
    ['print(display(1))', '1\nNone\n'],
    ['print("kept"); clear(); clear(wait=True)', 'kept\n'],
    ['print(list(progress("ab")), len(progress("abc")))', "['a', 'b'] 3\n"],
    ['stop(False, "not shown"); print("on")', 'on\n'],
  ])('runs %s', async (code, expected) => {
    const imports = 'from headwater import clear, display, md, progress, stop';
    expect(await runPlain(imports, code)).toMatchObject({ stdout: expected, code: 0 });
  });

  it('ends the script at stop(), well', async () => {
    const found = await runPlain('import headwater', 'headwater.stop(True, headwater.md("No rows."))', 'print("never")');
    expect(found).toEqual({ stdout: 'No rows.\n', stderr: '', code: 0 });
  });

  it('writes how a progress ended, once, where there is no terminal', async () => {
    const { stderr } = await runPlain('import headwater', 'for i in headwater.progress(range(3), title="reading"): pass');
    expect(stderr).toBe(`reading: ${'█'.repeat(24)} 3 of 3\n`);
  });

  it('needs no standard error for it', async () => {
    const code = ['import headwater, sys', 'sys.stderr = None', 'print(list(headwater.progress("ab")))'];
    expect(await runPlain(...code)).toEqual({ stdout: "['a', 'b']\n", stderr: '', code: 0 });
  });
});

it('the version is the same in all places', () => {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
  expect(packageVersion).toBe(version);
  expect(readFileSync(join(source, 'client-version'), 'utf8')).toBe(`${version}\n`);
});
