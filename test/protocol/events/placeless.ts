/** Examples of what the events of placeless steps change; each outcome was written down by hand. */
import { placelessKeptMax, placelessStreamCharactersMax } from '../../../protocol/limits.ts';
import type { Output, PlacelessView } from '../../../protocol/types.ts';
import { type Example, example, view } from './example.ts';

const names = { stale: ['a'], defined: ['x'], deleted: [], changed: [] };
const error = { name: 'NameError', message: "name 'y' is not defined", frames: [], text: 'NameError' };
const text = 'x'.repeat(placelessStreamCharactersMax);

function ran(step: number, fields: Partial<PlacelessView> = {}): PlacelessView {
  return { step, client: 'repl', code: 'x = a', startedAt: 100, outputs: [], ...fields };
}

function stream(text: string, elided = 0): Output {
  return { type: 'stream', stream: 'stdout', text, elided };
}

const started = { type: 'placeless.started', client: 'repl', code: 'x = a', startedAt: 100 } as const;

export const placeless: readonly Example[] = [
  example(
    'a placeless step that starts comes last (E28)',
    view({ placeless: [ran(5)] }),
    [
      { ...started, step: 6 },
      { ...started, step: 7, at: 'b' },
    ],
    { placeless: [ran(5), ran(6), ran(7, { at: 'b' })] },
  ),
  example(
    'of more than 50 the oldest goes (E28)',
    view({ placeless: Array.from({ length: placelessKeptMax }, (_, at) => ran(at + 1)) }),
    [{ ...started, step: placelessKeptMax + 1 }],
    { placeless: Array.from({ length: placelessKeptMax }, (_, at) => ran(at + 2)) },
  ),
  example(
    'outputs of a placeless step change as those of a cell do (E29)',
    view({ placeless: [ran(5), ran(6)] }),
    [
      { type: 'placeless.output', step: 5, change: { type: 'output.added', output: stream('one') } },
      { type: 'placeless.output', step: 5, change: { type: 'output.appended', index: 0, text: ' two' } },
      { type: 'placeless.output', step: 6, change: { type: 'output.added', output: stream('gone') } },
      { type: 'placeless.output', step: 6, change: { type: 'output.cleared' } },
      { type: 'placeless.output', step: 4, change: { type: 'output.added', output: stream('of a step that is not there') } },
    ],
    { placeless: [ran(5, { outputs: [stream('one two')] }), ran(6, { clearings: 1 })] },
  ),
  example(
    'a view has 65,536 characters of the streams of a placeless step, and gaps count the rest (E29)',
    view({ placeless: [ran(5)] }),
    [
      { type: 'placeless.output', step: 5, change: { type: 'output.added', output: stream(text) } },
      { type: 'placeless.output', step: 5, change: { type: 'output.added', output: stream('more') } },
      {
        type: 'placeless.output',
        step: 5,
        change: { type: 'output.gap', index: 1, from: 4, to: 100 },
        first: 10,
        seq: 20,
      },
    ],
    { placeless: [ran(5, { outputs: [stream(text), stream('', 100)] })] },
  ),
  example(
    'the end of a placeless step (E30)',
    view({ placeless: [ran(5, { outputs: [stream('one')] }), ran(6)] }),
    [
      { type: 'placeless.finished', step: 5, outcome: 'ok', durationMs: 7, names },
      { type: 'placeless.finished', step: 6, outcome: 'raised', durationMs: 8, error, names },
      { type: 'placeless.finished', step: 4, outcome: 'ok', durationMs: 9, names },
    ],
    {
      placeless: [
        ran(5, { outputs: [stream('one')], outcome: 'ok', durationMs: 7, names }),
        ran(6, { outcome: 'raised', durationMs: 8, error, names }),
      ],
    },
  ),
  example(
    'a placeless step asks (E26)',
    view({ placeless: [ran(5)] }),
    [{ type: 'input.requested', step: 5, input: 1, prompt: 'name? ', isPassword: false }],
    { input: { input: 1, step: 5, prompt: 'name? ', isPassword: false } },
  ),
  example(
    'a placeless step is answered (E27)',
    view({ placeless: [ran(5)], input: { input: 1, step: 5, prompt: 'name? ', isPassword: false } }),
    [{ type: 'input.ended', step: 5, input: 1, outcome: 'answered' }],
    { input: undefined },
  ),
  example(
    'a placeless step is interrupted (E19)',
    view({ placeless: [ran(5)] }),
    [
      { type: 'step.interrupt', step: 5, level: 'sigint', state: 'taken' },
      { type: 'kernel.survivors', step: 5, processes: [{ pid: 4300, command: 'sleep 100' }] },
    ],
    {},
  ),
];
