/** Says in a sentence why a kernel is not there, so that a person knows what to do. */

import type { StartPlace } from './kernel-options.ts';

export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
}

/** The process could not be started at all. */
export function explainStart(options: StartPlace, error: NodeJS.ErrnoException, hasDirectory: boolean): string {
  if (!hasDirectory) return `The notebook's folder ${options.directory} does not exist, so Python cannot be started in it.`;
  if (error.code === 'ENOENT' && error.syscall?.startsWith('spawn') === true && error.path === options.python) {
    return `There is no Python at ${options.python}; choose another interpreter with --python.`;
  }
  if (error.code === 'EACCES') return `${options.python} cannot be executed; choose another interpreter with --python.`;
  return `Python at ${options.python} could not be started: ${error.message}.`;
}

export function explainEnd(ending: Ending, wasAsked: boolean, hasStarted: boolean, python: string, lastWords: string): string {
  if (wasAsked) return 'The kernel was stopped.';
  if (!hasStarted) return `Python at ${python} ended before it was ready (${how(ending)}). ${quoted(lastWords)}`.trimEnd();
  if (ending.signal === 'SIGKILL') return 'The kernel was killed by SIGKILL, as happens when memory runs out.';
  if (ending.signal !== null) return `The kernel was killed by ${ending.signal}.`;
  if (ending.code === null) return 'The kernel has ended. Its parent process was gone before, so it is not known why.';
  return `The kernel ended by itself with exit code ${ending.code}.`;
}

function how(ending: Ending): string {
  return ending.signal === null ? `exit code ${ending.code}` : `killed by ${ending.signal}`;
}

function quoted(lastWords: string): string {
  const lines = lastWords.trim().split('\n').slice(-5);
  return lines.join('\n');
}
