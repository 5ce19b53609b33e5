/** The folder in which outputs are written as files. Others cannot look into it. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OutputFolder } from '../session/output-files.ts';

export function outputFolderAt(folder: string): OutputFolder {
  return {
    write: async (path, content) => {
      const whole = join(folder, path);
      await mkdir(dirname(whole), { recursive: true, mode: 0o700 });
      await writeFile(whole, content, { mode: 0o600 });
      return whole;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
