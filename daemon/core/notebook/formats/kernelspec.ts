/** The kernel of a notebook, where jupytext keeps it: in a block of YAML among the comments above everything. */
import { itemAt } from '../../assert.ts';

export interface Kernelspec {
  readonly display_name: string;
  readonly language: string;
  readonly name: string;
}

/** Any Python 3: it needs no block. */
export const anyPython: Kernelspec = { display_name: 'Python 3', language: 'python', name: 'python3' };

const edge = '# ---';
const title = '#   kernelspec:';
const field = /^# {5}(display_name|language|name): (.*)$/;

export function kernelIn(header: string): Kernelspec | undefined {
  const lines = header.split('\n');
  const found: { -readonly [key in keyof Kernelspec]: string } = { display_name: '', language: 'python', name: '' };
  for (const line of lines.slice(...fieldsIn(lines))) {
    const [, key, scalar = ''] = field.exec(line) ?? [];
    found[key as keyof Kernelspec] = readScalar(scalar.trim());
  }
  return found.name === '' || !isPython(found.language)
    ? undefined
    : { ...found, display_name: found.display_name || found.name };
}

export function isPython(language: string): boolean {
  return /^i?python/i.test(language);
}

/** The header with this kernel in it. */
export function withKernel(header: string, kernel: Kernelspec): string {
  const found = kernelIn(header);
  if (isSame(found ?? anyPython, kernel)) return header;
  const lines = header.split('\n');
  const [start, end] = fieldsIn(lines);
  if (found !== undefined) return [...lines.slice(0, start), ...fieldsOf(kernel), ...lines.slice(end)].join('\n');
  const top = lines.findIndex((line) => !/^#(?:!|.*coding[:=])/.test(line));
  const above = lines.slice(0, top === -1 ? lines.length : top);
  const below = lines.slice(above.length).join('\n');
  return [...above, edge, '# jupyter:', title, ...fieldsOf(kernel), edge, ...(below === '' ? [] : ['', below])].join('\n');
}

/** The header without the block that `withKernel` would put into it again. */
export function withoutKernel(header: string, kernel: Kernelspec): string {
  const lines = header.split('\n');
  const start = lines.indexOf(edge);
  const end = lines.indexOf(edge, start + 1) + 1;
  const rest = [...lines.slice(0, start), ...lines.slice(lines[end] === '' ? end + 1 : end)].join('\n');
  return start !== -1 && end !== 0 && withKernel(rest, kernel) === header ? rest : header;
}

/** Where the lines of the kernel stand: from the first up to behind the last. */
function fieldsIn(lines: readonly string[]): readonly [number, number] {
  const open = lines.indexOf(edge);
  const close = open === -1 ? -1 : lines.indexOf(edge, open + 1);
  const at = lines.indexOf(title);
  if (at === -1 || at < open || at > close) return [0, 0];
  let end = at + 1;
  while (field.test(itemAt(lines, end))) end += 1;
  return [at + 1, end];
}

function fieldsOf({ display_name, language, name }: Kernelspec): readonly string[] {
  return Object.entries({ display_name, language, name }).map(([key, value]) => `#     ${key}: ${writeScalar(value)}`);
}

/** What YAML takes for a text as it stands. */
const plain = /^(?!(?:true|false|yes|no|on|off|null)$)[A-Za-z](?:[\w.()+/ -]*[\w)])?$/i;

function writeScalar(text: string): string {
  return plain.test(text) ? text : JSON.stringify(text);
}

function readScalar(source: string): string {
  if (/^'.*'$/.test(source)) return source.slice(1, -1).replaceAll("''", "'");
  if (!/^".*"$/.test(source)) return source;
  try {
    return String(JSON.parse(source));
  } catch {
    return source;
  }
}

function isSame(a: Kernelspec, b: Kernelspec): boolean {
  return a.name === b.name && a.display_name === b.display_name && a.language === b.language;
}
