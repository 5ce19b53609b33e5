/** The Python that is asked about notebooks that have none of their own yet. */
import { guessInterpreter } from '../../kernel/interpreter.ts';

/** Kept from the notebook's folder: what stands there must not start. */
export async function findOurPython(environment: Readonly<Record<string, string>>): Promise<string | undefined> {
  const found = await guessInterpreter({ environment, notebookDirectory: '/', python: 'python3' });
  return 'problem' in found ? undefined : found.python;
}
