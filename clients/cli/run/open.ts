import { refusalName } from '../../../protocol/errors.ts';
import type { ParamsOf } from '../../../protocol/methods.ts';
import type { NotebookView } from '../../../protocol/types.ts';
import type { Client } from '../../node/client.ts';
import type { Caller } from '../caller.ts';
import { wrongUse } from '../exit.ts';
import { type NotebookFile, notANotebook } from '../files.ts';

type OpenOptions = Pick<ParamsOf<'session/open'>, 'arguments' | 'directory' | 'options' | 'python'>;

/** Opens a notebook with the environment of the command, which chooses the interpreter and is what the notebook sees. */
export async function openNotebook(
  caller: Caller,
  client: Client,
  file: NotebookFile,
  options: OpenOptions = {},
): Promise<NotebookView> {
  const view = await open(caller, client, file, options);
  if (view) return view;
  throw wrongUse(notANotebook(file));
}

/** As `openNotebook`, and a Python script without cells is one cell: it runs as Python would run it, and takes parameters. */
export async function openScript(
  caller: Caller,
  client: Client,
  file: NotebookFile,
  options: OpenOptions,
): Promise<NotebookView> {
  const view =
    (await open(caller, client, file, options)) ??
    (isPython(file) && (await open(caller, client, file, { ...options, format: 'percent' })));
  if (view) return view;
  throw wrongUse(notANotebook(file));
}

/** Undefined for a file that is no notebook. */
async function open(
  { environment }: Caller,
  client: Client,
  file: NotebookFile,
  options: OpenOptions & Pick<ParamsOf<'session/open'>, 'format'>,
): Promise<NotebookView | undefined> {
  try {
    return (await client.request('session/open', { path: file.path, environment, ...options })).view;
  } catch (error) {
    if (refusalName(error) === 'not-a-notebook') return undefined;
    throw error;
  }
}

function isPython({ path }: NotebookFile): boolean {
  return path.endsWith('.py') || path.endsWith('.pyw');
}
