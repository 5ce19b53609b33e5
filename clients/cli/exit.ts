/** How a command ends: the exit codes, and the one error that carries one. */

export const exitCodes = {
  ok: 0,
  /** A cell failed, the graph has errors, or what was asked about is not there. */
  failed: 1,
  /** Wrong use: options, names, values, or a file that cannot be read. */
  wrongUse: 2,
  /** 128 + the number of the signal, as shells count. */
  hangup: 129,
  interrupted: 130,
  brokenPipe: 141,
  terminated: 143,
} as const;

/** Says with which code the command ends, unless with that of success. */
export type ExitWith = (code: number) => void;

/** Ends the command with a sentence for a person; the sentence says what to do. */
export class CommandError extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** What a person is told when a stream of the command fails. */
export function unwritten(error: Error): string {
  return `headwater: the output could not be written: ${error.message}\n`;
}

export function wrongUse(message: string): CommandError {
  return new CommandError(exitCodes.wrongUse, message);
}

export function failure(message: string): CommandError {
  return new CommandError(exitCodes.failed, message);
}
