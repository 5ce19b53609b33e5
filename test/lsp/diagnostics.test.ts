import { describe, expect, it } from 'vitest';
import type { OutputPlace } from '../../lsp/clients.ts';
import { diagnosticsOf } from '../../lsp/features/diagnostics.ts';
import type { NotebookView } from '../../protocol/types.ts';
import { type CellSketch, lineLengths, result, stdout, viewOf } from './views.ts';

const uri = 'file:///n.py';

function shown(cells: readonly CellSketch[], more: Partial<NotebookView> = {}, outputs: OutputPlace = 'diagnostic') {
  return diagnosticsOf(viewOf(cells, more), { uri, outputs, relatedInformation: true, lineLength: lineLengths(cells) });
}

/** `line severity message`, as people would tell it. */
function told(...parameters: Parameters<typeof shown>): string[] {
  const names = ['', 'error', 'warning', 'information', 'hint'];
  return shown(...parameters).map(({ range, severity, message }) => `${range.start.line} ${names[severity ?? 0]} ${message}`);
}

describe('how cells stand', () => {
  it.each([
    ['stale', undefined, ['1 hint stale']],
    ['queued', undefined, ['1 hint queued']],
    ['running', undefined, ['1 hint running …']],
    ['failed', undefined, ['1 hint failed']],
    ['skipped', 'x comes from load, which failed', ['1 hint skipped: x comes from load, which failed']],
    ['disabled', 'disabled', ['1 hint disabled']],
    ['disabled', 'needs load, which is disabled', ['1 hint disabled: needs load, which is disabled']],
    ['stale', 'interrupted', ['1 hint stale: interrupted']],
    ['fresh', undefined, []],
    ['new', undefined, []],
    ['conflict', undefined, []],
  ] as const)('a %s cell (%s)', (status, reason, expected) => {
    expect(told([{ code: 'x = 1', status, ...(reason && { reason }) }])).toEqual(expected);
  });

  it('stands on the last line of code, above the blank lines that end the cell', () => {
    expect(told([{ code: 'x = 1\ny = 2\n\n', status: 'stale' }])).toEqual(['2 hint stale']);
  });
});

describe('a question', () => {
  it.each([
    ['name? ', false, 'asks for input: name? (headwater.reply)'],
    ['a table\nof choices\nwhich? ', false, 'asks for input: which? (headwater.reply)'],
    ['', false, 'asks for input (headwater.reply)'],
    ['Password: ', true, 'asks for a password: Password: (headwater.reply)'],
  ])('with the prompt %j stands at the cell that asks', (prompt, isPassword, message) => {
    const cells: CellSketch[] = [{ code: 'x = input()', status: 'running' }, { code: 'y = 1' }];
    const input = { input: 1, cell: 'c1', step: 1, prompt, isPassword };
    expect(told(cells, { input })).toEqual([`1 information ${message}`, '1 hint running …']);
  });
});

describe('outputs', () => {
  it('stand under the status of a stale cell: they are those of its last run', () => {
    expect(told([{ code: 'x', status: 'stale', outputs: [result('42')] }])).toEqual(['1 hint stale\n42']);
  });

  it('are cut to fifteen lines, and the rest is counted', () => {
    const text = Array.from({ length: 60 }, (_, i) => `row ${i}`).join('\n');
    const [message] = told([{ code: 'x', outputs: [stdout(`${text}\n`)] }]);
    expect(message?.split('\n').slice(-2)).toEqual(['row 14', '… 45 more lines']);
  });

  it('are left to the place that the editor shows them in', () => {
    expect(told([{ code: 'x', outputs: [result('42')] }], {}, 'inlay')).toEqual([]);
    expect(told([{ code: 'x', status: 'stale', outputs: [result('42')] }], {}, 'off')).toEqual(['1 hint stale']);
  });

  it('of Markdown cells are the text above them, so they are not repeated', () => {
    expect(told([{ code: 'mo.md("hello")', kind: 'markdown', outputs: [result('hello')] }])).toEqual([]);
  });
});

