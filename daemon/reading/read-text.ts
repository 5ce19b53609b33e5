import { refusal, systemCode } from '../../protocol/errors.ts';
import type { Files } from '../host.ts';

/** The text of a file; refuses with a sentence that says why it cannot be read. */
export async function readTextFile(files: Files, path: string): Promise<string> {
  try {
    return await files.readText(path);
  } catch (error) {
    const code = systemCode(error);
    const why =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EACCES'
          ? 'permission denied'
          : code === 'EISDIR'
            ? 'it is a folder'
            : String(error);
    throw refusal('unreadable-file', `${path} cannot be read: ${why}.`);
  }
}
