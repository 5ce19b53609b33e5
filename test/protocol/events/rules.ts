/** The rules of `spec/events.md`, one by one: examples whose outcome was written down by hand. */
import { cellStreamCharactersMax, streamCharactersMax } from '../../../protocol/limits.ts';
import { defaultOptions } from '../../../protocol/running-options.ts';
import type { CellView, ErrorView, NotebookView, Output, Problem, RunView } from '../../../protocol/types.ts';
import { cell, type Example, example, type News, place, view } from './example.ts';

/** The step that the cell of most examples ran last. */
const inStep = { cell: 'a', step: 5 } as const;

const lazy = { ...defaultOptions, mode: 'lazy' } as const;
const toLazy: News = { type: 'options', options: lazy };

const general: Example[] = [
  example('an event gives the view its number (E1)', view(), [toLazy], { options: lazy }),
  example('events are folded one after the other (E1)', view(), [toLazy, { type: 'options', options: defaultOptions }], {}),
  {
    ...example(
      'an event that the view contains changes nothing (E1)',
      view(),
      [
        { ...toLazy, seq: 6 },
        { ...toLazy, seq: 7 },
      ],
      {},
    ),
    after: view(),
  },
  {
    ...example('a missing number: the client asks (E2)', view(), [{ ...toLazy, seq: 9 }], {}),
    after: view(),
    asks: true,
  },
  example(
    'an event that stands for several leaves no number out (E2)',
    view(),
    [{ type: 'output.unattributed', stream: 'stdout', text: '', elided: 300, first: 8, seq: 12 }],
    {},
  ),
  {
    ...example(
      'an event that stands for several may still come too late (E2)',
      view(),
      [{ type: 'output.unattributed', stream: 'stdout', text: '', elided: 300, first: 9, seq: 12 }],
      {},
    ),
    after: view(),
    asks: true,
  },
  example(
    'an event that stands for several may begin with numbers that the view contains (E2)',
    view(),
    [{ type: 'output.unattributed', stream: 'stdout', text: '', elided: 300, first: 5, seq: 12 }],
    {},
  ),
  example(
    'an event that stands for several and is hidden from the role leaves no number out (E2)',
    view(),
    [{ type: 'hidden', first: 8, seq: 12 }],
    {},
  ),
  example(
    'an event of an unknown type (E3)',
    view(),
    [{ type: 'weather', cell: 'a', step: 1, outlook: 'fair' } as unknown as News],
    {},
  ),
  example(
    'events about cells, runs and outputs that are not there (E4)',
    view({ cells: { a: cell('a', { lastStep: { step: 5, startedAt: 100 } }) }, layout: [place('a', 0)] }),
    [
      { type: 'step.started', cell: 'z', step: 6, run: 9, startedAt: 200 },
      { type: 'output.added', cell: 'z', step: 6, output: stream('lost') },
      { type: 'output.appended', cell: 'a', step: 5, index: 0, text: 'lost' },
      { type: 'output.gap', cell: 'a', step: 5, index: 1, first: 11, from: 0, to: 10 },
      { type: 'output.updated', cell: 'a', step: 5, index: 0, output: { type: 'display', bundle: { 'text/plain': 'lost' } } },
      { type: 'step.finished', cell: 'z', step: 6, run: 9, outcome: 'ok', durationMs: 1 },
      { type: 'run.sealed', run: 9, outcome: 'ok' },
      { type: 'cells', cells: [{ id: 'z', status: 'stale' }] },
    ],
    {},
  ),
  example(
    'an older step of a cell is not shown (E4)',
    ran({ outputs: [stream('new')] }),
    [
      { type: 'output.added', cell: 'a', step: 4, output: stream('late') },
      { type: 'output.appended', cell: 'a', step: 4, index: 0, text: 'late' },
      { type: 'output.gap', cell: 'a', step: 4, index: 0, first: 10, from: 3, to: 9 },
      { type: 'output.updated', cell: 'a', step: 4, index: 0, output: { type: 'result', bundle: { 'text/plain': 'late' } } },
      { type: 'output.cleared', cell: 'a', step: 4 },
      { type: 'step.finished', cell: 'a', step: 4, run: 2, outcome: 'raised', durationMs: 1, error: failure('late') },
    ],
    {},
  ),
];

