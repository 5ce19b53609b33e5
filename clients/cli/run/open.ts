import { refusalName } from '../../../protocol/errors.ts';
import type { ParamsOf } from '../../../protocol/methods.ts';
import type { NotebookView } from '../../../protocol/types.ts';
import type { Client } from '../../node/client.ts';
import { wrongUse } from '../exit.ts';
import { type NotebookFile, notANotebook } from '../files.ts';

type OpenOptions = Pick<ParamsOf<'session/open'>, 'arguments' | 'directory' | 'python'>;

/** Opens a notebook with the environment of this process, which chooses the interpreter and is what the notebook sees. */
export async function openNotebook(client: Client, file: NotebookFile, options: OpenOptions = {}): Promise<NotebookView> {
  try {
    const { view } = await client.request('session/open', { path: file.path, environment: environment(), ...options });
    if (view.format !== undefined) return view;
  } catch (error) {
    if (refusalName(error) !== 'not-a-notebook') throw error;
  }
  throw wrongUse(notANotebook(file));
}

function environment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
