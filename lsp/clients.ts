/** What an editor can do, and how outputs reach its screen. Facts about editors are kept here, and nowhere else. */
import type { InitializeParams } from 'vscode-languageserver';
import { optionsIn } from '../protocol/running-options.ts';
import type { RunningOptions } from '../protocol/types.ts';

/** Where outputs stand: in the buffer as hints of the diagnostics, as inlay hints, shortened in lenses, or only in the hover. */
export type OutputPlace = 'diagnostic' | 'inlay' | 'lens' | 'off';

export type EditorName = 'neovim' | 'helix' | 'eglot' | 'other';

export interface Editor {
  readonly name: EditorName;
  readonly outputs: OutputPlace;
  /** What it says of how notebooks run. */
  readonly runningOptions: Partial<RunningOptions>;
  /** Scripts whose cells begin with other lines than `# %%` are notebooks, too. */
  readonly readsOtherMarkers: boolean;
  readonly hover: 'markdown' | 'plaintext';
  readonly relatedInformation: boolean;
  /** Whether a hint may have several lines. */
  readonly tallHints: boolean;
  readonly refreshesLenses: boolean;
  readonly refreshesHints: boolean;
  readonly showsDocuments: boolean;
  readonly showsProgress: boolean;
}

export function describeEditor(params: InitializeParams): Editor {
  const { window, workspace, textDocument } = params.capabilities;
  const name = editorName(params.clientInfo?.name ?? '');
  return {
    name,
    outputs: requestedPlace(params.initializationOptions) ?? defaultPlace(name, textDocument?.inlayHint !== undefined),
    runningOptions: optionsIn(params.initializationOptions),
    readsOtherMarkers: params.initializationOptions?.otherMarkers === true,
    hover: (textDocument?.hover?.contentFormat ?? [])[0] === 'markdown' ? 'markdown' : 'plaintext',
    relatedInformation: textDocument?.publishDiagnostics?.relatedInformation === true,
    tallHints: name === 'eglot' || name === 'helix',
    refreshesLenses: workspace?.codeLens?.refreshSupport === true,
    refreshesHints: workspace?.inlayHint?.refreshSupport === true,
    showsDocuments: window?.showDocument?.support === true,
    showsProgress: window?.workDoneProgress === true,
  };
}

/** Neovim needs it to be false to open a split at all; Emacs refuses the key. */
export function takeFocus(name: EditorName): { takeFocus?: boolean } {
  return name === 'eglot' ? {} : { takeFocus: false };
}

/**
 * Neovim and Helix draw a diagnostic of several lines inside the buffer, and pushed diagnostics are the one thing both keep current.
 * (Neovim before 0.11 puts it into one long line, and still is right where its inlay hints are not.) Eglot shows only the first line
 * of a diagnostic, but whole inlay hints.
 */
function defaultPlace(name: EditorName, hasInlayHints: boolean): OutputPlace {
  if (name === 'neovim' || name === 'helix') return 'diagnostic';
  return hasInlayHints ? 'inlay' : 'diagnostic';
}

function editorName(client: string): EditorName {
  if (/n(eo)?vim/i.test(client)) return 'neovim';
  if (/^(helix|hx)\b/i.test(client)) return 'helix';
  if (/eglot|emacs/i.test(client)) return 'eglot';
  return 'other';
}

const places: readonly OutputPlace[] = ['diagnostic', 'inlay', 'lens', 'off'];

function requestedPlace(options: unknown): OutputPlace | undefined {
  const requested = (options as { outputs?: unknown } | null | undefined)?.outputs;
  return places.find((place) => place === requested);
}
