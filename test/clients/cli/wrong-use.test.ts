/** Wrong use exits 2 with a sentence that says what to do, before anything runs. */
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callHeadwater, emptyFolder, headwater, writeNotebook } from './headwater.ts';

const folder = emptyFolder();
writeNotebook(folder, 'tour.py', '# %%\nprint("ran")\n');
writeNotebook(folder, 'mention.py', 'print("50 %% of marimo")\n');
writeNotebook(folder, 'printf.py', '# %\na = 1\n# %\nprint(a)\n');
writeNotebook(folder, 'plain.py', 'print("ran")\n');
writeNotebook(folder, 'notes.txt', 'notes\n');

describe('wrong use', () => {
  it.each([
    ['an unknown command', ['rum', 'tour.py'], 'Did you mean run?'],
    ['a command of another name', ['fix', 'tour.py'], 'There is no command fix. Did you mean headwater check --fix?'],
    ['that with options', ['fix', '--all', 'tour.py'], 'Did you mean headwater check --fix?'],
    ['an unknown option', ['run', 'tour.py', '--kep-going'], 'Did you mean --keep-going?'],
    ['no notebook', ['run'], "missing required argument 'notebook'"],
    ['a file that is not there', ['run', 'tuor.py'], 'tuor.py does not exist. Did you mean tour.py?'],
    ['a folder as a notebook', ['run', '.'], '. is a folder'],
    [
      'a file that is no Python',
      ['run', 'notes.txt'],
      'notes.txt is not a notebook: it has no "# %%" line and no marimo app. Put "# %%" on a line',
    ],
    [
      'a script that only mentions cells to graph',
      ['graph', 'mention.py'],
      'mention.py is not a notebook: it has no "# %%" line',
    ],
    ['cells that printf wrote to graph', ['graph', 'printf.py'], 'Its "# %" lines lack a percent sign'],
    ['a plain script to graph', ['graph', 'plain.py'], 'plain.py is not a notebook'],
    ['a parameter without a value', ['run', 'tour.py', '-p', 'a'], 'Write -p name=value'],
    ['a parameter of any type without a value', ['run', 'tour.py', '-p', 'on'], 'for example: -p on=VALUE'],
    ['a parameter without a name', ['run', 'tour.py', '-p', '=3'], 'for example: -p rate=0.5'],
    ['nothing as a parameter', ['run', 'tour.py', '-p', ''], 'for example: -p rate=0.5'],
    ['a parameter given twice', ['run', 'tour.py', '-p', 'a=1', '-p', 'a=2'], 'given twice'],
    [
      'an interpreter that is not there',
      ['run', 'tour.py', '--python', 'no/such/python'],
      'No interpreter no/such/python was found',
    ],
    ['a working directory that is not there', ['run', 'tour.py', '--cwd', 'nowhere'], 'mkdir -p nowhere'],
    ['a place without a line', ['cell', 'run', 'tour.py'], 'Write FILE:LINE, for example: tour.py:1'],
    ['two notations at once', ['graph', 'tour.py', '--json', '--dot'], 'cannot be used with'],
    ['no name of a working directory', ['run', 'tour.py', '--cwd', ''], ' is not a folder.'],
    ['no name of a file to check', ['check', ''], ' is a folder; name a notebook in it.'],
    ['a file to check that is not there', ['check', 'tuor.py'], 'Did you mean tour.py?'],
  ])('%s', async (_, args, advice) => {
    const { code, stdout, stderr } = await callHeadwater(args, { cwd: folder });
    expect(stderr).toContain(advice);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe('what is asked for by name is no error', () => {
  it.each([
    [['--version'], /^\d+\.\d+\.\d+\n$/],
    [['--help'], /headwater run examples\/tour\.py/],
    [['help', 'run'], /Examples?:\n {2}\$ headwater run/],
    ...['run', 'check', 'graph', 'cell', 'variables', 'ps', 'stop', 'daemon', 'lsp', 'connect'].map(
      (command) => [[command, '--help'], /Examples?(:| \()/] as const,
    ),
    ...['run', 'cancel', 'interrupt', 'output'].map((command) => [['cell', command, '--help'], /Examples?:\n/] as const),
    ...['status', 'log', 'stop'].map((command) => [['daemon', command, '--help'], /Examples?:\n/] as const),
  ] as const)('%j', async (args, pattern) => {
    const { code, stdout } = await callHeadwater(args);
    expect(stdout).toMatch(pattern);
    expect(code).toBe(0);
  });
});

describe('a process ends the same way', () => {
  it.each([
    [['--version'], 0, /^\d+\.\d+\.\d+\n$/, /^$/],
    [['help', 'run'], 0, /Examples?:\n {2}\$ headwater run/, /^$/],
    [['rum', 'tour.py'], 2, /^$/, /Did you mean run\?/],
    [['run', 'tuor.py'], 2, /^$/, /Did you mean tour\.py\?/],
  ] as const)('%j', async (args, code, out, told) => {
    const result = await headwater(args, { cwd: folder });
    expect(result).toEqual({ code, stdout: expect.stringMatching(out), stderr: expect.stringMatching(told) });
  });
});

describe('a runtime folder that others can open', () => {
  const open = mkdtempSync(join(tmpdir(), 'headwater-open-'));
  chmodSync(open, 0o755);

  it.each([[['ps']], [['daemon', 'status']], [['daemon', 'stop']], [['variables', 'tour.py']]])(
    'is named by %j, with what to do',
    async (args) => {
      const { code, stderr } = await callHeadwater(args, { cwd: folder, env: { HEADWATER_RUNTIME_DIR: open } });
      expect(stderr).toBe(`headwater: Others can open ${open} (mode 755). Run: chmod 700 '${open}'\n`);
      expect(code).not.toBe(0);
    },
  );
});

it('each command is described alike in the list of them', async () => {
  const { stdout } = await headwater(['--help']);
  const listed = stdout.slice(stdout.indexOf('Commands:'), stdout.indexOf('Examples:'));
  const described = [...listed.matchAll(/^ {2}(\w+).*? {2,}(\S.*)$/gm)].map(([, name, text]) => ({ name, text }));
  expect(described.map(({ name }) => name)).toContain('connect');
  expect(described.map(({ name }) => name)).not.toContain('fix');
  expect(described.filter(({ name, text }) => name !== 'help' && !/^[a-z].*[^.]$/.test(text ?? ''))).toEqual([]);
});