const moved = [place('b', 0), place('a', 3)];

const text: Example[] = [
  example(
    'a changed cell replaces the whole cell (E6)',
    view({ cells: { a: cell('a', { outputs: [stream('old')], error: failure('old'), name: 'load' }), b: cell('b') } }),
    [{ type: 'text', version: 4, format: 'percent', removed: [], cells: [cell('a', { code: 'a = 2', status: 'stale' })] }],
    { version: 4, cells: { a: cell('a', { code: 'a = 2', status: 'stale' }), b: cell('b') } },
  ),
  example(
    'a new cell, and where the cells are now (E6, E7)',
    view(),
    [
      {
        type: 'text',
        version: 4,
        format: 'percent',
        layout: [place('a', 0), place('c', 3), place('b', 6)],
        removed: [],
        cells: [cell('c', { status: 'new' })],
      },
    ],
    {
      version: 4,
      layout: [place('a', 0), place('c', 3), place('b', 6)],
      cells: { a: cell('a'), b: cell('b'), c: cell('c', { status: 'new' }) },
    },
  ),
  example(
    'a removed cell (E6)',
    view(),
    [{ type: 'text', version: 4, format: 'percent', layout: [place('b', 0)], removed: ['a'], cells: [] }],
    { version: 4, layout: [place('b', 0)], cells: { b: cell('b') } },
  ),
  example(
    'a cell that is removed and new in one event is there afterwards (E6)',
    view(),
    [{ type: 'text', version: 4, format: 'percent', removed: ['a'], cells: [cell('a', { status: 'new' })] }],
    { version: 4, cells: { a: cell('a', { status: 'new' }), b: cell('b') } },
  ),
  example(
    'cells that changed places (E7)',
    view(),
    [{ type: 'text', version: 4, format: 'percent', layout: moved, removed: [], cells: [] }],
    { version: 4, layout: moved },
  ),
  example(
    'a line more in a cell moves the cells below it (E7)',
    view({ layout: [place('a', 0), place('b', 3), place('c', 6)], cells: { a: cell('a'), b: cell('b'), c: cell('c') } }),
    [
      {
        type: 'text',
        version: 4,
        format: 'percent',
        shift: { place: { ...place('b', 3), endLine: 6 }, lines: 1 },
        removed: [],
        cells: [cell('b', { code: 'b = 1\n' })],
      },
    ],
    {
      version: 4,
      layout: [place('a', 0), { ...place('b', 3), endLine: 6 }, place('c', 7)],
      cells: { a: cell('a'), b: cell('b', { code: 'b = 1\n' }), c: cell('c') },
    },
  ),
  example(
    'two lines less (E7)',
    view({ layout: [{ ...place('a', 0), endLine: 4 }, place('b', 5)] }),
    [{ type: 'text', version: 4, format: 'percent', shift: { place: place('a', 0), lines: -2 }, removed: [], cells: [] }],
    { version: 4, layout: [place('a', 0), place('b', 3)] },
  ),
  example(
    'only the place of one cell is another (E7)',
    view(),
    [
      {
        type: 'text',
        version: 4,
        format: 'percent',
        shift: { place: { ...place('a', 0), codeLine: 2 }, lines: 0 },
        removed: [],
        cells: [],
      },
    ],
    { version: 4, layout: [{ ...place('a', 0), codeLine: 2 }, place('b', 3)] },
  ),
  example(
    'a shift of a cell that is not there (E4, E7)',
    view(),
    [{ type: 'text', version: 4, format: 'percent', shift: { place: place('z', 3), lines: 2 }, removed: [], cells: [] }],
    { version: 4 },
  ),
  example(
    'an edit after which no cell is another (E5, E7)',
    view(),
    [{ type: 'text', version: 9, format: 'percent', removed: [], cells: [] }],
    { version: 9 },
  ),
  example('another format (E5)', view(), [{ type: 'text', version: 4, format: 'marimo', removed: [], cells: [] }], {
    version: 4,
    format: 'marimo',
  }),
  {
    ...example('a text that is no notebook has no format (E5)', view(), [], {}),
    events: [{ session: 's1', seq: 8, type: 'text', version: 4, layout: [], removed: ['a', 'b'], cells: [] }],
    after: withoutFormat(view({ seq: 8, version: 4, layout: [], cells: {} })),
  },
];

