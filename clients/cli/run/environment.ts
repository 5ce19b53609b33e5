/** The environment of this process, for the kernel: it chooses the interpreter and is what the notebook sees. */
export function environment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
