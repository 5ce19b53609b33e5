/** What Python is asked about a notebook. None of the notebook's code runs for the answer. */

export interface PythonQuestion {
  readonly cells: readonly string[];
  /** Are they there? */
  readonly modules: readonly string[];
  /** What does `import *` take from them? */
  readonly stars: readonly string[];
}

export interface PythonAnswer {
  /** What the compiler refuses. Lines from 1, columns in characters from 1. */
  readonly errors: readonly { readonly cell: number; readonly line: number; readonly column: number; readonly message: string }[];
  readonly missing: readonly string[];
  /** Modules that were not found where it is not known where packages are, */
  readonly unsure: readonly string[];
  /** for this reason. */
  readonly unsureWhy: string;
  /** Of each module asked for; null where its text does not tell. */
  readonly exports: Readonly<Record<string, { readonly names: readonly string[]; readonly uncertain: readonly string[] } | null>>;
}

/** Nobody answered; why is half a sentence. */
export interface Unanswered {
  readonly problem: string;
}

/** What says which Python a notebook has. */
export interface PythonPlace {
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What the person named. */
  readonly python: string | undefined;
}

export type AskPython = (question: PythonQuestion, place: PythonPlace) => Promise<PythonAnswer | Unanswered>;

/** Where no Python may be asked. */
export const askNobody: AskPython = async () => ({ problem: 'there is no Python to ask' });

/** Only what the compiler says of these cells. */
export function compileQuestion(cells: readonly string[]): PythonQuestion {
  return { cells, modules: [], stars: [] };
}