const standing = {
  a: cell('a', { status: 'stale', reason: 'x comes from load, which failed', children: ['b'] }),
  b: cell('b', { parents: ['a'] }),
};
const problem: Problem = {
  code: 'undefined-name',
  severity: 'error',
  message: 'No cell defines x.',
  range: { start: { line: 1, character: 4 }, end: { line: 1, character: 5 } },
  cells: ['a'],
  related: [],
};

const parameter = { name: 'x', value: '5', default: '1' };
const unwatched = { names: ['fig'], why: 'the search was cut short' };

const standings: Example[] = [
  example(
    'a status with a reason (E8)',
    view({ cells: standing }),
    [{ type: 'cells', cells: [{ id: 'b', status: 'skipped', reason: 'a comes from cell 1, which failed' }] }],
    { cells: { ...standing, b: { ...standing.b, status: 'skipped', reason: 'a comes from cell 1, which failed' } } },
  ),
  example(
    'a status without a reason takes the old one away (E8)',
    view({ cells: standing }),
    [{ type: 'cells', cells: [{ id: 'a', status: 'queued' }] }],
    { cells: { ...standing, a: cell('a', { status: 'queued', children: ['b'] }) } },
  ),
  example(
    'names of which it is not known whether they changed, until another status takes them away (E8)',
    view({ cells: standing }),
    [
      { type: 'cells', cells: [{ id: 'a', status: 'fresh', unwatched }] },
      { type: 'cells', cells: [{ id: 'b', status: 'fresh', unwatched }] },
      { type: 'cells', cells: [{ id: 'b', status: 'stale' }] },
    ],
    {
      cells: {
        a: cell('a', { status: 'fresh', children: ['b'], unwatched }),
        b: cell('b', { status: 'stale', parents: ['a'] }),
      },
    },
  ),
  example(
    'values that clients have set, until another status comes without them (E8)',
    view({ cells: standing }),
    [
      { type: 'cells', cells: [{ id: 'a', status: 'stale', parameters: [parameter] }] },
      { type: 'cells', cells: [{ id: 'b', status: 'stale', parameters: [parameter] }] },
      { type: 'cells', cells: [{ id: 'b', status: 'stale' }] },
    ],
    {
      cells: {
        a: cell('a', { status: 'stale', children: ['b'], parameters: [parameter] }),
        b: cell('b', { status: 'stale', parents: ['a'] }),
      },
    },
  ),
  example(
    'edges, of those cells whose edges changed (E8)',
    view({ cells: standing }),
    [
      {
        type: 'cells',
        cells: [
          { id: 'a', status: 'fresh', children: [] },
          { id: 'b', status: 'stale', parents: [] },
        ],
      },
    ],
    { cells: { a: cell('a'), b: cell('b', { status: 'stale' }) } },
  ),
  example(
    'what a cell shows stays, however it stands (E8)',
    ran({ outputs: [stream('4')], error: failure('no') }),
    [{ type: 'cells', cells: [{ id: 'a', status: 'stale' }] }],
    { cells: { a: ranCell({ outputs: [stream('4')], error: failure('no'), status: 'stale' }), b: cell('b') } },
  ),
  example(
    'problems replace those before (E9)',
    view({ problems: [problem, problem] }),
    [{ type: 'problems', problems: [problem] }],
    {
      problems: [problem],
    },
  ),
  example('no problems any more (E9)', view({ problems: [problem] }), [{ type: 'problems', problems: [] }], { problems: [] }),
];

const running = {
  phase: 'idle',
  generation: 1,
  python: '/usr/bin/python3',
  source: 'PATH',
  version: '3.13.0',
  pid: 4211,
} as const;

