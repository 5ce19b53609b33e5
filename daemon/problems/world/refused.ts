import { type AskPython, compileQuestion, type Unanswered } from './question.ts';

/** Indices of the cells that Python's compiler refuses. Nothing runs. */
export async function refusedCells(
  codes: readonly string[],
  environment: Readonly<Record<string, string>>,
  askPython: AskPython,
): Promise<ReadonlySet<number> | Unanswered> {
  const question = compileQuestion(codes.map((code) => code.replaceAll('\u00a0', ' ')));
  const answer = await askPython(question, { path: '/', environment, python: undefined });
  return 'problem' in answer ? answer : new Set(answer.errors.map(({ cell }) => cell));
}
