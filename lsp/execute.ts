/** Carries out the commands. A refusal of the daemon is said in its own words. */
import { pathToFileURL } from 'node:url';
import { type Connection, ShowDocumentRequest, type ShowDocumentResult } from 'vscode-languageserver';
import { messageOf } from '../protocol/errors.ts';
import type { NotebookView, RunMode } from '../protocol/types.ts';
import { cellAtLine, cellById, hasOutput, type PlacedCell } from './cells.ts';
import { type Editor, takeFocus } from './clients.ts';
import type { Daemon } from './daemon.ts';
import type { Documents } from './documents.ts';
import { copyToClipboard } from './features/clipboard.ts';
import { type ActionName, type CommandName, type CommandPlace, readPlace } from './features/commands.ts';
import { type Answer, readAnswer } from './features/input.ts';
import type { Messages } from './messages.ts';
import type { BufferNotebook } from './notebook.ts';

export interface CommandContext {
  readonly connection: Connection;
  readonly daemon: Daemon;
  readonly documents: Documents;
  readonly editor: Editor;
  readonly messages: Messages;
}

interface Target {
  readonly view: NotebookView;
  readonly placed: PlacedCell | undefined;
}

/** The result is what a plug-in may use: the text of an output, the path of a file, the number of a run. */
export async function execute(context: CommandContext, command: CommandName, parameters: readonly unknown[]): Promise<unknown> {
  try {
    if (command === 'headwater.reply') return await reply(context, readAnswer(parameters));
    return await perform(context, command, await findTarget(context, readPlace(parameters), needsText.has(command)));
  } catch (error) {
    context.messages.complain(messageOf(error));
    return null;
  }
}

/** What acts on cells where they stand in the buffer. To stop something must work whatever the daemon is busy with. */
const needsText: ReadonlySet<CommandName> = new Set<CommandName>([
  'headwater.runCell',
  'headwater.runCellOnly',
  'headwater.runStale',
  'headwater.runAll',
  'headwater.cancel',
  'headwater.openOutput',
  'headwater.copyOutput',
]);

function perform(context: CommandContext, command: ActionName, target: Target): Promise<unknown> {
  const { session } = target.view;
  const { daemon } = context;
  const reason = target.placed && whyNothing(command, target.placed);
  if (reason !== undefined) context.messages.inform(reason);
  switch (command) {
    case 'headwater.runCell':
      return run(context, session, 'reactive', [cellOf(target).cell.id]);
    case 'headwater.runCellOnly':
      return run(context, session, 'upstream', [cellOf(target).cell.id]);
    case 'headwater.runStale':
      return run(context, session, 'stale');
    case 'headwater.runAll':
      return run(context, session, 'all');
    case 'headwater.cancel':
      return daemon.request('run/cancel', { session, cells: [cellOf(target).cell.id] });
    case 'headwater.interrupt':
      return daemon.request('run/interrupt', { session });
    case 'headwater.kill':
      return daemon.request('run/interrupt', { session, level: 'kill' });
    case 'headwater.restart':
      return daemon.request('kernel/restart', { session });
    case 'headwater.openOutput':
      return openOutput(context, session, cellOf(target).cell.id);
    case 'headwater.copyOutput':
      return copyOutput(context, session, cellOf(target).cell.id);
    case 'headwater.whichPython':
      return whichPython(context, session);
  }
}

/** A key may ask for what no menu offers here. */
function whyNothing(command: ActionName, { cell }: PlacedCell): string | undefined {
  if (command === 'headwater.cancel' && cell.status !== 'queued') return 'this cell is not queued.';
  const isOutput = command === 'headwater.openOutput' || command === 'headwater.copyOutput';
  return isOutput && !hasOutput(cell) ? 'this cell has no output.' : undefined;
}

