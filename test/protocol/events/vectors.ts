/** The files of `spec/vectors/events`: how examples are written into them, and read again. */
import type { Example } from './example.ts';
import { placeless } from './placeless.ts';
import { rules } from './rules.ts';
import { sessionExamples } from './sessions.ts';

/** By their names. */
export async function vectorFiles(): Promise<Readonly<Record<string, string>>> {
  const files = { ...rules, placeless, sessions: await sessionExamples() };
  return Object.fromEntries(Object.entries(files).map(([name, examples]) => [`${name}.json`, written(examples)]));
}

/** A line for each view and each event. */
function written(examples: readonly Example[]): string {
  const vectors = examples.map(({ name, view, events, after, asks }) => {
    const lines = [
      `"name": ${line(name)}`,
      `"view": ${line(view)}`,
      `"events": [\n${events.map((event) => `      ${line(event)}`).join(',\n')}\n    ]`,
      ...(asks ? ['"asks": true'] : []),
      `"after": ${line(after)}`,
    ];
    return `  {\n${lines.map((each) => `    ${each}`).join(',\n')}\n  }`;
  });
  return `[\n${vectors.join(',\n')}\n]\n`;
}

const longTextMin = 100;

/** A long text of one character says how often. */
function line(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    const isLong = typeof part === 'string' && part.length >= longTextMin && part === part.charAt(0).repeat(part.length);
    return isLong ? { repeat: part.charAt(0), times: part.length } : part;
  });
}

export function readVectors(text: string): Example[] {
  return JSON.parse(text, (_, part: unknown) => (isLongText(part) ? part.repeat.repeat(part.times) : part)) as Example[];
}

function isLongText(part: unknown): part is { readonly repeat: string; readonly times: number } {
  return typeof part === 'object' && part !== null && 'repeat' in part && 'times' in part;
}
