import { findInterpreter } from '../../kernel/interpreter.ts';
import { probe } from './probe.ts';

/** Indices of the cells that Python's compiler refuses, as the first `python3` on the path says; none where there is no Python. Nothing runs. */
export async function refusedCells(
  codes: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<ReadonlySet<number>> {
  const found = await findInterpreter({ environment, notebookDirectory: '/', python: 'python3' });
  if ('problem' in found) return new Set();
  const answer = await probe(found.python, {
    cells: codes.map((code) => code.replaceAll('\u00a0', ' ')),
    modules: [],
    stars: [],
    interpreter: null,
    folder: '/',
    home: '/',
    pythonPath: '',
  });
  return new Set(answer?.errors.map(({ cell }) => cell));
}
