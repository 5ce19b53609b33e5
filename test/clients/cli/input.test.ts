/** `input()` and `getpass()` on the command line. */
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../daemon/kernel/package-root.ts';
import { testPython } from '../../support/kernel.ts';
import { callHeadwater, emptyFolder, headwater, program, type Result, runProgram, writeNotebook } from './headwater.ts';

const folder = emptyFolder();
const env = { HEADWATER_RUNTIME_DIR: emptyFolder() };
const notebook = (name: string, text: string) => writeNotebook(folder, name, text);

describe('run reads standard input as python FILE does', () => {
  it.each([
    ['lines', 'Ada\nLovelace\n'],
    ['a last line without an end', 'Ada\nLovelace'],
    ['the line ends of Windows', 'Ada\r\nLovelace\r\n'],
    ['all sorts of characters', 'ä€😀\n \n'],
    ['an empty line', '\n\n'],
    ['more than is read', 'Ada\nLovelace\nmore\n'],
    ['a long line', `${'x'.repeat(300_000)}\nb\n`],
  ])('%s', async (_, stdin) => {
    const path = notebook('two.py', '# %%\nfirst = input("first? ")\n# %%\nprint([first, input("second? ")])\n');
    const [ours, plain] = [await headwater(['run', path], { stdin }), await runProgram(await testPython(), [path], { stdin })];
    expect({ stdout: ours.stdout, code: ours.code }).toEqual({ stdout: plain.stdout, code: plain.code });
    expect(ours.code).toBe(0);
  });

  it.each([
    ['line by line', 'for line in sys.stdin: print(repr(line))'],
    ['as a whole', 'print(repr(sys.stdin.read()))'],
  ])('through sys.stdin %s', async (_, code) => {
    const path = notebook('stream.py', `# %%\nimport sys\nprint(input())\n# %%\n${code}\n`);
    const stdin = 'first\nsecond ä\n\nlast\n';
    const [ours, plain] = [
      await callHeadwater(['run', path], { stdin }),
      await runProgram(await testPython(), [path], { stdin }),
    ];
    expect({ stdout: ours.stdout, code: ours.code }).toEqual({ stdout: plain.stdout, code: plain.code });
    expect(ours.stdout).toContain('last');
  });

  it('also at the prompt of pdb', async () => {
    const path = notebook('stops.py', '# %%\nx = 1\nbreakpoint()\ny = x\nprint(y)\n# %%\nprint("end")\n');
    const stdin = 'p x + 1\nx = 7\nw\nc\n';
    const [ours, plain] = [
      await callHeadwater(['run', path], { stdin }),
      await runProgram(await testPython(), [path], { stdin }),
    ];
    expect({ stdout: ours.stdout, code: ours.code }).toEqual({ stdout: plain.stdout, code: plain.code });
    expect(ours.stdout).toContain('(Pdb) 2\n');
  });

  it('and its end, where input() raises EOFError', async () => {
    const path = notebook('end.py', '# %%\na = input("a? ")\n# %%\nprint("b" if a else "c")\n');
    const { stdout, stderr, code } = await headwater(['run', path]);
    expect({ stdout, code }).toEqual({ stdout: 'a? ', code: 1 });
    expect(stderr).toContain('EOFError: EOF when reading a line');
  });

  it('with --json, too', async () => {
    const path = notebook('json.py', '# %%\nprint(input("a? "))\n');
    const { stdout, code } = await callHeadwater(['run', '--json', path], { stdin: 'A\n' });
    const records = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(records).toContainEqual({ type: 'input.requested', cell: 0, line: 1, prompt: 'a? ', isPassword: false });
    expect(code).toBe(0);
  });
});

describe('on a terminal', () => {
  const talk = async (conversation: readonly (readonly [says: string, typed: string])[], ...args: string[]): Promise<Result> =>
    runProgram(
      await testPython(),
      [
        join(packageRoot(), 'test', 'support', 'terminal_talk.py'),
        JSON.stringify(conversation),
        process.execPath,
        program,
        ...args,
      ],
      { cwd: folder, env },
    );

  it('run shows what is typed, and no password', async () => {
    const path = notebook(
      'terminal.py',
      '# %%\nimport getpass\nname = input("name? ")\n# %%\nprint(name, len(getpass.getpass("key? ")))\n',
    );
    const { stdout, code } = await talk(
      [
        ['name? ', 'Ada\n'],
        ['key? ', 'secreX\u007ft\r'],
      ],
      'run',
      path,
    );
    expect(code, stdout).toBe(0);
    expect(stdout).toContain('name? Ada\r\n');
    expect(stdout).toContain('key? \r\nAda 6\r\n');
    expect(stdout).not.toContain('secre');
  });

  it('Ctrl-D ends the input, and Ctrl-C the step', async () => {
    const path = notebook('keys.py', '# %%\ntry:\n    input("a? ")\nexcept EOFError:\n    print("end")\n# %%\nimport getpass\n');
    expect((await talk([['a? ', '\u0004']], 'run', path)).stdout).toContain('end\r\n');
    for (const question of ['input("b? ")', '__import__("getpass").getpass("b? ")']) {
      const asking = notebook('interrupted.py', `# %%\n${question}\n`);
      const { stdout, code } = await talk([['b? ', '\u0003']], 'run', asking);
      expect({ code, isTold: stdout.includes('Interrupted in the cell at line 1') }, stdout).toEqual({ code: 130, isTold: true });
    }
  });

  it('pdb can be talked to', async () => {
    const path = notebook('talk.py', '# %%\nx = 1\nbreakpoint()\nprint("x is", x)\n');
    const conversation = ['p x + 41\n', 'x = 5\n', 'c\n'].map((typed) => ['(Pdb) ', typed] as const);
    const { stdout, code } = await talk(conversation, 'run', path);
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/\b42\r\n[\s\S]*x is 5\r\n/);
  });

  it('cell run answers from it', async () => {
    const path = notebook('cell.py', '# %%\nprint("got", input("a? "))\n');
    const { stdout, code } = await talk([['a? ', 'A\n']], 'cell', 'run', `${path}:1`);
    expect(code, stdout).toBe(0);
    expect(stdout).toContain('got A\r\n');
  });
});

describe('cell input', () => {
  afterAll(() => callHeadwater(['daemon', 'stop'], { env }));

  it.each([
    ['the text it is given', ['an answer'], '', "'an answer'"],
    ['a line of standard input', [], 'from there\nmore\n', "'from there'"],
  ])('answers with %s', async (_, text, stdin, shown) => {
    const path = notebook('asked.py', '# %%\nx = input("a? ")\nx\n');
    let answered: Promise<Result> | undefined;
    const { stderr, code } = await callHeadwater(['cell', 'run', `${path}:1`], {
      env,
      onOutput: ({ stdout }) => {
        if (stdout.includes('a? ')) answered ??= headwater(['cell', 'input', `${path}:1`, ...text], { env, stdin });
      },
    });
    expect(await answered).toMatchObject({ stderr: 'Answered the cell at line 1.\n', code: 0 });
    expect({ shown: stderr.includes(shown), code }, stderr).toEqual({ shown: true, code: 0 });
  });

  it('says so when nothing is asked', async () => {
    const path = notebook('quiet.py', '# %%\n1\n');
    await callHeadwater(['cell', 'run', `${path}:1`], { env });
    expect(await callHeadwater(['cell', 'input', `${path}:1`, 'x'], { env })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is waiting for input.'),
    });
    expect(await callHeadwater(['cell', 'input', `${path}:1`, 'x', '--eof'], { env })).toMatchObject({ code: 2 });
  });
});
