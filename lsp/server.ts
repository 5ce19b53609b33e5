/** The language server: what it announces, and which feature answers what. It holds no notebook: it shows the daemon's. */
import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Connection,
  createConnection,
  ErrorCodes,
  type InitializeResult,
  ProposedFeatures,
  ResponseError,
  TextDocumentSyncKind,
} from 'vscode-languageserver/node';
import type { Client } from '../clients/node/client.ts';
import { ownEnvironment } from '../clients/node/environment.ts';
import type { FollowingState } from '../clients/node/notebook.ts';
import { messageOf, refusalName } from '../protocol/errors.ts';
import type { NotebookView } from '../protocol/types.ts';
import { packageVersion } from '../protocol/version.ts';
import { cellAtLine, type PlacedCell } from './cells.ts';
import { describeEditor, type Editor } from './clients.ts';
import { connectToDaemon } from './connect.ts';
import { Daemon } from './daemon.ts';
import { Documents } from './documents.ts';
import { type CommandContext, execute } from './execute.ts';
import { codeActionsAt, isWanted, kindOf, type PlanCounts, type Plans } from './features/code-actions.ts';
import { codeLensesOf } from './features/code-lens.ts';
import { actionNames, commandNames, isCommandName } from './features/commands.ts';
import { definitionAt } from './features/definition.ts';
import { documentSymbolsOf } from './features/document-symbol.ts';
import { foldingRangesOf } from './features/folding-range.ts';
import { hoverAt } from './features/hover.ts';
import { inlayHintsOf } from './features/inlay-hints.ts';
import { quickFixesAt } from './features/quick-fixes.ts';
import { type Messages, messagesOf } from './messages.ts';
import type { BufferNotebook, NotebookListener } from './notebook.ts';
import { Publisher } from './publisher.ts';

/** Speaks LSP on standard input and output, until the editor ends. */
export function startLanguageServer(): void {
  serveLanguage(createConnection(ProposedFeatures.all, process.stdin, process.stdout), connectToDaemon);
}

export function serveLanguage(connection: Connection, connect: () => Promise<Client>): void {
  let isInitialized = false;
  // What is asked too early, or of someone else, is answered all the same.
  connection.onRequest((method) => {
    if (isInitialized) throw new ResponseError(ErrorCodes.MethodNotFound, `There is no method ${method}.`);
    throw new ResponseError(ErrorCodes.ServerNotInitialized, `${method} came before initialize.`);
  });
  connection.onInitialize((params) => {
    isInitialized = true;
    serve(connection, describeEditor(params), connect);
    return announcement;
  });
  connection.listen();
}

const announcement: InitializeResult = {
  serverInfo: { name: 'headwater', version: packageVersion },
  capabilities: {
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
    codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, ...actionNames.map(kindOf)] },
    executeCommandProvider: { commands: [...commandNames] },
    codeLensProvider: { resolveProvider: false },
    hoverProvider: true,
    inlayHintProvider: { resolveProvider: false },
    definitionProvider: true,
    documentSymbolProvider: true,
    foldingRangeProvider: true,
  },
};

function serve(connection: Connection, editor: Editor, connect: () => Promise<Client>): void {
  const messages = messagesOf(connection);
  const publisher = new Publisher(connection, editor, messages);
  const daemon = new Daemon(connect);
  const sayState = sayOnce(messages, daemon);
  const listener: NotebookListener = {
    changed: (notebook) => publisher.changed(notebook),
    failed: complainOnce(messages),
    state: (_, state, reason) => sayState(state, reason),
  };
  const documents = new Documents(daemon, listener, {
    runningOptions: editor.runningOptions,
    readsOtherMarkers: editor.readsOtherMarkers,
  });
  follow(connection, documents, publisher);
  answer(connection, documents, editor, daemon, publisher);
  const context: CommandContext = { connection, daemon, documents, editor, messages };
  connection.onExecuteCommand(({ command, arguments: parameters }) =>
    isCommandName(command) ? execute(context, command, parameters ?? []) : null,
  );
  connection.onShutdown(() => daemon.close());
}

/** Opening, typing and saving tell the daemon what the text is. They run nothing. */
function follow(connection: Connection, documents: Documents, publisher: Publisher): void {
  connection.onDidOpenTextDocument(({ textDocument }) => documents.open(textDocument));
  connection.onDidChangeTextDocument(({ textDocument, contentChanges }) => {
    documents.change(
      textDocument.uri,
      textDocument.version,
      contentChanges.map((change) => ('range' in change ? { range: change.range, text: change.text } : { text: change.text })),
    );
  });
  connection.onDidSaveTextDocument(({ textDocument }) => documents.at(textDocument.uri)?.save());
  connection.onDidCloseTextDocument(({ textDocument }) => {
    const notebook = documents.close(textDocument.uri);
    if (notebook) publisher.closed(notebook);
  });
}

