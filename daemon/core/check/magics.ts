/** Commands of IPython: `%matplotlib inline`, `!pip install x`. Python refuses such lines, so they stand where the parse broke. */
import { documentPosition } from '../notebook/notebook.ts';
import { type CheckedNotebook, type CheckProblem, type PlacedCell, problemIn } from './problem.ts';

const command = /^([ \t]*)(%{1,2}[A-Za-z_]\w*|![A-Za-z./~]\S*).*$/gm;

export function magics(_: CheckedNotebook, placed: PlacedCell): CheckProblem[] {
  if (!placed.cell.facts.problems.some(({ code }) => code === 'syntax-error')) return [];
  return [...placed.cell.code.matchAll(command)].map((match) => problemFor(placed, match));
}

function problemFor(placed: PlacedCell, match: RegExpExecArray): CheckProblem {
  const [line, indent = '', word = ''] = match;
  const start = match.index + indent.length;
  const at = documentPosition(placed.text, start);
  return problemIn(placed, {
    code: 'magic',
    severity: 'hint',
    message: `${word} is a command of IPython, which Python does not know. ${adviceFor(word)}`,
    span: { start, end: match.index + line.trimEnd().length },
    fixes: [{ title: `Comment out ${word}`, edits: [{ range: { start: at, end: at }, newText: '# ' }] }],
  });
}

function adviceFor(word: string): string {
  if (word === '%matplotlib') return 'Figures are shown without it.';
  if (word === '%autoreload' || word === '%load_ext') return 'Comment it out, and restart the kernel when a module changed.';
  if (word.startsWith('!pip') || word === '%pip') return 'Install packages in a terminal.';
  return 'Comment it out.';
}
