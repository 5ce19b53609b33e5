import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyLayers, importCycles, importsOf, impurities, layerViolations, readSources, type Table } from './support/imports.ts';
import { lineCount, longFiles } from './support/lengths.ts';
import { namesDeclaredAgain } from './support/names.ts';

const parts = ['store', 'transport', 'session', 'server', 'node'].map((part) => `daemon/${part}`);

/** Who may import whom, from the bottom up. What is not said here is not allowed; docs/architecture.md says why. */
const table: Table = {
  // Both ends need it, also where there is no Node.
  protocol: { layers: [], packages: ['msgpackr', 'vscode-jsonrpc', 'zod'] },
  'protocol/node/regular-file.ts': { layers: [], packages: ['node'] },
  'protocol/node': { layers: ['protocol'], packages: ['node', 'vscode-jsonrpc', 'zod'] },

  'daemon/core/text.ts': { layers: [] },
  'daemon/core/assert.ts': { layers: [] },
  'daemon/core/collections': { layers: ['daemon/core/assert.ts'] },
  'daemon/core/paths.ts': { layers: [] },
  'daemon/core/notebook': { layers: ['daemon/core/assert.ts', 'daemon/core/collections', 'daemon/core/text.ts'] },
  'daemon/core/analysis': { layers: ['daemon/core/text.ts'] },
  'daemon/core/graph': {
    layers: ['daemon/core/assert.ts', 'daemon/core/collections', 'daemon/core/notebook', 'daemon/core/analysis'],
  },
  'daemon/core/check': {
    layers: ['daemon/core/assert.ts', 'daemon/core/text.ts', 'daemon/core/notebook', 'daemon/core/analysis', 'daemon/core/graph'],
  },
  'daemon/core/outline': {
    layers: ['daemon/core/assert.ts', 'daemon/core/notebook', 'daemon/core/analysis', 'daemon/core/graph'],
  },
  'daemon/core/scheduler': {
    layers: [
      'daemon/core/assert.ts',
      'daemon/core/collections',
      'daemon/core/notebook',
      'daemon/core/analysis',
      'daemon/core/graph',
    ],
  },

  'daemon/limits.ts': { layers: [] },
  'daemon/host.ts': { layers: [] },
  'daemon/paths.ts': { layers: ['protocol/node'], packages: ['node'] },
  'daemon/log.ts': { layers: ['daemon/limits.ts'], packages: ['node'] },
  'daemon/parser': {
    layers: ['daemon/core/assert.ts', 'daemon/core/notebook', 'daemon/core/analysis'],
    packages: ['web-tree-sitter'],
  },
  // All that others know of kernels. What holds for Python processes alone is the rest of the folder's.
  'daemon/kernel/kernel.ts': { layers: [] },
  'daemon/kernel/provider.ts': { layers: ['daemon/kernel/kernel.ts'] },
  'daemon/kernel': {
    layers: [
      'protocol/node/escaped-bytes.ts',
      'protocol/node/regular-file.ts',
      'protocol/utf8.ts',
      'protocol/version.ts',
      'daemon/core/assert.ts',
      'daemon/limits.ts',
    ],
    packages: ['node', 'zod'],
  },
  'daemon/store': { layers: ['daemon/core/assert.ts', 'daemon/host.ts', 'daemon/limits.ts'] },
  'daemon/transport': { layers: ['protocol', 'protocol/node', 'daemon/limits.ts'], packages: ['node'] },
  'daemon/transport/memory.ts': { layers: ['protocol', 'daemon/host.ts'], packages: ['vscode-jsonrpc'] },
  'daemon/reading': {
    layers: [
      'protocol',
      'daemon/core/assert.ts',
      'daemon/core/collections',
      'daemon/core/notebook',
      'daemon/core/analysis',
      'daemon/core/graph',
      'daemon/host.ts',
      'daemon/limits.ts',
      'daemon/parser',
    ],
  },
  'daemon/problems': {
    layers: [
      'protocol',
      'daemon/core/assert.ts',
      'daemon/core/notebook',
      'daemon/core/analysis',
      'daemon/core/graph',
      'daemon/core/check',
      'daemon/core/paths.ts',
      'daemon/host.ts',
      'daemon/limits.ts',
      'daemon/parser',
      'daemon/reading',
    ],
    packages: ['smol-toml'],
  },
  'daemon/convert': {
    layers: [
      'protocol',
      'daemon/core/notebook',
      'daemon/core/analysis',
      'daemon/core/graph',
      'daemon/core/check',
      'daemon/limits.ts',
      'daemon/parser',
      'daemon/reading',
      'daemon/problems',
    ],
  },
  // The rooms of a session, which nobody reaches into from outside.
  'daemon/session/told': {
    layers: [
      'protocol',
      'daemon/core/assert.ts',
      'daemon/core/collections',
      'daemon/core/notebook',
      'daemon/core/analysis',
      'daemon/core/graph',
      'daemon/core/outline',
      'daemon/core/check',
      'daemon/core/scheduler',
      'daemon/core/paths.ts',
      'daemon/limits.ts',
      'daemon/reading',
    ],
  },
  'daemon/session/running': {
    layers: [
      'protocol',
      'daemon/core/assert.ts',
      'daemon/core/paths.ts',
      'daemon/core/notebook',
      'daemon/core/analysis',
      'daemon/core/graph',
      'daemon/core/scheduler',
      'daemon/limits.ts',
      'daemon/kernel/kernel.ts',
      'daemon/kernel/provider.ts',
      'daemon/session/told',
    ],
  },
  'daemon/session/shown': {
    layers: [
      'protocol',
      'daemon/core/notebook',
      'daemon/core/scheduler',
      'daemon/host.ts',
      'daemon/limits.ts',
      'daemon/kernel/kernel.ts',
      'daemon/store',
      'daemon/session/told',
      'daemon/session/running',
    ],
  },
  'daemon/session/sources': {
    layers: [
      'protocol',
      'daemon/core/notebook',
      'daemon/core/scheduler',
      'daemon/core/paths.ts',
      'daemon/host.ts',
      'daemon/limits.ts',
      'daemon/kernel/kernel.ts',
      'daemon/parser',
      'daemon/reading',
    ],
  },
  'daemon/session/loop': {
    layers: [
      'daemon/core/graph',
      'daemon/core/check',
      'daemon/core/scheduler',
      'daemon/host.ts',
      'daemon/kernel/kernel.ts',
      'daemon/problems',
      'daemon/session/told',
      'daemon/session/running',
      'daemon/session/shown',
      'daemon/session/sources',
    ],
  },
  'daemon/session': {
    layers: [
      'protocol',
      'daemon/core/notebook',
      'daemon/core/outline',
      'daemon/core/check',
      'daemon/core/scheduler',
      'daemon/core/paths.ts',
      'daemon/host.ts',
      'daemon/limits.ts',
      'daemon/parser',
      'daemon/kernel/kernel.ts',
      'daemon/kernel/provider.ts',
      'daemon/store',
      'daemon/reading',
      'daemon/problems',
    ],
  },
  // Questions about a file's graph are answered by handlers, without a session.
  'daemon/server': {
    layers: [
      'protocol',
      'daemon/core/assert.ts',
      'daemon/core/notebook',
      'daemon/core/graph',
      'daemon/core/outline',
      'daemon/core/check',
      'daemon/core/scheduler',
      'daemon/host.ts',
      'daemon/limits.ts',
      'daemon/parser',
      'daemon/reading',
      'daemon/problems',
      'daemon/convert',
      'daemon/session',
      'daemon/store',
    ],
  },
  // What only Node can do for the parts that run anywhere.
  'daemon/node': {
    layers: [
      'protocol/node/escaped-bytes.ts',
      'protocol/node/regular-file.ts',
      'daemon/host.ts',
      'daemon/limits.ts',
      'daemon/parser',
      'daemon/kernel',
      'daemon/store',
      'daemon/problems',
      'daemon/session',
    ],
    packages: ['node', 'tree-sitter-python', 'web-tree-sitter'],
  },
  // Where the parts are put together, and the two programs that this is for: a process of its own, and another one.
  'daemon/assemble.ts': { layers: ['daemon/kernel/cpython-provider.ts', ...parts], packages: ['node'] },
  // The same parts again, in threads of the daemon.
  'daemon/threads': {
    layers: [
      'protocol',
      'protocol/node',
      'daemon/limits.ts',
      'daemon/assemble.ts',
      'daemon/reading',
      'daemon/session',
      'daemon/server',
    ],
    packages: ['node', 'vscode-jsonrpc'],
  },
  'daemon/main.ts': {
    layers: [
      'protocol',
      'protocol/node',
      'daemon/limits.ts',
      'daemon/log.ts',
      'daemon/paths.ts',
      'daemon/assemble.ts',
      'daemon/node',
      'daemon/reading',
      'daemon/threads',
      'daemon/transport',
    ],
    packages: ['node'],
  },
  'daemon/embedded.ts': {
    layers: [
      'protocol',
      'daemon/assemble.ts',
      'daemon/kernel/cpython-provider.ts',
      'daemon/node',
      'daemon/store',
      'daemon/transport/memory.ts',
    ],
    packages: ['node'],
  },
  // What needs no session, and therefore no server.
  'daemon/stateless.ts': { layers: ['protocol', 'daemon/server', 'daemon/node'] },

  'clients/view': { layers: ['protocol'], packages: ['vscode-jsonrpc'] },
  'clients/node': { layers: ['protocol', 'protocol/node', 'clients/view'], packages: ['node', 'vscode-jsonrpc'] },
  lsp: {
    layers: ['protocol', 'clients/node'],
    packages: ['node', 'vscode-languageserver', 'vscode-languageserver-textdocument'],
  },
  'clients/cli': {
    layers: ['protocol', 'protocol/node', 'protocol/node/regular-file.ts', 'clients/view', 'clients/node'],
    packages: ['node', 'commander'],
  },
  // `run` needs no daemon: it speaks the protocol to a server in its own process; `check`, `graph` and `convert` need no server either.
  // The Python of `run` starts while the rest is loaded.
  'clients/cli/embedded.ts': {
    layers: ['clients/node', 'daemon/embedded.ts', 'daemon/kernel/early.ts', 'daemon/stateless.ts'],
  },
  'clients/cli/commands/lsp.ts': { layers: ['lsp/server.ts'], packages: ['commander'] },
  // How the programs start in the bundle.
  bundle: { layers: ['daemon/node/tiering.ts'], packages: ['node'] },
};

