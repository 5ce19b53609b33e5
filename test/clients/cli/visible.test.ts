/** What a terminal would obey is shown as text, unless the program itself prints it. */
import { expect, it } from 'vitest';
import { visible } from '../../../clients/cli/say.ts';
import { callHeadwater, emptyFolder, writeNotebook } from './headwater.ts';

const folder = emptyFolder();
const call = (...args: readonly string[]) => callHeadwater(args, { cwd: folder });
const title = '\u001b]0;owned\u0007\u009b31m\u202eside';
const name = `odd\u001b[31m${'\u0007'}.py`;
const text = `# %% ${title}\nx = "\u001b[2J\u009b"; y = missing\n# %%\nx = 2\nimport os; os.chdir("\u001b[2J")\n# %%\nprint(x, "\u001b[1mbold\u001b[0m")\n`;
writeNotebook(folder, name, text);
writeNotebook(folder, 'broken.py', `# %% ${title}\nx = \u001b]0;a\u0007 = "\u001b[2J"\n`);
writeNotebook(folder, 'fails.py', `# %% ${title}\nx = 1\n# %%\nraise ValueError("\u001b[1mloud")\n# %%\nprint(x)\n`);
writeNotebook(folder, 'prints.py', '# %%\nprint("\\x1b[1mbold\\u202e")\n');

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

it.each([
  [['check', '.']],
  [['check', '--strict', '.']],
  [['check', '--format', 'json', '.']],
  [['check', '--format', 'github', '.']],
  [['check', `no${name}`]],
  [['check', 'broken.py']],
  [['graph', name]],
  [['graph', '--format', 'json', name]],
  [['run', `no${name}`]],
  [['run', 'broken.py']],
  [['run', '--json', 'fails.py']],
  [['run', name, '-p', 'a\u001b[31m=1']],
  [['convert', name, `${name}.md`]],
  [['convert', `no${name}`, '-']],
  [['cell', 'run', `${name}:1\u001b[31m`]],
  [['\u001b[31mwrong']],
])('%j', async (args) => {
  const { stdout, stderr } = await call(...args);
  expect(stdout + stderr).not.toBe('');
  expect(stdout).not.toMatch(obeyed);
  expect(stderr).not.toMatch(obeyed);
});

it('JSON stays what it was', async () => {
  const { stdout } = await call('check', '--format', 'json', name);
  expect(JSON.parse(stdout)).toMatchObject({ path: name });
});

it('what the program prints, raises or exits with is its own', async () => {
  expect((await call('run', 'prints.py')).stdout).toBe('\u001b[1mbold\u202e\n');
  expect((await call('run', 'fails.py')).stderr).toContain('ValueError: \u001b[1mloud');
});

it('a written notebook holds what was read', async () => {
  expect((await call('convert', '--to', 'percent', name, '-')).stdout).toContain('"\u001b[1mbold\u001b[0m"');
});

it('tabs, line feeds and letters stay', () => {
  expect(visible('a\tb\nä 漢 😀\u001b')).toBe('a\tb\nä 漢 😀\\u001b');
});
