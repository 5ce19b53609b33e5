/**
 * Text that came too fast for this client, or for whoever takes what we print, is read from the daemon in its place, so that what is printed is
 * whole as far as it is kept. From then on a stream is read at the pace of that reader; what else happens waits until it is through.
 */
import { outputReadCharactersMax } from '../../../protocol/limits.ts';
import type { SessionEvent } from '../../../protocol/types.ts';
import type { Client } from '../../node/client.ts';

type Gap = Extract<SessionEvent, { type: 'output.gap' }>;
type Shown = Extract<SessionEvent, { type: 'output.added' | 'output.updated' }>;
type Appended = Extract<SessionEvent, { type: 'output.appended' }>;

export interface WholeStreamsOptions {
  readonly client: Client;
  /** Asked of each event in order. The listener gets no other. */
  readonly isWanted: (event: SessionEvent) => boolean;
  /** Gets no gap but for what is not kept. */
  readonly listener: (event: SessionEvent) => void;
  /** So much is printed and not taken that no more should be. */
  readonly isBehind: () => boolean;
  /** Resolves when more can be printed. */
  readonly printed: () => Promise<unknown>;
}

export class WholeStreams {
  readonly #options: WholeStreamsOptions;
  /** The last output of the running step, and how long it is as far as it was passed on. */
  #at = { step: 0, index: -1, length: 0 };
  /** The stream that is being read, up to where it goes by now. */
  #reading: { readonly gap: Gap; to: number } | undefined;
  /** The text of a display is on its way, which was too large to come with the event. */
  #isFetching = false;
  #waiting: SessionEvent[] = [];
  #seq = 0;
  #awaited: { readonly seq: number; readonly resolve: () => void } | undefined;

  constructor(options: WholeStreamsOptions) {
    this.#options = options;
  }

  event(event: SessionEvent): void {
    if (this.#isFetching) this.#waiting.push(event);
    else if (this.#reading) this.#wait(event, this.#reading);
    else if (!this.#options.isWanted(event)) this.#heard(event);
    else if (isShown(event) && largeTextOf(event) !== undefined) void this.#fetch(event);
    else if (event.type === 'output.gap') void this.#read(event);
    else if (event.type === 'output.appended' && this.#canWait(event)) void this.#read(this.#gapFor(event));
    else this.#pass(event);
  }

  /** Resolves when the event of this number, or a later one, was passed on: answers may overtake events. */
  passed(seq: number): Promise<void> {
    if (this.#seq >= seq) return Promise.resolve();
    return new Promise((resolve) => {
      this.#awaited = { seq, resolve };
    });
  }

  /** What rewrites a line that was passed on cannot be read again as what follows it. */
  #canWait(event: Appended): boolean {
    return event.from === undefined && isSameStream(event, this.#at) && this.#options.isBehind();
  }

  /** The daemon has the text, too. */
  #gapFor({ session, seq, cell, step, index, text }: Appended): Gap {
    const from = this.#at.length;
    return { type: 'output.gap', session, seq, first: seq, cell, step, index, from, to: from + text.length };
  }

  #pass(event: SessionEvent): void {
    if (event.type === 'step.started') this.#at = { step: event.step, index: -1, length: 0 };
    if (event.type === 'output.added') {
      const length = event.output.type === 'stream' ? event.output.text.length : 0;
      this.#at = { step: event.step, index: this.#at.index + 1, length };
    }
    if (event.type === 'output.appended') this.#at.length = (event.from ?? this.#at.length) + event.text.length;
    this.#options.listener(event);
    this.#heard(event);
  }

  #heard(event: SessionEvent): void {
    this.#seq = event.seq;
    if (this.#awaited && event.seq >= this.#awaited.seq) this.#awaited.resolve();
  }

  #wait(event: SessionEvent, reading: { readonly gap: Gap; to: number }): void {
    const isSame = (event.type === 'output.appended' || event.type === 'output.gap') && isSameStream(event, reading.gap);
    if (!isSame) this.#waiting.push(event);
    else reading.to = event.type === 'output.gap' ? event.to : (event.from ?? reading.to) + event.text.length;
  }

  async #read(gap: Gap): Promise<void> {
    // What comes before it was passed on already, and some gaps report it again.
    const reading = { gap, to: gap.to };
    this.#reading = reading;
    const { step, index } = gap;
    let at = this.#at.step === step && this.#at.index === index ? this.#at.length : gap.from;
    while (at < reading.to) at = await this.#readPart(gap, at, reading.to);
    this.#at = { step, index, length: at };
    this.#reading = undefined;
    this.#goOn();
  }

  #goOn(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const event of waiting) this.event(event);
  }

  async #fetch(event: Shown): Promise<void> {
    this.#isFetching = true;
    const blob = largeTextOf(event) ?? '';
    const read = await this.#options.client.request('blob/read', { blob }).catch(() => undefined);
    this.#isFetching = false;
    this.#pass(read ? withText(event, textOf(read.content)) : event);
    this.#goOn();
  }

  /** Where it goes on. */
  async #readPart(gap: Gap, at: number, to: number): Promise<number> {
    const { client, listener, printed } = this.#options;
    const { session, seq, cell, step, index } = gap;
    const missing = (until: number) => listener({ ...gap, from: at, to: until });
    const max = Math.min(outputReadCharactersMax, to - at);
    await printed();
    const part = await client.request('output/read', { session, cell, step, index, offset: at, max }).catch(() => undefined);
    if (!part || part.from > at || part.text === '') {
      const until = part && part.from > at ? Math.min(part.from, to) : to;
      missing(until);
      return until;
    }
    const text = at + part.text.length < to ? wholeCharacters(part.text) : part.text;
    listener({ type: 'output.appended', session, seq, cell, step, index, text });
    return at + text.length;
  }
}

interface Place {
  readonly step: number;
  readonly index: number;
}

function isShown(event: SessionEvent): event is Shown {
  return event.type === 'output.added' || event.type === 'output.updated';
}

/** The blob with the text of a display, where that is what a terminal shows. */
function largeTextOf({ output }: Shown): string | undefined {
  if (output.type === 'stream' || Object.keys(output.bundle).some((mime) => mime.startsWith('image/'))) return undefined;
  const text = output.bundle['text/plain'];
  return typeof text === 'object' ? text.blob : undefined;
}

/** Bytes that came as JSON are in base64. */
function textOf(content: Uint8Array | string): string {
  return (typeof content === 'string' ? Buffer.from(content, 'base64') : Buffer.from(content)).toString();
}

function withText(event: Shown, text: string): Shown {
  const { output } = event;
  return output.type === 'stream' ? event : { ...event, output: { ...output, bundle: { ...output.bundle, 'text/plain': text } } };
}

/** Without the first half of one that is cut. */
function wholeCharacters(text: string): string {
  return text.length > 1 ? text.replace(/[\uD800-\uDBFF]$/, '') : text;
}

function isSameStream(event: Place, other: Place): boolean {
  return event.step === other.step && event.index === other.index;
}
