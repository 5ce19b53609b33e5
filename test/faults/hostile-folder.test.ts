/** A folder from someone who wants code to run: opening, hovering, checking, listing and converting start none of it, as the system sees it. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Client, connect } from '../../clients/node/client.ts';
import { packageRoot } from '../../daemon/kernel/package-root.ts';
import { program } from '../clients/cli/headwater.ts';
import { testPython } from '../support/kernel.ts';
import { until } from '../support/until.ts';

const python = await testPython();

/** Whether processes can be traced here. */
function canTrace(): boolean {
  try {
    execFileSync('strace', ['-f', '-o', '/dev/null', '-e', 'trace=execve', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const isTraced = canTrace();
if (!isTraced) console.warn('skipped: what a hostile folder starts, because there is no strace here, or it may not trace');

interface Hostile {
  readonly folder: string;
  readonly notebook: string;
  readonly environment: Record<string, string>;
  /** What was started says so here. */
  readonly ran: string;
}

/** Written to where something of the folder runs. */
function hostile(hasEnvironment = true): Hostile {
  const root = mkdtempSync(join(tmpdir(), 'headwater-hostile-'));
  const folder = join(root, 'project');
  const ran = join(root, 'ran');
  const write = (name: string, text: string, mode = 0o644) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text, { mode });
    chmodSync(join(folder, name), mode);
  };
  const shell = `#!/bin/sh\necho "$0" >> ${ran}\nexec ${python} "$@"\n`;
  const code = `open(${JSON.stringify(ran)}, "a").write(__file__ + "\\n")\n`;
  for (const name of [
    'evil/bin/python3',
    'bin/python3',
    'bin/git',
    'bin/env',
    'bin/sh',
    'bin/mkfifo',
    'bin/ps',
    '.venv/bin/python',
    '.venv/bin/python3',
  ])
    write(name, shell, 0o755);
  write('.venv/pyvenv.cfg', `home = ${join(folder, 'evil/bin')}\ninclude-system-site-packages = true\n`);
  write('.venv/lib/python3.12/site-packages/evil.pth', `import evil_by_pth\n${join(folder, 'elsewhere')}\n`);
  for (const module of [
    'sitecustomize',
    'usercustomize',
    'json',
    'ast',
    'os',
    'compiling',
    'finding',
    'regular_file',
    'headwater',
    'encodings/__init__',
    'helpers',
    'conftest',
  ])
    write(`${module}.py`, code);
  for (const module of ['sitecustomize', 'evil_by_pth', 'helpers2/__init__'])
    write(`.venv/lib/python3.12/site-packages/${module}.py`, code);
  write('.tool-versions', `python path:${join(folder, 'evil')}\n`);
  write(
    'mise.toml',
    `[tools]\npython = "path:${join(folder, 'evil')}"\n[env]\n_.source = "./evil.sh"\n[hooks]\nenter = "./evil.sh"\n`,
  );
  write('.python-version', `${join(folder, 'evil')}\n`);
  write('.envrc', './evil.sh\n');
  write('evil.sh', shell, 0o755);
  for (const hook of ['post-checkout', 'pre-commit', 'fsmonitor']) write(`.git/hooks/${hook}`, shell, 0o755);
  write('.git/config', `[core]\n\tfsmonitor = ${join(folder, '.git/hooks/fsmonitor')}\n`);
  write('pyproject.toml', '[tool.headwater]\nstrict = true\n[build-system]\nrequires = ["./evil"]\n');
  write('package.json', '{ "type": "module", "main": "./evil.mjs" }');
  for (const name of ['evil.mjs', '.pnp.cjs', 'node_modules/web-tree-sitter/index.js', 'node_modules/commander/index.js'])
    write(name, `require("fs").appendFileSync(${JSON.stringify(ran)}, __filename)`);
  for (const name of ['pipe.py', 'pipe.pth', '.venv/lib/python3.12/site-packages/pipe.pth'])
    execFileSync('mkfifo', [join(folder, name)]);
  symlinkSync('/dev/zero', join(folder, 'zero.py'));
  const notebook =
    '# %%\nimport helpers, helpers2, json\nfrom helpers import *\nfrom json import *\n# %%\nimport zero, pipe\nx = open("pipe.py")\n# %%\nimport nowhere_at_all\n';
  write('n.py', notebook);
  // Without it, the shims are asked which Python it is.
  if (!hasEnvironment) rmSync(join(folder, '.venv'), { recursive: true });
  const shims = shimFolder(root);
  const PATH = [shims, ...(process.env['PATH'] ?? '').split(delimiter).filter((one) => !one.includes('shims'))].join(delimiter);
  const home = join(root, 'home');
  mkdirSync(home);
  const environment = {
    PATH,
    HOME: home,
    HEADWATER_RUNTIME_DIR: join(root, 'run'),
    PWD: folder,
    OLDPWD: folder,
    PYENV_DIR: folder,
  };
  return { folder, notebook: join(folder, 'n.py'), environment, ran };
}

/** As asdf makes them: the nearest `.tool-versions` above says which program is started. */
function shimFolder(root: string): string {
  const shims = join(root, 'shims');
  mkdirSync(shims);
  const shim = `#!/bin/sh
at="\${PYENV_DIR:-$PWD}"
while [ "$at" != / ]; do
  if [ -f "$at/.tool-versions" ]; then exec "$(sed -n 's/^python path://p' "$at/.tool-versions")/bin/python3" "$@"; fi
  at=$(dirname "$at")
done
exec ${python} "$@"
`;
  for (const name of ['python', 'python3']) {
    writeFileSync(join(shims, name), shim);
    chmodSync(join(shims, name), 0o755);
  }
  return shims;
}

/** Runs a program under the system's eyes: what it and its children started. */
async function traced(hostile: Hostile, args: readonly string[], input?: (stdin: NodeJS.WritableStream) => void) {
  const trace = join(dirname(hostile.folder), `trace-${Math.random()}`);
  const options = ['-f', '-qq', '-s', '4096', '-o', trace, '-e', 'trace=execve,execveat'];
  const child = spawn('strace', [...options, process.execPath, ...args], {
    cwd: hostile.folder,
    env: hostile.environment,
    stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    timeout: 100_000,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (text) => (stdout += text));
  child.stderr?.on('data', (text) => (stderr += text));
  if (input && child.stdin) input(child.stdin);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { stdout, stderr, code, ...started(trace, hostile) };
}

/** Programs that were started, and those of the folder among them: by their path, or as what an interpreter was to run. */
function started(trace: string, { folder, ran }: Hostile) {
  const lines = readFileSync(trace, 'utf8')
    .split('\n')
    .filter((line) => /execve(?:at)?\(/.test(line) && /= 0$/.test(line));
  const ofFolder = lines.filter((line) => {
    const [, path = '', argv = ''] = /execve(?:at)?\((?:[^"]*)"((?:[^"\\]|\\.)*)", \[(.*?)\](?:,|$)/.exec(line) ?? [];
    return (
      path.startsWith(`${folder}/`) ||
      path.startsWith('./') ||
      argv
        .split(', ')
        .slice(1, 2)
        .some((one) => one.includes(`${folder}/`) && /\.(?:sh|mjs)"$/.test(one))
    );
  });
  return { programs: lines.length, ofFolder, ran: existsSync(ran) ? readFileSync(ran, 'utf8') : '' };
}

/** Undefined where none listens yet. */
function daemonOf({ environment }: Hostile): Promise<Client | undefined> {
  return connect({ clientName: 'test', environment, start: false }).catch(() => undefined);
}

async function listening(hostile: Hostile): Promise<Client> {
  let client: Client | undefined;
  await until(async () => {
    client = await daemonOf(hostile);
    return client !== undefined;
  }, 'the daemon listens');
  return client as unknown as Client;
}

const nothing = { ofFolder: [], ran: '' };
const slow = 180_000;

describe.skipIf(!isTraced)('nothing of a hostile folder is started (W42)', () => {
  const commands: readonly (readonly [string, readonly string[], number])[] = [
    ['check', ['check', 'n.py'], 0],
    ['check with fixes', ['check', '--fix', '--strict', 'n.py'], 1],
    ['check of all of it', ['check', '.'], 0],
    ['graph', ['graph', 'n.py'], 0],
    ['convert', ['convert', 'n.py', 'out.py', '--to', 'marimo'], 0],
    ['convert to Jupyter', ['convert', 'n.py', 'out.ipynb'], 0],
  ];
  const cases = commands.flatMap(([name, args, code]) => [
    [name, args, code, true] as const,
    [`${name}, without an environment`, args, code, false] as const,
  ]);

  it.each(cases)('by %s', { timeout: slow }, async (_, args, code, hasEnvironment) => {
    const folder = hostile(hasEnvironment);
    const result = await traced(folder, [program, ...args]);
    expect(result).toMatchObject({ ...nothing, code });
    expect(result.programs).toBeGreaterThan(args[0] === 'check' ? 1 : 0);
    if (args[0] === 'check' && hasEnvironment) expect(result.stdout + result.stderr).toContain('nowhere_at_all');
  });

  it.each([true, false])(
    'by opening it in a daemon, typing, saving and asking about it (.venv: %s)',
    { timeout: slow },
    async (has) => {
      const folder = hostile(has);
      const daemonMain = join(packageRoot(), 'dist', 'daemon', 'main.js');
      const running = traced(folder, [daemonMain]);
      const client = await listening(folder);
      const text = readFileSync(folder.notebook, 'utf8');
      const { view } = await client.request('session/open', {
        path: folder.notebook,
        text,
        version: 1,
        environment: folder.environment,
      });
      const { session } = view;
      await client.request('text/change', { session, version: 2, changes: [{ text: `${text}# %%\nimport more_of_nothing\n` }] });
      await client.request('text/save', { session });
      await until(async () => {
        const attached = await client.request('session/attach', { session });
        return attached.view?.problems.some(({ message }) => message.includes('more_of_nothing')) ?? false;
      }, 'the world is looked at');
      await client.request('graph/plan', { session, mode: 'all' });
      await client.request('kernel/info', { session });
      await client.request('variables/list', { session });
      await client.request('graph/check', { path: folder.notebook, world: true, environment: folder.environment });
      await client.request('notebook/convert', { path: folder.notebook, environment: folder.environment });
      await client.request('server/stop', {});
      expect(await running).toMatchObject(nothing);
    },
  );

  it('by an editor that opens it, hovers and asks for actions', { timeout: slow }, async () => {
    const folder = hostile();
    const uri = `file://${folder.notebook}`;
    const text = readFileSync(folder.notebook, 'utf8');
    const position = { line: 1, character: 8 };
    const at = { textDocument: { uri }, range: { start: position, end: position }, position, context: { diagnostics: [] } };
    const messages: readonly object[] = [
      { id: 1, method: 'initialize', params: { processId: null, rootUri: `file://${folder.folder}`, capabilities: {} } },
      { method: 'initialized', params: {} },
      { method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: 'python', version: 1, text } } },
      ...['hover', 'codeAction', 'codeLens', 'documentSymbol', 'definition', 'foldingRange'].map((name, n) => ({
        id: n + 2,
        method: `textDocument/${name}`,
        params: at,
      })),
      { method: 'textDocument/didSave', params: { textDocument: { uri } } },
    ];
    const result = await traced(folder, [program, 'lsp'], (stdin) => {
      const send = (message: object) => {
        const body = JSON.stringify({ jsonrpc: '2.0', ...message });
        stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
      };
      for (const message of messages) send(message);
      // The daemon that it starts is one of its children, and is looked at until it ends.
      void until(async () => {
        const client = await daemonOf(folder);
        const [open] = client ? (await client.request('session/list', {})).sessions : [];
        const answer = open && (await client?.request('session/attach', { session: open.session }));
        const isKnown = answer?.view?.problems.some(({ message }) => message.includes('nowhere_at_all')) ?? false;
        if (isKnown) await client?.request('server/stop', {}).catch(() => undefined);
        client?.close();
        return isKnown;
      }, 'the daemon has looked at the notebook').finally(() => {
        send({ id: 99, method: 'shutdown' });
        send({ method: 'exit' });
        stdin.end();
      });
    });
    expect(result).toMatchObject(nothing);
    expect(result.stdout).toContain('"id":7');
  });

  it('but by a run it is: the test can tell', { timeout: slow }, async () => {
    const folder = hostile();
    const result = await traced(folder, [program, 'run', '--keep-going', 'n.py']);
    expect(result.ran).toContain('.venv/bin/python');
    expect(result.ofFolder).not.toEqual([]);
  });
});