/** The same thing on both sides of a wall: neither side may import the other, and one thing has one name. */
const sharedNames = {
  CellId: ['daemon/core/notebook/notebook.ts', 'protocol/cell-id.ts'],
  CellKind: ['daemon/core/notebook/notebook.ts', 'protocol/types.ts'],
  FileFormat: ['daemon/core/notebook/formats/document.ts', 'protocol/methods.ts'],
  Fix: ['daemon/core/check/problem.ts', 'protocol/types.ts'],
  InterruptLevel: ['daemon/kernel/kernel.ts', 'protocol/types.ts'],
  Loss: ['daemon/core/notebook/formats/document.ts', 'protocol/methods.ts'],
  PlannedStep: ['daemon/core/scheduler/state.ts', 'protocol/types.ts'],
  Position: ['daemon/core/text.ts', 'protocol/types.ts'],
  Range: ['daemon/core/text.ts', 'protocol/types.ts'],
  RunMode: ['daemon/core/scheduler/state.ts', 'protocol/types.ts'],
  Severity: ['daemon/core/check/problem.ts', 'protocol/types.ts'],
  Status: ['daemon/core/scheduler/status.ts', 'protocol/types.ts'],
  StepNumber: ['daemon/core/scheduler/state.ts', 'daemon/kernel/kernel.ts'],
  TextEdit: ['daemon/core/check/problem.ts', 'protocol/types.ts'],
};

