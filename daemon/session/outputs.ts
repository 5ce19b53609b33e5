/** The outputs of a step on their way to clients: stream text joined for a moment, rich content put into blobs. */
import type { Output, StreamName, MimeBundle as WireBundle } from '../../protocol/types.ts';
import type { KernelEvent, MimeBundle } from '../kernel/kernel.ts';
import {
  inlineCharactersMax,
  stepOutputsMax,
  stepTextCharactersMax,
  streamFlushCharactersMax,
  streamFlushMilliseconds,
} from '../limits.ts';
import type { Blobs } from '../store/blobs.ts';

export type OutputChange =
  | { readonly type: 'output.added'; readonly output: Output }
  | { readonly type: 'output.appended'; readonly index: number; readonly text: string }
  | { readonly type: 'output.updated'; readonly index: number; readonly output: Output };

type Display = Extract<KernelEvent, { type: 'display' }>;

/** What one step has shown so far, kept whole up to a bound so that it can be read later. */
export class StepOutputs {
  readonly #blobs: Blobs;
  readonly #tell: (change: OutputChange) => void;
  readonly #outputs: Output[] = [];
  #pending: { readonly stream: StreamName; text: string } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #characters = 0;

  constructor(blobs: Blobs, tell: (change: OutputChange) => void) {
    this.#blobs = blobs;
    this.#tell = tell;
  }

  /** Everything shown, streams whole as far as they are kept. */
  get all(): readonly Output[] {
    return this.#outputs;
  }

  text(stream: StreamName, text: string): void {
    if (this.#pending && this.#pending.stream !== stream) this.flush();
    if (this.#pending) this.#pending.text += text;
    else this.#pending = { stream, text };
    if (this.#pending.text.length >= streamFlushCharactersMax) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), streamFlushMilliseconds);
  }

  display(event: Display): void {
    this.flush();
    const bundle = this.#wireBundle(event.bundle);
    const output: Output = event.isResult
      ? { type: 'result', bundle }
      : { type: 'display', bundle, ...(event.displayId !== undefined && { displayId: event.displayId }) };
    const shown = event.isUpdate ? this.#outputs.findIndex((o) => o.type === 'display' && o.displayId === event.displayId) : -1;
    if (shown >= 0) {
      this.#outputs[shown] = output;
      this.#tell({ type: 'output.updated', index: shown, output });
    } else this.#add(output);
  }

  /** Sends what waits. A step's end comes after it. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pending = this.#pending;
    this.#pending = undefined;
    if (!pending || pending.text === '') return;
    const last = this.#outputs.at(-1);
    if (last?.type !== 'stream' || last.stream !== pending.stream)
      return this.#add({ type: 'stream', stream: pending.stream, text: pending.text, elided: 0 });
    this.#outputs[this.#outputs.length - 1] = this.#joined(last, pending.text);
    this.#tell({ type: 'output.appended', index: this.#outputs.length - 1, text: pending.text });
  }

  #add(output: Output): void {
    if (this.#outputs.length > stepOutputsMax) return;
    const isLast = this.#outputs.length === stepOutputsMax;
    const added: Output = isLast
      ? { type: 'stream', stream: 'stderr', text: `… more than ${stepOutputsMax} outputs; the rest is not kept.\n`, elided: 0 }
      : output;
    this.#outputs.push(added.type === 'stream' ? this.#joined({ ...added, text: '' }, added.text) : added);
    this.#tell({ type: 'output.added', output: added });
  }

  #joined(stream: Extract<Output, { type: 'stream' }>, text: string): Output {
    const room = Math.max(0, stepTextCharactersMax - this.#characters);
    const kept = text.length <= room ? text : text.slice(0, room);
    this.#characters += kept.length;
    return { ...stream, text: stream.text + kept, elided: stream.elided + text.length - kept.length };
  }

  #wireBundle(bundle: MimeBundle): WireBundle {
    const wire: WireBundle = {};
    for (const [mime, content] of Object.entries(bundle)) {
      if (typeof content === 'string' && (content.length <= inlineCharactersMax || mime === 'text/plain')) wire[mime] = content;
      else {
        const bytes = typeof content === 'string' ? Buffer.from(content) : content;
        wire[mime] = { blob: this.#blobs.put(bytes), size: bytes.length };
      }
    }
    return wire;
  }
}

/** All outputs as plain text, for a file or the clipboard. */
export function outputsText(outputs: readonly Output[]): string {
  const parts = outputs.map((output) => {
    if (output.type === 'stream') return output.text + (output.elided > 0 ? `\n… ${output.elided} more characters\n` : '');
    const plain = output.bundle['text/plain'];
    return typeof plain === 'string' ? `${plain}\n` : '';
  });
  return parts.join('');
}
