/** One connected client: who it is, and the sessions whose events it gets, at its own pace. */
import type { Connection } from '../../protocol/connection.ts';
import type { Encoding } from '../../protocol/encoding.ts';
import { impossible } from '../core/assert.ts';
import type { Timer, Timers } from '../host.ts';
import { clientBacklogBytesMax, clientPumpMilliseconds, clientRestMilliseconds, streamBacklogCharactersMax } from '../limits.ts';
import type { Session } from '../session/session.ts';
import { type Access, seesSession } from './access.ts';
import type { KnownClient } from './elsewhere.ts';
import { seenEvent } from './seen.ts';

interface Attachment {
  readonly session: Session;
  readonly listening: { dispose(): void };
  /** Number of the last event that was sent. */
  cursor: number;
  /** How much text there had been when it was looked at last. */
  charactersSeen: number;
  /** When that has been taken; undefined once someone waits for it. */
  taken: Promise<void> | undefined;
  /** Once events were sent, and cells run, the next ones wait for a moment. */
  pace: 'free' | 'about to rest' | 'resting';
}

export class ConnectedClient {
  readonly id: string;
  readonly #connection: Connection;
  readonly #timers: Timers;
  readonly #attached = new Map<string, Attachment>();
  #timer: Timer | undefined;
  name = 'unknown';
  /** Undefined until it has introduced itself. */
  access: Access | undefined;

  constructor(id: string, connection: Connection, timers: Timers) {
    this.id = id;
    this.#connection = connection;
    this.#timers = timers;
  }

  get isInitialized(): boolean {
    return this.access !== undefined;
  }

  /** Who it has said that it is. */
  introduced(encoding: () => Encoding): KnownClient {
    const { id, name, access } = this;
    return { id, name, access: access ?? impossible('a client asks before it has said who it is'), encoding };
  }

  /** Whether it may see anything of the session. */
  mayKnow(session: Session): boolean {
    return this.access !== undefined && seesSession(this.access, session.id);
  }

  isAttachedTo(session: Session): boolean {
    return this.#attached.has(session.id);
  }

  /** Every event after `seq` goes to the client from now on. */
  attach(session: Session, seq: number): void {
    this.detach(session);
    const listening = session.events.listen(() => this.#hear(attachment));
    const attachment: Attachment = { session, cursor: seq, charactersSeen: 0, taken: undefined, listening, pace: 'free' };
    this.#attached.set(session.id, attachment);
    this.#timers.defer(() => this.#pump(attachment));
  }

  detach(session: Session): void {
    this.#attached.get(session.id)?.listening.dispose();
    this.#attached.delete(session.id);
  }

  /** Tells that the session is gone. */
  async sessionClosed(session: Session, reason: string): Promise<void> {
    if (!this.isAttachedTo(session)) return;
    this.detach(session);
    await this.#connection.notify('session/closed', { session: session.id, reason });
  }

  dispose(): void {
    this.#timer?.stop();
    for (const { listening } of this.#attached.values()) listening.dispose();
    this.#attached.clear();
  }

  end(): void {
    this.#connection.dispose();
  }

  /** Whether so much text waits that it would soon become a gap. */
  #isCrowded({ session, charactersSeen }: Attachment): boolean {
    return session.events.charactersEver - charactersSeen > streamBacklogCharactersMax / 2;
  }

  /** A step that ends within a moment of the one before is told with those around it: a write for each would cost more than the steps. */
  #hear(attachment: Attachment): void {
    if (attachment.pace === 'resting' && attachment.session.isBusy && !this.#isCrowded(attachment)) return;
    this.#pump(attachment);
    if (attachment.session.isBusy) this.#rest(attachment);
  }

  /** What else happens in this turn still goes out with what was sent. */
  #rest(attachment: Attachment): void {
    if (attachment.pace !== 'free') return;
    attachment.pace = 'about to rest';
    this.#timers.defer(() => {
      attachment.pace = 'resting';
      this.#timers.after(clientRestMilliseconds, () => {
        attachment.pace = 'free';
        this.#pump(attachment);
      });
    });
  }

  /** Sends what is new while the client takes it; a slow client finds the rest in the session, with gaps in its streams, or starts anew. */
  #pump(attachment: Attachment): void {
    const { session } = attachment;
    if (this.#attached.get(session.id) !== attachment) return;
    attachment.charactersSeen = session.events.charactersEver;
    while (attachment.cursor < session.events.seq) {
      if (this.#connection.backlog > clientBacklogBytesMax) return this.#pumpLater(attachment);
      const event = session.events.after(attachment.cursor);
      if (!event) return this.#skipTo(attachment);
      attachment.cursor = event.seq;
      attachment.taken = this.#connection.notify('session/event', seenEvent(this.access?.role ?? 'viewer', event));
    }
  }

  /** As soon as the client has taken what was sent; it may also be an answer that it is slow to take. */
  #pumpLater(attachment: Attachment): void {
    const { taken } = attachment;
    attachment.taken = undefined;
    void taken?.then(() => this.#pump(attachment));
    this.#timer ??= this.#timers.after(clientPumpMilliseconds, () => {
      this.#timer = undefined;
      for (const attachment of this.#attached.values()) this.#pump(attachment);
    });
  }

  /** The events that the client has not seen are gone: the gap in the numbers tells it to attach anew. */
  #skipTo(attachment: Attachment): void {
    attachment.cursor = attachment.session.events.seq - 1;
    this.#pump(attachment);
  }
}
