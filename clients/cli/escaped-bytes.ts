/** What a notebook printed, with the bytes that are no text: each is a lone code point from U+DC80 on (daemon/kernel/escaped-text.ts). */
export function bytesOf(text: string): Buffer {
  const parts = text.split(/([\uDC80-\uDCFF]+)/u);
  // The low byte of each is the byte.
  return Buffer.concat(parts.map((part, index) => Buffer.from(part, index % 2 === 1 ? 'latin1' : 'utf8')));
}
