/** Asks a Python of ours, kept from everything of the notebook's, what its compiler refuses and what modules a folder holds. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../../kernel/package-root.ts';
import { interpreterAnswerSecondsMax, probeAnswerBytesMax } from '../../limits.ts';

export interface ProbeQuestion {
  readonly cells: readonly string[];
  /** Are they there? */
  readonly modules: readonly string[];
  /** What does `import *` take from them? */
  readonly stars: readonly string[];
  /** Whose folders are looked in for modules; nothing: do not look. */
  readonly interpreter: string | null;
  readonly folder: string;
  readonly home: string;
  readonly pythonPath: string;
}

/** Only what the compiler says of these cells. */
export function compileQuestion(cells: readonly string[]): ProbeQuestion {
  return { cells, modules: [], stars: [], interpreter: null, folder: '/', home: '/', pythonPath: '' };
}

export interface ProbeAnswer {
  /** Lines from 1, columns in characters from 1. */
  readonly errors: readonly { readonly cell: number; readonly line: number; readonly column: number; readonly message: string }[];
  readonly missing: readonly string[];
  /** Of each module asked for; null where its text does not tell. */
  readonly exports: Readonly<Record<string, { readonly names: readonly string[]; readonly uncertain: readonly string[] } | null>>;
}

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
      if (error) return resolve(undefined);
      resolve(JSON.parse(stdout));
    });
    child.stdin?.on('error', () => resolve(undefined));
    child.stdin?.end(`${JSON.stringify(question)}\n`);
  });
}
