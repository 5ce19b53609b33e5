/** A flood of text of which every piece can be checked by where it stands. */

const rest = `${'x'.repeat(63)}\n`.repeat(1023);
const blockLength = 16 + rest.length;

/** Python that prints so many blocks, without end where the number is 0; at most so many megabytes a second, as fast as it can where that is 0. */
export function floodCode(blocks: number, pace = 0): string {
  const wait = pace === 0 ? '' : `\n    time.sleep(max(0, began + i * ${blockLength} / ${pace}e6 - time.perf_counter()))`;
  return `import itertools, time
rest = ("x" * 63 + "\\n") * 1023
began = time.perf_counter()
for i in ${blocks === 0 ? 'itertools.count()' : `range(${blocks})`}:
    print(f"{i:015d}\\n" + rest, end="")${wait}`;
}

export function floodCharacters(blocks: number): number {
  return blocks * blockLength;
}

/** The text of the flood from one character up to, not including, another. */
export function floodText(from: number, to: number): string {
  const parts: string[] = [];
  for (let block = Math.floor(from / blockLength); block * blockLength < to; block += 1) {
    const start = block * blockLength;
    const text = `${String(block).padStart(15, '0')}\n${rest}`;
    parts.push(text.slice(Math.max(0, from - start), to - start));
  }
  return parts.join('');
}
