/** A copy of a notebook that follows the daemon's, also over a dropped connection. */
import type { Disposable } from 'vscode-jsonrpc';
import { applyChange } from '../../protocol/changes.ts';
import { messageOf } from '../../protocol/errors.ts';
import type { ParamsOf } from '../../protocol/methods.ts';
import type { NotebookView, SessionEvent } from '../../protocol/types.ts';
import type { Client } from './client.ts';
import { eventsHeldMax } from './limits.ts';

/** `closed`: the session is gone. `disconnected`: the daemon was not found again. Both are final. */
export type FollowingState = 'following' | 'reconnecting' | 'disconnected' | 'closed';

/**
 * A session id or the path of an open notebook, or what to open. A function is asked again after the daemon began anew, so
 * that an editor can give the text that its buffer has then.
 */
export type Followed = string | ParamsOf<'session/open'> | (() => ParamsOf<'session/open'>);

/** `event` is absent where the view is a new snapshot. */
export type ChangeListener = (view: NotebookView, event: SessionEvent | undefined) => void;

export interface Notebook {
  readonly client: Client;
  readonly view: NotebookView;
  readonly session: string;
  readonly state: FollowingState;
  onChange(listener: ChangeListener): Disposable;
  onState(listener: (state: FollowingState, reason: string | undefined) => void): Disposable;
  /** Resolves with the first view, from now on, of which the claim is true; rejects when no more views can come. */
  waitFor(claim: (view: NotebookView) => boolean): Promise<NotebookView>;
  /** No more events. The session and its values stay. */
  detach(): Promise<void>;
}

/** Opens a notebook, or attaches to a session by its id or path, and keeps the view. */
export async function followSession(client: Client, what: Followed): Promise<Notebook> {
  const early: SessionEvent[] = [];
  const listening = client.onAnyEvent((event) => void early.push(event));
  try {
    const view = await snapshot(client, what);
    const notebook = new FollowedNotebook(client, what, view);
    for (const event of early) notebook.receive(event);
    return notebook;
  } finally {
    listening.dispose();
  }
}

async function snapshot(client: Client, what: Followed): Promise<NotebookView> {
  if (typeof what !== 'string') return (await client.request('session/open', typeof what === 'function' ? what() : what)).view;
  const { view } = await client.request('session/attach', { session: what });
  if (!view) throw new Error('The daemon answered session/attach without a view.');
  return view;
}

/** A gap stands for several events. */
function firstOf(event: SessionEvent): number {
  return 'first' in event ? (event.first ?? event.seq) : event.seq;
}

class FollowedNotebook implements Notebook {
  readonly client: Client;
  readonly #what: Followed;
  #view: NotebookView;
  #state: FollowingState = 'following';
  #reason: string | undefined;
  /** Events that came while a snapshot, or the events before them, are on their way. */
  #held: SessionEvent[] | undefined;
  readonly #changeListeners = new Set<ChangeListener>();
  readonly #stateListeners = new Set<(state: FollowingState, reason: string | undefined) => void>();
  readonly #subscriptions: readonly Disposable[];
  #closing: Disposable;

