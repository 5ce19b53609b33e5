/** What a shim of pyenv would start, according to the files that it reads itself: asking the shim takes a tenth of a second, at each start of a command. */
import { access, constants } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { readRegular } from '../../protocol/node/regular-file.ts';
import { settingsBytesMax } from '../limits.ts';

export interface ShimRequest {
  readonly environment: Readonly<Record<string, string>>;
  /** Where the shim would be called. */
  readonly notebookDirectory: string;
}

/** Undefined where the path is no shim of pyenv, or only the shim itself can tell. */
export async function behindPyenvShim(shim: string, request: ShimRequest): Promise<string | undefined> {
  if (basename(dirname(shim)) !== 'shims') return undefined;
  const root = dirname(dirname(shim));
  for (const version of await versionsFor(root, request)) {
    if (version === 'system' || version === '..' || version.includes('/')) return undefined;
    const python = join(root, 'versions', version, 'bin', basename(shim));
    const isThere = await access(python, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return python;
  }
  return undefined;
}

/** In pyenv's order: the environment, the nearest `.python-version`, the version for all. */
async function versionsFor(root: string, { environment, notebookDirectory }: ShimRequest): Promise<readonly string[]> {
  const told = environment['PYENV_VERSION'];
  if (told !== undefined && told !== '') return told.split(':');
  for (let folder = resolve(notebookDirectory); ; folder = dirname(folder)) {
    const versions = await versionsIn(join(folder, '.python-version'));
    if (versions.length > 0) return versions;
    if (folder === dirname(folder)) return versionsIn(join(root, 'version'));
  }
}

async function versionsIn(file: string): Promise<readonly string[]> {
  const text = await readRegular(file, settingsBytesMax).then(String, () => '');
  return text.split('\n').flatMap((line) => line.replace(/#.*/, '').trim().split(/\s+/).filter(Boolean));
}
