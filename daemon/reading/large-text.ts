/** Texts that take so long to be read, and all that follows from it, that they have a thread of their own where there are threads. */

/** The most that a notebook may have to be no large one. */
export interface LargeFrom {
  readonly characters: number;
  readonly lines: number;
}

/** Thrown in place of reading it. */
export class LargeText extends Error {
  override readonly name = 'LargeText';
}

export function isLarge(text: string, { characters, lines }: LargeFrom): boolean {
  if (text.length > characters) return true;
  let found = 0;
  for (let at = text.indexOf('\n'); at >= 0 && found <= lines; at = text.indexOf('\n', at + 1)) found += 1;
  return found > lines;
}

export function refuseLarge(text: string, from: LargeFrom | undefined): void {
  if (from && isLarge(text, from)) throw new LargeText('The text is large.');
}