  constructor(client: Client, what: Followed, view: NotebookView) {
    this.client = client;
    this.#what = what;
    this.#view = view;
    this.#closing = this.#watchClosing();
    this.#subscriptions = [
      client.onAnyEvent((event) => this.receive(event)),
      client.onDisconnect(() => void this.#recover()),
      { dispose: () => this.#closing.dispose() },
    ];
  }

  get view(): NotebookView {
    return this.#view;
  }

  get session(): string {
    return this.#view.session;
  }

  get state(): FollowingState {
    return this.#state;
  }

  onChange(listener: ChangeListener): Disposable {
    this.#changeListeners.add(listener);
    return { dispose: () => this.#changeListeners.delete(listener) };
  }

  onState(listener: (state: FollowingState, reason: string | undefined) => void): Disposable {
    this.#stateListeners.add(listener);
    return { dispose: () => this.#stateListeners.delete(listener) };
  }

  waitFor(claim: (view: NotebookView) => boolean): Promise<NotebookView> {
    if (claim(this.#view)) return Promise.resolve(this.#view);
    if (this.#isOver) return Promise.reject(this.#overError());
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        change.dispose();
        state.dispose();
        act();
      };
      const change = this.onChange((view) => claim(view) && settle(() => resolve(view)));
      const state = this.onState(() => this.#isOver && settle(() => reject(this.#overError())));
    });
  }

  async detach(): Promise<void> {
    const wasFollowing = this.#state === 'following';
    this.#finish('closed', 'This client detached from it.');
    if (wasFollowing) await this.client.request('session/detach', { session: this.session });
  }

  receive(event: SessionEvent): void {
    if (event.session !== this.session || this.#isOver) return;
    if (this.#held) return this.#hold(event);
    if (firstOf(event) > this.#view.seq + 1) {
      this.#hold(event);
      void this.#attach();
      return;
    }
    this.#fold(event);
  }

  #hold(event: SessionEvent): void {
    // What is forgotten leaves a gap behind, and a gap asks for a snapshot.
    if (!this.#held || this.#held.length >= eventsHeldMax) this.#held = [];
    this.#held.push(event);
  }

  #fold(event: SessionEvent): void {
    if (event.seq <= this.#view.seq) return;
    this.#show(applyChange(this.#view, event), event);
  }

  #show(view: NotebookView, event?: SessionEvent): void {
    this.#view = view;
    for (const listener of [...this.#changeListeners]) listener(view, event);
  }

  async #recover(): Promise<void> {
    if (this.#isOver) return;
    this.#held = [];
    this.#enter('reconnecting');
    try {
      await this.client.reconnect();
    } catch (error) {
      this.#finish('disconnected', messageOf(error));
      return;
    }
    await this.#attach();
  }

  async #attach(): Promise<void> {
    this.#held ??= [];
    try {
      await this.#catchUp();
    } catch (error) {
      // The connection dropped again; then `onDisconnect` has begun another attempt, which answers for this one.
      if (this.client.isConnected) this.#finish('closed', messageOf(error));
      return;
    }
    const held = this.#held ?? [];
    this.#held = undefined;
    this.#enter('following');
    for (const event of held) this.receive(event);
  }

  async #catchUp(): Promise<void> {
    const { session, incarnation, seq } = this.#view;
    const isSameLife = this.client.server.incarnation === incarnation;
    if (!isSameLife) return this.#follow(await snapshot(this.client, this.#again()));
    const { view, events } = await this.client.request('session/attach', { session, since: { incarnation, seq } });
    if (view) this.#show(view);
    for (const event of events ?? []) this.#fold(event);
  }

  /** Another session of the same notebook: the daemon began anew, and the values of the kernel are gone. */
  #follow(view: NotebookView): void {
    this.#closing.dispose();
    this.#show(view);
    this.#closing = this.#watchClosing();
  }

  /** What to open or attach to in another life of the daemon. The path of a variant would lead to the session of the file. */
  #again(): Followed {
    if (typeof this.#what !== 'string') return this.#what;
    const { path, variant } = this.#view;
    if (variant !== undefined) throw new Error(`The daemon began anew without the variant ${variant} of ${path}; open it again.`);
    return path;
  }

  #watchClosing(): Disposable {
    return this.client.onClosed(this.session, (reason) => this.#finish('closed', reason));
  }

  get #isOver(): boolean {
    return this.#state === 'closed' || this.#state === 'disconnected';
  }

  #overError(): Error {
    return new Error(this.#state === 'closed' ? `The notebook is closed: ${this.#reason}` : (this.#reason ?? 'Disconnected.'));
  }

  #finish(state: 'closed' | 'disconnected', reason: string): void {
    if (this.#isOver) return;
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#enter(state, reason);
  }

  #enter(state: FollowingState, reason?: string): void {
    if (this.#state === state || this.#isOver) return;
    this.#state = state;
    this.#reason = reason;
    for (const listener of [...this.#stateListeners]) listener(state, reason);
  }
}
