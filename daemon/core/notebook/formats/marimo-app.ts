/** The frame of a marimo file: which variable holds the app, and what each top-level statement is. */
import type { IsBoundary, Layout, Statement } from '../lexer.ts';

const roleNames = ['cell', 'function', 'class_definition', 'setup', 'unparsable', 'guard'] as const;
export type PieceRole = (typeof roleNames)[number];

const identifier = '[\\p{L}_][\\p{L}\\p{N}_]*';
const importsMarimo = new RegExp(`^import\\s+marimo(?:\\s+as\\s+(${identifier}))?\\s*(?:[,;]|$)`, 'u');
const makesApp = new RegExp(`^(${identifier})\\s*=\\s*(${identifier})\\s*\\.\\s*App\\s*\\(`, 'u');
const boundary = new RegExp(
  `(?:@${identifier}\\.(?:cell|function|class_definition)\\b|(?:async\\s+)?with\\s+${identifier}\\.setup\\b|${identifier}\\._unparsable_cell\\b|if\\s+__name__\\s*==)`,
  'uy',
);
const roles = new RegExp(
  `^(?:@(${identifier})\\s*\\.\\s*(cell|function|class_definition)\\b|(?:async\\s+)?with\\s+(${identifier})\\s*\\.\\s*(setup)\\b|(${identifier})\\s*\\.\\s*_(unparsable)_cell\\s*\\(|if\\s+(__name__)\\s*==)`,
  'u',
);
/** Enough of a statement to tell its role. */
const roleLengthMax = 200;

/** Where a new cell begins, whatever is still open above it. */
export const isCellBoundary: IsBoundary = (text, lineStart) => {
  const first = text.charCodeAt(lineStart);
  if (first === 32 || first === 9 || first === 35 || first === 10 || first === 13) return false;
  boundary.lastIndex = lineStart;
  return boundary.test(text);
};

/** The variable of `app = marimo.App(…)`, below `import marimo` (or `as mo`), both at top level. */
export function findApp(text: string, layout: Layout): string | undefined {
  let module: string | undefined;
  for (const statement of layout.statements) {
    if (statement.indent > 0) continue;
    const head = headOf(text, statement);
    const imported = importsMarimo.exec(head);
    if (imported !== null) module ??= imported[1] ?? 'marimo';
    const made = makesApp.exec(head);
    if (made !== null && made[2] === module) return made[1];
  }
  return undefined;
}

export function roleOf(text: string, statement: Statement, app: string): PieceRole | undefined {
  if (statement.indent > 0) return undefined;
  const found = roles.exec(headOf(text, statement));
  if (found === null) return undefined;
  if (found[7] !== undefined) return 'guard';
  const [, decorated, decorator, withName, setup, calledName, call] = found;
  const named = decorator ?? setup ?? call;
  return (decorated ?? withName ?? calledName) === app ? roleNames.find((role) => role === named) : undefined;
}

/** What a marimo file may hold above its app: a docstring, the import, the version, the app itself. */
export function isFrame(text: string, statement: Statement): boolean {
  const head = headOf(text, statement);
  return /^[rRuU]?["']/.test(head) || importsMarimo.test(head) || /^__generated_with\s*=/.test(head) || makesApp.test(head);
}

export function isAppStatement(text: string, statement: Statement): boolean {
  return makesApp.test(headOf(text, statement));
}

export function headOf(text: string, statement: Statement): string {
  return text.slice(statement.start, Math.min(statement.end, statement.start + roleLengthMax));
}