/** Questions wait until the daemon has seen the last edit, so that every place in an answer is right. */
function answer(connection: Connection, documents: Documents, editor: Editor, daemon: Daemon, publisher: Publisher): void {
  const about = async <T>(
    uri: string,
    nothing: T,
    give: (view: NotebookView, notebook: BufferNotebook) => T | Promise<T>,
  ): Promise<T> => {
    const notebook = documents.at(uri);
    const view = await notebook?.inStep();
    return notebook && view ? give(view, notebook) : nothing;
  };
  connection.onCodeAction((params) =>
    about(params.textDocument.uri, [], async (view, notebook) => {
      documents.moveCursor(notebook, params.range.start.line);
      const [fixes, actions] = await Promise.all([
        offerFixes(daemon, notebook, view, params),
        offerActions(daemon, notebook.uri, view, params),
      ]);
      return [...fixes, ...actions];
    }),
  );
  connection.onCodeLens(({ textDocument: { uri } }) => {
    publisher.fetchedLenses();
    return about(uri, [], (view, notebook) => {
      if (!notebook.isInStep) publisher.answeredBehind(notebook);
      return codeLensesOf(uri, view, editor.outputs);
    });
  });
  connection.onHover(({ textDocument: { uri }, position }) =>
    about(uri, null, (view) => hoverAt(view, position.line, editor.hover)),
  );
  connection.onDocumentSymbol(({ textDocument: { uri } }) =>
    about(uri, [], (view, notebook) => documentSymbolsOf(view, (line) => notebook.lineLength(line))),
  );
  connection.onDefinition(({ textDocument: { uri }, position }) =>
    about(uri, null, (view, notebook) => {
      const range = definitionAt(view, position, (line) => notebook.lineText(line));
      return range && { uri, range };
    }),
  );
  connection.onFoldingRanges(({ textDocument: { uri } }) => about(uri, [], foldingRangesOf));
  connection.languages.inlayHint.on(({ textDocument: { uri }, range }) =>
    about(uri, [], (view, notebook) => {
      if (editor.outputs !== 'inlay') return [];
      if (!notebook.isInStep) publisher.answeredBehind(notebook);
      return inlayHintsOf(view, range, { tallHints: editor.tallHints, lineLength: (line) => notebook.lineLength(line) });
    }),
  );
}

/** The whole notebook is checked again only where a problem stands at the cursor. */
async function offerFixes(daemon: Daemon, notebook: BufferNotebook, view: NotebookView, { range, context }: CodeActionParams) {
  const here = view.problems.filter(({ range: { start, end } }) => start.line <= range.end.line && range.start.line <= end.line);
  // What is stale in a signature of marimo's is found only when someone asks.
  if ((here.length === 0 && view.format !== 'marimo') || !isWanted(CodeActionKind.QuickFix, context.only)) return [];
  // Only to tell what a module exports do its files have to be read.
  const world = here.some(({ code }) => code === 'star-import') && { world: true, environment: ownEnvironment() };
  const checked = await daemon
    .request('graph/check', { path: notebook.path, text: notebook.text, ...world })
    .catch(() => undefined);
  return quickFixesAt(notebook.uri, checked?.problems ?? [], range);
}

async function offerActions(
  daemon: Daemon,
  uri: string,
  view: NotebookView,
  { range, context }: CodeActionParams,
): Promise<CodeAction[]> {
  if (!actionNames.some((name) => isWanted(kindOf(name), context.only))) return [];
  const placed = cellAtLine(view, range.start.line);
  const actions = codeActionsAt(uri, view, placed, await planAt(daemon, view.session, placed), context.only);
  return actions.filter(({ kind }) => isWanted(kind ?? '', context.only));
}

async function planAt(daemon: Daemon, session: string, placed: PlacedCell | undefined): Promise<Plans> {
  const plan = (mode: 'reactive' | 'upstream' | 'stale') =>
    daemon
      .request('graph/plan', { session, mode, ...(mode !== 'stale' && placed && { roots: [placed.cell.id] }) })
      .catch(() => undefined);
  const counted = async (mode: 'reactive' | 'upstream'): Promise<PlanCounts | undefined> => {
    const planned = await plan(mode);
    return planned && planned.plan.length > 0 ? planned : undefined;
  };
  const [run, runOnly, stale] = await Promise.all([counted('reactive'), counted('upstream'), plan('stale')]);
  return { run, runOnly, stale: stale?.plan.length ?? 0 };
}

/** The same failure of the same notebook is said once, not at every key. */
function complainOnce({ complain }: Messages): (notebook: BufferNotebook, error: unknown) => void {
  const said = new WeakMap<BufferNotebook, string>();
  return (notebook, error) => {
    const sentence = messageOf(error);
    if (refusalName(error) === 'not-a-notebook' || said.get(notebook) === sentence) return;
    said.set(notebook, sentence);
    complain(sentence);
  };
}

/** One daemon has all notebooks, so its loss is said once, not for each of them. */
function sayOnce({ inform, warn }: Messages, daemon: Daemon): (state: FollowingState, reason: string | undefined) => void {
  let last: FollowingState = 'following';
  return (state, reason) => {
    if (state === 'closed')
      return inform(`the session was closed: ${reason ?? 'no reason was given'}. The next edit or command opens it again.`);
    if (state === last) return;
    last = state;
    if (state === 'reconnecting') warn('lost the daemon; reconnecting.');
    if (state === 'following') inform('reconnected to the daemon; nothing runs by itself.');
    if (state === 'disconnected') {
      daemon.giveUp();
      warn('the daemon is gone, and so are the values; the next edit or command starts it again.');
    }
  };
}
