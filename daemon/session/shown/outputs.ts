/** The outputs of a step on their way to clients: stream text joined for a moment and spooled, rich content put into blobs. */
import type { MimeBundle, Output, OutputChange, StreamName } from '../../../protocol/types.ts';
import { wellFormed } from '../../../protocol/utf8.ts';
import type { TextBytes, Timer, Timers } from '../../host.ts';
import type { KernelBundle, KernelEvent } from '../../kernel/kernel.ts';
import {
  inlineCharactersMax,
  inlinePlainCharactersMax,
  mimeTypesMax,
  outputNameCharactersMax,
  stepOutputsMax,
  streamFlushCharactersMax,
  streamFlushMilliseconds,
  updateMilliseconds,
} from '../../limits.ts';
import type { Blobs } from '../../store/blobs.ts';
import type { Spool } from '../../store/spool.ts';
import type { Spools } from '../../store/spools.ts';
import { lastLine, withoutReturns } from './carriage-returns.ts';
import { type InlineRoom, InlineShare } from './inline-room.ts';
import { type Shown, type StreamPart, within } from './readable.ts';
import { wireBytes } from './wire-bytes.ts';

/** Gaps are made later, where a client is slow. */
export type ToldChange = Exclude<OutputChange, { type: 'output.gap' }>;

type Display = Extract<KernelEvent, { type: 'display' }>;

/** Text of a stream from `start` on in the spool of the step, up to where the next one begins. */
interface KeptStream {
  readonly type: 'stream';
  readonly stream: StreamName;
  readonly start: number;
}
type Kept = KeptStream | Exclude<Output, { type: 'stream' }>;

export interface StepOutputsOptions {
  readonly timers: Timers;
  readonly bytes: TextBytes;
  readonly blobs: Blobs;
  readonly spools: Spools;
  /** Where displays stand inline. */
  readonly room: InlineRoom;
  /** Text passes as the program wrote it, carriage returns included, and what is displayed whole: nobody has a view to fit. */
  readonly isRaw: boolean;
  readonly tell: (change: ToldChange) => void;
}

interface Update {
  readonly timer: Timer;
  event: Display;
}

/** What one step has shown so far, kept as far as its spool does so that it can be read later. */
export class StepOutputs {
  readonly #options: StepOutputsOptions;
  readonly #inline: InlineShare;
  #outputs: Kept[] = [];
  #spool: Spool;
  /** The last line of the last stream; undefined where it is too long. */
  #line: string | undefined = '';
  /** The disk takes no more, and nobody has been told. */
  #trouble: Error | undefined;
  #pending: { readonly stream: StreamName; text: string } | undefined;
  #timer: Timer | undefined;
  /** The next output takes the place of all. */
  #isGoing = false;
  /** Text that waits has taken the place of all, and nobody has been told. */
  #isGone = false;
  /** When an output was told last, and what of it waits. */
  readonly #toldAt = new Map<number, number>();
  readonly #updates = new Map<number, Update>();

  constructor(options: StepOutputsOptions) {
    this.#options = options;
    this.#inline = new InlineShare(options.room);
    this.#spool = this.#newSpool();
  }

  /** All that has been told. */
  get all(): readonly Shown[] {
    return this.#outputs.map((output, index) =>
      output.type === 'stream'
        ? { type: 'stream', length: this.#lengthOf(index), read: (offset, max) => this.#read(index, output, offset, max) }
        : output,
    );
  }

