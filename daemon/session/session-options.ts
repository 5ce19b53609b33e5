/** What a session is made of, and how it runs. */

import type { Format } from '../core/notebook/notebook.ts';
import type { Host } from '../host.ts';
import type { CodeSurroundings, ProvideKernels } from '../kernel/provider.ts';
import type { Parse } from '../parser/parser.ts';
import type { WatchWorld } from '../problems/live-problems.ts';
import type { Settings } from '../problems/settings.ts';
import type { Blobs } from '../store/blobs.ts';
import type { Spools } from '../store/spools.ts';
import type { Beginning } from './beginning.ts';
import type { KeptOutputs } from './shown/kept-outputs.ts';
import type { AlreadyRead } from './sources/owned-text.ts';

export interface SessionOptions extends Pick<Host, 'timers' | 'bytes' | 'watchedFiles'> {
  readonly id: string;
  readonly incarnation: string;
  /** Absolute path of the file. */
  readonly path: string;
  readonly text: string;
  /** Told from the text where it is undefined. */
  readonly format: Format | undefined;
  /** Where the text was read already. */
  readonly read?: AlreadyRead | undefined;
  /** Of a variant, instead of the text and its format. */
  readonly beginning?: Beginning;
  readonly parse: Parse;
  readonly blobs: Blobs;
  /** What was shown in earlier lives of the daemon; nowhere kept where it is undefined. */
  readonly kept: KeptOutputs | undefined;
  readonly spools: Spools;
  readonly provideKernels: ProvideKernels;
  /** What whoever opened the notebook last says of them: the next kernel gets these. */
  readonly surroundings: () => CodeSurroundings;
  /** Which problems are told, from the settings of the notebook's project. */
  readonly settings: Settings;
  readonly watchWorld: WatchWorld;
  /** Steps compile under the notebook's own path, as a script would, instead of a name for each. */
  readonly plainFileNames: boolean;
  /** What cells print is passed on as it is, carriage returns included. */
  readonly keepsReturns: boolean;
  readonly now: () => number;
  readonly onError: (error: Error) => void;
}
