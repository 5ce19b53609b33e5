/** Which options a notebook runs with. */
import { defaultOptions, optionNames } from '../../../protocol/running-options.ts';
import type { RunningOptions } from '../../../protocol/types.ts';

/** Each as a client asked for it, else as the project says, else by default. */
export function resolveOptions(asked: Partial<RunningOptions>, project: Partial<RunningOptions>): RunningOptions {
  return { ...defaultOptions, ...project, ...asked };
}

export function sameOptions(a: RunningOptions, b: RunningOptions): boolean {
  return optionNames.every((name) => a[name] === b[name]);
}
