/** Bytes that a text takes in a frame, in either encoding; not less. */
export function wireBytes(text: string): number {
  let bytes = 0;
  for (let at = 0; at < text.length; at++) bytes += bytesOf(text.charCodeAt(at));
  return bytes;
}

function bytesOf(code: number): number {
  if (code < 0x20) return code >= 0x08 && code <= 0x0d && code !== 0x0b ? 2 : 6;
  if (code < 0x80) return code === 0x22 || code === 0x5c ? 2 : 1;
  // Half of a pair that stands alone is written as an escape.
  return code >= 0xd800 && code <= 0xdfff ? 6 : 3;
}
