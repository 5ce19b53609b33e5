/** Code as a page would load it: one script, made for a browser, in which nothing stands for what a browser does not have. */
import { join } from 'node:path';
import { type BuildFailure, build } from 'esbuild';

const root = join(import.meta.dirname, '..', '..');

export interface PageBundle {
  /** A classic script; what the entry exports is then in the variable `page`. */
  readonly script: string;
  /** From the repository's root. */
  readonly files: readonly string[];
}

/** `code` stands in the repository's root. Rejects where something of Node is imported. */
export async function bundleForPage(code: string): Promise<PageBundle> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: code, resolveDir: root, loader: 'ts' },
    absWorkingDir: root,
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'page',
    target: 'es2023',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  return { script: outputFiles[0]?.text ?? '', files: Object.keys(metafile.inputs) };
}

/** Why it cannot be bundled. */
export async function bundleErrors(code: string): Promise<readonly string[]> {
  try {
    await bundleForPage(code);
    return [];
  } catch (error) {
    return (error as BuildFailure).errors.map(({ text, location }) => `${location?.file}: ${text}`);
  }
}
