/** Children in a clean environment: what some machines set doubles Node's start and slows every Python. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export function cleanEnvironment() {
  const { NODE_EXTRA_CA_CERTS, PYTHONDONTWRITEBYTECODE, ...rest } = process.env;
  return rest;
}

/** A child that answers one request at a time. */
export class Child {
  #process;
  #answers;

  constructor(command, args) {
    this.#process = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], env: cleanEnvironment() });
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  async ask(op, rest = {}) {
    this.#process.stdin.write(`${JSON.stringify({ op, ...rest })}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`The child ended at ${op}.`);
    return JSON.parse(value);
  }

  end() {
    this.#process.stdin.end();
  }
}

/** What a whole process prints, and the milliseconds that it takes. */
export function runProcess(command, args, environment = {}) {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...cleanEnvironment(), ...environment } });
    let [stdout, stderr, took] = ['', '', 0];
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('exit', () => {
      took = performance.now() - start;
    });
    child.on('close', (code) => resolve({ took, code, stdout, stderr }));
  });
}

/** Milliseconds that a whole process takes. Both ends of `check` may be 1: it found something. */
export function timeProcess(command, args) {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'ignore', env: cleanEnvironment() });
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 || code === 1 ? resolve(performance.now() - start) : reject(new Error(`${command} ended with ${code}`)),
    );
  });
}
