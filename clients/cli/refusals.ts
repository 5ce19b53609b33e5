/** Turns what a server refused, or that there is none, into the end of a command. */
import { messageOf, refusalName } from '../../protocol/errors.ts';
import { DaemonUnreachableError } from '../view/client.ts';
import { CommandError, failure, wrongUse } from './exit.ts';

/** The command's error, or the error itself when it is something else. */
export function commandError(error: unknown): unknown {
  if (error instanceof CommandError) return error;
  const message = messageOf(error);
  if (error instanceof DaemonUnreachableError) return failure(message);
  switch (refusalName(error)) {
    case undefined:
      return error;
    case 'bad-parameter':
    case 'unreadable-file':
    case 'not-a-notebook':
    case 'no-interpreter':
      return wrongUse(message);
    default:
      return failure(message);
  }
}
