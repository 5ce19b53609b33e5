import { describe, expect, it } from 'vitest';
import { quickFixesAt } from '../../lsp/features/quick-fixes.ts';

const uri = 'file:///n.py';
const lines = (from: number, to: number) => ({ start: { line: from, character: 0 }, end: { line: to, character: 0 } });
const edits = [{ range: lines(2, 3), newText: '' }];
const problem = {
  code: 'empty-cell',
  severity: 'hint' as const,
  message: 'This cell is empty.',
  range: lines(2, 2),
  cells: [],
  related: [],
  fixes: [{ title: 'Remove the empty cell', edits }],
};

describe('quick fixes', () => {
  it('are the fixes of the problems on the asked lines, as edits of the document', () => {
    expect(quickFixesAt(uri, [problem], lines(2, 2))).toEqual([
      { title: 'Remove the empty cell', kind: 'quickfix', isPreferred: true, edit: { changes: { [uri]: edits } } },
    ]);
  });

  it('are preferred where nobody has to choose: the first of each problem that is not left to a person', () => {
    const fixes = [
      { title: 'a', edits, isManual: true as const },
      { title: 'b', edits },
      { title: 'c', edits },
    ];
    const preferred = quickFixesAt(uri, [{ ...problem, fixes }], lines(2, 2)).filter(({ isPreferred }) => isPreferred);
    expect(preferred.map(({ title }) => title)).toEqual(['b']);
  });

  it('are none elsewhere, and none for a problem without fixes', () => {
    expect(quickFixesAt(uri, [problem], lines(4, 5))).toEqual([]);
    const { fixes: _, ...bare } = problem;
    expect(quickFixesAt(uri, [bare], lines(2, 2))).toEqual([]);
  });

  it('are also at the other places of what is said once of several', () => {
    const place = { start: { line: 7, character: 0 }, end: { line: 7, character: 1 } };
    const once = { ...problem, related: [{ range: place, message: 'x is defined here too' }] };
    expect(quickFixesAt(uri, [{ ...once, severity: 'information' }], lines(7, 7))).toHaveLength(problem.fixes.length);
    expect(quickFixesAt(uri, [once], lines(7, 7))).toEqual([]);
  });
});
