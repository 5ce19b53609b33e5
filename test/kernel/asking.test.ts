// Questions to a kernel, with a worker that answers when the test says so (W24).
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { encodeWorkerFrame, WorkerFrameReader } from '../../daemon/kernel/channel.ts';
import type { Answered } from '../../daemon/kernel/kernel.ts';
import { Questions } from '../../daemon/kernel/questions.ts';
import { questionMilliseconds, questionsWaitingMax } from '../../daemon/limits.ts';

interface Sent {
  readonly lane: 'idle' | 'live';
  readonly question: number;
}

class Worker {
  isIdle = false;
  readonly sent: Sent[] = [];
  readonly lifeline = new PassThrough();
  readonly questions = new Questions({
    isIdle: () => this.isIdle,
    send: (message) => this.#take('idle', message),
  });

  constructor() {
    const frames = new WorkerFrameReader();
    vi.spyOn(this.lifeline, 'write').mockImplementation((frame) => {
      for (const { json } of frames.push(frame as Buffer).frames) this.#take('live', json);
      return true;
    });
    this.questions.listen(this.lifeline);
  }

  #take(lane: Sent['lane'], message: unknown): void {
    this.sent.push({ lane, question: (message as { readonly question: number }).question });
  }

  ask(): Promise<Answered> {
    return this.questions.ask({ type: 'variables', values: [['x', 1]] });
  }

  answer(question: number, preview = '1'): void {
    this.lifeline.emit(
      'data',
      encodeWorkerFrame({ type: 'answered', question, answer: [['int', preview, null, null, null, 1]] }),
    );
  }
}

let worker: Worker;

beforeEach(() => {
  vi.useFakeTimers();
  worker = new Worker();
});
afterEach(() => {
  vi.useRealTimers();
});

const expire = () => vi.advanceTimersByTimeAsync(questionMilliseconds);
const fact = { type: 'int', preview: '1', asOf: 1 };
const types = async (asked: readonly Promise<Answered>[]) => (await Promise.all(asked)).map(({ type }) => type);

it('asks one after the other, and by the descriptor of the lane while a step runs (W24)', async () => {
  const asked = [worker.ask(), worker.ask()];
  expect(worker.sent).toEqual([{ lane: 'live', question: 1 }]);
  worker.answer(1);
  worker.isIdle = true;
  worker.answer(2);
  expect(await asked[0]).toMatchObject({ type: 'answered', facts: [fact] });
  expect(worker.sent.map(({ question }) => question)).toEqual([1, 2]);
  const next = worker.ask();
  expect(worker.sent.at(-1)).toEqual({ lane: 'idle', question: 3 });
  worker.questions.hear({ type: 'answered', question: 3, answer: [undefined] });
  expect(await types([...asked, next])).toEqual(['answered', 'answered', 'answered']);
});

it('abandons an answer that comes too late, and drops it when it comes (W24)', async () => {
  const first = worker.ask();
  await expire();
  expect(await first).toEqual({ type: 'late' });
  const second = worker.ask();
  worker.answer(1, 'late');
  worker.answer(2, 'in time');
  expect(await second).toMatchObject({ facts: [{ preview: 'in time' }] });
});

it('asks nothing more after two abandoned answers, until the step ends (W24)', async () => {
  const asked = [worker.ask(), worker.ask(), worker.ask()];
  await expire();
  await expire();
  expect(await types(asked)).toEqual(['late', 'late', 'closed']);
  worker.answer(2);
  expect(await types([worker.ask()])).toEqual(['closed']);
  expect(worker.sent.length).toBe(2);
  worker.questions.stepEnded();
  const after = worker.ask();
  worker.answer(3);
  expect(await types([after])).toEqual(['answered']);
});

it('asks again where no step runs and a late answer shows that it is heard', async () => {
  worker.isIdle = true;
  const asked = [worker.ask(), worker.ask()];
  await expire();
  await expire();
  expect(await types([...asked, worker.ask()])).toEqual(['late', 'late', 'closed']);
  worker.questions.hear({ type: 'answered', question: 1, answer: [] });
  const after = worker.ask();
  worker.questions.hear({ type: 'answered', question: 3, answer: [] });
  expect(await types([after])).toEqual(['answered']);
});

it('refuses one more than can wait, and all when the kernel dies', async () => {
  const asked = Array.from({ length: questionsWaitingMax + 1 }, () => worker.ask());
  expect(await types([worker.ask()])).toEqual(['full']);
  worker.questions.close();
  expect(new Set(await types([...asked, worker.ask()]))).toEqual(new Set(['gone']));
});

it('hears nothing more where a program writes to the lane itself', async () => {
  const asked = worker.ask();
  worker.lifeline.emit('data', Buffer.alloc(16, 0xff));
  worker.answer(1);
  await expire();
  expect(await types([asked])).toEqual(['late']);
});