/** To the notebook that is named, or that of the cursor, or the one that asks. */
async function reply({ daemon, documents }: CommandContext, { text, path }: Answer): Promise<null> {
  const near = path === undefined ? documents.cursor?.notebook : documents.atPath(path);
  const others = path === undefined ? documents.all : [];
  const asking = [...(near ? [near] : []), ...others].find(({ view }) => view?.input);
  const view = asking?.view;
  if (!view?.input) throw new Error(path === undefined ? 'No notebook asks for input.' : `${path} is not waiting for input.`);
  await daemon.request('input/reply', { session: view.session, input: view.input.input, text, echo: true });
  return null;
}

async function findTarget(
  { documents }: CommandContext,
  { path, line, cell }: CommandPlace,
  isAboutText: boolean,
): Promise<Target> {
  const { cursor } = documents;
  const notebook = path === undefined ? cursor?.notebook : documents.atPath(path);
  if (!notebook) throw new Error(path === undefined ? 'No notebook is open.' : `${path} is not open as a notebook.`);
  const view = await notebook.inStep();
  if (!view) throw new Error(whyNoView(notebook));
  if (isAboutText && !notebook.isInStep) throw new Error(`${tooSlow(notebook)} Nothing was done.`);
  const at = line ?? (cursor?.notebook === notebook ? cursor.line : 0);
  return { view, placed: cell === undefined ? cellAtLine(view, at) : cellById(view, cell) };
}

function whyNoView(notebook: BufferNotebook): string {
  if (!notebook.seemsToBeOne) return `${notebook.path} is not a notebook: it needs a line "# %%" or a marimo app.`;
  return notebook.failure === undefined ? tooSlow(notebook) : messageOf(notebook.failure);
}

function tooSlow({ path }: BufferNotebook): string {
  return `The daemon has not taken in the text of ${path} yet: it is slow or busy. Try again in a moment.`;
}

function cellOf({ placed }: Target): PlacedCell {
  if (!placed) throw new Error('There is no cell at this place.');
  return placed;
}

async function run(
  { daemon, messages }: CommandContext,
  session: string,
  mode: RunMode,
  roots?: readonly string[],
): Promise<unknown> {
  const { run: number, plan } = await daemon.request('run/start', { session, mode, ...(roots && { roots }) });
  if (plan.length === 0) messages.inform('there is nothing to run.');
  return number;
}

/** Text opens in the editor, an image in the viewer that the desktop has for it. */
async function openOutput(
  { connection, daemon, editor, messages }: CommandContext,
  session: string,
  cell: string,
): Promise<unknown> {
  const { path, mime } = await daemon.request('output/file', { session, cell });
  const isShown = editor.showsDocuments && (await show(connection, editor, path, !mime.startsWith('text/')));
  if (!isShown) messages.inform(`the output is in ${path}`);
  return path;
}

async function show(connection: Connection, { name }: Editor, path: string, external: boolean): Promise<boolean> {
  const parameters = { uri: pathToFileURL(path).href, ...(external ? { external } : takeFocus(name)) };
  const result: ShowDocumentResult | null = await connection
    .sendRequest(ShowDocumentRequest.type, parameters)
    .catch(() => ({ success: false }));
  // Neovim answers null when it has opened something outside.
  return result?.success ?? true;
}

async function copyOutput({ daemon, messages }: CommandContext, session: string, cell: string): Promise<unknown> {
  const { text } = await daemon.request('output/get', { session, cell });
  const tool = await copyToClipboard(text);
  const lines = text.replace(/\n$/, '').split('\n').length;
  if (tool) messages.inform(`${lines} ${lines === 1 ? 'line' : 'lines'} on the clipboard, by ${tool}.`);
  else messages.warn('no clipboard tool was found (wl-copy, xclip, xsel); use Open output.');
  return text;
}

async function whichPython({ daemon, messages }: CommandContext, session: string): Promise<unknown> {
  const { kernel } = await daemon.request('kernel/info', { session });
  const sentence = kernel.python
    ? `Python${kernel.version ? ` ${kernel.version}` : ''} at ${kernel.python}${kernel.source ? ` (${kernel.source})` : ''}`
    : 'no Python yet; the next run chooses one.';
  messages.inform(sentence);
  return kernel.python ?? null;
}
