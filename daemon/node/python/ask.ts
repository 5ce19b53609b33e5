/** Which Python is asked about a notebook, and which it is asked about. */
import { dirname } from 'node:path';
import { guessInterpreter } from '../../kernel/interpreter.ts';
import type { AskPython, PythonAnswer, PythonPlace, PythonQuestion } from '../../problems/world/question.ts';
import { findOurPython } from './our-python.ts';
import { nowhere, type ProbeQuestion, probe } from './probe.ts';

/** How Python is asked. Default: a new Python for each question. */
export type Send = (python: string, question: ProbeQuestion) => Promise<PythonAnswer | undefined>;

export function askingBy(send: Send = probe): AskPython {
  return async (question, place) => {
    const ours = await findOurPython(place.environment);
    return ours === undefined ? undefined : send(ours, { ...question, ...(await modulesOf(question, place)) });
  };
}

/** Where the modules of the notebook are. */
async function modulesOf({ modules, stars }: PythonQuestion, { path, environment, python }: PythonPlace) {
  if (modules.length === 0 && stars.length === 0) return nowhere;
  const folder = dirname(path);
  const theirs = await guessInterpreter({ environment, notebookDirectory: folder, ...(python !== undefined && { python }) });
  return {
    interpreter: 'problem' in theirs ? null : theirs.python,
    folder,
    home: environment['HOME'] ?? '/nonexistent',
    pythonPath: environment['PYTHONPATH'] ?? '',
  };
}