  /** Text that passes as it is written stays. */
  clear(waits: boolean): void {
    if (this.#isRaw) return;
    this.#isGoing = waits;
    if (waits) return;
    this.#pending = undefined;
    this.#clearNow();
  }

  /** Others need the room in the view. */
  makeRoom(): void {
    this.clear(false);
    this.text('stderr', '… The outputs of this cell made room for those of other cells. Run it again to see them.\n');
    this.flush();
  }

  text(stream: StreamName, text: string): void {
    if (this.#isGoing && text !== '') this.#replaceAll();
    if (this.#pending && this.#pending.stream !== stream) this.#flushText();
    if (this.#pending) this.#pending.text += text;
    else this.#pending = { stream, text };
    if (this.#pending.text.length >= streamFlushCharactersMax) this.#flushText();
    else this.#timer ??= this.#options.timers.after(streamFlushMilliseconds, () => this.#flushText());
  }

  display(event: Display): void {
    if (this.#isGoing) this.#replaceAll();
    this.#flushText();
    if (this.#isGone) this.#clearNow();
    const id = shortId(event);
    const shown = event.isUpdate ? this.#outputs.findIndex((o) => o.type === 'display' && o.displayId === id) : -1;
    if (shown >= 0) this.#update(shown, event);
    else if (this.#outputs.length < stepOutputsMax) this.#add(this.#wireOutput(event));
    else this.#appendText('stderr', plainText(event.bundle));
  }

  /** Sends what waits. A step's end comes after it. */
  flush(): void {
    this.#flushText();
    for (const [index, { timer, event }] of this.#updates) {
      timer.stop();
      this.#tellUpdate(index, event);
    }
    this.#updates.clear();
  }

  /** Nothing follows. */
  end(): void {
    this.flush();
    this.#spool.end();
    this.#tellTrouble();
  }

  /** Nobody reads it any more. */
  close(): void {
    this.flush();
    this.#spool.close();
    this.#inline.giveAllBack();
  }

  #flushText(): void {
    this.#timer?.stop();
    this.#timer = undefined;
    const pending = this.#pending;
    this.#pending = undefined;
    if (pending && pending.text !== '') {
      if (this.#isGone) this.#clearNow();
      this.#appendText(pending.stream, pending.text);
    }
    this.#tellTrouble();
  }

  /** Text that nobody has been told of need not be told: a clock that a cell draws anew costs what is seen of it. */
  #replaceAll(): void {
    this.#isGoing = false;
    this.#pending = undefined;
    this.#isGone = true;
  }

  #clearNow(): void {
    this.#isGone = false;
    for (const { timer } of this.#updates.values()) timer.stop();
    this.#updates.clear();
    this.#toldAt.clear();
    if (this.#outputs.length === 0) return;
    this.#outputs = [];
    this.#line = '';
    this.#inline.giveAllBack();
    this.#spool.close();
    this.#spool = this.#newSpool();
    this.#options.tell({ type: 'output.cleared' });
  }

  #newSpool(): Spool {
    return this.#options.spools.create((error) => {
      this.#trouble = error;
    });
  }

  #tellTrouble(): void {
    const trouble = this.#trouble;
    this.#trouble = undefined;
    if (!trouble) return;
    const sentence = `… The disk takes no more of what this cell prints, so not all of it is kept: ${trouble.message}\n`;
    this.#appendText('stderr', sentence);
  }

  #appendText(stream: StreamName, text: string): void {
    const last = this.#outputs.at(-1);
    const isFull = this.#outputs.length > stepOutputsMax;
    if (isFull || (last?.type === 'stream' && last.stream === stream)) this.#append(stream, text);
    else this.#addStream(stream, text);
  }

  #addStream(stream: StreamName, given: string): void {
    const text = this.#isRaw ? given : withoutReturns('', given).text;
    const isLast = this.#outputs.length === stepOutputsMax;
    const start = this.#spool.length;
    this.#outputs.push({ type: 'stream', stream, start });
    const shown = isLast ? `… more than ${stepOutputsMax} outputs; what follows is text alone.\n${text}` : text;
    this.#spool.append(shown);
    this.#line = lastLine('', shown);
    this.#options.tell({ type: 'output.added', output: { type: 'stream', stream, text: this.#told(shown), elided: 0 } });
  }

  #append(stream: StreamName, given: string): void {
    const { back, text } = this.#isRaw || this.#line === undefined ? { back: 0, text: given } : withoutReturns(this.#line, given);
    if (text === '' && back === 0) return;
    const index = this.#outputs.length - 1;
    const output = this.#outputs[index] as KeptStream;
    const from = this.#lengthOf(index) - back;
    if (back > 0) this.#spool.rewrite(output.start + from, text);
    else this.#spool.append(text);
    this.#line = lastLine(back > 0 ? '' : this.#line, text);
    this.#options.tell({
      type: 'output.appended',
      index,
      text: this.#told(text),
      ...(back > 0 && { from }),
      ...(stream !== output.stream && { stream }),
    });
  }

  #add(output: Exclude<Output, { type: 'stream' }>): void {
    this.#toldAt.set(this.#outputs.length, this.#options.timers.elapsed());
    this.#outputs.push(output);
    this.#options.tell({ type: 'output.added', output });
  }

  /** A progress may change a thousand times a second. */
  #update(index: number, event: Display): void {
    const waiting = this.#updates.get(index);
    const rest = (this.#toldAt.get(index) ?? 0) + updateMilliseconds - this.#options.timers.elapsed();
    if (waiting) waiting.event = event;
    else if (rest <= 0) this.#tellUpdate(index, event);
    else this.#updates.set(index, { event, timer: this.#options.timers.after(rest, () => this.#updateNow(index)) });
  }

  #updateNow(index: number): void {
    const waiting = this.#updates.get(index);
    this.#updates.delete(index);
    if (waiting) this.#tellUpdate(index, waiting.event);
  }

  #tellUpdate(index: number, event: Display): void {
    this.#giveBack(this.#outputs[index]);
    const output = this.#wireOutput(event);
    this.#outputs[index] = output;
    this.#toldAt.set(index, this.#options.timers.elapsed());
    this.#options.tell({ type: 'output.updated', index, output });
  }

  /** A byte that is no text stands in printed text as half a surrogate pair (W43). */
  #told(text: string): string {
    return this.#isRaw ? text : wellFormed(text);
  }

  get #isRaw(): boolean {
    return this.#options.isRaw;
  }

  /** Streams lie behind one another in the spool. */
  #lengthOf(index: number): number {
    const { start } = this.#outputs[index] as KeptStream;
    const next = this.#outputs.slice(index + 1).find((output) => output.type === 'stream');
    return (next?.type === 'stream' ? next.start : this.#spool.length) - start;
  }

  #read(index: number, { start }: KeptStream, offset: number, charactersMax: number): StreamPart {
    const length = this.#lengthOf(index);
    const max = Math.min(charactersMax, Math.max(0, length - offset));
    const { from, text } = this.#spool.read(start + offset, max);
    const cut = within(this.#spool.cut, start, length);
    return { from: Math.min(from - start, length), text: text.slice(0, Math.max(0, start + length - from)), length, cut };
  }

  #wireOutput(event: Display): Exclude<Output, { type: 'stream' }> {
    const wire = this.#wireBundle(event.bundle);
    if (event.isResult) return { type: 'result', bundle: wire };
    const displayId = shortId(event);
    return { type: 'display', bundle: wire, ...(displayId !== undefined && { displayId }) };
  }

  #wireBundle(bundle: KernelBundle): MimeBundle {
    const parts = Object.entries(bundle).slice(0, this.#isRaw ? undefined : mimeTypesMax);
    return Object.fromEntries(
      parts.map(([mime, content]) => [mime.slice(0, outputNameCharactersMax), this.#wirePart(mime, content)]),
    );
  }

  #wirePart(mime: string, content: KernelBundle[string]): MimeBundle[string] {
    if (typeof content === 'string' && this.#standsInline(mime, content)) return content;
    const bytes = typeof content === 'string' ? this.#options.bytes.fromText(content) : content;
    return { blob: this.#options.blobs.put(bytes), size: bytes.length };
  }

  #standsInline(mime: string, content: string): boolean {
    const isPlain = mime === 'text/plain';
    if (this.#isRaw) return isPlain || content.length <= inlineCharactersMax;
    return content.length <= (isPlain ? inlinePlainCharactersMax : inlineCharactersMax) && this.#inline.take(wireBytes(content));
  }

  #giveBack(output: Kept | undefined): void {
    if (output === undefined || output.type === 'stream' || this.#isRaw) return;
    for (const content of Object.values(output.bundle))
      if (typeof content === 'string') this.#inline.giveBack(wireBytes(content));
  }
}

function shortId({ displayId }: Display): string | undefined {
  return displayId?.slice(0, outputNameCharactersMax);
}

function plainText(bundle: KernelBundle): string {
  const plain = bundle['text/plain'];
  return typeof plain === 'string' ? `${plain}\n` : '';
}
