/** The table of rules: what each is called, how much it weighs in each format, and in one sentence what it finds. */
import type { Format } from '../notebook/notebook.ts';
import type { Severity } from './problem.ts';

export interface Rule {
  readonly code: string;
  /** By format; where a rule has no severity, it does not apply. */
  readonly severity: Readonly<Partial<Record<Format, Severity>>>;
  readonly summary: string;
  /** Only reported on request: useful when one tidies up, noise while one writes. */
  readonly isQuiet: boolean;
}

const rule = (
  code: string,
  marimo: Severity | undefined,
  percent: Severity | undefined,
  summary: string,
  isQuiet = false,
): Rule => ({
  code,
  severity: { ...(marimo && { marimo }), ...(percent && { percent }) },
  summary,
  isQuiet,
});

/** Each has a page `docs/problems/CODE.md`. A rule may weigh a finding less than here, where it is less sure; never more. */
export const rules: readonly Rule[] = [
  rule('syntax-error', 'error', 'error', 'Python cannot read this.'),
  rule('unparsable', 'error', 'error', 'marimo keeps this text apart, because it is not Python.'),
  rule('unreadable-cell', 'error', undefined, 'No cell can be read from this piece of the file.'),
  rule('no-app', 'error', undefined, 'There is no marimo app above the cells.'),
  rule('under-indented', 'error', undefined, 'A line belongs to the cell above and is not indented.'),
  rule('stray-statement', 'warning', undefined, 'A statement is between the cells, not in one of them.'),
  rule('decorator', 'warning', undefined, 'A cell has a decorator that marimo does not keep.'),
  rule('multiple-definition', 'error', 'information', 'Several cells define the same name.'),
  rule('cycle', 'error', 'error', 'Cells need each other, so none can run first.'),
  rule('undefined-name', 'error', 'error', 'A name is read, but no cell defines it.'),
  rule('read-above-definition', undefined, 'hint', 'A name is read above the only cell that defines it.'),
  rule('private-name', 'error', undefined, 'A name with a leading underscore is read in another cell.'),
  rule('setup-dependency', 'error', undefined, 'The setup cell reads a name of another cell.'),
  rule('mutation-across-cells', 'warning', undefined, 'A cell changes an object that another cell made.'),
  rule('hidden-mutation', 'warning', 'warning', 'A cell changed an object that its text only reads.'),
  rule('stale-signature', 'hint', undefined, 'The names in the first and last line of a cell differ from those in its code.'),
  rule('opaque-definition', 'hint', 'hint', 'This may define names that are not visible in the text.'),
  rule('opaque-read', 'hint', 'hint', 'This may read names that are not visible in the text.'),
  rule('star-import', 'warning', 'warning', 'The text does not show which names `import *` binds.'),
  rule('no-break-space', 'warning', 'warning', 'There is a no-break space where Python needs an ordinary one.'),
  rule('magic', 'hint', 'hint', 'A line is a command of IPython.'),
  rule('empty-cell', 'hint', 'hint', 'A cell has no code.'),
  rule('displaced-marker', undefined, 'hint', 'A marker was moved away from its cell, or begins no cell where it stands.'),
  rule('unused-definition', 'hint', 'hint', 'No cell reads a name that is defined here.', true),
  rule('missing-import', 'warning', 'warning', 'A module cannot be found by the Python of this notebook.'),
  rule('shadowed-module', 'warning', 'warning', 'The notebook has the same name as a module that it imports.'),
  rule('missing-file', 'warning', 'warning', 'The notebook reads a file that does not exist.'),
];

export const rulesByCode: ReadonlyMap<string, Rule> = new Map(rules.map((one) => [one.code, one]));
