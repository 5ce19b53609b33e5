/** `mo.md(…)` as marimo lays it out: the text on lines of its own between triple quotes. */
import { dedent, readString } from './python-text.ts';

/** The call of a markdown cell, as the syntax tree says where it stands. */
export interface MarkdownCall {
  readonly start: number;
  readonly end: number;
  /** Source text of its string literals, in order. */
  readonly strings: readonly string[];
}

/** The text of the call, as marimo shows it; `undefined` when marimo takes the cell for code. */
export function markdownText(code: string, call: MarkdownCall): string | undefined {
  const begins = code
    .trim()
    .split('\n')
    .filter((line) => line.startsWith('mo.md('));
  if (begins.length !== 1) return undefined;
  const parts = call.strings.map(readString);
  if (parts.some((part) => part === undefined)) return undefined;
  const [first = '', ...rest] = parts
    .map((part) => part?.value ?? '')
    .join('')
    .split('\n')
    .map((line) => line.trimEnd());
  return `${dedent(first)}\n${dedent(rest.join('\n'))}`.trim();
}

/**
 * The cell's code with the call formatted again. Where marimo's layout would change the text (an escape that it writes
 * out of a plain string, two quotes in a raw one) the code stays as it is.
 */
export function layOutMarkdown(code: string, call: MarkdownCall): string {
  const text = markdownText(code, call);
  if (text === undefined || text === '') return code;
  const prefix = /^[A-Za-z]*/.exec(call.strings.at(-1) ?? '')?.[0] ?? '';
  const tag = [...prefix].filter((char) => 'rtfRTF'.includes(char)).join('');
  const isRaw = /r/i.test(tag);
  if (isRaw ? text.includes('""') || text.endsWith('\\') : text.includes('\\')) return code;
  const braced = /f/i.test(tag) ? text.replaceAll('{', '{{').replaceAll('}', '}}') : text;
  return code.slice(0, call.start) + markdownCall(braced.replaceAll('""', '"\\"'), tag) + code.slice(call.end);
}

export function markdownCall(text: string, tag: string): string {
  return `mo.md(${tag}"""\n${text}\n""")`;
}
