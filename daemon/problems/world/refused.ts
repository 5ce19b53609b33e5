import { type AskPython, compileQuestion } from './question.ts';

/** Indices of the cells that Python's compiler refuses; none where there is no Python to ask. Nothing runs. */
export async function refusedCells(
  codes: readonly string[],
  environment: Readonly<Record<string, string>>,
  askPython: AskPython,
): Promise<ReadonlySet<number>> {
  const question = compileQuestion(codes.map((code) => code.replaceAll('\u00a0', ' ')));
  const answer = await askPython(question, { path: '/', environment, python: undefined });
  return new Set(answer?.errors.map(({ cell }) => cell));
}
