/** Asks a Python of ours, kept from everything of the notebook's, what its compiler refuses and what modules a folder holds. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../kernel/package-root.ts';
import { interpreterAnswerSecondsMax, probeAnswerBytesMax } from '../../limits.ts';
import type { PythonAnswer, PythonQuestion } from '../../problems/world/question.ts';

export interface ProbeQuestion extends PythonQuestion {
  /** Whose folders are looked in for modules; nothing: do not look. */
  readonly interpreter: string | null;
  readonly folder: string;
  readonly home: string;
  readonly pythonPath: string;
}

export type ProbeAnswer = Omit<PythonAnswer, 'unsureWhy'>;

/** Nothing where a program that is no Python, or no Python of ours, said something else. */
export function answerIn(text: string): ProbeAnswer | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    return isAnswer(answer) ? answer : undefined;
  } catch {
    return undefined;
  }
}

function isAnswer(value: unknown): value is ProbeAnswer {
  return typeof value === 'object' && value !== null && 'errors' in value && Array.isArray(value.errors) && 'unsure' in value;
}

/** Where no modules are asked for. */
export const nowhere = { interpreter: null, folder: '/', home: '/', pythonPath: '' };

/** Arguments of a Python that is kept from the environment, and reads a question a line. */
export const probeArguments: readonly string[] = [
  '-I',
  '-S',
  '-B',
  '-W',
  'ignore',
  join(packageRoot(), 'daemon', 'worker', 'probe'),
];

/** Nothing where that Python cannot answer. */
export function probe(python: string, question: ProbeQuestion): Promise<ProbeAnswer | undefined> {
  return new Promise((resolve) => {
    const options = { timeout: interpreterAnswerSecondsMax * 1000, maxBuffer: probeAnswerBytesMax, cwd: '/', env: {} };
    const child = execFile(python, probeArguments, options, (error, stdout) => {
      resolve(error ? undefined : answerIn(stdout));
    });
    child.stdin?.on('error', () => resolve(undefined));
    child.stdin?.end(`${JSON.stringify(question)}\n`);
  });
}
