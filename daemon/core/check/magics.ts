/** Commands of IPython: `%matplotlib inline`, `!pip install x`. Some are ignored; at the others the parse breaks. */
import { lineEnd } from '../analysis/lexical.ts';
import { harmlessMagics } from '../analysis/magics.ts';
import { documentPosition } from '../notebook/notebook.ts';
import type { Span } from '../text.ts';
import { type CheckedCell, type CheckedNotebook, type CheckProblem, type Fix, problemIn } from './problem.ts';

export function magics({ format }: CheckedNotebook, placed: CheckedCell): CheckProblem[] {
  const { code, facts } = placed.cell;
  const passed = format === 'percent' && placed.text.kind !== 'markdown' ? harmlessMagics(code) : [];
  const isBroken = facts.problems.some((problem) => problem.code === 'syntax-error');
  const refused = isBroken ? commandsIn(code).filter(({ start }) => !passed.includes(start)) : [];
  return [
    ...passed.map((start) => passedOver(placed, { start, end: lineEnd(code, start) })),
    ...refused.map((span) => notPython(placed, span)),
  ];
}

const command = /^([ \t]*)(?:%{1,2}[A-Za-z_]\w*|![A-Za-z./~]\S*|\?{1,2}[A-Za-z_][\w.]*$|[A-Za-z_][\w.]*\?{1,2}$).*$/gm;

function commandsIn(code: string): readonly Span[] {
  return [...code.matchAll(command)].map(({ 0: line, 1: indent = '', index }) => ({
    start: index + indent.length,
    end: index + line.trimEnd().length,
  }));
}

function passedOver(placed: CheckedCell, span: Span): CheckProblem {
  const word = wordAt(placed, span);
  const instead = word === '%matplotlib' ? 'Figures are shown without it' : 'Restart the kernel after a module has changed';
  const message = `${word} is a command of IPython and is ignored here. ${word === '%config' ? 'It changes nothing' : instead}; "python FILE" refuses the line.`;
  return problemIn(placed, { code: 'magic', severity: 'hint', message, span, fixes: [commentOut(placed, span)] });
}

function notPython(placed: CheckedCell, span: Span): CheckProblem {
  const word = wordAt(placed, span);
  const message = `${word} is a command of IPython, which Python does not know. ${adviceFor(word)}`;
  return problemIn(placed, { code: 'magic', severity: 'hint', message, span, fixes: [commentOut(placed, span)] });
}

/** What a command computed is lost with it, so a person decides about every command that is not ignored anyway. */
function commentOut(placed: CheckedCell, span: Span): Fix {
  const at = documentPosition(placed.text, span.start);
  const isManual = !harmlessMagics(placed.cell.code).includes(span.start);
  const edits = [{ range: { start: at, end: at }, newText: '# ' }];
  return { title: `Comment out ${wordAt(placed, span)}`, edits, ...(isManual && { isManual: true as const }) };
}

function wordAt({ cell: { code } }: CheckedCell, { start, end }: Span): string {
  return code.slice(start, end).split(/\s/, 1)[0] ?? '';
}

function adviceFor(word: string): string {
  if (word.startsWith('!pip') || word === '%pip' || word === '%conda') return 'Install packages in a terminal.';
  if (word.startsWith('!')) return 'Use subprocess.run, or a terminal.';
  if (word.startsWith('%%')) return 'Rewrite the cell in Python, or comment all of it out.';
  if (word.startsWith('?') || word.endsWith('?')) return 'Use help(…) instead.';
  return 'Comment it out, or write the same in Python.';
}
