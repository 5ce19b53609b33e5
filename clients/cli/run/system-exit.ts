/** sys.exit(…) in a notebook ends the process as it ends a script. */
import type { ErrorView } from '../../../protocol/types.ts';
import { exitCodes } from '../exit.ts';

export interface SystemExit {
  readonly code: number;
  /** What Python writes to standard error: the argument, when it is no number. */
  readonly message: string | undefined;
}

export function systemExit(error: ErrorView | undefined): SystemExit | undefined {
  if (error?.name !== 'SystemExit') return undefined;
  // The system keeps the low byte, also of negative numbers. None, False and 0 are no errors: the cell has stopped.
  if (error.exitCode !== undefined) return { code: error.exitCode & 0xff, message: undefined };
  return { code: exitCodes.failed, message: error.message };
}
