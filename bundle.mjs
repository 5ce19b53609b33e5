/**
 * Puts what runs into a few files, since Node takes longer to find and load hundreds of modules than to run most commands. What a command
 * alone needs is a file of its own, by the dynamic imports in `clients/cli`.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = import.meta.dirname;

const options = {
  metafile: true,
  absWorkingDir: root,
  outbase: '.',
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'linked',
  logLevel: 'warning',
};

const forNode = await build({
  ...options,
  entryPoints: [
    'clients/cli/main.ts',
    'daemon/main.ts',
    'clients/node/client.ts',
    'clients/node/notebook.ts',
    'protocol/errors.ts',
  ],
  platform: 'node',
  target: 'node20.19',
  // For packages that are CommonJS.
  banner: { js: "import { createRequire as requireOf } from 'node:module';\nconst require = requireOf(import.meta.url);" },
});

/** What a page can use; it knows nothing of Node. */
const forPages = await build({
  ...options,
  entryPoints: [
    'clients/view/client.ts',
    'clients/view/notebook.ts',
    'protocol/changes.ts',
    'protocol/connection.ts',
    'protocol/encoding.ts',
  ],
  platform: 'browser',
  target: 'es2023',
});

// Chunks of earlier builds, whose names are others.
const chunks = join('dist', 'chunks');
const outputs = { ...forNode.metafile.outputs, ...forPages.metafile.outputs };
for (const name of readdirSync(join(root, chunks))) if (!(join(chunks, name) in outputs)) rmSync(join(root, chunks, name));
