/** A MIME bundle as text for a terminal. */
import type { BlobReference, MimeBundle } from '../../../protocol/types.ts';
import { size } from './size.ts';

/** The text of a value, or the type and size of an image. */
export function bundleText(bundle: MimeBundle): string {
  const image = Object.entries(bundle).find(([mime]) => mime.startsWith('image/'));
  if (image) return mention(image[0], image[1]);
  const plain = bundle['text/plain'];
  if (typeof plain === 'string') return plain;
  return Object.entries(bundle)
    .map(([mime, content]) => mention(mime, content))
    .join(' ');
}

function mention(mime: string, content: string | BlobReference): string {
  return `[${mime} ${size(typeof content === 'string' ? Buffer.byteLength(content) : content.size)}]`;
}
