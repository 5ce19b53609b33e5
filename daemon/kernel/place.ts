/** Where a notebook's kernel runs: which Python, in which folder, with which environment. */

import { dirname } from 'node:path';
import { findInterpreter } from './interpreter.ts';
import type { StartPlace } from './kernel-options.ts';

export interface PlaceRequest {
  /** The notebook, symbolic links followed. */
  readonly file: string;
  /** Environment of the client that opened the notebook. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the person named: a path, or a command to look for on the PATH. */
  readonly python?: string | undefined;
  /** The notebook's own folder unless told. */
  readonly directory?: string | undefined;
}

/** With where the Python comes from. */
export type FoundPlace = (StartPlace & { readonly source: string }) | { readonly problem: string };

export async function findPlace({ file, environment, python, directory }: PlaceRequest): Promise<FoundPlace> {
  const notebookDirectory = dirname(file);
  const found = await findInterpreter({ environment, notebookDirectory, ...(python !== undefined && { python }) });
  return 'problem' in found ? found : { ...found, directory: directory ?? notebookDirectory, environment };
}
