/**
 * Puts what runs into a few files, since Node takes longer to find and load hundreds of modules than to run most commands. What a command
 * alone needs is a file of its own, by the dynamic imports in `clients/cli`.
 */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = import.meta.dirname;

const { metafile } = await build({
  metafile: true,
  absWorkingDir: root,
  entryPoints: [
    'clients/cli/main.ts',
    'daemon/main.ts',
    'clients/node/client.ts',
    'clients/node/notebook.ts',
    'protocol/errors.ts',
  ],
  outbase: '.',
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'linked',
  logLevel: 'warning',
  // For packages that are CommonJS.
  banner: { js: "import { createRequire as requireOf } from 'node:module';\nconst require = requireOf(import.meta.url);" },
});

// Chunks of earlier builds, whose names are others.
const chunks = join('dist', 'chunks');
for (const name of readdirSync(join(root, chunks)))
  if (!(join(chunks, name) in metafile.outputs)) rmSync(join(root, chunks, name));
