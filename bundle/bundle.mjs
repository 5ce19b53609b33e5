/**
 * Puts what runs into a few files, since Node takes longer to find and load hundreds of modules than to run most commands. Each program is one
 * file, which `start.ts` runs with code that is compiled already; what other programs import is modules that share their parts.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');

const common = {
  absWorkingDir: root,
  bundle: true,
  minifyWhitespace: true,
  minifySyntax: true,
  sourcesContent: false,
  legalComments: 'linked',
  logLevel: 'warning',
};
const forNode = { platform: 'node', target: 'node20.19' };

const libraries = [
  await library({
    ...forNode,
    entryPoints: ['clients/node/client.ts', 'clients/node/notebook.ts', 'protocol/errors.ts'],
    // For packages that are CommonJS.
    banner: { js: "import { createRequire as requireOf } from 'node:module';\nconst require = requireOf(import.meta.url);" },
  }),
  // What a page can use; it knows nothing of Node.
  await library({
    platform: 'browser',
    target: 'es2023',
    entryPoints: [
      'clients/view/client.ts',
      'clients/view/notebook.ts',
      'protocol/changes.ts',
      'protocol/connection.ts',
      'protocol/encoding.ts',
    ],
  }),
];
removeOldChunks(new Set(libraries.flatMap(({ metafile }) => Object.keys(metafile.outputs))));
for (const entry of ['clients/cli/main.ts', 'daemon/main.ts']) await program(entry);

function library(options) {
  return build({
    ...common,
    metafile: true,
    outbase: '.',
    outdir: 'dist',
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    format: 'esm',
    sourcemap: 'linked',
    ...options,
  });
}

/** Chunks of earlier builds, whose names are others. */
function removeOldChunks(outputs) {
  const chunks = join('dist', 'chunks');
  for (const name of readdirSync(join(root, chunks))) if (!outputs.has(join(chunks, name))) rmSync(join(root, chunks, name));
}

/** The program as a function of what a CommonJS module has, and in its place the module that runs it. */
async function program(entry) {
  const file = entry.replace(/\.ts$/, '.cjs');
  await build({
    ...common,
    ...forNode,
    entryPoints: [entry],
    outfile: join('dist', file),
    format: 'cjs',
    sourcemap: 'linked',
    // Its other build has `import()`, which a script that is compiled beforehand cannot have.
    alias: { 'web-tree-sitter': createRequire(import.meta.url).resolve('web-tree-sitter') },
    define: { 'import.meta.url': 'bundleUrl' },
    banner: {
      js: '(function (require, __filename, __dirname) {"use strict";const bundleUrl = require("node:url").pathToFileURL(__filename).href;',
    },
    footer: { js: '})' },
  });
  const hash = createHash('sha256')
    .update(readFileSync(join(root, 'dist', file)))
    .digest('hex');
  await build({
    ...common,
    ...forNode,
    entryPoints: ['bundle/start.ts'],
    outfile: join('dist', entry.replace(/\.ts$/, '.js')),
    format: 'esm',
    define: { PROGRAM: JSON.stringify({ file: basename(file), hash }) },
    banner: { js: '#!/usr/bin/env node' },
  });
}
