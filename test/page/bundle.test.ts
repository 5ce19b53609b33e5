/** The parts that run anywhere import nothing of Node, and use nothing of it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readSources } from '../support/imports.ts';
import { bundleErrors, bundleForPage } from './bundle.ts';

const root = join(import.meta.dirname, '..', '..');

interface Project {
  readonly compilerOptions?: { readonly types?: readonly string[]; readonly lib?: readonly string[] };
  readonly files?: readonly string[];
  readonly exclude?: readonly string[];
}

function projectIn(folder: string): Project {
  return JSON.parse(readFileSync(join(root, folder, 'tsconfig.json'), 'utf8'));
}

/** All in the folder, but for what is excluded and not named. */
function filesOf(folder: string): readonly string[] {
  const { files = [], exclude = [] } = projectIn(folder);
  const isIn = (path: string, places: readonly string[]) =>
    places.map((place) => posix.join(folder, place)).some((place) => path === place || path.startsWith(`${place}/`));
  return [...readSources(root, [folder]).keys()].filter((path) => isIn(path, files) || !isIn(path, exclude));
}

const anywhere = ['protocol', 'daemon/core', 'daemon', 'clients/view'];
const files = anywhere.flatMap(filesOf);

describe('the parts that run anywhere', () => {
  it('can be bundled for a browser, each of them', async () => {
    const bundled = await bundleForPage(files.map((file) => `import './${file}';`).join('\n'));
    expect(files.length).toBeGreaterThan(150);
    expect(files.filter((file) => !bundled.files.includes(file))).toEqual([]);
    expect(
      bundled.files.filter((file) => file.endsWith('.ts') && !files.includes(file) && !file.startsWith('node_modules/')),
    ).toEqual([]);
  });

  it('are those that a session and a server are made of', async () => {
    const { files: used } = await bundleForPage("export * from './test/page/page.ts';");
    expect(used.filter((file) => /^(?:protocol|daemon)\//.test(file) && !files.includes(file))).toEqual([]);
    expect(used).toEqual(
      expect.arrayContaining(['daemon/server/server.ts', 'daemon/session/session.ts', 'daemon/parser/parser.ts']),
    );
  });

  it.each(['node:fs', 'fs', 'node:timers/promises', 'vscode-jsonrpc/node'])('could not import %s', async (name) => {
    expect(await bundleErrors(`import '${name}';`)).toEqual([expect.stringContaining(`Could not resolve "${name}"`)]);
  });

  it('could not import what is for Node', async () => {
    expect((await bundleErrors("import './daemon/node/host.ts';")).join('\n')).toContain('Could not resolve "node:fs"');
  });
});

describe('the compiler', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  /** As the parts of the project are compiled. */
  function compile(project: string, code: string): string {
    const folder = mkdtempSync(join(root, 'build', 'planted-'));
    folders.push(folder);
    const inside = { rootDir: '.', outDir: '.', declarationDir: '.', tsBuildInfoFile: './tsbuildinfo' };
    const config = { extends: join(root, project, 'tsconfig.json'), files: ['./planted.ts'], include: [], references: [] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ ...config, compilerOptions: inside }));
    writeFileSync(join(folder, 'planted.ts'), `export const planted: unknown = ${code};\n`);
    try {
      return execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], { encoding: 'utf8' });
    } catch (error) {
      return (error as { readonly stdout: string }).stdout;
    }
  }

  const globals = [
    'setImmediate',
    'setTimeout',
    'Buffer',
    'process',
    'console',
    'performance',
    'TextEncoder',
    'document',
    'fetch',
  ];

  it.each(anywhere)('refuses in %s what only Node or a browser has', (project) => {
    const refused = compile(project, `[${globals.join(', ')}]`);
    expect(globals.filter((name) => !refused.includes(`Cannot find name '${name}'`))).toEqual([]);
    expect(compile(project, '[Date, Map, Promise]')).toBe('');
  });
});
