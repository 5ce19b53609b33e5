/** What a client prints is whole, though it was too slow for the events. */
import { afterAll, describe, expect, it } from 'vitest';
import { WholeStreams } from '../../../clients/cli/run/whole.ts';
import type { Client } from '../../../clients/node/client.ts';
import type { SessionEvent } from '../../../protocol/types.ts';
import { floodCharacters, floodCode, floodText } from '../../support/flood.ts';
import { until } from '../../support/until.ts';
import { emptyFolder, headwater, writeNotebook } from './headwater.ts';

const in1 = { session: 's', cell: 'a', step: 1 };
const started = { ...in1, seq: 1, type: 'step.started', run: 1, startedAt: 0 } as const;
const added = (text: string) =>
  ({ ...in1, seq: 2, type: 'output.added', output: { type: 'stream', stream: 'stdout', text, elided: 0 } }) as const;
const appended = (text: string, index = 0) => ({ ...in1, seq: 5, type: 'output.appended', index, text }) as const;
const gap = (from: number, to: number) => ({ ...in1, seq: 4, first: 3, type: 'output.gap', index: 0, from, to }) as const;
const finished = { ...in1, seq: 9, type: 'step.finished', run: 1, outcome: 'ok', durationMs: 1 } as const;

/** What is passed on of the events where the stream holds a text, and cuts a part of it. */
async function passed(
  stream: string,
  events: readonly SessionEvent[],
  { cut, isBehind = () => false }: { readonly cut?: { from: number; to: number }; readonly isBehind?: () => boolean } = {},
): Promise<string[]> {
  const shown: string[] = [];
  let isText = false;
  const show = (text: string, isMore: boolean) => {
    if (isText && isMore) shown.push(shown.pop() + text);
    else shown.push(text);
    isText = isMore;
  };
  const request = async (_method: string, { offset, max }: { offset: number; max: number }) => {
    const from = cut && offset >= cut.from && offset < cut.to ? cut.to : offset;
    const end = cut && from < cut.from ? Math.min(cut.from, from + max) : from + max;
    return { from, text: stream.slice(from, end), length: stream.length, cut };
  };
  const whole = new WholeStreams({
    isWanted: () => true,
    client: { request } as unknown as Client,
    listener: (event) => {
      if (event.type === 'output.added' && event.output.type === 'stream') show(event.output.text, true);
      else if (event.type === 'output.appended') show(event.text, true);
      else show(event.type === 'output.gap' ? `${event.from}-${event.to} missing` : event.type, false);
    },
    isBehind,
    printed: async () => {},
  });
  for (const event of events) whole.event(event);
  await whole.passed(events.at(-1)?.seq ?? 0);
  return shown;
}

describe('a stream with gaps', () => {
  it.each([
    ['read in its place', [gap(2, 5), appended('fg'), finished], ['abcdefg', 'step.finished']],
    ['read from where it was passed on', [appended('c'), gap(2, 5), finished], ['abcde', 'step.finished']],
    ['read up to where it goes by then', [gap(2, 4), gap(4, 6), appended('g'), finished], ['abcdefg', 'step.finished']],
    ['followed by other outputs', [gap(2, 5), added('next'), appended('!', 1)], ['abcdenext!']],
  ])('is %s', async (_, events, expected) => {
    expect(await passed('abcdefg', [started, added('ab'), ...events])).toEqual(['step.started', ...expected]);
  });

  it('has a gap where the text is not kept', async () => {
    const events = [started, added('ab'), gap(2, 6), appended('g'), finished];
    expect(await passed('abcdefg', events, { cut: { from: 3, to: 5 } })).toEqual([
      'step.started',
      'abc',
      '3-5 missing',
      'fg',
      'step.finished',
    ]);
  });
});

describe('a stream whose reader is behind', () => {
  // What is read again is in capitals.
  const isBehind = () => true;

  it.each([
    ['is read where it goes on', [appended('c'), appended('de'), finished], ['abCDE', 'step.finished']],
    ['is read before what follows it', [appended('cde'), added('next'), finished], ['abCDEnext', 'step.finished']],
    ['has its lines rewritten', [{ ...appended('X'), from: 1 }, finished], ['abX', 'step.finished']],
  ])('%s', async (_, events, expected) => {
    expect(await passed('abCDE', [started, added('ab'), ...events], { isBehind })).toEqual(['step.started', ...expected]);
  });

  it('has a gap where the text is not kept by then', async () => {
    const events = [started, added('ab'), appended('cde'), finished];
    const shown = await passed('abCDE', events, { isBehind, cut: { from: 2, to: 4 } });
    expect(shown).toEqual(['step.started', 'ab', '2-4 missing', 'E', 'step.finished']);
  });
});

describe('headwater cell run', () => {
  const folder = emptyFolder();
  const env = { HEADWATER_RUNTIME_DIR: emptyFolder() };
  const daemon = (args: readonly string[]) => headwater(args, { cwd: folder, env });
  afterAll(() => daemon(['daemon', 'stop']));

  it('prints the text of values that are too large for an event, each in its place', async () => {
    const shown = (letter: string) => `type("Large", (), {"__repr__": lambda _: "${letter}" * 90_000})()`;
    const cell = `print("first")\nfor _ in range(14):\n    display(${shown('a')})\nprint("then")\n${shown('b')}`;
    writeNotebook(folder, 'large.py', `# %%\n${cell}\n`);
    const { stderr, code } = await daemon(['cell', 'run', 'large.py:2']);
    const lines = stderr.split('\n').filter((line) => /^(.)\1{9}/.test(line));
    expect([code, lines.map((line) => [line[0], line.length])]).toEqual([
      0,
      [...`${'a'.repeat(14)}b`].map((letter) => [letter, 90_000]),
    ]);
  });

  it('prints all of a flood, though it was stopped in the midst of it', async () => {
    const blocks = 300;
    writeNotebook(folder, 'flood.py', `# %%\n${floodCode(blocks)}\n`);
    let isStopped = false;
    const { stdout, stderr, code } = await headwater(['cell', 'run', 'flood.py:2'], {
      cwd: folder,
      env,
      onOutput: (_, child) => {
        if (isStopped) return;
        isStopped = true;
        child.kill('SIGSTOP');
        const isOver = async () => JSON.parse((await daemon(['ps', '--json'])).stdout.split('\n')[0] ?? '').running == null;
        void until(isOver, 'the flood is over').then(() => child.kill('SIGCONT'));
      },
    });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout === floodText(0, floodCharacters(blocks))).toBe(true);
  });
});
