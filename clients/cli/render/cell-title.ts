/** Of a name or a line of code, where it stands for a cell. */
const titleCharactersMax = 40;

/** The name of a cell, or its first line. */
export function cellTitle({ name, code }: { readonly name?: string | undefined; readonly code: string }): string {
  return shortened(name ?? code.trim().split('\n', 1)[0] ?? '');
}

export function shortened(text: string): string {
  const characters = [...text];
  return characters.length <= titleCharactersMax ? text : `${characters.slice(0, titleCharactersMax - 1).join('')}…`;
}
