/**
 * One Python that stays while there are questions, and answers them one after the other: starting one takes longer than most answers. It is
 * started when first asked, and again after it died or was ended for idleness. Every wait ends: with an answer, with the process, or with its time.
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { interpreterAnswerSecondsMax, probeAnswerBytesMax, probeIdleSeconds, probeQuestionsMax } from '../../limits.ts';
import { answerIn, type ProbeAnswer, type ProbeQuestion, probeArguments } from './probe.ts';

type Child = ChildProcessByStdio<Writable, Readable, null>;

interface Waiting {
  readonly line: string;
  readonly answer: (answer: ProbeAnswer | undefined) => void;
}

export interface ProbeProcessOptions {
  /** Which Python; asked at each start, since it may come later. */
  readonly findPython: () => Promise<string | undefined>;
  /** For tests; what is not answered by then counts as unknown, and that Python is stopped. */
  readonly answerMillisecondsMax?: number;
  /** For tests. */
  readonly idleMilliseconds?: number;
}

export class ProbeProcess {
  readonly #options: ProbeProcessOptions;
  readonly #waiting: Waiting[] = [];
  #child: Child | undefined;
  #starting: Promise<Child | undefined> | undefined;
  #idle: NodeJS.Timeout | undefined;
  #isBusy = false;
  #isClosed = false;
  #starts = 0;

  constructor(options: ProbeProcessOptions) {
    this.#options = options;
  }

  /** How often a Python was started. */
  get starts(): number {
    return this.#starts;
  }

  /** Nothing where no Python can answer, where it took too long, and where too many others wait. */
  ask(question: ProbeQuestion): Promise<ProbeAnswer | undefined> {
    if (this.#isClosed || this.#waiting.length >= probeQuestionsMax) return Promise.resolve(undefined);
    return new Promise((answer) => {
      this.#waiting.push({ line: `${JSON.stringify(question)}\n`, answer });
      void this.#work();
    });
  }

  /** Before there is a question, so that it need not wait. */
  start(): void {
    void this.#started();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#idle);
    this.#stop();
    for (const { answer } of this.#waiting.splice(0)) answer(undefined);
  }

  async #work(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    clearTimeout(this.#idle);
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift())
      next.answer(await this.#answer(next.line));
    this.#isBusy = false;
    this.#endWhenIdle();
  }

  /** A notebook that nobody edits has no questions, and need not pay for a process. */
  #endWhenIdle(): void {
    clearTimeout(this.#idle);
    if (this.#isBusy || this.#isClosed) return;
    this.#idle = setTimeout(() => this.#stop(), this.#options.idleMilliseconds ?? probeIdleSeconds * 1000).unref();
  }

  async #answer(line: string): Promise<ProbeAnswer | undefined> {
    const child = await this.#started();
    if (!child) return undefined;
    const answer = await answerOf(child, line, this.#options.answerMillisecondsMax ?? interpreterAnswerSecondsMax * 1000);
    // Half an answer may still come: who did not answer is not asked again.
    if (answer === undefined) this.#stop();
    return answer;
  }

  async #started(): Promise<Child | undefined> {
    if (this.#child) return this.#child;
    this.#starting ??= this.#begin().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #begin(): Promise<Child | undefined> {
    const python = await this.#options.findPython();
    if (python === undefined || this.#isClosed) return undefined;
    this.#starts += 1;
    const child = spawn(python, probeArguments, { cwd: '/', env: {}, stdio: ['pipe', 'pipe', 'ignore'] });
    child.stdout.setEncoding('utf8');
    child.stdin.on('error', () => undefined);
    child.once('error', () => this.#forget(child));
    child.once('exit', () => this.#forget(child));
    // It does not keep the daemon from ending; when the daemon ends, its standard input does, and so does it.
    child.unref();
    for (const stream of [child.stdin, child.stdout]) if (stream instanceof Socket) stream.unref();
    this.#child = child;
    this.#endWhenIdle();
    return child;
  }

  #forget(child: Child): void {
    if (this.#child === child) this.#child = undefined;
  }

  #stop(): void {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }
}

/** The next line that it says. */
function answerOf(child: Child, line: string, millisecondsMax: number): Promise<ProbeAnswer | undefined> {
  return new Promise((resolve) => {
    let text = '';
    const end = (answer: ProbeAnswer | undefined) => {
      clearTimeout(timer);
      child.stdout.off('data', take).off('close', fail);
      child.off('error', fail).off('exit', fail);
      resolve(answer);
    };
    const fail = () => end(undefined);
    const take = (part: string) => {
      text += part;
      if (text.endsWith('\n')) end(answerIn(text));
      else if (text.length > probeAnswerBytesMax) fail();
    };
    const timer = setTimeout(fail, millisecondsMax);
    child.stdout.on('data', take).on('close', fail);
    child.on('error', fail).on('exit', fail);
    if (child.exitCode !== null || child.signalCode !== null) return fail();
    child.stdin.write(line);
  });
}
