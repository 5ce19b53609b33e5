/** Files written in one piece: beside their place, and then moved into it, so that no reader sees half of one. */
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { messageOf, systemCode } from '../../protocol/errors.ts';
import { failure } from './exit.ts';

export interface FilePlace {
  /** As the person wrote it, for messages. */
  readonly shown: string;
  readonly path: string;
}

/** Over the file that is there, which keeps its mode. */
export function replaceFile({ shown, path }: FilePlace, text: string): void {
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    writeFileSync(draft, text, { flag: 'wx', mode: statSync(path).mode });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw failure(`${shown} cannot be written: ${messageOf(error)}`);
  }
}

/** Where no file is, also when another one comes at the same moment. */
export function createFile(place: FilePlace, text: string): void {
  const { shown, path } = place;
  try {
    // The name is taken before it is filled.
    closeSync(openSync(path, 'wx'));
  } catch (error) {
    throw failure(
      systemCode(error) === 'EEXIST'
        ? `${shown} was created in the meantime, so nothing was written. Try again, or use --force.`
        : `${shown} cannot be written: ${messageOf(error)}`,
    );
  }
  try {
    replaceFile(place, text);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
}
