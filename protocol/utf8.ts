/** What of bytes is UTF-8, where there is no Node to ask: shortest forms alone, no halves of pairs, nothing beyond U+10FFFF. */
export function isUtf8(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; ) {
    const length = characterLength(bytes, at, to);
    if (length === 'cut' || length === 0) return false;
    at += length;
  }
  return true;
}

/** In bytes. 0 where no character begins; `cut` where more bytes of it may follow. */
export function characterLength(bytes: Uint8Array, at: number, to: number): number | 'cut' {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const [length, low, high] = following(first);
  for (let n = 1; n < length; n++) {
    if (at + n >= to) return 'cut';
    const byte = bytes[at + n] ?? 0;
    if (n === 1 ? byte < low || byte > high : (byte & 0xc0) !== 0x80) return 0;
  }
  return length;
}

/** Bytes of the character, and what its second byte may be. */
function following(first: number): readonly [length: number, low: number, high: number] {
  if (first < 0xc2) return [0, 0, 0];
  if (first < 0xe0) return [2, 0x80, 0xbf];
  if (first < 0xf0) return [3, first === 0xe0 ? 0xa0 : 0x80, first === 0xed ? 0x9f : 0xbf];
  if (first < 0xf5) return [4, first === 0xf0 ? 0x90 : 0x80, first === 0xf4 ? 0x8f : 0xbf];
  return [0, 0, 0];
}

const halves = /\p{Surrogate}/gu;

/** The text as UTF-8 can have it: halves of pairs that stand alone are replaced. */
export function wellFormed(text: string): string {
  return text.replace(halves, '\ufffd');
}
