/** The folder in which outputs are written as files. Others cannot look into it. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bytesOfEscaped } from '../../protocol/node/escaped-bytes.ts';
import type { OutputFolder } from '../session/output-files.ts';

/** Of daemons that were killed: all but the own. */
export async function removeOutputFolders(folder: string, prefix: string, own: string): Promise<void> {
  const left = (await readdir(folder)).filter((name) => name.startsWith(prefix) && name !== `${prefix}${own}`);
  await Promise.all(left.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

export function outputFolderAt(folder: string): OutputFolder {
  return {
    write: async (path, content) => {
      const whole = join(folder, path);
      await mkdir(dirname(whole), { recursive: true, mode: 0o700 });
      // What was printed and is no text gets its bytes back.
      await writeFile(whole, typeof content === 'string' ? bytesOfEscaped(content) : content, { mode: 0o600 });
      return whole;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
