/** Lines of ours. What a program prints does not go this way: it is passed on as it is. */
import type { Caller } from './caller.ts';

/** On standard output. */
export function say({ stdout }: Pick<Caller, 'stdout'>, text: string): void {
  stdout.write(`${visible(text)}\n`);
}

/** On standard error. */
export function note({ stderr }: Pick<Caller, 'stderr'>, text: string): void {
  stderr.write(`${visible(text)}\n`);
}

/** What a terminal would obey, and what turns the direction of writing round. Tabs and line feeds are ours. */
const controls =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for.
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Titles, names and messages may hold anything: it is shown, and not obeyed. JSON stays the same JSON. */
export function visible(text: string): string {
  return text.replace(controls, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