describe('problems', () => {
  const range = { start: { line: 4, character: 0 }, end: { line: 4, character: 1 } };
  const related = [
    { range: { start: { line: 1, character: 0 }, end: { line: 1, character: 1 } }, message: 'first defined here' },
  ];

  it('keep their severity, code and place, and point at the other places', () => {
    const problem = {
      code: 'multiple-definition',
      severity: 'warning',
      message: 'x is defined twice',
      range,
      cells: ['c2', 'c1'],
      related,
    } as const;
    const [diagnostic] = shown([{ code: 'x = 1' }, { code: 'x = 2' }], {
      problems: [{ ...problem, cells: [...problem.cells], related }],
    });
    expect(diagnostic).toMatchObject({ severity: 2, code: 'multiple-definition', range, source: 'headwater' });
    expect(diagnostic?.relatedInformation).toEqual([
      { location: { uri, range: related[0]?.range }, message: 'first defined here' },
    ]);
  });

  it.each([
    ['error', 1],
    ['warning', 2],
    ['information', 3],
    ['hint', 4],
  ] as const)('of severity %s have that of LSP', (severity, expected) => {
    const problem = { code: 'x', severity, message: 'm', range, cells: ['c1'], related: [] };
    expect(shown([{ code: 'x = 1' }], { problems: [problem] })[0]?.severity).toBe(expected);
  });
});

describe('run-time errors', () => {
  /** As the daemon tells them: the line that Python saw does not matter, the place within the cell does. */
  const frame = (cell: string | undefined, cellLine: number | undefined, more = {}) => ({
    file: 'n.py',
    line: 99,
    function: '<module>',
    text: '',
    ...(cell && { cell }),
    ...(cellLine !== undefined && { cellLine }),
    ...more,
  });
  const error = { name: 'ValueError', message: 'bad', text: 'Traceback …' };
  const cells = (frames: ReturnType<typeof frame>[]): CellSketch[] => [
    { code: 'def f():\n    raise ValueError("bad")' },
    { code: 'f()', status: 'failed', error: { ...error, frames } },
  ];

  it('stand at the innermost line that is in the notebook, and tell who called', () => {
    const [diagnostic] = shown(
      cells([frame('c2', 0), frame('c1', 1, { function: 'f', column: 5 }), frame(undefined, undefined)]),
    );
    expect(diagnostic).toMatchObject({
      severity: 1,
      message: 'ValueError: bad',
      range: { start: { line: 2, character: 4 }, end: { line: 2, character: 27 } },
    });
    expect(diagnostic?.relatedInformation?.map(({ location, message }) => [location.range.start.line, message])).toEqual([
      [5, 'called here, in <module>'],
    ]);
  });

  it('stand at the first line of the cell when no frame is in the notebook', () => {
    expect(told(cells([frame(undefined, undefined)]))[0]).toBe('5 error ValueError: bad');
  });

  it.each(['stale', 'new', 'queued', 'skipped', 'disabled', 'conflict'] as const)(
    'of before are no errors of a %s cell',
    (status) => {
      const lastStep = {
        step: 1,
        startedAt: new Date(2026, 2, 1, 14, 4, 58).getTime(),
        durationMs: 3_000,
        outcome: 'raised',
      } as const;
      const [diagnostic] = told([{ code: 'f()', status, lastStep, error: { ...error, frames: [] } }]);
      expect(diagnostic).toBe('1 information as of 2026-03-01 14:05: ValueError: bad');
    },
  );

  it('of a step that was interrupted are errors until it runs again', () => {
    const lastStep = { step: 1, startedAt: 0, outcome: 'interrupted' } as const;
    const interrupted = { name: 'KeyboardInterrupt', message: '', frames: [], text: '' };
    expect(told([{ code: 'f()', status: 'stale', lastStep, error: interrupted }])[0]).toBe('1 error KeyboardInterrupt');
  });
});
