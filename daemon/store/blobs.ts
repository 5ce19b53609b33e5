/** Content by its SHA-256: what is shown twice is kept once. In memory, bounded; the oldest is dropped first. */
import type { Hashes } from '../host.ts';
import { blobBytesMax } from '../limits.ts';

export class Blobs {
  readonly #hashes: Hashes;
  readonly #bytesMax: number;
  readonly #contents = new Map<string, Uint8Array>();
  #bytes = 0;

  constructor(hashes: Hashes, bytesMax: number = blobBytesMax) {
    this.#hashes = hashes;
    this.#bytesMax = bytesMax;
  }

  /** The name of the content. */
  put(content: Uint8Array): string {
    const name = this.#hashes.sha256(content);
    if (this.#contents.delete(name)) this.#bytes -= content.length;
    this.#contents.set(name, content);
    this.#bytes += content.length;
    this.#trim();
    return name;
  }

  get(name: string): Uint8Array | undefined {
    return this.#contents.get(name);
  }

  #trim(): void {
    for (const [name, content] of this.#contents) {
      if (this.#bytes <= this.#bytesMax || this.#contents.size === 1) return;
      this.#contents.delete(name);
      this.#bytes -= content.length;
    }
  }
}
