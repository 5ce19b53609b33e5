/** Text as marimo's notebooks hold it: in a call of `mo.md`. */
import { markdownCall } from './marimo-markdown.ts';
import { readString } from './python-text.ts';

/** Stands in no notebook but those that we write for marimo, whose text needs it and where no cell imports `mo`. */
export const addedImport = 'import marimo as mo  # for the cells of text';

/** In a raw string where that can be, and such that marimo, when it saves, finds nothing to format again. */
export function markdownCode(text: string): string {
  if (!text.includes('""') && !text.endsWith('\\') && text.trim() !== '') return markdownCall(text, 'r');
  const escaped = text.includes('\\') ? text.replaceAll('\\', '\\\\').replaceAll('"', '\\"') : text.replaceAll('""', '"\\"');
  return markdownCall(escaped, '');
}

/** The text of code that is as `markdownCode` writes it. */
export function textOfMarkdown(code: string): string | undefined {
  const literal = /^mo\.md\((r?"""\n[\s\S]*\n""")\)$/.exec(code)?.[1];
  const text = literal === undefined ? undefined : readString(literal)?.value.slice(1, -1);
  return text !== undefined && markdownCode(text) === code ? text : undefined;
}