const notebook: Example[] = [
  example('a kernel that has started (E10)', view(), [{ type: 'kernel', kernel: running }], { kernel: running }),
  example(
    'a restart: what the old kernel was is gone, what the cells show is not (E10)',
    ran({ outputs: [stream('4')] }, { kernel: running }),
    [
      { type: 'kernel', kernel: { phase: 'starting', generation: 2 } },
      { type: 'cells', cells: [{ id: 'a', status: 'stale', reason: 'the kernel was restarted' }] },
    ],
    {
      kernel: { phase: 'starting', generation: 2 },
      cells: { a: ranCell({ outputs: [stream('4')], status: 'stale', reason: 'the kernel was restarted' }), b: cell('b') },
    },
  ),
  example(
    'a kernel that died (E10)',
    view({ kernel: running }),
    [{ type: 'kernel', kernel: { phase: 'dead', generation: 1, reason: 'The kernel was killed by SIGKILL.' } }],
    { kernel: { phase: 'dead', generation: 1, reason: 'The kernel was killed by SIGKILL.' } },
  ),
  example('options (E11)', view(), [toLazy], { options: lazy }),
  example('a notice (E12)', view(), [{ type: 'notice', message: 'The disk is full.' }], { notice: 'The disk is full.' }),
  {
    ...example(
      'a notice without a message: the problem is over (E12)',
      view({ notice: 'The disk is full.' }),
      [{ type: 'notice' }],
      {},
    ),
    after: view({ seq: 8 }),
  },
];

function run(id: number, done = 0): RunView {
  return {
    id,
    mode: 'all',
    roots: ['a', 'b'],
    plan: [
      { cell: 'a', reason: 'asked for' },
      { cell: 'b', reason: 'descendant' },
    ],
    done,
  };
}

const runs: Example[] = [
  example('an accepted run comes last (E13)', view({ runs: [run(1)] }), [{ type: 'run.accepted', run: run(2) }], {
    runs: [run(1), run(2)],
  }),
  example(
    'a run that goes on has the plan of its next round (E31)',
    view({ runs: [run(1, 2), run(2)] }),
    [
      { type: 'run.continued', run: 1, plan: [{ cell: 'b', reason: 'state set' }] },
      { type: 'run.continued', run: 9, plan: [] },
      { type: 'step.finished', cell: 'b', step: 3, run: 1, outcome: 'ok', durationMs: 2 },
    ],
    { runs: [{ ...run(1, 1), plan: [{ cell: 'b', reason: 'state set' }] }, run(2)] },
  ),
  example(
    'steps that end are counted in their run, also those that were skipped (E14)',
    view({ runs: [run(1), run(2)] }),
    [
      { type: 'step.skipped', cell: 'b', run: 2, outcome: 'skipped', reason: 'cancelled' },
      { type: 'step.finished', cell: 'a', step: 3, run: 1, outcome: 'ok', durationMs: 2 },
      { type: 'step.skipped', cell: 'b', run: 1, outcome: 'cached', reason: 'superseded by run 2' },
    ],
    { runs: [run(1, 2), run(2, 1)] },
  ),
  example(
    'steps of cells that are gone are counted (E14)',
    view({ runs: [run(1)] }),
    [
      { type: 'step.finished', cell: 'z', step: 3, run: 1, outcome: 'ok', durationMs: 2 },
      { type: 'step.skipped', cell: 'y', run: 1, outcome: 'skipped', reason: 'the cell was removed' },
    ],
    { runs: [run(1, 2)] },
  ),
  example(
    'a sealed run is gone, however it ended (E15)',
    view({ runs: [run(1, 2), run(2), run(3)] }),
    [
      { type: 'run.sealed', run: 1, outcome: 'ok' },
      { type: 'run.sealed', run: 3, outcome: 'interrupted' },
    ],
    { runs: [run(2)] },
  ),
];

const remembered = {
  outputs: [stream('before')],
  error: failure('before'),
  asOf: 1700000000000,
  status: 'queued',
  reason: 'asked for',
} as const;

