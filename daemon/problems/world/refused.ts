import { findOurPython } from './our-python.ts';
import { compileQuestion, probe } from './probe.ts';

/** Indices of the cells that Python's compiler refuses, as the first `python3` on the path says; none where there is no Python. Nothing runs. */
export async function refusedCells(
  codes: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<ReadonlySet<number>> {
  const python = await findOurPython(environment);
  if (python === undefined) return new Set();
  const answer = await probe(python, compileQuestion(codes.map((code) => code.replaceAll('\u00a0', ' '))));
  return new Set(answer?.errors.map(({ cell }) => cell));
}
