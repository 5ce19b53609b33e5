/** Which Python is asked about a notebook, and which it is asked about. */
import { dirname } from 'node:path';
import { guessInterpreter } from '../../kernel/interpreter.ts';
import type { AskPython, PythonPlace, PythonQuestion } from '../../problems/world/question.ts';
import { findOurPython } from './our-python.ts';
import { nowhere, type ProbeAnswer, type ProbeQuestion, probe } from './probe.ts';

/** How Python is asked. Default: a new Python for each question. */
export type Send = (python: string, question: ProbeQuestion) => Promise<ProbeAnswer | undefined>;

export function askingBy(send: Send = probe): AskPython {
  return async (question, place) => {
    const ours = await findOurPython(place.environment);
    if (ours === undefined) return { problem: 'there is no python3 on the PATH that starts' };
    const { problem, ...modules } = await modulesOf(question, place);
    const answer = await send(ours, { ...question, ...modules });
    if (answer === undefined) return { problem: `${ours} did not answer; is it Python 3.10 or later?` };
    return { ...answer, unsureWhy: problem ?? `the packages of ${modules.interpreter} were not found` };
  };
}

/** Where the modules of the notebook are. */
async function modulesOf({ modules, stars }: PythonQuestion, { path, environment, python }: PythonPlace) {
  if (modules.length === 0 && stars.length === 0) return { ...nowhere, problem: undefined };
  const folder = dirname(path);
  const theirs = await guessInterpreter({ environment, notebookDirectory: folder, ...(python !== undefined && { python }) });
  return {
    problem: 'problem' in theirs ? theirs.problem : undefined,
    interpreter: 'problem' in theirs ? null : theirs.python,
    folder,
    home: environment['HOME'] ?? '/nonexistent',
    pythonPath: environment['PYTHONPATH'] ?? '',
  };
}