const steps: Example[] = [
  example(
    'a step that starts clears what its cell showed, and leaves how it stands (E16)',
    ran({ ...remembered, lastStep: { step: 5, startedAt: 100, durationMs: 7, outcome: 'raised', clearings: 2 } }),
    [{ type: 'step.started', cell: 'a', step: 6, run: 2, startedAt: 200 }],
    {
      cells: { a: cell('a', { status: 'queued', reason: 'asked for', lastStep: { step: 6, startedAt: 200 } }), b: cell('b') },
    },
  ),
  example(
    'a step that ends well (E14, E17)',
    ran({ outputs: [stream('4')], lastStep: { step: 5, startedAt: 100, clearings: 1 } }, { runs: [run(2)] }),
    [{ type: 'step.finished', cell: 'a', step: 5, run: 2, outcome: 'ok', durationMs: 1.5 }],
    {
      runs: [run(2, 1)],
      cells: {
        a: cell('a', {
          outputs: [stream('4')],
          lastStep: { step: 5, startedAt: 100, clearings: 1, durationMs: 1.5, outcome: 'ok' },
        }),
        b: cell('b'),
      },
    },
  ),
  example(
    'a step that raises (E17)',
    ran({ outputs: [stream('4')] }),
    [{ type: 'step.finished', cell: 'a', step: 5, run: 2, outcome: 'raised', durationMs: 1.5, error: failure('no') }],
    {
      cells: {
        a: cell('a', {
          outputs: [stream('4')],
          error: failure('no'),
          lastStep: { step: 5, startedAt: 100, durationMs: 1.5, outcome: 'raised' },
        }),
        b: cell('b'),
      },
    },
  ),
  example(
    'an end without an error takes none away (E17)',
    ran({ error: failure('no') }),
    [{ type: 'step.finished', cell: 'a', step: 5, run: 2, outcome: 'ok', durationMs: 1.5 }],
    {
      cells: {
        a: cell('a', { error: failure('no'), lastStep: { step: 5, startedAt: 100, durationMs: 1.5, outcome: 'ok' } }),
        b: cell('b'),
      },
    },
  ),
  example(
    'a skipped step leaves its cell as it is (E14, E18)',
    ran({ outputs: [stream('4')] }, { runs: [run(2)] }),
    [{ type: 'step.skipped', cell: 'a', run: 2, outcome: 'skipped', reason: 'a comes from cell 1, which failed' }],
    { runs: [run(2, 1)] },
  ),
  example(
    'interrupts, processes that are left, and text of no cell (E19)',
    ran({ outputs: [stream('4')] }),
    [
      { type: 'step.interrupt', cell: 'a', step: 5, level: 'soft', state: 'nothing-to-cancel' },
      { type: 'step.interrupt', cell: 'a', step: 5, level: 'sigint', state: 'taken' },
      { type: 'kernel.survivors', cell: 'a', step: 5, processes: [{ pid: 4300, command: 'sleep 100' }] },
      { type: 'output.unattributed', stream: 'stderr', text: 'late\n' },
    ],
    {},
  ),
  example(
    'events that are hidden from the role (E19)',
    ran({ outputs: [stream('4')] }),
    [{ type: 'hidden' }, { type: 'options', options: lazy }, { type: 'hidden' }],
    { options: lazy },
  ),
];

const shown = { type: 'display', bundle: { 'text/plain': '10 %' }, displayId: 'bar' } as const;
const half = { ...shown, bundle: { 'text/plain': '50 %' } };
const result = { type: 'result', bundle: { 'text/plain': '42', 'image/png': { blob: '9f86d081', size: 8 } } } as const;

