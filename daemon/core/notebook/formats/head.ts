/** The beginning of a script: comments and a docstring, and the options of marimo's app in a comment of their own. */
import { readArguments } from './marimo-arguments.ts';
import type { RawOptions } from './options.ts';
import { uncommentLines, writeText } from './text-cells.ts';

export interface Head {
  readonly header: string;
  readonly app: RawOptions;
}

/** `# app = marimo.App(width="medium")` below the header; also without options where the header ends in what looks so itself. */
export function writeHead({ header, app }: Head): string {
  const isPlain = Object.keys(app).length === 0 && Object.keys(readHead(header).app).length === 0 && !endsInApp(header);
  return [header, isPlain ? '' : appComment(app)].filter((part) => part !== '').join('\n\n');
}

export function readHead(text: string): Head {
  const start = lastParagraph(text);
  const app = appIn(text.slice(start));
  return app === undefined ? { header: text, app: {} } : { header: text.slice(0, start).trimEnd(), app };
}

function endsInApp(header: string): boolean {
  return appIn(header.slice(lastParagraph(header))) !== undefined;
}

function appIn(comment: string): RawOptions | undefined {
  const code = uncommentLines(comment);
  if (code === undefined || !code.startsWith('app = marimo.App(')) return undefined;
  const app = readArguments(code);
  return appComment(app) === comment ? app : undefined;
}

function appComment(app: RawOptions): string {
  const given = Object.entries(app).map(([key, value]) => `${key}=${value}`);
  return writeText(`app = marimo.App(${given.join(', ')})`);
}

function lastParagraph(text: string): number {
  return text.lastIndexOf('\n\n') === -1 ? 0 : text.lastIndexOf('\n\n') + 2;
}
