/** What goes between the daemon's main thread and that of a large notebook. All of it in one port, so that nothing overtakes anything. */
import type { Message } from 'vscode-jsonrpc';
import type { Encoding } from '../../protocol/encoding.ts';
import type { SessionInfo } from '../../protocol/methods.ts';
import type { Access } from '../server/access.ts';
import type { SessionElsewhere } from '../server/elsewhere.ts';

export type ToThread =
  | { readonly type: 'client'; readonly client: string; readonly name: string; readonly access: Access }
  | { readonly type: 'request'; readonly client: string; readonly message: Message; readonly encoding: Encoding }
  /** What the thread has sent to it is on its way through the client's socket. */
  | { readonly type: 'taken'; readonly client: string; readonly number: number }
  | { readonly type: 'gone'; readonly client: string }
  | { readonly type: 'refresh' }
  | { readonly type: 'stop' };

export type FromThread =
  | { readonly type: 'answer'; readonly client: string; readonly message: Message; readonly part: Part; readonly number: number }
  | { readonly type: 'gone'; readonly client: string }
  | { readonly type: 'sessions'; readonly sessions: readonly Kept[] }
  | { readonly type: 'infos'; readonly infos: readonly SessionInfo[] }
  | { readonly type: 'error'; readonly error: Error };

/** What the main thread knows of a session at any time. */
export type Kept = Omit<SessionElsewhere, 'info' | 'place'>;

/** The field of a message that is encoded already. */
export type Part = { readonly field: 'result' | 'params'; readonly encoding: Encoding; readonly bytes: Uint8Array } | undefined;

/** With what a thread is started. */
export interface ThreadData {
  readonly incarnation: string;
  readonly stateFolder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly outputs: string;
  readonly idPrefix: string;
}