const root = join(import.meta.dirname, '..');
const sources = readSources(root, ['protocol', 'daemon', 'clients', 'lsp', 'bundle']);

describe('the architecture', () => {
  it('lets each layer import only what the table allows', () => {
    expect(layerViolations(sources, table)).toEqual([]);
  });

  it('has files in every layer', () => {
    expect(emptyLayers(sources, table)).toEqual([]);
  });

  it('has no import cycles', () => {
    expect(importCycles(sources)).toEqual([]);
  });

  it('has one name for each thing that is exported, and one thing for each name', () => {
    expect(namesDeclaredAgain(sources)).toEqual(sharedNames);
  });

  it('has no file that is too long to read, but for lists', () => {
    expect(longFiles(sources)).toEqual(['protocol/methods.ts']);
  });

  it('keeps the clock and chance out of the core', () => {
    expect(impurities(inFolder('daemon/core'))).toEqual([]);
  });

  it('lets core and protocol meet above the core alone, from reading to the server', () => {
    const meeting = Object.keys(table).filter((layer) => {
      const below = table[layer]?.layers ?? [];
      return below.includes('protocol') && below.some((other) => other.startsWith('daemon/core'));
    });
    expect(meeting).toEqual([
      'daemon/reading',
      'daemon/problems',
      'daemon/convert',
      'daemon/session/told',
      'daemon/session/running',
      'daemon/session/shown',
      'daemon/session/sources',
      'daemon/session',
      'daemon/server',
    ]);
  });

  it('uses every package that it depends on, and depends on every package that it uses', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const allowed = new Set(Object.values(table).flatMap(({ packages = [] }) => packages));
    allowed.delete('node');
    expect([...allowed].sort()).toEqual(Object.keys(dependencies).sort());
    const imported = [...sources].flatMap(([path, text]) => importsOf(path, text));
    expect([...allowed].filter((name) => !imported.some((one) => one === name || one.startsWith(`${name}/`)))).toEqual([]);
  });
});