const outputs: Example[] = [
  outputExample(
    'outputs come one after the other (E20)',
    [],
    [added(stream('one\n')), added(stream('two\n', 'stderr')), added(shown), added(result)],
    [stream('one\n'), stream('two\n', 'stderr'), shown, result],
  ),
  outputExample(
    'text at the end of a stream (E21)',
    [stream('one\n'), shown],
    [appended(0, 'two\n')],
    [stream('one\ntwo\n'), shown],
  ),
  outputExample(
    'text of the other stream, where a step has too many outputs (E21)',
    [stream('one\n')],
    [{ ...appended(0, 'two\n'), stream: 'stderr' }],
    [stream('one\ntwo\n')],
  ),
  outputExample(
    'a carriage return: the line is written anew (E21)',
    [stream('a\n10 %')],
    [appended(0, '100 %', 2)],
    [stream('a\n100 %')],
  ),
  outputExample(
    'a carriage return: a shorter line (E21)',
    [stream('a\n100 %')],
    [appended(0, 'ok', 2), appended(0, '\n')],
    [stream('a\nok\n')],
  ),
  outputExample('from the beginning (E21)', [stream('10 %')], [appended(0, 'done', 0)], [stream('done')]),
  outputExample(
    'after text that the view does not show (E21)',
    [stream('one', 'stdout', 7)],
    [appended(0, 'two')],
    [stream('one', 'stdout', 10)],
  ),
  outputExample(
    'a line that the view does not show is written anew (E21)',
    [stream('one', 'stdout', 7)],
    [appended(0, 'two', 8)],
    [stream('one', 'stdout', 8)],
  ),
  outputExample(
    'from a place that the view shows: what it does not show is replaced as well (E21)',
    [stream('one', 'stdout', 7)],
    [appended(0, 'two', 1)],
    [stream('otwo')],
  ),
  outputExample(
    'no text at the end of what is no stream (E21)',
    [shown, result],
    [appended(0, 'one'), appended(1, 'two')],
    [shown, result],
  ),
  outputExample('a gap (E22)', [stream('one')], [gap(0, 3, 500)], [stream('one', 'stdout', 497)]),
  outputExample(
    'text after a gap (E21, E22)',
    [stream('one')],
    [gap(0, 3, 500), appended(0, 'two')],
    [stream('one', 'stdout', 500)],
  ),
  outputExample(
    'a gap in a stream that became shorter (E22)',
    [stream('one', 'stdout', 700)],
    [gap(0, 3, 500)],
    [stream('one', 'stdout', 497)],
  ),
  outputExample('a gap at the end of what the view shows (E22)', [stream('one', 'stdout', 7)], [gap(0, 3, 3)], [stream('one')]),
  outputExample(
    'a gap that ends before what the view shows (E22)',
    [stream('one', 'stdout', 7)],
    [gap(0, 2, 2)],
    [stream('one')],
  ),
  outputExample(
    'a gap that stands for several events (E2, E22)',
    [stream('one')],
    [{ ...gap(0, 3, 500), seq: 12 }],
    [stream('one', 'stdout', 497)],
  ),
  outputExample('a place behind a character of two units (E21)', [stream('😀one')], [appended(0, 'two', 2)], [stream('😀two')]),
  outputExample('a gap behind a character of two units (E22)', [stream('😀')], [gap(0, 2, 500)], [stream('😀', 'stdout', 498)]),
  outputExample(
    'a character of two units in a stream that begins longer than a view shows (E25)',
    [],
    [added(stream(`😀${'x'.repeat(streamCharactersMax)}`))],
    [stream(`😀${'x'.repeat(streamCharactersMax - 2)}`, 'stdout', 2)],
  ),
  outputExample(
    'a display that changes (E23)',
    [stream('one'), shown],
    [{ ...inStep, type: 'output.updated', index: 1, output: half }],
    [stream('one'), half],
  ),
  {
    ...outputExample(
      'cleared, and what comes afterwards (E20, E24)',
      [stream('one'), shown],
      [cleared(), added(stream('two'))],
      [],
    ),
    after: view({
      seq: 9,
      cells: { a: ranCell({ outputs: [stream('two')], lastStep: { step: 5, startedAt: 100, clearings: 1 } }), b: cell('b') },
    }),
  },
  {
    ...example(
      'cleared again (E24)',
      ran({ outputs: [shown], lastStep: { step: 5, startedAt: 100, clearings: 1 } }),
      [cleared()],
      { cells: { a: ranCell({ lastStep: { step: 5, startedAt: 100, clearings: 2 } }), b: cell('b') } },
    ),
  },
  outputExample(
    'a stream that begins longer than a view shows (E25)',
    [],
    [added(stream('x'.repeat(streamCharactersMax + 10)))],
    [stream('x'.repeat(streamCharactersMax), 'stdout', 10)],
  ),
  outputExample(
    'a stream that becomes longer than a view shows (E25)',
    [stream('x'.repeat(streamCharactersMax - 4))],
    [appended(0, 'xxxxxxxxxx'), appended(0, 'xx')],
    [stream('x'.repeat(streamCharactersMax), 'stdout', 8)],
  ),
  outputExample(
    'the other streams of a cell leave no room (E25)',
    fullStreams(),
    [added(stream('more', 'stderr'))],
    [...fullStreams(), stream('', 'stderr', 4)],
  ),
  outputExample(
    'a stream that becomes shorter leaves room to others (E25)',
    fullStreams(),
    [appended(0, 'x', 0), added(stream('more', 'stderr'))],
    [stream('x'), ...fullStreams().slice(1), stream('more', 'stderr')],
  ),
];

