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
  const argument = error.message.trim();
  if (argument === '' || argument === 'None' || argument === 'False') return { code: exitCodes.ok, message: undefined };
  if (argument === 'True') return { code: 1, message: undefined };
  // The system keeps the low byte, also of negative numbers.
  if (/^-?\d+$/.test(argument)) return { code: Number(BigInt.asUintN(8, BigInt(argument))), message: undefined };
  return { code: exitCodes.failed, message: error.message };
}
