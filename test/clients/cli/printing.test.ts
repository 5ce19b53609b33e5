import { describe, expect, it } from 'vitest';
import { parseParameters } from '../../../clients/cli/commands/run.ts';
import { labelsOf } from '../../../clients/cli/run/cells.ts';
import { printer } from '../../../clients/cli/run/printer.ts';
import { recorder } from '../../../clients/cli/run/records.ts';
import { systemExit } from '../../../clients/cli/run/system-exit.ts';
import { Screen } from '../../../clients/cli/screen.ts';
import type { NotebookView, SessionEvent } from '../../../protocol/types.ts';

type Unnumbered<T> = T extends unknown ? Omit<T, 'session' | 'seq'> : never;

const cell = (id: string, name?: string) => ({
  id,
  kind: 'code' as const,
  code: '',
  defs: [],
  refs: [],
  locals: [],
  parents: [],
  children: [],
  status: 'new' as const,
  manual: false,
  outputs: [],
  ...(name !== undefined && { name }),
});

const label = labelsOf({
  layout: [
    { id: 'c1', line: 0, endLine: 2, codeLine: 1 },
    { id: 'c2', line: 3, endLine: 4, codeLine: 4 },
  ],
  cells: { c1: cell('c1', 'load'), c2: cell('c2') },
} as unknown as NotebookView);

const accepted: Unnumbered<SessionEvent> = {
  type: 'run.accepted',
  run: {
    id: 1,
    mode: 'all',
    roots: [],
    plan: [
      { cell: 'c1', reason: 'asked for' },
      { cell: 'c2', reason: 'asked for' },
    ],
    done: 0,
  },
};
const started: Unnumbered<SessionEvent> = { type: 'step.started', cell: 'c1', step: 1, run: 1, startedAt: 5 };
const stream = (name: 'stdout' | 'stderr', text: string): Unnumbered<SessionEvent> => ({
  type: 'output.added',
  cell: 'c1',
  step: 1,
  output: { type: 'stream', stream: name, text, elided: 0 },
});
const appended = (index: number, text: string): Unnumbered<SessionEvent> => ({
  type: 'output.appended',
  cell: 'c1',
  step: 1,
  index,
  text,
});
const finished: Unnumbered<SessionEvent> = { type: 'step.finished', cell: 'c1', step: 1, run: 1, outcome: 'ok', durationMs: 12 };

function numbered(events: readonly Unnumbered<SessionEvent>[]): readonly SessionEvent[] {
  return events.map((event, index) => ({ ...event, session: 's', seq: index + 1 }) as SessionEvent);
}

/** What a person would see: both streams, in the order they were written. */
function shown(events: readonly Unnumbered<SessionEvent>[], { isTTY = false, outcome = 'ok' as 'ok' | 'failed' } = {}) {
  const written: string[] = [];
  const streams = { stdout: '', stderr: '' };
  const to = (name: 'stdout' | 'stderr') => ({
    isTTY,
    columns: 40,
    write: (text: string) => {
      streams[name] += text;
      written.push(text);
    },
  });
  const listener = printer(new Screen(to('stdout'), to('stderr')), label);
  for (const event of numbered(events)) listener.event(event);
  listener.end(outcome);
  return { ...streams, both: written.join('') };
}