const asked = { input: 1, cell: 'a', step: 5, prompt: 'Name: ', isPassword: false };

const questions: Example[] = [
  example('a question (E26)', ran({}), [{ type: 'input.requested', ...asked }], { input: asked }),
  example(
    'a question takes the place of another (E26)',
    ran({}, { input: asked }),
    [{ type: 'input.requested', ...asked, input: 2, isPassword: true }],
    {
      input: { ...asked, input: 2, isPassword: true },
    },
  ),
  {
    ...example(
      'an answered question is gone (E27)',
      ran({}, { input: asked }),
      [{ type: 'input.ended', cell: 'a', step: 5, input: 1, outcome: 'answered' }],
      {},
    ),
    after: ran({}, { seq: 8 }),
  },
  example(
    'the end of another question (E27)',
    ran({}, { input: { ...asked, input: 2 } }),
    [{ type: 'input.ended', cell: 'a', step: 5, input: 1, outcome: 'withdrawn' }],
    {},
  ),
];

/** By the file that they go into. */
export const rules: Readonly<Record<string, readonly Example[]>> = {
  general,
  text,
  standings,
  notebook,
  runs,
  steps,
  outputs,
  questions,
};

function ranCell(fields: Partial<CellView>): CellView {
  return cell('a', { lastStep: { step: 5, startedAt: 100 }, ...fields });
}

/** Two cells; the last step of the first is 5. */
function ran(fields: Partial<CellView>, others: Partial<NotebookView> = {}): NotebookView {
  return view({ cells: { a: ranCell(fields), b: cell('b') }, ...others });
}

function withoutFormat({ format: _, ...rest }: NotebookView): NotebookView {
  return rest;
}

function failure(message: string): ErrorView {
  return { name: 'ValueError', message, frames: [], text: `ValueError: ${message}` };
}

function outputExample(name: string, before: readonly Output[], events: readonly News[], after: readonly Output[]): Example {
  return example(name, ran({ outputs: before }), events, { cells: { a: ranCell({ outputs: after }), b: cell('b') } });
}

function stream(text: string, name: 'stdout' | 'stderr' = 'stdout', elided = 0): Output {
  return { type: 'stream', stream: name, text, elided };
}

/** As much as a view shows of all streams of a cell. */
function fullStreams(): Output[] {
  return Array.from({ length: cellStreamCharactersMax / streamCharactersMax }, () => stream('x'.repeat(streamCharactersMax)));
}

function added(output: Output): News {
  return { ...inStep, type: 'output.added', output };
}

function appended(index: number, text: string, from?: number) {
  return { ...inStep, type: 'output.appended', index, text, ...(from !== undefined && { from }) } as const;
}

/** Of events from the first one after the view on. */
function gap(index: number, from: number, to: number): News {
  return { ...inStep, type: 'output.gap', index, first: 8, from, to };
}

function cleared(): News {
  return { ...inStep, type: 'output.cleared' };
}
