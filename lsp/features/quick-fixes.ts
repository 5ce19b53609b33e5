/** Fixes of the problems at a place, as the daemon works them out when someone asks. */
import { type CodeAction, CodeActionKind, type Range } from 'vscode-languageserver';
import type { Problem } from '../../protocol/types.ts';

export function quickFixesAt(uri: string, problems: readonly Problem[], range: Range): CodeAction[] {
  return problems
    .filter((problem) => placesOf(problem).some((place) => touches(place, range)))
    .flatMap(({ fixes = [] }) => {
      const preferred = fixes.find(({ isManual }) => !isManual);
      return fixes.map((fix) => ({
        title: fix.title,
        kind: CodeActionKind.QuickFix,
        // What `check --fix` would do, an editor may do without asking which.
        ...(fix === preferred && { isPreferred: true }),
        edit: { changes: { [uri]: [...fix.edits] } },
      }));
    });
}

/** What is said once of several places can be mended at each. */
function placesOf({ severity, range, related }: Problem): readonly Range[] {
  return severity === 'information' ? [range, ...related.map((other) => other.range)] : [range];
}

/** Editors ask with the cursor, with a selection or with whole lines: a problem of these lines is meant. */
function touches(a: Range, b: Range): boolean {
  return a.start.line <= b.end.line && b.start.line <= a.end.line;
}