describe('the page on the architecture', () => {
  const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const pages = [
    page,
    ...readdirSync(join(root, 'docs/design')).map((name) => readFileSync(join(root, 'docs/design', name), 'utf8')),
  ];

  it('says how long the heart is to read', () => {
    const heart = [...page.matchAll(/^\d+\. \[.*?\]\(\.\.\/(.*?)\)/gm)].map(([, path]) => sources.get(path ?? '') ?? '');
    const lines = heart.reduce((sum, text) => sum + lineCount(text), 0);
    const said = /It is about ([\d,]+) lines in twelve files/.exec(page)?.[1];
    expect([heart.length, Number(said?.replace(',', ''))]).toEqual([12, Math.round(lines / 50) * 50]);
  });

  it('names files that there are', () => {
    const named = pages.flatMap((text) =>
      [...text.matchAll(/`([\w./-]+\/[\w.-]+\.(?:ts|py|md))`/g)].map(([, path]) => path ?? ''),
    );
    const files = ['protocol', 'daemon', 'clients', 'lsp', 'bundle', 'test', 'spec'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => `${folder}/${path}`),
    );
    expect(named.length).toBeGreaterThan(40);
    expect(named.filter((path) => !files.some((file) => `/${file}`.endsWith(`/${path}`)))).toEqual([]);
  });
});

