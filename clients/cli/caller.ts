/** Who calls a command, as far as it sees them: the process that a person starts, or a function that needs none. */
import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { isatty } from 'node:tty';
import { ownEnvironment } from '../node/environment.ts';
import type { LineSource } from './lines.ts';

/** A terminal, or anything that can be written to. */
export type Printed = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number;
};

export interface Caller {
  readonly stdin: LineSource;
  /** Where another process can read the same, past this one: not from a terminal, which shows what is typed, nor from a stream without one. */
  readonly inputDescriptor?: number | undefined;
  readonly stdout: Printed;
  readonly stderr: Printed;
  readonly environment: Readonly<Record<string, string>>;
  /** The absolute path of what is named from the working directory. */
  resolve(path: string): string;
}

const standardInput = 0;

/** Each thing is looked at when it is asked for: to open standard input would be an effect, and to look at a folder that is gone a failure. */
export const thisProcess: Caller = {
  get stdin() {
    return process.stdin;
  },
  get inputDescriptor() {
    return isatty(standardInput) ? undefined : standardInput;
  },
  get stdout() {
    return process.stdout;
  },
  get stderr() {
    return process.stderr;
  },
  get environment() {
    return ownEnvironment();
  },
  resolve: (path) => resolve(path),
};