describe('a run on the screen', () => {
  it('keeps both streams of a cell apart, also where text is appended', () => {
    const { stdout, stderr } = shown([
      accepted,
      started,
      stream('stdout', 'a'),
      stream('stderr', 'x'),
      appended(0, 'b\n'),
      appended(1, 'y'),
      finished,
    ]);
    expect({ stdout, stderr }).toEqual({ stdout: 'ab\n', stderr: 'xy' });
  });

  it('puts values of last expressions on standard error', () => {
    const { stdout, stderr } = shown([
      started,
      { type: 'output.added', cell: 'c1', step: 1, output: { type: 'result', bundle: { 'text/plain': '42' } } },
      finished,
    ]);
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '42\n' });
  });

  it('shows errors as Python writes them, what was skipped and why, and a summary', () => {
    const error = { name: 'ValueError', message: 'no', frames: [], text: 'Traceback …\nValueError: no\n' };
    const { stderr } = shown(
      [
        accepted,
        started,
        { ...finished, outcome: 'raised', error } as Unnumbered<SessionEvent>,
        { type: 'step.skipped', run: 1, cell: 'c2', outcome: 'skipped', reason: 'x comes from load, which failed' },
      ],
      { outcome: 'failed' },
    );
    expect(stderr).toBe(
      'Traceback …\nValueError: no\nskipped line 4: x comes from load, which failed\n0 of 2 cells ran, 1 failed, 1 skipped\n',
    );
  });

  it('says nothing of its own in a pipe when all went well', () => expect(shown([accepted, started, finished]).both).toBe(''));

  it('takes its progress line back before a cell prints', () => {
    const { both } = shown([accepted, started, stream('stdout', 'a\n'), finished], { isTTY: true });
    const erased = '\r\u001b[2K';
    expect(both).toBe(`${erased}[1/2] running line 1 (load)${erased}a\n1 cell ran in 12 ms\n`);
  });

  it('has each progress that goes on in one line, and keeps what they leave', () => {
    const progress = (id: string, title: string, done: number, isOver: boolean, text: string): Unnumbered<SessionEvent> => {
      const state = JSON.stringify({ title, done, total: 4, isOver });
      const bundle = { 'text/plain': text, 'application/vnd.headwater.progress+json': state };
      return { type: 'output.added', cell: 'c1', step: 1, output: { type: 'display', displayId: id, bundle } };
    };
    const events = [
      progress('a', 'outer', 1, false, 'outer: 25%'),
      progress('b', 'inner', 2, false, 'inner: 50%'),
      progress('b', 'inner', 4, true, ''),
      progress('a', 'outer', 2, false, 'outer: 50%'),
      progress('a', 'outer', 4, true, 'outer: 100%'),
    ];
    const lines = shown(events, { isTTY: true }).both.split('\r\u001b[2K');
    expect(lines).toEqual([
      '',
      'outer: 25%',
      'outer 1 of 4 · inner 2 of 4',
      '',
      'outer: 50%',
      'outer: 100%\n0 cells ran in 0 ms\n',
    ]);
    expect(shown(events).both).toBe('outer: 100%\n');
  });

  it('starts its own lines below a half line that a cell printed', () => {
    const { both } = shown(
      [
        stream('stdout', 'half'),
        { type: 'output.added', cell: 'c1', step: 1, output: { type: 'result', bundle: { 'text/plain': '42' } } },
      ],
      { isTTY: true },
    );
    expect(both).toContain('half\n42\n');
  });
});

it('tells a run to programs as one JSON object per line, cells by index and line', () => {
  const lines: string[] = [];
  const listener = recorder((line) => lines.push(line), label);
  const events = numbered([
    accepted,
    started,
    stream('stderr', 'x'),
    appended(0, 'y'),
    finished,
    { type: 'run.sealed', run: 1, outcome: 'ok' },
  ]);
  for (const event of events) listener.event(event);
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      type: 'run.accepted',
      plan: [
        { cell: 0, line: 1, reason: 'asked for' },
        { cell: 1, line: 4, reason: 'asked for' },
      ],
    },
    { type: 'step.started', cell: 0, line: 1, startedAt: 5 },
    { type: 'output', cell: 0, line: 1, stream: 'stderr', text: 'x' },
    { type: 'output', cell: 0, line: 1, stream: 'stderr', text: 'y' },
    { type: 'step.finished', cell: 0, line: 1, outcome: 'ok', durationMs: 12 },
    { type: 'run.sealed', outcome: 'ok' },
  ]);
  expect(lines.every((line) => line.endsWith('\n'))).toBe(true);
});

describe('sys.exit in a notebook ends the process as it ends a script', () => {
  it.each([
    ['3', 3, { code: 3 }],
    ['-1', -1, { code: 255 }],
    ['256', 256, { code: 0 }],
    ['"3"', undefined, { code: 1, message: '3' }],
    ['""', undefined, { code: 1, message: '' }],
    ['"no data"', undefined, { code: 1, message: 'no data' }],
  ])('sys.exit(%s)', (given, exitCode, expected) => {
    const error = { name: 'SystemExit', message: given.replaceAll('"', ''), frames: [], text: '' };
    expect(systemExit({ ...error, ...(exitCode !== undefined && { exitCode }) })).toMatchObject(expected);
  });

  it('and no other error does', () =>
    expect(systemExit({ name: 'ValueError', message: '3', frames: [], text: '' })).toBeUndefined());
});

describe('parameters', () => {
  it('may hold any text after the first equals sign', () =>
    expect(parseParameters(['a=1', 'b=x=y', 'c='])).toEqual({ a: '1', b: 'x=y', c: '' }));
  it('need a name', () => expect(() => parseParameters(['=5'])).toThrow('-p name=value'));
  it('are names', () => expect(() => parseParameters(['__proto__=1'])).toThrow('__proto__ cannot be a parameter'));
  it('are given once', () => expect(() => parseParameters(['a=1', 'a=2'])).toThrow('a is given twice'));
  it('may be called like a property of every object', () =>
    expect(parseParameters(['constructor=1'])).toEqual({ constructor: '1' }));
});