describe('the check of the architecture', () => {
  const small: Table = {
    low: { layers: [] },
    high: { layers: ['low'], packages: ['node', 'zod'] },
    'high/special.ts': { layers: ['low', 'aside/door.ts'] },
    'high/room': { layers: ['low'] },
    top: { layers: ['high'] },
    aside: { layers: [] },
  };

  it.each([
    ['an import from above', 'low/a.ts', "import { b } from '../high/b.ts';", 'low/a.ts imports high/b.ts'],
    ['a type from above', 'low/a.ts', "import type { B } from '../high/b.ts';", 'low/a.ts imports high/b.ts'],
    ['an import over several lines', 'low/a.ts', "import {\n  b,\n} from '../high/b.ts';", 'low/a.ts imports high/b.ts'],
    ['what is passed on', 'low/a.ts', "export * from '../high/b.ts';", 'low/a.ts imports high/b.ts'],
    ['an import for its effect', 'low/a.ts', "import '../high/b.ts';", 'low/a.ts imports high/b.ts'],
    ['an import at run time', 'low/a.ts', "  const { b } = await import('../high/b.ts');", 'low/a.ts imports high/b.ts'],
    ['a package', 'low/a.ts', "import { z } from 'zod';", 'low/a.ts imports zod'],
    ['a module of Node', 'low/a.ts', "import { join } from 'node:path';", 'low/a.ts imports node:path'],
    [
      'a file beside the sanctioned one',
      'high/special.ts',
      "import { c } from '../aside/c.ts';",
      'high/special.ts imports aside/c.ts',
    ],
    ['an inner room of a layer', 'top/a.ts', "import { b } from '../high/room/b.ts';", 'top/a.ts imports high/room/b.ts'],
    [
      'what an inner room takes from outside',
      'high/room/a.ts',
      "import { b } from '../b.ts';",
      'high/room/a.ts imports high/b.ts',
    ],
    ['a file of no layer', 'elsewhere/a.ts', '', 'elsewhere/a.ts belongs to no layer'],
    ['an import of no layer', 'high/a.ts', "import { a } from '../elsewhere/a.ts';", 'high/a.ts imports elsewhere/a.ts'],
  ])('sees %s', (_, path, text, violation) => {
    expect(layerViolations(new Map([[path, text]]), small)).toEqual([violation]);
  });

  it.each([
    ['what lies below', 'high/a.ts', "import { b } from '../low/b.ts';"],
    ['the own layer', 'high/a.ts', "import { b } from './deep/b.ts';"],
    ['an inner room of the own layer', 'high/a.ts', "import { b } from './room/b.ts';"],
    ['a layer with inner rooms', 'top/a.ts', "import { b } from '../high/b.ts';"],
    ['a special file of the own layer', 'high/a.ts', "import { b } from './special.ts';"],
    ['the sanctioned file', 'high/special.ts', "import { d } from '../aside/door.ts';"],
    ['a package and what is inside it', 'high/a.ts', "import { z } from 'zod/v4';"],
  ])('allows %s', (_, path, text) => {
    expect(layerViolations(new Map([[path, text]]), small)).toEqual([]);
  });

  it('sees a layer without files', () => {
    expect(
      emptyLayers(
        new Map([
          ['low/a.ts', ''],
          ['high/b.ts', ''],
        ]),
        small,
      ),
    ).toEqual(['high/special.ts', 'high/room', 'top', 'aside']);
  });

  it('sees a cycle through several files, types included', () => {
    const cyclic = new Map([
      ['a.ts', "import { b } from './b.ts';"],
      ['b.ts', "import type { C } from './c.ts';"],
      ['c.ts', "import { a } from './a.ts';"],
      ['d.ts', "import { a } from './a.ts';"],
    ]);
    expect(importCycles(cyclic)).toEqual(['a.ts → b.ts → c.ts → a.ts']);
  });

  it.each([
    ['a function and a type', 'export function place() {}', 'export type place = 1;'],
    ['classes', 'export class place {}', 'export abstract class place {}'],
    ['constants and functions that wait', 'export const place = 1;', 'export async function place() {}'],
    ['interfaces', 'export interface place {}', 'export interface place {}'],
  ])('sees one name for two things: %s', (_, one, other) => {
    const files = new Map([
      ['a.ts', one],
      ['b.ts', other],
    ]);
    expect(namesDeclaredAgain(files)).toEqual({ place: ['a.ts', 'b.ts'] });
  });

  it('allows names that a file keeps to itself, passes on, or gives to a schema and its type', () => {
    const files = new Map([
      ['a.ts', 'export const Place = z.object({});\nexport type Place = Described<typeof Place>;'],
      ['b.ts', "interface Place {}\nexport type { Place } from './a.ts';"],
    ]);
    expect(namesDeclaredAgain(files)).toEqual({});
  });

  it.each([
    ['the time', 'const now = Date.now();', ['a.ts:1 uses Date']],
    ['a timer', 'setTimeout(run, 1); // soon', ['a.ts:1 uses setTimeout']],
    ['chance', '\nreturn Math.random();', ['a.ts:2 uses Math.random']],
    ['nothing in a comment', '// Date.now() would be wrong\n/** Date */', []],
  ])('sees %s', (_, text, found) => {
    expect(impurities(new Map([['a.ts', text]]))).toEqual(found);
  });
});

function inFolder(folder: string): typeof sources {
  return new Map([...sources].filter(([path]) => path.startsWith(`${folder}/`)));
}
