/** What a cell showed before the daemon began anew is shown with its time, wherever an editor shows outputs. */
import { expect, it } from 'vitest';
import { timeOf } from '../../clients/node/time.ts';
import { codeLensesOf } from '../../lsp/features/code-lens.ts';
import { diagnosticsOf } from '../../lsp/features/diagnostics.ts';
import { hoverAt } from '../../lsp/features/hover.ts';
import { inlayHintsOf } from '../../lsp/features/inlay-hints.ts';
import { type CellSketch, lineLengths, result, stdout, viewOf } from './views.ts';

const asOf = new Date(2026, 2, 1, 14, 5).getTime();
const time = 'as of 2026-03-01 14:05';
const error = { name: 'ValueError', message: 'no', frames: [], text: 'ValueError: no' };
const cells: CellSketch[] = [
  { code: 'x', status: 'new', outputs: [result('42')], asOf },
  { code: 'print(y)', status: 'new', outputs: [stdout('a\nb\n')], error, asOf },
  { code: 'z', status: 'queued', outputs: [result('1')], asOf },
  { code: 'w', status: 'new', asOf },
];
const view = viewOf(cells);
const uri = 'file:///n.py';
const options = { uri, outputs: 'diagnostic', relatedInformation: false, lineLength: lineLengths(cells) } as const;

it.each([
  ['the same day', new Date(2026, 2, 1, 23, 59), '14:05'],
  ['another day', new Date(2026, 2, 2, 0, 1), '2026-03-01 14:05'],
])('a time of %s', (_, now, expected) => expect(timeOf(asOf, now.getTime())).toBe(expected));

it('is a hint of diagnostics, and in front of an error', () => {
  expect(diagnosticsOf(view, options).map(({ message }) => message)).toEqual([
    `${time}: ValueError: no`,
    `${time}\n42`,
    `${time}\na\nb`,
    `queued · ${time}\n1`,
  ]);
});

it('is in inlay hints, in lenses and in hovers', () => {
  const range = { start: { line: 0, character: 0 }, end: { line: 20, character: 0 } };
  const hints = (tallHints: boolean) =>
    inlayHintsOf(view, range, { tallHints, lineLength: lineLengths(cells) }).map(({ label }) => label);
  expect(hints(true)).toEqual([`→ ${time}: 42`, `\n${time}\na\nb`, `→ ${time}: 1`]);
  expect(hints(false)).toEqual([`→ ${time}: 42`, `→ ${time}: a …`, `→ ${time}: 1`]);
  expect(codeLensesOf(uri, view, 'lens')[0]?.command?.title).toBe(`new · ${time}: 42 · Run cell`);
  expect(hoverAt(view, 1, 'plaintext')?.contents).toMatchObject({ value: expect.stringContaining(`cell 1 · new · ${time}`) });
});
