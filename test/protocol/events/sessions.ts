/** Examples from real sessions with a kernel that says what a script says. What the view is afterwards says the session, not the fold. */
import type { Kernel, KernelEvent } from '../../../daemon/kernel/kernel.ts';
import { loadParser } from '../../../daemon/node/parser.ts';
import type { Parse } from '../../../daemon/parser/parser.ts';
import type { Session } from '../../../daemon/session/session.ts';
import { testSession } from '../../support/session.ts';
import { until } from '../../support/until.ts';
import type { Example } from './example.ts';

type Said<T extends KernelEvent['type']> = Extract<KernelEvent, { type: T }>;

/** A session, and its kernel to play. */
class Play {
  readonly session: Session;
  readonly examples: Example[] = [];
  #hear: (event: KernelEvent) => void = () => {};
  #kernels = 0;
  /** What each step may write. */
  readonly #writes = new Map<number, readonly string[]>();

  constructor(parse: Parse, text: string) {
    this.session = testSession({
      text,
      format: undefined,
      parse,
      incarnation: 'b7e2',
      now: () => 1_767_225_600_000,
      provideKernels: () => ({
        prepare: async () => ({ python: '/usr/bin/python3', source: 'PATH', start: (onEvent) => this.#start(onEvent) }),
        close: () => undefined,
      }),
    });
  }

  #start(onEvent: (event: KernelEvent) => void): Kernel {
    this.#hear = onEvent;
    this.#kernels += 1;
    return {
      evaluate: ({ step, writes }) => void this.#writes.set(step, writes),
      interrupt: () => {},
      answer: () => {},
      stop: () => Promise.resolve(),
    };
  }

  /** What follows becomes an example. */
  async record(name: string, act: () => void | Promise<void>): Promise<void> {
    this.session.tellStandings();
    const view = structuredClone(this.session.view());
    await act();
    this.session.tellStandings();
    const events = structuredClone(this.session.events.since(view.seq) ?? []);
    this.examples.push({ name, view, events, after: structuredClone(this.session.view()) });
  }

  say(event: KernelEvent): void {
    this.#hear(event);
  }

  /** The next kernel is there. */
  async begin(): Promise<void> {
    const before = this.#kernels;
    await until(() => this.#kernels > before, 'a kernel is being started');
    this.say({ type: 'started', pid: 4211, version: '3.13.0', executable: '/usr/bin/python3' });
  }

  runAll(): void {
    this.session.startRun('all', [], undefined, false);
  }

  print(step: number, text: string, stream: 'stdout' | 'stderr' = 'stdout'): void {
    this.say({ type: 'stream', step, stream, text });
    this.tellOutputs();
  }

  /** What waits for more of it. */
  tellOutputs(): void {
    for (const { cell } of this.session.reading.cells) this.session.tellOutputs(cell.id);
  }

  display(step: number, text: string, fields: Partial<Said<'display'>> = {}): void {
    const bundle = { 'text/plain': text };
    this.say({ type: 'display', step, bundle, displayId: undefined, isUpdate: false, isResult: false, ...fields });
  }

  finish(step: number, fields: Partial<Said<'finished'>> = {}): void {
    const written = this.#writes.get(step) ?? [];
    const observed = { writes: [], reads: [], changes: [] };
    const nothing = { deleted: [], untouched: [], unchanged: [] };
    this.say({
      type: 'finished',
      step,
      outcome: { type: 'ok' },
      isPlain: true,
      written,
      observed,
      ...nothing,
      durationMs: 1.5,
      ...fields,
    });
  }

  edit(version: number, text: string): void {
    this.session.changeText('editor', version, [{ text }]);
  }
}

const river = '# %%\nx = 1\n# %%\nprint(x)\n# %%\nx + 1\n';
const raised = {
  name: 'ZeroDivisionError',
  message: 'division by zero',
  frames: [],
  text: 'ZeroDivisionError: division by zero\n',
};

async function runs(parse: Parse): Promise<Example[]> {
  const play = new Play(parse, river);
  await play.record('a first run: a kernel, steps, a stream, a result (P21)', async () => {
    play.runAll();
    await play.begin();
    play.finish(1);
    play.print(2, '1\n');
    play.finish(2);
    play.display(3, '2', { isResult: true });
    play.finish(3);
  });
  await play.record('a run in which a cell raises and those below it are skipped (P21)', () => {
    play.runAll();
    play.finish(4, { outcome: { type: 'raised', error: raised }, written: [], isPlain: false });
  });
  await play.record('a restart (P21)', async () => {
    play.session.restart();
    play.say({ type: 'died', code: 0, signal: null, wasAsked: true, reason: 'The kernel was stopped.' });
    await play.begin();
  });
  await play.record('a kernel that dies while a cell runs (P21)', () => {
    play.runAll();
    play.print(5, 'so far\n');
    play.say({ type: 'died', code: null, signal: 'SIGKILL', wasAsked: false, reason: 'The kernel was killed by SIGKILL.' });
  });
  return play.examples;
}

async function edits(parse: Parse): Promise<Example[]> {
  const play = new Play(parse, river);
  play.session.openText('editor', 1, river);
  await play.record('a cell is edited (P21)', () => play.edit(2, river.replace('x = 1', 'x = 10\ny = x')));
  await play.record('a cell is added, and another one removed (P21)', () =>
    play.edit(3, '# %%\nx = 10\ny = x\n# %%\nx + 1\n# %%\nz = y\n'),
  );
  await play.record('cells change places (P21)', () => play.edit(4, '# %%\nz = y\n# %%\nx = 10\ny = x\n# %%\nx + 1\n'));
  await play.record('cells become marimo’s (P21)', () =>
    play.edit(5, 'import marimo\n\napp = marimo.App()\n\n\n@app.cell\ndef _():\n    x = 10\n    return (x,)\n'),
  );
  return play.examples;
}

async function outputs(parse: Parse): Promise<Example[]> {
  const play = new Play(parse, '# %%\nshow()\n');
  play.runAll();
  await play.begin();
  await play.record('text of two streams, in pieces (P21)', () => {
    play.print(1, 'a');
    play.print(1, 'b\n');
    play.print(1, 'c\n', 'stderr');
  });
  await play.record('carriage returns (P21, P42)', () => {
    play.print(1, '10 %');
    play.print(1, '\r100 %');
    play.print(1, '\rdone\n');
  });
  await play.record('displays, one of which changes (P21, P43)', () => {
    play.display(1, '1 of 2', { displayId: 'bar' });
    play.display(1, 'beside it');
    play.display(1, '2 of 2', { displayId: 'bar', isUpdate: true });
    play.tellOutputs();
  });
  await play.record('all outputs are cleared, and others follow (P21, P43)', () => {
    play.say({ type: 'clear', step: 1, waits: false });
    play.print(1, 'anew\n');
  });
  await play.record('a question and its answer (P21, P32)', () => {
    play.say({ type: 'input', step: 1, input: 1, prompt: 'Name: ', isPassword: false });
    play.session.reply(1, 'Ada', true);
    play.tellOutputs();
  });
  await play.record('an interrupt (P21)', () => {
    play.say({ type: 'input', step: 1, input: 2, prompt: 'Again: ', isPassword: false });
    play.session.interrupt({ level: undefined, deadlineMs: undefined });
    play.say({ type: 'interrupt', step: 1, level: 'sigint', state: 'sent' });
    play.say({ type: 'interrupt', step: 1, level: 'sigint', state: 'taken' });
    play.say({ type: 'survivors', step: 1, processes: [{ pid: 4300, command: 'sleep 100' }] });
    play.finish(1, { outcome: { type: 'interrupted' }, isPlain: false });
  });
  await play.record('text that no cell can be named for (P21)', () => {
    play.say({ type: 'stream', step: undefined, stream: 'stdout', text: 'late\n' });
  });
  return play.examples;
}

export async function sessionExamples(): Promise<Example[]> {
  const parse = await loadParser();
  return [...(await runs(parse)), ...(await edits(parse)), ...(await outputs(parse))];
}
